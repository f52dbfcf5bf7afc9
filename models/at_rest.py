"""The generator as pictures are made with it, beside the one that is trained."""

import contextlib

from models.variables import assign, values_of


class AtRest:
    """``with model.at_rest(batches):`` the generator is as pictures are made with it; training does not notice.

    Inside, its weights are their moving averages, where those are kept, and batch norm's statistics are averaged over
    training batches as these weights see them. Afterwards, after an error too, all is what it was.

    While weights move fast, as they do early in adversarial training, moving statistics are those of networks that are
    no more: after 110 steps of edges2photos, pictures made with them were twice as far from the reference's colours as
    those made with batch statistics. This is the "precise" batch norm of Wu and Johnson 2021 (arXiv 2105.07576).

    Args:
        model: `HueNet`.
    """

    def __init__(self, model):
        self._model = model
        self._refreshed = None, None  # at which step, and the statistics

    @contextlib.contextmanager
    def __call__(self, batches=()):
        """``batches``: training batches, a pure function of the step; none leaves the statistics alone."""
        model, step = self._model, self._model.clock.now()
        statistics = model.generator.non_trainable_variables
        changed = model.generator.variables if model.average else statistics
        kept = values_of(changed)
        try:
            if model.average:
                assign(model.average.variables, model.average.averages)
            assign(statistics, self._fresh(step, statistics, batches))
            model.clock.step.assign(step)
            yield
        finally:
            assign(changed, kept)
            model.clock.step.assign(step)

    def _fresh(self, step, statistics, batches):
        """The values of the statistics after the batches; those of a step are made once."""
        if self._refreshed[0] != step:
            before = values_of(statistics)
            for batch in batches if statistics else ():
                self._model.forward(batch)
                self._model.clock.tick()  # other dropout masks
            if self._model.clock.now() == step:
                return before
            self._refreshed = step, values_of(statistics)
        return self._refreshed[1]
