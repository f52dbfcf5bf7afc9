"""An oracle: the map of colors that is fitted to the right answer itself."""

import numpy as np
from scipy.sparse import csr_array, diags_array, eye_array, kron, vstack
from scipy.sparse.linalg import spsolve

from models import ColorMap
from utils.colors import identity_lut
from utils.images import to_float

SIZE = 9  # nodes per axis of the oracle's lattice, the same as the fit's
ROUGHNESS = 1e-3  # weight of the oracle's smoothness, so that nodes without colors follow their neighbors


def oracle(case):
    """Fit a map of colors to the target itself by least squares, and return its output."""
    colors, wanted = (to_float(image).reshape(-1, 3) for image in (case.source, case.target))
    weights, nodes = _weights(colors), identity_lut(SIZE).reshape(-1, 3)
    rough = ROUGHNESS * len(colors) / len(nodes) * _second_differences()
    normal = weights.T @ weights + rough.T @ rough + 1e-9 * eye_array(len(nodes))
    shifts = spsolve(normal.tocsc(), weights.T @ (wanted - colors))
    return ColorMap.from_lattice(np.eye(3, 4), shifts.reshape([SIZE] * 3 + [3])).translate(case.source)


def _weights(colors):
    """Return the trilinear weights of the lattice's nodes for each color: sparse ``[N, SIZE^3]``."""
    positions = colors * (SIZE - 1)
    cells = np.minimum(positions.astype(int), SIZE - 2)
    corners = np.stack(np.meshgrid(*[[0, 1]] * 3, indexing="ij"), axis=-1).reshape(1, 8, 3)
    weights = np.prod(1 - np.abs((positions - cells)[:, None] - corners), axis=-1)
    places = (cells[:, None] + corners) @ [SIZE**2, SIZE, 1]
    rows = np.repeat(np.arange(len(colors)), 8)
    return csr_array((weights.ravel(), (rows, places.ravel())), shape=(len(colors), SIZE**3))


def _second_differences():
    """Return the matrix of second differences along the lattice's three axes: sparse ``[M, SIZE^3]``."""
    line = diags_array([1.0, -2.0, 1.0], offsets=[0, 1, 2], shape=(SIZE - 2, SIZE))
    same = eye_array(SIZE)
    axes = [line if axis == place else same for axis in range(3) for place in range(3)]
    return vstack([kron(kron(axes[3 * axis], axes[3 * axis + 1]), axes[3 * axis + 2]) for axis in range(3)])
