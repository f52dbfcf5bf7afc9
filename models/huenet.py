"""HueNet: a Keras model of the augmented generator and the discriminator, with their losses and the training step."""

import functools
from collections.abc import Callable, Mapping

import tensorflow as tf
from tensorflow import keras

from losses import TERMS, discriminator_loss, loss_functions
from models.image_model import ImageModel, layers_within
from models.inputs import inputs_of, names_of
from models.networks import StatelessDropout
from models.state import (
    FiniteCheck,
    ImagePool,
    InferenceWeights,
    LossMeans,
    MovingAverage,
    StepCounter,
    assign,
    values_of,
)


class HueNet(ImageModel):
    """A Keras model that trains an image-to-image generator on histogram losses (doi 10.1109/TPAMI.2023.3278287).

    The generator's loss is the weighted sum of the terms in the table `losses.TERMS`. Terms of weight 0 are not
    computed. Without an adversarial term there is no discriminator.

    Args:
        generator: the augmented generator, from `augment`.
        discriminator: a model that returns logits. Its inputs are named ``image`` and, if it has a condition,
            ``source`` or ``reference_histogram``. If the adversarial weight is 0, it is not used and may be None.
        losses: ``{term: function}``. A function takes the tensors that the term's row in the table lists. Missing
            functions come from the table. For ``"adversarial"`` the value is its kind instead: ``"vanilla"``,
            ``"lsgan"`` or ``"hinge"``.
        weights: ``{term: weight}``. Missing weights are 0.
        content: the image of the batch whose structure the output must keep: ``"target"``, ``"source"`` or
            ``"reference"``.
        seed: the seed of the dropout masks and of the image pool's random draws.
        ema_decay: the decay of a moving average of the generator's weights, or 0 for no average.
        image_pool: the size of the discriminator's pool of past outputs, or 0 for no pool.

    The model and its `fit` method take batches. A batch is a dict of float32 images ``[B,H,W,C]``: ``source``,
    ``reference`` and, in paired tasks, ``target``. Other keys are ignored. The discriminator's real image is the
    target, or the source if there is no target.

    Attributes:
        step_logs: whether `fit` logs the losses after each step, which makes it wait for the device. If False, its logs
            are a constant; call `mean_losses` to get the losses.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model | None,
        losses: Mapping[str, Callable | str],
        weights: Mapping[str, float],
        *,
        content: str = "target",
        seed: int = 0,
        ema_decay: float = 0.0,
        image_pool: int = 0,
    ):
        super().__init__(generator)
        self.term_weights = {name: weight for name, weight in weights.items() if weight}
        self.discriminator = discriminator if "adversarial" in self.term_weights else None
        kind = losses.get("adversarial", "vanilla")
        functions = {name: loss for name, loss in losses.items() if callable(loss)}
        missing = {name: weight for name, weight in self.term_weights.items() if name not in functions}
        functions |= loss_functions(missing, {"adversarial_loss": kind})
        self.term_functions = {name: functions[name] for name in self.term_weights}
        self.discriminator_loss = functools.partial(discriminator_loss, kind=kind)
        self.content = content
        self.step_counter = StepCounter(seed)
        for layer in layers_within(generator):
            if isinstance(layer, StatelessDropout):
                layer.step_counter = self.step_counter
        self.inference_weights = InferenceWeights(self)
        self.average = MovingAverage(generator.trainable_variables, ema_decay) if ema_decay else None
        self.pool = _pool(image_pool, self.discriminator, self.step_counter) if image_pool else None
        names = [f"{name}_loss" for name in (*self.term_functions, *self.networks)]
        self.loss_means = LossMeans(names)
        self.finite_check = FiniteCheck([*names, *(f"{name}_gradient" for name in self.networks)])
        self.skipped = tf.Variable(0, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)
        self.step_logs = True
        self._has_strategy = tf.distribute.has_strategy()
        self.built = True  # because its networks are built

    @property
    def networks(self) -> dict[str, keras.Model]:
        """The networks that are trained, ``{name: network}``."""
        found = {"generator": self.generator, "discriminator": self.discriminator}
        return {name: network for name, network in found.items() if network is not None}

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
        **kwargs,
    ) -> None:
        """Configure training as `keras.Model.compile`, with one optimizer for each network."""
        super().compile(optimizer=generator_optimizer, **kwargs)
        self.discriminator_optimizer = discriminator_optimizer if self.discriminator is not None else None
        for name, optimizer in self.optimizers.items():
            optimizer.build(self.networks[name].trainable_variables)

    @property
    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """The optimizers of the networks, ``{network name: optimizer}``."""
        found = {"generator": self.optimizer, "discriminator": self.discriminator_optimizer}
        return {name: found[name] for name in self.networks}

    @property
    def metrics(self) -> list:
        return [self.loss_means]

    def counted_steps(self) -> int:
        """Return the number of steps since the epoch began, without skipped steps."""
        return self.loss_means.count()

    def mean_losses(self) -> dict[str, float]:
        """Return the mean losses since the epoch began, ``{name: float}``. It is empty before the first step."""
        means = self.loss_means.result() if self.counted_steps() else {}
        return {name: float(mean) for name, mean in means.items()}

    def spoiled(self) -> bool:
        """Whether a step that was not finite changed the weights. This happens only under a tf.distribute strategy."""
        return self._has_strategy and bool(self.finite_check.failed())

    def weights_by_network(self) -> dict[str, list]:
        """Return the weights of the networks, ``{network name: [variable, ...]}``."""
        return {name: network.weights for name, network in self.networks.items()}

    def state(self) -> dict[str, list]:
        """Return the variables that training changes besides the inference weights, ``{part: [variable, ...]}``.

        If these variables and the inference weights are restored, a resumed run on one device equals a run that never
        stopped. Learning rates are left out, because a resumed run may have different ones.
        """
        slots = {
            f"{name}_optimizer": [v for v in optimizer.variables if "learning_rate" not in v.name]
            for name, optimizer in self.optimizers.items()
        }
        return {
            "weights": self.generator.trainable_variables if self.average else [],
            "statistics": self.generator.non_trainable_variables,
            **slots,
            "average": self.average.averages if self.average else [],
            "image_pool": self.pool.variables if self.pool else [],
            "losses": self.loss_means.variables,
            "steps": [self.step_counter.step, self.skipped],
        }

    @tf.autograph.experimental.do_not_convert
    def train_step(self, batch: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Train on one batch. With ``step_logs``, return the mean losses so far.

        If a loss or a gradient is not finite, `finite_check` remembers its name. This step and all later steps then
        change nothing and are not counted, until the check is cleared. Under a tf.distribute strategy, however, such a
        step does change the weights.
        """
        networks = self.networks
        statistics = [variable for network in networks.values() for variable in network.non_trainable_variables]
        statistics_before = values_of(statistics)
        # Each replica's losses are means over its part of the batch, and optimizers add the gradients of the replicas.
        replicas = tf.distribute.get_strategy().num_replicas_in_sync

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            tensors, pooled = self.forward(batch)
            losses = {f"{name}_loss": self._term(name, tensors) for name in self.term_functions}
            weighted = [weight * losses[f"{name}_loss"] for name, weight in self.term_weights.items()]
            losses["generator_loss"] = tf.add_n(weighted)
            if self.discriminator is not None:
                losses["discriminator_loss"] = self.discriminator_loss(tensors["real_logits"], tensors["shown_logits"])
            shares = {name: losses[f"{name}_loss"] / replicas for name in networks}

        tapes = {"generator": generator_tape, "discriminator": discriminator_tape}
        gradients = {
            name: tapes[name].gradient(shares[name], network.trainable_variables) for name, network in networks.items()
        }

        checked = {name: [loss] for name, loss in losses.items()}
        checked |= {f"{name}_gradient": gradient for name, gradient in gradients.items()}
        failed = self.finite_check.find_nonfinite(checked)

        def update():
            with tf.name_scope("updates"):
                for name, network in networks.items():
                    pairs = zip(gradients[name], network.trainable_variables, strict=True)
                    self.optimizers[name].apply_gradients(pairs)
                if self.average:
                    self.average.update(self.step_counter.step)
                if self.pool:
                    assign(self.pool.variables, pooled)
                self.loss_means.update(losses)

        if self._has_strategy:
            update()  # replicas cannot exchange gradients inside a branch
        else:
            tf.cond(failed, lambda: assign(statistics, statistics_before), update)
        self.step_counter.increment(~failed)
        if self.step_logs:
            return self.loss_means.result()
        # Keras needs a result, and Keras 3 averages it over the first axis. An integer is not kept on the GPU.
        return {"steps": tf.ones([1], tf.int32)}

    def _maybe_symbolic_build(self, **_):
        """Do nothing: the model is built. Under a strategy, Keras 3 would build it and fail on a dict of images."""

    def forward(self, batch: dict[str, tf.Tensor]) -> tuple[dict[str, tf.Tensor], list | None]:
        """Compute the forward pass of a training step.

        Returns:
            A dict of tensors, and the new contents of the image pool or None if there is no pool. The dict has the
            names that `losses.TERMS` uses, and ``real_logits`` and ``shown_logits`` for the discriminator's loss.
        """
        soft_histogram = self.soft_histogram(batch["reference"])
        tensors = {
            **{name: batch[name] for name in ("source", "reference")},
            "content": batch[self.content],
            "real": batch.get("target", batch["source"]),
            "reference_histogram": self._counts(batch["reference"]) if self.takes_counts else soft_histogram,
            "reference_soft_histogram": soft_histogram,
        }
        tensors |= self.generator(inputs_of(self.generator, tensors), training=True)  # image, histogram, joint
        if self.discriminator is None:
            return tensors, None
        real = {"image": tensors["real"]}
        if "reference_histogram" in names_of(self.discriminator):
            # A real image is judged with its own histogram. In paired tasks that is the histogram of the reference.
            real["reference_histogram"] = self.reference_histogram(tensors["real"])
        shown, pooled = self.pool.exchange(tensors) if self.pool else (tensors, None)
        tensors["real_logits"] = self._discriminate(tensors | real)
        tensors["fake_logits"] = self._discriminate(tensors)
        tensors["shown_logits"] = self._discriminate(shown) if self.pool else tensors["fake_logits"]
        return tensors, pooled

    def _term(self, name, tensors):
        with tf.name_scope(f"{name}_loss"):
            return tf.reduce_mean(self.term_functions[name](*(tensors[need] for need in TERMS[name].needs)))

    def _discriminate(self, tensors):
        return self.discriminator(inputs_of(self.discriminator, tensors), training=True)


def _pool(size, discriminator, step_counter):
    shapes = {tensor.name: tensor.shape[1:] for tensor in discriminator.inputs}
    return ImagePool(size, shapes, step_counter)
