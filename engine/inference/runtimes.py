"""Convert a translator for other runtimes than TensorFlow: LiteRT (TensorFlow Lite) and ONNX."""

import contextlib
import importlib.util
import tempfile
from pathlib import Path

import tensorflow as tf

from utils import UserError

OPSET = 18  # of ONNX
SIGNATURE = "translate"


def write_tflite(function, path):
    """Write a function as a model of LiteRT that needs its built-in operations alone.

    Args:
        function: a `tf.function` of images of a fixed size, from `models.Translator.at_size`.
        path: path of the file.

    Raises:
        UserError: if LiteRT does not have all of the function's operations.
    """
    with tempfile.TemporaryDirectory() as folder:
        variable, constant = Path(folder, "variable"), Path(folder, "constant")
        _save(function, variable)
        with _without_deprecations():
            _save_with_constants(variable, constant)
        converter = tf.lite.TFLiteConverter.from_saved_model(str(constant), signature_keys=[SIGNATURE])
        try:
            path.write_bytes(converter.convert())
        except Exception as error:  # its class is not public
            if type(error).__name__ != "ConverterError":
                raise
            raise UserError("LiteRT does not have all operations of this generator") from None


def _save(function, folder):
    """Save a `tf.function` with its variables as a SavedModel."""
    module = tf.Module()
    translate = tf.function(lambda **images: {"output": function(**images)}, autograph=False)
    concrete = translate.get_concrete_function(**{spec.name: spec for spec in function.input_signature})
    module.weights = concrete.graph.variables  # a SavedModel keeps those alone that a module holds
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), {SIGNATURE: concrete}, options)


def _save_with_constants(folder, new_folder):
    """Save a SavedModel again with its weights as constants, because LiteRT's loops cannot read variables.

    TensorFlow's public function for this needs a session.
    """
    v1 = tf.compat.v1
    with v1.Session(graph=tf.Graph()) as session:
        signature = v1.saved_model.load(session, ["serve"], str(folder)).signature_def[SIGNATURE]
        output = signature.outputs["output"].name.partition(":")[0]
        graph = v1.graph_util.convert_variables_to_constants(session, session.graph_def, [output])
    for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
        for node in nodes:
            node.attr.pop("_output_shapes", None)  # of the variables, wrong for the constants
    with v1.Session(graph=tf.Graph()) as session:
        tf.graph_util.import_graph_def(graph, name="")
        builder = v1.saved_model.Builder(str(new_folder))
        builder.add_meta_graph_and_variables(session, ["serve"], {SIGNATURE: signature})
        builder.save()


@contextlib.contextmanager
def _without_deprecations():
    """Hide the warnings that functions of TensorFlow 1 are deprecated. There are no other public ones."""
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


def write_onnx(function, path):
    """Write a function as a model of ONNX.

    Args:
        function: a `tf.function` from `models.Translator.at_size`.
        path: path of the file.

    Raises:
        UserError: if tf2onnx is not installed, or ONNX does not have all of the function's operations.
    """
    if not importlib.util.find_spec("tf2onnx"):
        raise UserError("tf2onnx is not installed: pip install tf2onnx")
    import onnx  # optional dependencies
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(function, function.input_signature, opset=OPSET)
    try:
        onnx.checker.check_model(model)  # tf2onnx leaves in what it cannot convert
    except onnx.checker.ValidationError:
        raise UserError("ONNX does not have all operations of this generator") from None
    onnx.save(model, path)
