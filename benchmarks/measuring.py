"""What a piece of work costs the process that does it: seconds, and memory by the rise of its peak. Linux."""

import resource
import statistics
import time


def measured(work, small):
    """Seconds of ``work()``, the median of three or more calls, and the MB by which the first raised the peak.

    ``small()`` is the same work in small: what libraries load and allocate for good is not counted.
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
