"""Learning-rate policies."""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable(package="huenet")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """``rate`` up to step ``start``, then along a line to 0 at step ``end`` (CycleGAN's policy)."""

    def __init__(self, rate, start, end):
        super().__init__()
        self.rate, self.start, self.end = rate, start, end

    def __call__(self, step):
        left = (self.end - tf.cast(step, tf.float32)) / (self.end - self.start)
        return self.rate * tf.clip_by_value(left, 0.0, 1.0)

    def get_config(self):
        return {"rate": self.rate, "start": self.start, "end": self.end}
