"""The structure of the code: the order of the folders, their front doors, argument lists and words."""

import ast
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = (
    "benchmarks",
    "commands",
    "huenet",
    "app",
    "engine",
    "reports",
    "config",
    "metrics",
    "models",
    "datasets",
    "losses",
    "histogram_layers",
    "utils",
)
# The rooms of the engine, each above those that it imports from.
ROOMS = ("training", "inference", "factory", "checkpoints", "distributed", "run_folder")
MOST_FILES = 14  # in a folder, beside its rooms
MOST_LINES = 50  # of code in a function, without its docstring
MATHEMATICS = ("histogram_layers", "losses", "models/networks")
MOST_POSITIONAL = 3
# Their signatures are those of the layers and of the papers' model.
PUBLIC = ("augment", "HueNet.__init__")


def _tracked():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]


SOURCES = {
    path: ast.parse((ROOT / path).read_text())
    for path in _tracked()
    if path.endswith(".py") and not path.startswith(("tests/", "docs/")) and path != "setup.py"
}


def _folder(path):
    """The top folder of a file; ``"commands"`` for train.py, test.py and others at the top."""
    return path.split("/")[0] if "/" in path else "commands"


def _imports(path):
    """What a file imports from the project: pairs of a module and a name."""
    for node in ast.walk(SOURCES[path]):
        if isinstance(node, ast.Import):
            found = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        yield from ((module, name) for module, name in found if module.split(".")[0] in ORDER)


def _functions(path):
    """The functions of a file: a dict of name to node. A method's name has its class: ``HueNet.call``."""
    found = {}
    for node in ast.walk(SOURCES[path]):
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                found[prefix + child.name] = child
    return found


def _front_door(folder):
    """The names that a package's ``__init__`` exports."""
    tree = SOURCES[f"{folder}/__init__.py"]
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return set(texts)


def test_the_files_are_found():
    assert set(ORDER) <= {_folder(path) for path in SOURCES} and len(SOURCES) > 60
    assert any(_imports(path) for path in SOURCES)


@pytest.mark.parametrize("path", SOURCES)
def test_a_folder_imports_only_from_those_below_it(path):
    place = ORDER.index(_folder(path))
    above = [module for module, _ in _imports(path) if ORDER.index(module.split(".")[0]) < place]
    assert not above, f"{path} imports {above}"


@pytest.mark.parametrize("path", SOURCES)
def test_other_folders_are_imported_through_their_front_doors(path):
    packages = [str(Path(found).parent) for found in SOURCES if found.endswith("/__init__.py")]
    for module, name in _imports(path):
        target = module.replace(".", "/")
        for package in packages:
            inside = path.startswith(f"{package}/")
            room = target in packages and target.removeprefix(f"{package}/") in _front_door(package)
            past = target.startswith(f"{package}/") and not room
            assert inside or not past, f"{path} imports {module}, past {package}'s door"
        if name and target in packages and not path.startswith(f"{target}/"):
            assert name in _front_door(target), f"{path} imports {name}, which {module} does not export"


def test_the_histogram_layers_import_nothing_of_the_project():
    for path in SOURCES:
        if _folder(path) == "histogram_layers":
            assert {module.split(".")[0] for module, _ in _imports(path)} <= {"histogram_layers"}


def test_files_do_not_import_each_other_in_circles():
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in SOURCES}
    imports = {
        path: {modules[module] for module, _ in _imports(path) if module in modules and modules[module] != path}
        for path in SOURCES
        if not path.endswith("/__init__.py")  # they are lazy
    }

    def visit(path, trail):
        assert path not in trail, " -> ".join([*trail, path])
        for other in imports.get(path, ()):
            visit(other, [*trail, path])

    for path in imports:
        visit(path, [])


def test_tables_of_choices_are_read_without_tensorflow():
    code = (
        "import sys, config; config.load('colorization'); config.training_parser().format_help();"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", [path for path in SOURCES if not path.startswith(MATHEMATICS)])
def test_no_function_takes_more_than_three_positional_arguments(path):
    for name, function in _functions(path).items():
        arguments = [argument.arg for argument in function.args.posonlyargs + function.args.args]
        taken = [argument for argument in arguments if argument not in ("self", "cls")]
        assert len(taken) <= MOST_POSITIONAL or name in PUBLIC, f"{path}: {name}({', '.join(taken)})"


def test_the_rooms_of_the_engine_import_downward():
    for path in SOURCES:
        if not path.startswith("engine/") or path == "engine/__init__.py":
            continue
        place = ROOMS.index(path.split("/")[1].removesuffix(".py"))
        rooms = {module.split(".")[1] for module, _ in _imports(path) if module.startswith("engine.")}
        above = {room for room in rooms if ROOMS.index(room) < place}
        assert not above, f"{path} imports {above}"


def test_images_and_colors_are_converted_in_one_place():
    """Of the folders above models, only those that show images convert colors, and none to the network's."""
    converts = {path for path in SOURCES for module, name in _imports(path) if name == "network_batch"}
    assert {path for path in converts if not path.startswith("benchmarks/")} == {
        "models/translator.py"
    }  # the engine takes it from the front door, in its factory
    readers = {path for path, tree in SOURCES.items() if "Image.open" in ast.unparse(tree)}
    assert not {path for path in readers if not path.startswith(("utils/images/", "benchmarks/"))}


def test_no_private_module_of_tensorflow_is_used():
    code = {path: ast.unparse(tree) for path, tree in SOURCES.items()}
    assert not [path for path, text in code.items() if "tensorflow.python" in text or "keras.src" in text]


def test_no_folder_is_full():
    """The root holds what tools expect there, and tests have a file for each thing that they test."""
    counts = Counter(str(Path(path).parent) for path in _tracked())
    full = {folder: count for folder, count in counts.items() if count > MOST_FILES and folder != "."}
    assert not full


@pytest.mark.parametrize("path", SOURCES)
def test_functions_fit_a_screen(path):
    lines = (ROOT / path).read_text().splitlines()
    for name, function in _functions(path).items():
        text = function.body[0] if ast.get_docstring(function) else None
        numbers = set(range(function.lineno, function.end_lineno + 1))
        numbers -= set(range(text.lineno, text.end_lineno + 1)) if text else set()
        code = [number for number in numbers if lines[number - 1].strip() and lines[number - 1].strip()[0] != "#"]
        assert len(code) <= MOST_LINES, f"{path}: {name} has {len(code)} lines"


def test_utils_is_used_by_all():
    users = {_folder(path) for path in SOURCES for module, _ in _imports(path) if module.split(".")[0] == "utils"}
    assert len(users) >= 6


def test_command_lines_and_the_readme_are_short():
    for path in ("train.py", "test.py", "demo.py"):
        assert len((ROOT / path).read_text().splitlines()) < 100
    assert len((ROOT / "README.md").read_text().splitlines()) < 150


def test_words_are_those_of_the_field():
    for path in _tracked():
        # test_lut.py names the library colour-science.
        if path.endswith((".py", ".yaml", ".html", ".css", ".js", ".sh")) and path not in (
            "tests/repository/test_structure.py",
            "tests/utils/colors/test_lut.py",
        ):
            text = (ROOT / path).read_text().lower()
            assert "pictur" not in text and "colour" not in text, path


def test_the_folders_are_drawn_in_the_docs():
    text = (ROOT / "docs" / "architecture.md").read_text()
    places = [text.index(f"{folder}/") for folder in ORDER[2:]]
    assert all(first < second for first, second in pairwise(places))
