"""The structure of the code: the order of the folders, their front doors, argument lists and words."""

import ast
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = (
    "commands",
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
    if path.endswith(".py") and not path.startswith(("tests/", "benchmarks/", "docs/"))
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
            assert inside or not target.startswith(f"{package}/"), f"{path} imports {module}, past {package}'s door"
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


def test_utils_stays_small_and_is_used_by_all():
    """At most eight files, which at least six folders use."""
    assert len([path for path in SOURCES if _folder(path) == "utils"]) <= 8
    users = {}
    for path in SOURCES:
        for module, name in _imports(path):
            if module == "utils":
                users.setdefault(name, set()).add(_folder(path))
    assert len({folder for folders in users.values() for folder in folders}) >= 6


def test_command_lines_and_the_readme_are_short():
    for path in ("train.py", "test.py", "demo.py"):
        assert len((ROOT / path).read_text().splitlines()) < 100
    assert len((ROOT / "README.md").read_text().splitlines()) < 150


def test_words_are_those_of_the_field():
    for path in _tracked():
        if path.endswith((".py", ".yaml", ".html", ".css", ".js", ".sh")) and path != "tests/test_structure.py":
            text = (ROOT / path).read_text().lower()
            assert "pictur" not in text and "colour" not in text, path


def test_the_folders_are_drawn_in_the_docs():
    text = (ROOT / "docs" / "architecture.md").read_text()
    places = [text.index(f"{folder}/") for folder in ORDER[1:]]
    assert all(first < second for first, second in pairwise(places))
