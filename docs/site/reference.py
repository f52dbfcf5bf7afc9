"""Makes a reference page for each folder of code: its public names and their docstrings, without importing it."""

import ast
import re
from functools import cache
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"(?<!<b>)<code>([\w.]+)</code>")  # those of arguments are bold


def on_files(files, config):
    """The files of the site, with the pages."""
    for package in packages():
        files.append(File.generated(config, f"reference/{package}.md", content=reference_page(package)))
    return files


def on_page_content(html, page, **_):
    """On these pages, a public name that a docstring mentions is a link."""
    path = Path(page.file.src_uri)
    if path.parent.name != "reference":
        return html

    def link(match):
        name, places = match[1], _places()
        place = places.get(name) or places.get(f"{path.stem}.{name}")
        return f'<a href="{place}">{match[0]}</a>' if place else match[0]

    return NAME.sub(link, html)


@cache
def _places():
    """The links of the public names, such as ``losses.pixel_loss``, between pages of the reference."""
    found = {}
    for package in packages():
        for module, names in public_names(package).items():
            for name in names:
                found.setdefault(f"{package}.{name}", f"{package}.html#{module}.{name}")
    return found


def packages():
    """The folders of code that have public names."""
    return [path.parent.name for path in ROOT.glob("*/__init__.py") if public_names(path.parent.name)]


def reference_page(package):
    """A folder's page: its docstring, then each module with its docstring and its public names."""
    parts = [f"# {package}", _docstring(package)]
    for module, names in public_names(package).items():
        parts += [f"## {module.removeprefix(package + '.')}", _docstring(module)]
        table = any(name.isupper() for name in names)
        for name, node in _definitions(module).items():
            if name in names or (table and _is_row(node)):
                parts.append(_constant(module, name) if name.isupper() else f"::: {module}.{name}")
    return "\n\n".join(parts)


def public_names(package):
    """The names that a package's ``__init__`` exports, by the module that defines them.

    A module that it exports as a whole has all its public names, and a package inside the part of its own that is
    exported here.
    """
    found = {}
    for module, names in sorted(_exported(package), key=lambda pair: pair[1] is None):  # whole modules last
        if _path(module).name == "__init__.py":
            inside = public_names(module)
        else:
            inside = {module: [name for name in _definitions(module) if not name.startswith("_")]}
        for place, own in inside.items():
            found.setdefault(place, []).extend(name for name in own if names is None or name in names)
    return {module: names for module, names in found.items() if names}


def _exported(package):
    """Pairs of a module and the names that are exported of it, None for all."""
    tree = _tree(package)
    public = next((ast.literal_eval(node.value) for node in tree.body if _assigned(node) == "__all__"), [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("attach", "attach_quietly")):
            (door,) = (part for part in ast.walk(node) if isinstance(part, ast.Dict))
            yield from ((f"{package}.{module}", names) for module, names in ast.literal_eval(door).items())
            rooms = next((word.value for word in node.keywords if word.arg == "submodules"), ast.List([]))
            yield from ((f"{package}.{room}", None) for room in ast.literal_eval(rooms))
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names if alias.name in public]
            if node.module == package:
                yield from ((f"{package}.{name}", None) for name in names)
            elif names:
                yield node.module, names


def _constant(module, name):
    """A constant as it stands in the code: most are tables."""
    code = ast.get_source_segment(_path(module).read_text(), _definitions(module)[name])
    return f"### {name} {{#{module}.{name}}}\n\n```python\n{code}\n```"


def _is_row(node):
    """Whether a class is that of a table's rows, whose fields should be told beside it."""
    return isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] == ["NamedTuple"]


def _definitions(module):
    """What a module defines: a dict of names to nodes."""
    return {name: node for node in _tree(module).body if (name := getattr(node, "name", None) or _assigned(node))}


def _assigned(node):
    """The name that a statement assigns to, or None."""
    return getattr(node.targets[0], "id", None) if isinstance(node, ast.Assign) else None


def _docstring(module):
    return ast.get_docstring(_tree(module)) or ""


@cache
def _tree(module):
    return ast.parse(_path(module).read_text())


def _path(module):
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
