"""What every notebook begins with: the badge that opens it on Colab, and the set-up cell.

The cell holds only what must run before the package is there: it stops on a Python that will not do and, in a published
notebook, installs what was published with it. The notebook of a checkout names no address to install from. The rest is
`mmcourse.doctor.notebook`, and what the cell needs of that module is copied from it here.
"""

from __future__ import annotations

import inspect
import json

from nbformat.v4 import new_code_cell

from mmcourse import doctor

from ..project import Project
from .cells import FORM, markdown

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
SETUP = """\
# @title Set-up: run this cell first
import importlib.util
{imports}import sys


{stop}

if sys.version_info[:2] not in {pythons}:
    raise Stop("The course needs Python {words}; this kernel has " + sys.version.split()[0]
               + ". Choose another kernel, or start with `make lab` in a checkout of the course.")
{missing}
from {name} import doctor

doctor.notebook({arguments})"""

# A package, not a folder of that name beside the notebook, which has no origin.
MISSING = 'if getattr(importlib.util.find_spec("{name}"), "origin", None) is None:\n'
CHECKOUT = """\
    raise Stop("{name} is not installed here. Start with `make lab` in a checkout of the course,"
               " or use the Colab button above.")
"""
PUBLISHED = """\
    print("Installing {name} (once) ...", flush=True)
    why = pip_install("{requirement}")
    if why:
        raise Stop("{name} could not be installed: " + why)
    importlib.invalidate_caches()
    if importlib.util.find_spec("{name}") is None:
        raise Stop("{name} is installed now, but this kernel does not see it. Restart the kernel and run this cell again.")
"""


def first(project: Project, name: str, docname: str, extra: str | None = None) -> list:
    """Badge and set-up. The second goes behind the page's title."""
    badge = f"[![Open in Colab]({BADGE})]({project.colab(name)}) [Read this page in the book]({project.page(docname)})"
    published = project.requirement is not None
    *most, last = [f"{major}.{minor}" for major, minor in project.pythons]
    arguments = [f'"{project.version}"']
    if published:
        arguments.append(f'commit="{project.commit}"')
    if extra:
        arguments.append(f"extra={json.dumps(project.packages(extra))}")
    missing = MISSING + (PUBLISHED if published else CHECKOUT)
    source = SETUP.format(
        name=project.name,
        imports="import subprocess\n" if published else "",
        stop="\n\n".join(inspect.getsource(part) for part in [doctor.Stop, *[doctor.pip_install] * published]),
        pythons=project.pythons,
        words=f"{', '.join(most)} or {last}",
        missing=missing.format(name=project.name, requirement=project.requirement),
        arguments=", ".join(arguments),
    )
    return [markdown(badge), new_code_cell(source, metadata=FORM)]
