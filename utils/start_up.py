"""Import TensorFlow late, quietly and without the garbage collector.

TensorFlow 2.21 prints lines about oneDNN and CUDA while it is imported, even if TF_CPP_MIN_LOG_LEVEL forbids them
(TensorFlow issue 100442).
"""

import contextlib
import gc
import os
import sys
import tempfile

import lazy_loader


def attach_quietly(package, submod_attrs):
    """Do the same as `lazy_loader.attach`, for a package that imports TensorFlow.

    TensorFlow takes seconds to import. It is imported only when a name is used that needs it. Its start-up lines are
    printed only if TF_CPP_MIN_LOG_LEVEL is set to a value other than 3. TensorFlow allocates GPU memory as needed,
    unless TF_FORCE_GPU_ALLOW_GROWTH is set to another value. It runs ops on two threads at least, unless
    TF_NUM_INTEROP_THREADS is set. The garbage collector is off during the import.
    """
    _choose_temporary_folder()
    import_name, *rest = lazy_loader.attach(package, submod_attrs=submod_attrs)
    quiet = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") == "3"
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    if len(os.sched_getaffinity(0)) == 1:
        # With one thread, a step that waits for its batch leaves none to load it, and waits forever (TensorFlow issue
        # 48418).
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")

    def import_fast(name):
        if "tensorflow" in sys.modules:
            return import_name(name)
        with without_garbage_collection(), without_start_up_lines() if quiet else contextlib.nullcontext():
            return import_name(name)

    return import_fast, *rest


def _choose_temporary_folder():
    """Use shared memory for temporary files if no folder on the disk can be written, as on a read-only system.

    TensorFlow and Matplotlib ask for the folder while they are imported.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        tempfile.tempdir = "/dev/shm"


@contextlib.contextmanager
def without_garbage_collection():
    """Turn off the garbage collector for the block, which imports. TensorFlow then takes a quarter less time to import.

    Nearly all of what is imported stays until the end, so looking through its millions of objects frees nothing.
    Afterward, the collector skips all objects that exist by then, for good.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


@contextlib.contextmanager
def without_start_up_lines():
    """Hide the standard error output of the block, including C++ code. If the block fails, print the output.

    If no folder for temporary files can be written, as on a read-only system, nothing is hidden.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            written = stack.enter_context(tempfile.TemporaryFile())
            stack.enter_context(_standard_error_in(written))
        yield


@contextlib.contextmanager
def _standard_error_in(written):
    """Write the standard error output of the block to a file. If the block fails, print the file."""
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
