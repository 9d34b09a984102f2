"""Build the book and what belongs to it.

    python book/_ext/build.py html | notebooks [--check] | published | measure | real-pages | stability

Warnings are errors. Nothing is fetched from the network.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
ROOT = Path(__file__).resolve().parents[2]

# jsonschema checks IRIs with a package that compiles 38 grammars when it is imported, half of the time that an
# unchanged book takes. Nothing here has IRIs to check, and jsonschema does without where it cannot be imported.
sys.modules.setdefault("rfc3987_syntax", None)


def sphinx(root: Path, builder: str, **overrides) -> int:
    """Run Jupyter Book's Sphinx with warnings as errors; returns the exit status."""
    from jupyter_book.sphinx import build_sphinx

    build = root / "_build"
    config = {
        "external_toc_path": (root / "_toc.yml").as_posix(),
        "latex_individualpages": False,
        "nitpicky": True,
        **overrides,
    }
    result = build_sphinx(
        root,
        build / ("html" if builder == "html" else builder),
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides=config,
        doctreedir=build / ".doctrees",
        builder=builder,
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    return result if isinstance(result, int) else 1


def html(root: Path, project) -> int:
    """The book. One that is published at a commit offers the notebooks of that commit, so they are written first."""
    begun = time.perf_counter()
    status = published(root, project) if project.commit else 0
    print("Building the book", flush=True)
    status = sphinx(root, "html") or status
    if status:
        print("The book has errors (above); its pages are in _build/html all the same.", file=sys.stderr)
    else:
        index = root / "_build" / "html" / "index.html"
        print(f"Done in {time.perf_counter() - begun:.0f} s. Open {index.as_uri()}")
    return status


def notebooks(root: Path, check: bool) -> int:
    print("Comparing the student notebooks" if check else "Writing the student notebooks", flush=True)
    return sphinx(root, "student-notebooks", mm_check_notebooks=check)


def published(root: Path, project) -> int:
    """The notebooks as MMCOURSE_REPOSITORY publishes them at MMCOURSE_COMMIT; those of the checkout are left alone."""
    if not project.commit:
        print("Say where and what you publish: MMCOURSE_REPOSITORY=https://... MMCOURSE_COMMIT=...", file=sys.stderr)
        return 1
    print(f"Writing the notebooks of {project.repository} into {project.notebooks.relative_to(root)}", flush=True)
    return sphinx(root, "student-notebooks", mm_published=True)


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=["html", "notebooks", "published", "measure", "real-pages", "stability"])
    parser.add_argument("pages", nargs="*", help="measure, real-pages, stability: only these pages")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4], help="stability: so many threads each")
    parser.add_argument("--check", action="store_true", help="notebooks: fail where a notebook is out of date")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    from mmbook.project import Project

    try:
        project = Project.published(root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if options.what == "html":
        return html(root, project)
    if options.what == "published":
        return published(root, project)
    if options.what == "notebooks":
        return notebooks(root, options.check)
    if options.what == "stability":
        from mmbook.stability import stability

        return stability(root, options.pages, options.threads)
    from mmbook import measure

    run = measure.measure if options.what == "measure" else measure.real_pages
    return run(root, options.pages)


if __name__ == "__main__":
    sys.exit(main())
