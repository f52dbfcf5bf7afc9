"""SIGINT and SIGTERM, sent to a real process."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import atexit
import time
from engine.run_folder import StopSignal
with StopSignal() as stop_signal:
    stop_signal.armed = {armed}
    print("ready", flush=True)
    while not stop_signal.exit_code or {endless}:
        time.sleep(0.01)
atexit.register(time.sleep, 600)  # as of a library that takes its time
print("left")
stop_signal.exit()
"""


@pytest.mark.parametrize("number,status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("armed,endless,times", [(True, False, 1), (False, True, 1), (True, True, 2)])
def test_a_first_signal_requests_a_stop_if_armed_and_any_other_signal_ends_the_process(
    number, status, armed, endless, times
):
    code = CODE.format(armed=armed, endless=endless)
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    for attempt in range(times):
        process.send_signal(number)
        if armed and not attempt:
            assert process.stderr.readline() == "\n" and "again stops at once" in process.stderr.readline()
    assert process.wait(10) == status
    assert "Traceback" not in process.stderr.read()
    assert process.stdout.read() == "left\n" * (armed and not endless)
    process.stdout.close()
    process.stderr.close()
