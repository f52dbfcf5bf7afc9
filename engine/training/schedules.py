"""The optimizers and their learning rate schedules."""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable(package="huenet")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Keeps ``rate`` until step ``start``, then decays it linearly to 0 at step ``end``, as CycleGAN does."""

    def __init__(self, rate, start, end):
        super().__init__()
        self.rate, self.start, self.end = rate, start, end

    def __call__(self, step):
        left = (self.end - tf.cast(step, tf.float32)) / (self.end - self.start)
        return self.rate * tf.clip_by_value(left, 0.0, 1.0)

    def get_config(self):
        return {"rate": self.rate, "start": self.start, "end": self.end}


def compile_model(model, options, steps_per_epoch):
    """Compile the model with an Adam optimizer for each network."""
    settings = options.optimizer

    def adam(rate, beta_1):
        if settings.decay == "exponential":
            rate = keras.optimizers.schedules.ExponentialDecay(rate, steps_per_epoch, settings.decay_rate)
        elif settings.decay_from_epoch:
            start, end = (epoch * steps_per_epoch for epoch in (settings.decay_from_epoch - 1, options.run.epochs))
            rate = LinearDecay(rate, start, end)
        return keras.optimizers.Adam(rate, beta_1=beta_1, global_clipnorm=settings.clip_norm)

    model.compile(
        adam(settings.generator_learning_rate, settings.generator_beta_1),
        adam(settings.discriminator_learning_rate, settings.discriminator_beta_1),
        jit_compile=options.run.xla,
    )
