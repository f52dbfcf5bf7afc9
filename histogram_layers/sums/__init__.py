"""How a histogram is summed over an image without a map of pixels x bins."""

from histogram_layers.sums.arithmetic import TILE
from histogram_layers.sums.kernel import Kernel
from histogram_layers.sums.planes import joint_sums, soft_sums

__all__ = ["TILE", "Kernel", "joint_sums", "soft_sums"]
