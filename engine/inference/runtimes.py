"""Convert a translator for other runtimes than TensorFlow: LiteRT (TensorFlow Lite) and ONNX."""

import importlib.util
import tempfile

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from utils import UserError

OPSET = 18  # of ONNX


def write_tflite(function, path):
    """Write a function as a model of LiteRT that needs its built-in operations alone.

    Args:
        function: a `tf.function` of images of a fixed size, from `models.Translator.at_size`.
        path: path of the file.

    Raises:
        UserError: if LiteRT does not have all of the function's operations.
    """
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    module = tf.Module()  # which holds no variables, so that the weights are constants of the model
    module.translate = tf.function(lambda **images: {"output": frozen(**images)[0]}, autograph=False)
    named = {spec.name: spec for spec in function.input_signature}
    with tempfile.TemporaryDirectory() as folder:
        options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
        signatures = {"translate": module.translate.get_concrete_function(**named)}
        tf.saved_model.save(module, folder, signatures, options)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=["translate"])
        try:
            path.write_bytes(converter.convert())
        except Exception as error:  # its class is not public
            if type(error).__name__ != "ConverterError":
                raise
            raise UserError("LiteRT does not have all operations of this generator") from None


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
