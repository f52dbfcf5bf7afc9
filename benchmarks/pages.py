"""Marked parts of the pages in docs/, where benchmarks write their tables. The rest of each page is written by hand.

A part lies between two HTML comments:

    <!-- colorization: written by python -m benchmarks.ablation -->
    <!-- end of colorization -->
"""

import re
from pathlib import Path

from utils import UserError, atomic_write


class Page:
    """A Markdown page with marked parts. If the page does not exist, it is created with empty parts.

    Args:
        path: path of the page.
        parts: names of the parts.
        command: the command that writes the parts, such as ``"python -m benchmarks.ablation"``.

    Raises:
        UserError: if the page does not have exactly one part of each name.
    """

    def __init__(self, path, parts, command):
        self._path = Path(path)
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._save("\n".join([f"# {self._path.stem}\n", *(_empty_part(name, command) for name in parts)]))
        for name in parts:
            self._place(self._path.read_text(), name, command)

    def write(self, name, text):
        """Replace the text of one part, and keep the rest of the page."""
        page = self._path.read_text()
        start, end = self._place(page, name)
        self._save(f"{page[:start]}\n{text.strip()}\n\n{page[end:]}")

    def _place(self, page, name, command="COMMAND"):
        """Return the start and the end of a part in the page's text, without its markers."""
        pattern = rf"<!-- {re.escape(name)}: [^\n]*-->\n(.*?)<!-- end of {re.escape(name)} -->"
        found = [*re.finditer(pattern, page, re.DOTALL)]
        if len(found) != 1:
            lines = _empty_part(name, command).splitlines()
            raise UserError(
                f"{self._path} has {len(found)} parts named {name}; mark exactly one place for it with the lines "
                f"'{lines[0]}' and '{lines[-1]}'"
            )
        return found[0].span(1)

    def _save(self, text):
        with atomic_write(self._path) as partial:
            partial.write_text(text)


def row(*cells):
    """Return a row of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def head(*cells):
    """Return the first two lines of a Markdown table: the headings and the separator."""
    return f"{row(*cells)}\n{row(*['---'] * len(cells))}"


def _empty_part(name, command):
    return f"<!-- {name}: written by {command} -->\n\n<!-- end of {name} -->\n"


def image_path(page, name):
    """Return the path of a page's image: ``images/PAGE/NAME`` in the folder of the page. Create missing folders.

    Args:
        page: path of the page.
        name: the image's name, such as ``"chart.png"``.
    """
    path = Path(page).with_name("images") / Path(page).stem / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
