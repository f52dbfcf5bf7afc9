"""The marked parts of a page of docs/: a benchmark writes its tables there. The rest of the page is written by hand.

A part lies between two comments, which no reader sees:

    <!-- colorization: written by python -m benchmarks.ablation -->
    <!-- end of colorization -->
"""

import re
from pathlib import Path

from utils import UserError, atomic_write


class Page:
    """A Markdown page with marked parts. A page that does not exist is created with these parts alone.

    Args:
        path: path of the page.
        parts: names of the parts.
        command: the command that writes them, such as ``"python -m benchmarks.ablation"``.

    Raises:
        UserError: if the page lacks the markers of a part.
    """

    def __init__(self, path, parts, command):
        self._path = Path(path)
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._save("\n".join([f"# {self._path.stem}\n", *(_empty_part(name, command) for name in parts)]))
        for name in parts:
            self._place(self._path.read_text(), name, command)

    def write(self, name, text):
        """Replace a part of the page by a text, and keep everything else."""
        page = self._path.read_text()
        start, end = self._place(page, name)
        self._save(f"{page[:start]}\n{text.strip()}\n\n{page[end:]}")

    def _place(self, page, name, command="COMMAND"):
        """Where the text of a part starts and ends in the page's text."""
        pattern = rf"<!-- {re.escape(name)}: [^\n]*-->\n(.*?)<!-- end of {re.escape(name)} -->"
        found = [*re.finditer(pattern, page, re.DOTALL)]
        if len(found) != 1:
            lines = _empty_part(name, command).splitlines()
            raise UserError(
                f"{self._path} has {len(found)} parts named {name}; mark the place of the one part by the lines "
                f"'{lines[0]}' and '{lines[-1]}'"
            )
        return found[0].span(1)

    def _save(self, text):
        with atomic_write(self._path) as partial:
            partial.write_text(text)


def row(*cells):
    """A row of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def head(*cells):
    """The first two rows of a Markdown table."""
    return f"{row(*cells)}\n{row(*['---'] * len(cells))}"


def _empty_part(name, command):
    return f"<!-- {name}: written by {command} -->\n\n<!-- end of {name} -->\n"


def image_path(page, name):
    """The path of an image of a page, ``images/PAGE/NAME`` beside the page. The folder is created if it is missing.

    Args:
        page: path of the page.
        name: the image's name, such as ``"chart.png"``.
    """
    path = Path(page).with_name("images") / Path(page).stem / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
