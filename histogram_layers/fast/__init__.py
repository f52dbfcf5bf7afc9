"""Fast histograms: express each pixel's kernel by a few bumps, and sum the bumps over pixels.

This needs no weight for each pair of a pixel and a bin.
"""

from histogram_layers.fast.arithmetic import TILE
from histogram_layers.fast.kernel import Kernel
from histogram_layers.fast.planes import joint_sums, soft_sums

__all__ = ["TILE", "Kernel", "joint_sums", "soft_sums"]
