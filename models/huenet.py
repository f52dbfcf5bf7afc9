"""HueNet: the Keras model of the augmented generator and the discriminator, their losses and one training step."""

import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram
from models.at_rest import AtRest
from models.average import MovingAverage
from models.blocks import StatelessDropout
from models.clock import Clock
from models.encoders import CountEmbedding
from models.finite import Finiteness
from models.image_pool import ImagePool
from models.inputs import inputs_of
from models.step_losses import TERMS, step_losses
from models.variables import assign, values_of


class HueNet(keras.Model):
    """Trains an image-to-image generator on histogram losses (HueNet, doi 10.1109/TPAMI.2023.3278287).

    The generator's loss is the weighted sum of

    * ``adversarial``: `generator_adversarial_loss` of the discriminator's logits;
    * ``structure``: a function of ``joint_histogram(content, output)`` such as `conditional_entropy`;
    * ``colour``: a distance of the reference's soft histogram to the output's, such as `earth_movers_distance`;
    * ``l1``: the absolute difference of the output to the real picture (pix2pix);

    structure, colour and l1 as means. A term of weight 0 is left out.

    Args:
        generator: the augmented generator, from `augment`.
        discriminator: logits from inputs named ``source`` or ``reference_histogram``, if any, and ``image``.
        losses: ``{"adversarial": "vanilla" | "lsgan" | "hinge", "structure": J -> [B,C], "colour": h1, h2 -> [B,C]}``.
        weights: ``{"adversarial": float, "structure": float, "colour": float, "l1": float}``; what is missing weighs 0.
        content: the key of the batch whose structure the output must keep: ``"target"``, ``"source"``,
            ``"reference"``.
        seed: of the dropout masks and the image pool's draws.
        average: the momentum of a moving average of the generator's weights, or 0 for none.
        image_pool: how many generated pictures of the past the discriminator is shown from, or 0 for none.

    It is called with, and `fit` takes, batches: dicts of float32 ``[B,H,W,C]`` pictures ``source``, ``reference`` and,
    in paired tasks, ``target``; other keys are left alone. The discriminator's real picture is the target or, without
    one, the source.
    """

    def __init__(self, generator, discriminator, losses, weights, content="target", seed=0, average=0.0, image_pool=0):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.loss_terms = dict(losses)
        self.loss_weights = dict.fromkeys(TERMS, 0.0) | weights
        self.content = content
        image = generator.output["image"]
        self.painter = keras.Model([tensor for tensor in generator.inputs if tensor.name != "content"], image)
        layers = list(_layers_within(generator))
        self.takes_counts = any(isinstance(layer, CountEmbedding) for layer in layers)
        self.clock = Clock(seed)
        self.at_rest = AtRest(self)
        for layer in layers:
            if isinstance(layer, StatelessDropout):
                layer.clock = self.clock
        self.average = MovingAverage(generator.trainable_variables, average) if average else None
        shapes = {tensor.name: tensor.shape[1:] for tensor in discriminator.inputs}
        self.pool = ImagePool(image_pool, shapes, self.clock) if image_pool else None
        names = [f"{name}_loss" for name, weight in self.loss_weights.items() if weight]
        names += ["generator_loss", "discriminator_loss"]
        self.means = {name: keras.metrics.Mean(name) for name in names}
        self.finiteness = Finiteness([*names, "generator_gradient", "discriminator_gradient"])
        self.skipped = tf.Variable(0, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)
        self.built = True  # its two models are

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs):
        """`keras.Model.compile` with one optimizer for each network."""
        super().compile(optimizer=generator_optimizer, **kwargs)
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def metrics(self):
        return list(self.means.values())

    def weights_by_network(self):
        """The two networks' weights: a dict of lists of variables."""
        return {"generator": self.generator.weights, "discriminator": self.discriminator.weights}

    def state(self):
        """What training changes and the networks `at_rest` do not have: a dict of lists of variables.

        With the values of both, training on one device goes on exactly. Learning rates are left out: they may be
        others then.
        """
        optimizers = {"generator_optimizer": self.optimizer, "discriminator_optimizer": self.discriminator_optimizer}
        slots = {
            name: [variable for variable in optimizer.variables if "learning_rate" not in variable.name]
            for name, optimizer in optimizers.items()
        }
        return {
            "weights": self.generator.trainable_variables if self.average else [],
            "statistics": self.generator.non_trainable_variables,
            **slots,
            "average": self.average.averages if self.average else [],
            "image_pool": self.pool.variables if self.pool else [],
            "losses": [variable for mean in self.means.values() for variable in mean.variables],
            "clock": [self.clock.step, self.skipped],
        }

    def call(self, batch, training=False):
        """The generator's image ``[B,H,W,C]`` for the batch's source and reference."""
        return self.painter(inputs_of(self.painter, self._inputs(batch)), training=training)

    def _inputs(self, batch):
        return {"source": batch["source"], "reference_histogram": self.reference_histogram(batch["reference"])}

    def paint(self, batch, training=False):
        """A batch's pictures: a dict of ``source``, ``reference``, ``output`` and, where there is one, ``target``.

        With ``training`` the output is made with batch statistics and dropout; what batch norm learns is undone.
        """
        pictures = {
            "source": batch["source"],
            "reference": batch["reference"],
            "output": self.painted(self._inputs(batch), training),
        }
        return pictures | ({"target": batch["target"]} if "target" in batch else {})

    def painted(self, inputs, training=False):
        """The output ``[B,H,W,C]`` for a dict of ``source`` and ``reference_histogram``; ``training`` as `paint`."""
        statistics = self.generator.non_trainable_variables if training else []
        kept = values_of(statistics)
        output = self.painter(inputs_of(self.painter, inputs), training=training)
        assign(statistics, kept)
        return output

    @tf.function
    def forward(self, batch):
        """A training step's forward pass alone: batch norm's statistics move."""
        self(batch, training=True)

    def reference_histogram(self, reference):
        """What the generator takes of reference pictures: ``[B,H,W,C]`` to ``[B,C,K]``, hard or soft."""
        if not self.takes_counts:
            return self.soft_histogram(reference)
        options = self.generator.get_layer("histogram").options
        colors = self.generator.get_layer("histogram_colors")(reference)
        return hard_histogram(colors, options["bins"], options["value_range"])

    def soft_histogram(self, pictures):
        """The soft histograms ``[B,C,K]`` of pictures ``[B,H,W,C]`` in the network's colours."""
        return self.generator.get_layer("histogram")(self.generator.get_layer("histogram_colors")(pictures))

    def train_step(self, batch):
        """One forward pass, both gradients of it, then both updates; returns the means of the losses so far.

        Where a loss or a gradient is not finite (`finiteness` keeps which), the step changes nothing and does not
        count; under a tf.distribute strategy the weights are spoiled all the same.
        """
        statistics = [*self.generator.non_trainable_variables, *self.discriminator.non_trainable_variables]
        before = values_of(statistics)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            losses, pooled = step_losses(self, batch)
            # Optimizers add the replicas' gradients; each replica's losses are means over its part of the batch.
            replicas = tf.distribute.get_strategy().num_replicas_in_sync
            generator_share = losses["generator_loss"] / replicas
            discriminator_share = losses["discriminator_loss"] / replicas

        painting, judging = self.generator.trainable_variables, self.discriminator.trainable_variables
        generator_gradients = generator_tape.gradient(generator_share, painting)
        discriminator_gradients = discriminator_tape.gradient(discriminator_share, judging)
        gradients = {"generator_gradient": generator_gradients, "discriminator_gradient": discriminator_gradients}
        failed = self.finiteness.look({name: [value] for name, value in losses.items()} | gradients)

        def update():
            self.optimizer.apply_gradients(zip(generator_gradients, painting, strict=True))
            self.discriminator_optimizer.apply_gradients(zip(discriminator_gradients, judging, strict=True))
            if self.average:
                self.average.update(self.clock.step)
            if self.pool:
                assign(self.pool.variables, pooled)
            for name, value in losses.items():
                self.means[name].update_state(value)

        if tf.distribute.has_strategy():
            update()  # replicas cannot meet within a branch
        else:
            tf.cond(failed, lambda: assign(statistics, before), update)
        self.clock.tick(~failed)
        return {name: mean.result() for name, mean in self.means.items()}


def _layers_within(model):
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers_within(layer)
