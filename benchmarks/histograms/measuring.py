"""What work costs the process that does it: seconds, and memory as the rise of its peak. Linux only."""

import resource
import statistics
import time


def measured(work, small):
    """The median seconds of three or more calls of ``work()``, and the MB by which the first raised the peak memory.

    ``small()`` is the same work on little data. It runs first, so that what libraries load and keep is not counted.
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
