"""Gives the site the layout of the repository, so that a link works in both. README.md is its first page."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s:#]+)")


def on_files(files, config):
    """The files of the site: those of the theme, README and docs, and what these link to."""
    theme = [file for file in files if file.src_dir != config.docs_dir]
    own = [file for file in files if file.src_dir == config.docs_dir and file.inclusion.is_included()]
    paths = ["README.md", *(f"docs/{file.src_uri}" for file in own)]
    links = {link for path in paths if path.endswith(".md") for link in _links(path)}
    paths += sorted(link for link in links - {*paths} if (ROOT / link).is_file())
    return Files([*theme, *(_file(path, config) for path in paths)])


def on_page_markdown(markdown, page, **_):
    """Start is alone in its part of the navigation."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]


def _links(page):
    """The paths that a page links to, from the root."""
    return {normpath(join(dirname(page), link)) for link in LINK.findall((ROOT / page).read_text())}


def _file(path, config):
    # A browser shows a file without a suffix only under another name.
    shown = None if Path(path).suffix else f"{path}.txt"
    return File(path, str(ROOT), config.site_dir, config.use_directory_urls, dest_uri=shown)
