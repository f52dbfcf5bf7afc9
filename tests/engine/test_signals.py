"""Signals to a real process."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import time
from engine.signals import StopSignal
with StopSignal() as stop_signal:
    stop_signal.armed = {armed}
    print("ready", flush=True)
    while not stop_signal.exit_code or {stubborn}:
        time.sleep(0.01)
raise SystemExit(stop_signal.exit_code)
"""


@pytest.mark.parametrize("number,status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("armed,stubborn,times", [(True, False, 1), (False, True, 1), (True, True, 2)])
def test_the_first_asks_where_it_is_armed_and_the_second_stops_at_once(number, status, armed, stubborn, times):
    code = CODE.format(armed=armed, stubborn=stubborn)
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    for time in range(times):
        process.send_signal(number)
        if armed and not time:
            assert process.stderr.readline() == "\n" and "again stops at once" in process.stderr.readline()
    assert process.wait(10) == status
    assert "Traceback" not in process.stderr.read()
    process.stdout.close()
    process.stderr.close()
