"""Build the book and what belongs to it.

    python book/_ext/build.py html | page NAME | notebooks [--check] | published | status
    python book/_ext/build.py measure | real-pages | stability [PAGES]

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

WHAT = ["html", "page", "notebooks", "published", "status", "measure", "real-pages", "stability"]
ANOTHER = "Another build of this checkout is running (process {process}); this one begins when that ends."


def sphinx(root: Path, builder: str, only: Path | None = None, **overrides) -> int:
    """Run Jupyter Book's Sphinx with warnings as errors, for all pages or for one file; returns the exit status."""
    from jupyter_book.sphinx import build_sphinx
    from mmbook import files

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
        filenames=[str(only)] if only else [],
        builder=builder,
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if isinstance(result, KeyboardInterrupt):
        raise result
    if isinstance(result, BaseException) and files.is_full(result):
        print("The disk is full: make room, then run this again. What was built so far is kept.", file=sys.stderr)
    return result if isinstance(result, int) else 1


def plan(root: Path) -> str:
    """How long it may take, before anything is looked at that takes time itself."""
    from mmbook import kernels, outputs, workers
    from mmbook.project import Project

    measured = [page.get("seconds") or kernels.SECONDS for page in Project(root).timings["pages"].values()]
    at_once = kernels.at_once()
    takes = f" ({len(measured)}, {at_once} at a time: {workers.about(sum(measured) / at_once)})" if measured else ""
    if (root / outputs.FOLDER).is_dir():
        return f"pages that changed are executed, at most all{takes}"
    return f"for the first time, so all pages are executed{takes}"


def html(root: Path, project) -> int:
    """The book. One that is published at a commit offers the notebooks of that commit, so they are written first."""
    begun = time.perf_counter()
    print(f"Building the book: {plan(root)}", flush=True)
    status = published(root, project) if project.commit else 0
    status = sphinx(root, "html") or status
    if status:
        print("The book has errors (above); its pages are in _build/html all the same.", file=sys.stderr)
    else:
        index = root / "_build" / "html" / "index.html"
        print(f"Done in {time.perf_counter() - begun:.0f} s. Open {index.as_uri()}")
    return status


def page(root: Path, names: list[str]) -> int:
    """One page alone: executed where that is needed, and written so that it can be opened."""
    from mmbook.pages import pages

    begun, known = time.perf_counter(), {one.name: one for one in pages(root)}
    if len(names) != 1 or names[0] not in known:
        received = " ".join(names)
        print(f"There is no such page. Received: PAGE={received!r}. Allowed: {', '.join(known)}.", file=sys.stderr)
        return 1
    one = known[names[0]]
    print(f"Building the page {one.name} alone", flush=True)
    status = sphinx(root, "html", only=one.path, mm_page=one.docname)
    if status:
        print("The page has errors (above).", file=sys.stderr)
    else:
        place = root / "_build" / "html" / f"{one.docname}.html"
        print(f"Done in {time.perf_counter() - begun:.0f} s. Open {place.as_uri()}")
        print("Pages that are not built yet have no links to them: make book builds all.")
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


def run(root: Path, options) -> int:
    """Do what the options say; builds of one checkout one after the other, for they share their files."""
    from mmbook import files
    from mmbook.project import Project

    if options.what == "status":
        from mmbook import coverage

        coverage.write(root)
        return 0
    if options.what == "stability":
        from mmbook import stability

        settings = stability.plan(options.seeds, options.threads, options.backends)
        if options.record:
            stability.write(root, options.pages)
            return 0
        return stability.stability(root, options.pages, settings)
    if options.what in ("measure", "real-pages"):
        from mmbook import measure, real

        with files.locked(root / "_build" / f"{options.what}.lock", ANOTHER):  # each reads its record and adds to it
            return (measure.measure if options.what == "measure" else real.real_pages)(root, options.pages)
    try:
        project = Project.published(root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    with files.locked(root / "_build" / "build.lock", ANOTHER):
        if options.what == "html":
            return html(root, project)
        if options.what == "page":
            return page(root, options.pages)
        if options.what == "published":
            return published(root, project)
        return notebooks(root, options.check)


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=WHAT)
    parser.add_argument("pages", nargs="*", help="page: which; measure, real-pages, stability: only these pages")
    only = "stability: only these runs, and the rest as in the book; else all that are recorded"
    parser.add_argument("--seeds", type=int, nargs="+", help=only)
    parser.add_argument("--threads", type=int, nargs="+", help=only)
    parser.add_argument("--backends", choices=["tensorflow", "jax"], nargs="+", help=only)
    parser.add_argument("--record", action="store_true", help="stability: record what ran, and run nothing")
    parser.add_argument("--check", action="store_true", help="notebooks: fail where a notebook is out of date")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        return run(options.root.resolve(), options)
    except KeyboardInterrupt:
        print("Stopped. What has been executed so far is kept.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
