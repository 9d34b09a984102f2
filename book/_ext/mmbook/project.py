"""What the toolchain knows of the project: where it lies, its version, and its addresses.

The repository's address stands in `pyproject.toml` (`[project.urls] Repository`) and nowhere else; every link of the
book and of the notebooks is made from it here.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BRANCH = "main"
COLAB = "https://colab.research.google.com"


@dataclass(frozen=True)
class Project:
    """The project whose root folder (with `pyproject.toml` and `_config.yml`) is `root`."""

    root: Path

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
    def repository(self) -> str:
        return self.metadata["urls"]["Repository"].rstrip("/")

    @property
    def slug(self) -> str:
        """`owner/name`, the last two parts of the address."""
        return "/".join(self.repository.split("/")[-2:])

    @property
    def site(self) -> str:
        """Where the built book is read: `Documentation` in pyproject.toml, else GitHub Pages of the repository."""
        owner, name = self.slug.split("/")
        return self.metadata["urls"].get("Documentation", f"https://{owner.lower()}.github.io/{name}").rstrip("/")

    @property
    def requirement(self) -> str:
        """What pip needs to install this version from the repository."""
        return f"{self.name} @ git+{self.repository}@v{self.version}"

    def packages(self, extra: str) -> list[str]:
        """The packages of an extra, by their names alone. Raises ValueError for one that does not exist."""
        extras = self.metadata.get("optional-dependencies", {})
        if extra not in extras:
            raise ValueError(f"Received: extra={extra!r}. Allowed: {', '.join(extras)}.")
        return [re.match(r"[A-Za-z0-9._-]+", one)[0] for one in extras[extra]]

    def blob(self, path: str) -> str:
        return f"{self.repository}/blob/{BRANCH}/{path}"

    def raw(self, path: str) -> str:
        return f"{self.repository}/raw/{BRANCH}/{path}"

    def colab(self, notebook: str) -> str:
        return f"{COLAB}/github/{self.slug}/blob/{BRANCH}/notebooks/{notebook}.ipynb"

    def page(self, docname: str, anchor: str = "") -> str:
        return f"{self.site}/{docname}.html" + (f"#{anchor}" if anchor else "")

    @property
    def timings(self) -> dict:
        """What `make measure` recorded, or an empty record."""
        path = self.root / "book" / "results" / "timings.json"
        return json.loads(path.read_text("utf8")) if path.is_file() else {"pages": {}}
