"""Signals to a real process."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import time
from utils.signals import Leaving
with Leaving() as leaving:
    leaving.heeded = {heeded}
    print("ready", flush=True)
    while not leaving.asked or {stubborn}:
        time.sleep(0.01)
raise SystemExit(leaving.asked)
"""


@pytest.mark.parametrize("number,status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("heeded,stubborn,times", [(True, False, 1), (False, True, 1), (True, True, 2)])
def test_one_asks_where_it_is_heeded_and_another_leaves_at_once(number, status, heeded, stubborn, times):
    code = CODE.format(heeded=heeded, stubborn=stubborn)
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    for time in range(times):
        process.send_signal(number)
        if heeded and not time:
            assert process.stderr.readline() == "\n" and "again leaves at once" in process.stderr.readline()
    assert process.wait(10) == status
    assert "Traceback" not in process.stderr.read()
    process.stdout.close()
    process.stderr.close()
