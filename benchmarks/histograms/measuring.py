"""Measure the seconds of a function, and the rise of the peak memory of this process. Linux only."""

import resource
import statistics
import time


def measured(work, small):
    """Measure the median seconds of three or more calls of ``work()``, and the rise of the peak memory in MB.

    The memory is that of a first call, which is not timed. Before this call, ``small()`` does the same work on little
    data, so that the memory of the loaded libraries is not counted.

    Returns:
        A dict with the keys ``seconds`` and ``megabytes``.
    """
    small()
    before = _peak()
    work()
    memory = _peak() - before
    seconds = []
    while len(seconds) < 3 or (sum(seconds) < 2 and len(seconds) < 20):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return {"seconds": statistics.median(seconds), "megabytes": memory}


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
