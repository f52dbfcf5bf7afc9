"""The weights for inference, which differ from those that are trained."""

import contextlib

from models.state.variables import assign, values_of


class InferenceWeights:
    """``with model.inference_weights(batches):`` gives the generator, inside the block, the weights for inference.

    These are the moving averages of the weights, if those are kept. Batch norm's statistics are averages over training
    batches, computed with these weights. After the block, also after an error, all variables have their former values,
    so that training is not affected.

    Batch norm's own moving statistics lag behind weights that move fast, as they do early in adversarial training.
    After 110 steps of edges2photos, images made with them were twice as far from the reference's colors as images made
    with batch statistics. This is the "precise" batch norm of Wu and Johnson 2021 (arXiv 2105.07576).

    Args:
        model: `HueNet`.
    """

    def __init__(self, model):
        self._model = model
        self._refreshed = None, None  # the step, and its statistics

    @contextlib.contextmanager
    def __call__(self, batches=()):
        """``batches``: training batches, a pure function of the step. Without them, the statistics are those computed
        earlier at this step, or else training's own."""
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
        """The values of the statistics after the batches. They are computed once per step."""
        if self._refreshed[0] != step:
            before = values_of(statistics)
            for batch in batches if statistics else ():
                self._model.update_statistics(batch)
                self._model.step_counter.increment()  # other dropout masks
            if self._model.step_counter.value() == step:
                return before
            self._refreshed = step, values_of(statistics)
        return self._refreshed[1]
