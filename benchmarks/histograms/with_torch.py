"""Measure histogram losses once in PyTorch. __main__.py runs this file in a new process.

    python -m benchmarks.histograms.with_torch METHOD IMAGES.npz BINS

Each library has its own kernel, so only the cost is compared. It includes the gradient with respect to the output. For
kornia, the loss is an EMD of 1D histograms plus the conditional entropy of a joint histogram. For MONAI, the loss is
the mutual information alone, because MONAI has no histogram of a single image.
"""

import json
import sys

import numpy as np
import torch

from benchmarks.histograms.measuring import measured


def kornia_losses(content, wanted, output, *, bins):
    """Compute EMD with kornia's histogram plus H(content | output) with its histogram2d, for images ``[B C, N]``."""
    from kornia.enhance import histogram, histogram2d

    centers = torch.linspace(-1 + 1 / bins, 1 - 1 / bins, bins)
    bandwidth = torch.tensor(2 / bins / 2.5)
    difference = histogram(wanted, centers, bandwidth) - histogram(output, centers, bandwidth)
    color = difference.cumsum(-1).square().mean(-1).sqrt().sum()
    joint = histogram2d(content, output, centers, bandwidth)
    return color + (torch.special.entr(joint).sum() - torch.special.entr(joint.sum(-2)).sum())


def monai_losses(content, _, output, *, bins):
    """Compute MONAI's loss of global mutual information, with its Gaussian kernel, for images ``[B C, N]``."""
    from monai.losses import GlobalMutualInformationLoss

    loss = GlobalMutualInformationLoss(kernel_type="gaussian", num_bins=bins, reduction="sum")
    return loss(output[:, None], content[:, None])


METHODS = {"kornia": kornia_losses, "MONAI": monai_losses}


def main(method, images, bins):
    images = [
        torch.from_numpy(image).permute(0, 3, 1, 2).flatten(2).flatten(0, 1) for image in np.load(images).values()
    ]

    def step(content, wanted, output):
        output = output.clone().requires_grad_()
        METHODS[method](content, wanted, output, bins=bins).backward()
        return output.grad

    return measured(lambda: step(*images), lambda: step(*(image[:, :64] for image in images)))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
