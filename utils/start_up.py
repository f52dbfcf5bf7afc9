"""Import TensorFlow late and quietly.

TensorFlow 2.21 prints lines about oneDNN and CUDA while it is imported, whatever TF_CPP_MIN_LOG_LEVEL says (its issue
100442).
"""

import contextlib
import os
import sys
import tempfile

import lazy_loader


def attach_quietly(package, submod_attrs):
    """`lazy_loader.attach` for a package that imports TensorFlow.

    TensorFlow, which takes seconds to import, is imported with the first name that needs it. Its start-up lines are
    printed only where TF_CPP_MIN_LOG_LEVEL asks for them. It takes a GPU's memory as it needs it, unless
    TF_FORCE_GPU_ALLOW_GROWTH says otherwise.
    """
    import_name, *rest = lazy_loader.attach(package, submod_attrs=submod_attrs)
    quiet = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") == "3"
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

    def import_quietly(name):
        if not quiet or "tensorflow" in sys.modules:
            return import_name(name)
        with without_start_up_lines():
            return import_name(name)

    return import_quietly, *rest


@contextlib.contextmanager
def without_start_up_lines():
    """Discard what the block, or C++ code that it calls, writes to standard error. If the block fails, print it."""
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
