"""What TensorFlow writes while it is imported.

TensorFlow 2.21 writes lines about oneDNN and CUDA, whatever TF_CPP_MIN_LOG_LEVEL says (its issue 100442).
"""

import contextlib
import os
import sys
import tempfile


@contextlib.contextmanager
def without_start_up_lines():
    """Drop what is written to the standard error within, by C++ too. Where something fails, it is written after all."""
    with tempfile.TemporaryFile() as written:
        sys.stderr.flush()
        standard_error = os.dup(2)
        os.dup2(written.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(standard_error, 2)
            os.close(standard_error)
            if failed:
                written.seek(0)
                os.write(2, written.read())
