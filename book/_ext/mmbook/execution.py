"""How pages are executed: the kernels' environment, the key of the cache, and a line of progress a page.

jupyter-cache knows a page by its code cells alone. A change of the package, of its weights, of a recorded result or of
the lock would leave old outputs standing, so the cache is emptied when any of them changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

TIMINGS = "book/results/timings.json"
# TensorFlow's two pools, and those of the libraries of linear algebra.
POOLS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
KERNEL_CONFIG = """\
c = get_config()  # noqa
c.InlineBackend.figure_formats = {"retina"}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = "ERROR"
"""


def kernel_environment(root: Path) -> dict[str, str]:
    """Variables that the pages' kernels inherit: quiet, on the CPU, the same numbers twice, crisp figures."""
    profile = root / "_build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, "utf8")
    before = os.environ.get("PYTHONPATH")
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_DETERMINISTIC_OPS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(root), *([before] if before else [])]),
        "IPYTHONDIR": str(profile.parent),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MMCOURSE_BOOK": "1",
        "TQDM_DISABLE": "1",  # progress bars are for people who wait
        **threads(1),  # however many pages run at once, the numbers are the same
        "MMCOURSE_PROGRESS": str(root / "_build" / "progress.json"),
    }


def threads(count: int) -> dict[str, str]:
    """The variables of a kernel that computes with so many threads: they decide how sums are split."""
    return dict.fromkeys(POOLS, str(count))


def digest(root: Path, *patterns: str, without: str = "") -> str:
    """A hash over names and contents of the files that match; `without` names one file to leave out."""
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    total = hashlib.sha256()
    for path in sorted(files - {root / without}):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def outputs_key(root: Path) -> str:
    """Everything that a cell's output may depend on beside the cell itself."""
    patterns = "mmcourse/**/*.py", "mmcourse/weights/*", "book/results/*.json", "requirements.txt"
    return digest(root, *patterns, without=TIMINGS)


def pages_key(root: Path) -> str:
    """Everything that a page may depend on beside its text and its outputs."""
    return digest(root, "book/_ext/**/*.py", "book/_ext/**/*.yml", TIMINGS, "pyproject.toml")


def forget_stale(app, config) -> None:
    """Empty the cache of outputs when their key changed; read all pages again when either key changed."""
    root = Path(app.srcdir)
    os.environ.update(kernel_environment(root))
    cache = Path(config.nb_execution_cache_path or root / "_build" / ".jupyter_cache")
    config.nb_execution_cache_path = str(cache)
    stamp = cache.parent / f"{cache.name}.key"
    outputs, pages = outputs_key(root), pages_key(root)
    before = stamp.read_text("utf8").split() if stamp.is_file() else []
    app.mm_stale = before != [outputs, pages]
    if before[:1] != [outputs] and cache.is_dir():
        shutil.rmtree(cache)
    cache.mkdir(parents=True, exist_ok=True)
    stamp.write_text(f"{outputs}\n{pages}\n", "utf8")


def reread(app, env, added, changed, removed):
    return sorted(env.found_docs) if app.mm_stale else []


def started(app, docname, source) -> None:
    app.mm_clock = time.perf_counter()


def finished(app, doctree) -> None:
    """Print one line for a page that was executed or whose outputs were found."""
    docname = app.env.docname
    data = app.env.nb_metadata.get(docname, {}).get("exec_data") if hasattr(app.env, "nb_metadata") else None
    if not data:
        return
    spent = time.perf_counter() - app.mm_clock
    fresh = time.time() - data["mtime"] < spent + 1
    what = f"executed in {data['runtime'] or 0:.1f} s" if fresh else "outputs from the cache"
    print(f"  {docname}: {what}, read in {spent:.1f} s", file=sys.stdout, flush=True)
