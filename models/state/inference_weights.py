"""The weights for inference. They differ from the trained weights."""

import contextlib

from models.state.variables import assign, values_of


class InferenceWeights:
    """A context: inside ``with model.inference_weights(batches):``, the generator has the weights for inference.

    These are the moving averages of the weights, if the model keeps averages. The statistics of batch norm are computed
    anew from training batches with these weights. After the block, even after an error, all variables have their former
    values again, so that training is not affected.

    The moving statistics of training lag behind when weights change fast, as early in adversarial training. After 110
    steps of edges2photos, images made with them were twice as far from the reference's colors as images made with batch
    statistics. The method is the "precise" batch norm of Wu and Johnson 2021 (arXiv 2105.07576).

    Args:
        model: a `HueNet` model.
    """

    def __init__(self, model):
        self._model = model
        self._refreshed = None, None  # the step and the statistics computed at it

    @contextlib.contextmanager
    def __call__(self, batches=()):
        """``batches``: training batches, which must depend only on the step. Without batches, it uses the statistics
        computed earlier at this step, if any, or the moving statistics of training."""
        model, step = self._model, self._model.step_counter.value()
        statistics = model.generator.non_trainable_variables
        changed = model.generator.variables if model.average else statistics
        kept = values_of(changed)
        try:
            if model.average:
                assign(model.average.variables, model.average.averages)
            assign(statistics, self._fresh(step, statistics, batches))
            model.step_counter.step.assign(step)
            yield
        finally:
            assign(changed, kept)
            model.step_counter.step.assign(step)

    def _fresh(self, step, statistics, batches):
        """Return the statistics after the batches. They are computed once per step."""
        if self._refreshed[0] != step:
            before = values_of(statistics)
            for batch in batches if statistics else ():
                self._model.update_statistics(batch)
                self._model.step_counter.increment()  # for new dropout masks
            if self._model.step_counter.value() == step:
                return before
            self._refreshed = step, values_of(statistics)
        return self._refreshed[1]
