"""Where pictures come from, and the tf.data pipelines that feed them to a network."""

from datasets.examples import open_examples
from datasets.pipeline import Pipeline

__all__ = ["Pipeline", "open_examples"]
