"""Find the weight that makes the gradient of the perceptual loss as large as the gradient of L2.

    python -m benchmarks.enhancement.perceptual_weight --vgg_weights FILE    # losses.perceptual in enhancement_vgg.yaml

The weight is the mean norm of L2's gradient, divided by the mean norm of the perceptual loss's gradient. The means are
over 20 training batches of the sample data. The gradients are with respect to the output image, at an output that
equals the input.
"""

import argparse

import tensorflow as tf

import config
import engine
from losses import PerceptualLoss, pixel_loss
from utils import exit_on_user_error

BATCHES = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vgg_weights", help="file of VGG-16's weights; if left out, Keras downloads them")
    args = parser.parse_args()
    print(f"{perceptual_weight(args.vgg_weights):.2e}")


def perceptual_weight(vgg_weights=None):
    """Compute the weight. ``vgg_weights``: file of VGG-16's weights; None to download them."""
    options = config.load("enhancement", dataset="sample")
    pipeline = engine.open_pipeline(options, engine.open_dataset(options, "train").splits["train"])
    batches = pipeline.training_stream(jitter=False).map(engine.network_images(options))
    perceptual = PerceptualLoss(color_space="rgb", vgg_weights=vgg_weights)
    norms = [0.0, 0.0]
    for batch in batches.take(BATCHES):
        for number, loss in enumerate((lambda *pair: pixel_loss(*pair, kind="l2"), perceptual)):
            with tf.GradientTape() as tape:
                tape.watch(batch["source"])
                value = tf.reduce_mean(loss(batch["target"], batch["source"]))
            norms[number] += float(tf.norm(tape.gradient(value, batch["source"])))
    return norms[0] / norms[1]


if __name__ == "__main__":
    with exit_on_user_error():
        main()
