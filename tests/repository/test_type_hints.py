"""Public functions and classes have type hints. Ruff holds their results (ANN201), these tests their arguments."""

import ast
import importlib.resources
import inspect

import pytest

FOLDERS = ("histogram_layers", "losses", "models")


def public_functions(folder):
    """Pairs of a name and the node of each public function, and of each public method of the public classes."""
    package = importlib.import_module(folder)
    for name in package.__all__:
        public = getattr(package, name)
        owners = [public] if inspect.isfunction(public) else inspect.isclass(public) and public.__mro__
        for owner in owners or ():
            if owner.__module__.split(".")[0] != folder:
                continue
            (node,) = (node for node in _definitions(owner.__module__) if node.name == owner.__name__)
            methods = node.body if isinstance(node, ast.ClassDef) else [node]
            for function in methods:
                if isinstance(function, ast.FunctionDef) and _is_public(function.name):
                    yield f"{owner.__module__}.{owner.__name__}.{function.name}", function


def _definitions(module):
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _is_public(name):
    return not name.startswith("_") or name in ("__init__", "__call__")


@pytest.mark.parametrize("folder", FOLDERS)
def test_arguments_of_public_functions_have_type_hints(folder):
    functions = dict(public_functions(folder))
    assert len(functions) > 10
    for name, function in functions.items():
        arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        bare = [argument.arg for argument in arguments if argument.annotation is None]
        assert set(bare) <= {"self", "cls"}, f"{name}: {bare}"


def test_the_library_is_packaged_as_typed():
    import histogram_layers

    folder = importlib.resources.files(histogram_layers)
    assert (folder / "py.typed").is_file() and "py.typed" in (folder / "pyproject.toml").read_text()
