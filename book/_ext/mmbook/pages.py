"""The pages of the book as files, for what runs beside Sphinx: measuring, real data, tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from .blocks import Block, page_blocks
from .expand import expand


@dataclass(frozen=True)
class Page:
    """One page of the table of contents: `docname` is its path below the root, without `.md`."""

    root: Path
    docname: str

    @property
    def name(self) -> str:
        return self.docname.rsplit("/", 1)[-1]

    @property
    def path(self) -> Path:
        return self.root / f"{self.docname}.md"

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf8")

    @cached_property
    def _read(self):
        return page_blocks(self.text)

    @property
    def front(self) -> dict:
        return self._read[0]

    @property
    def blocks(self) -> list[Block]:
        return self._read[1]

    @property
    def is_notebook(self) -> bool:
        """Whether the page has cells to run (its front matter names a kernel)."""
        return "kernelspec" in self.front

    def notebook(self, module: str = "mmcourse.exercises", needs_data: bool = False):
        """The page as the notebook that the book executes, exercises and solutions written out."""
        from myst_nb.core.read import read_myst_markdown_notebook

        made = read_myst_markdown_notebook(expand(self.text, module, needs_data), path=self.path)
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return made


def pages(root: Path) -> list[Page]:
    """All pages of `_toc.yml`, in reading order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf8"))
    found = [toc["root"]]

    def walk(node):
        if isinstance(node, dict):
            if "file" in node:
                found.append(node["file"])
            for key in ("parts", "chapters", "sections"):
                walk(node.get(key))
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk({key: value for key, value in toc.items() if key != "root"})
    return [Page(root, docname) for docname in found]
