"""What every notebook begins with: the badge that opens it on Colab, and the set-up cell."""

from __future__ import annotations

from nbformat.v4 import new_code_cell

from ..project import Project
from .cells import FORM, markdown

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"

SETUP = """\
# @title Set-up: run this cell first
import importlib.util
import shutil
import subprocess
import sys

if importlib.util.find_spec("{name}") is None:  # only where it is missing; what is there stays as it is
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "{requirement}"], check=True)

import {name}

if {name}.__version__ != "{version}":
    print(f"This notebook was made for {name} {version}; {{{name}.__version__}} is installed here.")
gpu = shutil.which("nvidia-smi") and not subprocess.run(["nvidia-smi"], capture_output=True).returncode
print(f"{name} {{{name}.__version__}} is ready; a GPU is {{'on' if gpu else 'off'}}.")"""


# What only some pages use: the front matter's `extra` names an extra of pyproject.toml.
EXTRA = """
import importlib.metadata

for package in {packages}:  # what this page uses besides
    if not list(importlib.metadata.distributions(name=package)):
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
"""


def first(project: Project, name: str, docname: str, needs_data: bool, extra: str | None = None) -> list:
    """Badge and set-up. The second goes behind the page's title."""
    badge = f"[![Open in Colab]({BADGE})]({project.colab(name)}) [Read this page in the book]({project.page(docname)})"
    source = SETUP.format(name=project.name, version=project.version, requirement=project.requirement)
    if extra:
        before, after = source.split(f"\nimport {project.name}\n")
        source = f"{before}{EXTRA.format(packages=project.packages(extra))}\nimport {project.name}\n{after}"
    if needs_data:
        source += "\n%load_ext mmcourse.book"
    return [markdown(badge), new_code_cell(source, metadata=FORM)]
