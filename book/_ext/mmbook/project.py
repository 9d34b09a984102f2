"""What the toolchain knows of the project: where it lies, its version, and its addresses.

Whoever publishes the book says so in two variables: MMCOURSE_REPOSITORY, the address of the repository, and
MMCOURSE_COMMIT, what was published. Every link of that book, and what its notebooks install, is made of them. Without
them links have the address of `pyproject.toml` (`[project.urls] Repository`), and no notebook installs from anywhere.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import files

MAIN = "main"
PUBLISHED = "published"  # the branch of the notebooks that Colab opens; the publishing workflow writes it anew
COLAB = "https://colab.research.google.com"
ALLOWED = {
    "MMCOURSE_REPOSITORY": (r"https://[\w.-]+(/[\w.-]+){2,}", "https://HOST/OWNER/NAME"),
    "MMCOURSE_COMMIT": (r"[0-9a-f]{40}", "all 40 digits of a commit"),
}


@dataclass(frozen=True)
class Project:
    """The project whose root folder (with `pyproject.toml` and `_config.yml`) is `root`.

    `address` and `commit` are the publisher's; without a commit the notebooks are those of a checkout.
    """

    root: Path
    address: str | None = None
    commit: str | None = None

    @classmethod
    def published(cls, root: Path) -> Project:
        """The project as the environment says that it is published. Raises ValueError for what cannot be an address."""
        given = {name: os.environ.get(name, "").rstrip("/").removesuffix(".git") for name in ALLOWED}
        for name, (pattern, words) in ALLOWED.items():
            if given[name] and not re.fullmatch(pattern, given[name]):
                raise ValueError(f"Received: {name}={given[name]!r}. Allowed: {words}.")
        address, commit = (value or None for value in given.values())
        if commit and not address:
            raise ValueError("MMCOURSE_COMMIT says what is published; say in MMCOURSE_REPOSITORY where, too.")
        return cls(root, address, commit)

    @cached_property
    def metadata(self) -> dict:
        return tomllib.loads((self.root / "pyproject.toml").read_text("utf8"))["project"]

    @property
    def name(self) -> str:
        return self.metadata["name"]

    @property
    def version(self) -> str:
        return self.metadata["version"]

    @property
    def pythons(self) -> list[tuple[int, int]]:
        """The versions of Python that the package runs on."""
        from packaging.specifiers import SpecifierSet

        allowed = SpecifierSet(self.metadata["requires-python"])
        return [(3, minor) for minor in range(40) if allowed.contains(f"3.{minor}")]

    @property
    def repository(self) -> str:
        return self.address or self.metadata["urls"]["Repository"].rstrip("/")

    @property
    def slug(self) -> str:
        """`owner/name`, the last two parts of the address."""
        return "/".join(self.repository.split("/")[-2:])

    @property
    def site(self) -> str:
        """Where the built book is read: GitHub Pages of the repository, or `Documentation` of its pyproject.toml."""
        owner, name = self.slug.split("/")
        urls = self.metadata["urls"]
        own = "Documentation" in urls and self.repository == urls["Repository"].rstrip("/")
        return urls["Documentation"].rstrip("/") if own else f"https://{owner.lower()}.github.io/{name}"

    @property
    def requirement(self) -> str | None:
        """What pip needs to install the package as it was published; None for a checkout.

        The archive of a commit, and not git+…@commit: pip needs no git for it and fetches no history.
        """
        return f"{self.name} @ {self.repository}/archive/{self.commit}.zip" if self.commit else None

    @property
    def notebooks(self) -> Path:
        """The folder of the student notebooks: those of the checkout, or those that are published."""
        return self.root / "_build" / PUBLISHED / "notebooks" if self.commit else self.root / "notebooks"

    def packages(self, extra: str) -> list[str]:
        """The packages of an extra, by their names alone. Raises ValueError for one that does not exist."""
        extras = self.metadata.get("optional-dependencies", {})
        if extra not in extras:
            raise ValueError(f"Received: extra={extra!r}. Allowed: {', '.join(extras)}.")
        return [re.match(r"[A-Za-z0-9._-]+", one)[0] for one in extras[extra]]

    def blob(self, path: str) -> str:
        return f"{self.repository}/blob/{self.commit or MAIN}/{path}"

    def raw(self, path: str) -> str:
        return f"{self.repository}/raw/{self.commit or MAIN}/{path}"

    def colab(self, notebook: str) -> str:
        return f"{COLAB}/github/{self.slug}/blob/{PUBLISHED}/notebooks/{notebook}.ipynb"

    def page(self, docname: str, anchor: str = "") -> str:
        return f"{self.site}/{docname}.html" + (f"#{anchor}" if anchor else "")

    @property
    def timings(self) -> dict:
        """What `make measure` recorded, or an empty record."""
        path = self.root / "book" / "results" / "timings.json"
        return files.read_record(path) if path.is_file() else {"pages": {}}

    REAL_PAGES = "book/results/real-pages.json"

    @property
    def real_pages(self) -> dict:
        """What `make real-pages` recorded, or an empty record."""
        path = self.root / self.REAL_PAGES
        return files.read_record(path) if path.is_file() else {"pages": {}}

    @property
    def stability(self) -> dict:
        """What `make stability` recorded (`stability_record`), or an empty record."""
        path = self.root / "book" / "results" / "stability.json"
        return files.read_record(path) if path.is_file() else {"pages": {}}
