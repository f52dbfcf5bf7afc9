"""The weight at which the perceptual loss pulls as hard as L2: the ratio of the norms of their gradients.

    python -m benchmarks.enhancement.perceptual_weight --vgg_weights FILE    # losses.perceptual in enhancement_vgg.yaml

The gradients are with respect to the image, at the input, which has not been enhanced yet. Norms are means over the
training pairs of the sample data.
"""

import argparse

import tensorflow as tf

import config
import engine
from losses import PerceptualLoss, pixel_loss
from utils import exit_on_user_error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vgg_weights", help="file of VGG-16's weights; without it, Keras downloads them")
    args = parser.parse_args()
    print(f"{perceptual_weight(args.vgg_weights):.2e}")


def perceptual_weight(vgg_weights=None):
    """The weight, with VGG-16's weights from a file."""
    options = config.load("enhancement", dataset="sample")
    pipeline = engine.open_pipeline(options, engine.open_dataset(options, "train").splits["train"])
    batches = pipeline.training_stream(jitter=False).map(engine.network_images(options))
    perceptual = PerceptualLoss(color_space="rgb", vgg_weights=vgg_weights)
    norms = [0.0, 0.0]
    for batch in batches.take(pipeline.steps_per_epoch):
        for number, loss in enumerate((lambda *pair: pixel_loss(*pair, kind="l2"), perceptual)):
            with tf.GradientTape() as tape:
                tape.watch(batch["source"])
                value = tf.reduce_mean(loss(batch["target"], batch["source"]))
            norms[number] += float(tf.norm(tape.gradient(value, batch["source"])))
    return norms[0] / norms[1]


if __name__ == "__main__":
    with exit_on_user_error():
        main()
