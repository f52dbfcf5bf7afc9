"""The errors of a user: one sentence, whatever characters are in it."""

import os
import subprocess
import sys

import pytest

from tests.commands import ROOT
from utils import UserError, user_error_on_oserror

PRINT = """
import os
from utils import exit_on_user_error
with exit_on_user_error():
    print("the result:", os.fsdecode(b"B\\xc3\\xa4ume \\xff.png"))
"""


@pytest.mark.parametrize(
    "encoding,printed", [("ascii", rb"B\xe4ume \udcff.png"), ("utf-8", b"B\xc3\xa4ume \\udcff.png")]
)
def test_a_name_that_stdout_cannot_encode_is_printed_with_escapes(encoding, printed):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", PRINT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout == b"the result: " + printed + b"\n"


def test_an_oserror_is_one_sentence_and_other_errors_stay():
    message = r"^a\.txt cannot be written \(No such file or directory\); give another path$"
    with pytest.raises(UserError, match=message), user_error_on_oserror("a.txt"):
        open("/nowhere/a.txt")  # noqa: SIM115
    with pytest.raises(KeyError), user_error_on_oserror("a.txt"):
        raise KeyError
