"""Fast histograms: a pixel's kernel as a few bumps, and their sums over the pixels, without a map of pixels x bins."""

from histogram_layers.fast.arithmetic import TILE
from histogram_layers.fast.kernel import Kernel
from histogram_layers.fast.planes import joint_sums, soft_sums

__all__ = ["TILE", "Kernel", "joint_sums", "soft_sums"]
