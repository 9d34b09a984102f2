"""Say what this machine has and lacks for the course, and how to mend it: ``python -m mmcourse.doctor``.

``notebook`` does so for the set-up cell of a notebook. That cell holds ``Stop`` and ``pip_install`` as well, for what
comes before the package is there: the toolchain copies them from here.
"""

import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import mmcourse
from mmcourse._machinery import backends

# distribution -> (module, what it is for, whether the course cannot do without it)
PACKAGES = {
    "keras": ("keras", "the layers and models", True),
    "numpy": ("numpy", "everything", True),
    "matplotlib": ("matplotlib", "the figures", True),
    "scikit-learn": ("sklearn", "the baselines", True),
    "tensorflow": ("tensorflow", "the default backend", False),
    "jax": ("jax", "the second backend", False),
    "torch": ("torch", "the third backend", False),
    "jupyter-book": ("jupyter_book", "building the book", False),
    "jupyterlab": ("jupyterlab", "running the notebooks", False),
}
DATA = ("flickr8k", "flickr8k_cn", "fsdd", "mnist_t10k", "cmu_mosi", "backbones")


def examine():
    """What was found: a list of (mark, what, cure), with mark "ok", "lacks" (optional) or "fails" (needed)."""
    found = []
    version = sys.version_info[:2]
    right = (3, 11) <= version <= (3, 13)
    cure = "" if right else "use 3.11, 3.12 or 3.13"
    found.append(("ok" if right else "fails", f"Python {platform.python_version()}", cure))
    for name, (module, purpose, needed) in PACKAGES.items():
        if backends.has(module):
            found.append(("ok", _distribution(name, module), ""))
        else:
            found.append(("fails" if needed else "lacks", f"{name} ({purpose})", f"pip install {name}"))
    found.append(_backend())
    free = shutil.disk_usage(".").free / 1e9
    found.append(("ok" if free > 2 else "lacks", f"{free:.0f} GB of free disk", "" if free > 2 else "2 GB are wise"))
    found.append(_data())
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    cure = "" if browser else "install chromium"
    found.append(("ok" if browser else "lacks", "a Chromium for the browser tests", cure))
    return found


def _distribution(name, module):
    """What gives a module, and its version: the distribution ``name``, or another one, such as tensorflow-cpu."""
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        others = importlib.metadata.packages_distributions().get(module)
        return (
            f"{others[0].replace('_', '-')} {importlib.metadata.version(others[0])}"
            if others
            else f"{name}, of an unknown version"
        )


def _backend():
    """Which backend Keras runs on here, why that one, and how to choose."""
    there, (name, where) = backends.installed(), backends.asked()
    try:
        from mmcourse.backend import keras
    except Exception as error:  # a missing or broken backend can raise anything: that is what we are here to say
        if "KERAS_BACKEND" in str(error):  # our own words, with the cure
            return "fails", f"Keras does not start: {error}", ""
        name = backends.wanted()  # what was given way to, it may be
        others = " or ".join(one for one in there if one != name)
        cure = f"set KERAS_BACKEND to {others}" if others else "install a backend: pip install tensorflow"
        return "fails", f"Keras does not start on {name}: {type(error).__name__}: {error}", cure
    runs = keras.backend.backend()
    why = f"{name!r} ({where}) is not installed" if name != runs else where
    gpus = _gpus(runs)
    what = f"Keras on {backends.NAMES.get(runs, runs)}, {gpus or 'no'} GPU{'s' * (gpus > 1)}; why: {why}"
    return "ok", what, f"to choose: {backends.CHOICE}; installed: {', '.join(there)}"


def _gpus(backend):
    try:
        if backend == "tensorflow":
            import tensorflow

            return len(tensorflow.config.list_physical_devices("GPU"))
        if backend == "jax":
            import jax

            return sum(device.platform == "gpu" for device in jax.devices())
        import torch

        return torch.cuda.device_count()
    except Exception:  # a driver that does not answer is no GPU that could be used
        return 0


def _data():
    root = os.environ.get("MMCOURSE_DATA")
    if not root:
        return "lacks", "real data (only `make real` needs them)", "set MMCOURSE_DATA to their folder"
    there = [name for name in DATA if (Path(root) / name).is_dir()]
    lacking = [name for name in DATA if name not in there]
    cure = f"not there: {', '.join(lacking)}" if lacking else ""
    return ("ok" if there else "lacks"), f"real data: {', '.join(there) or 'none of ' + ', '.join(DATA)}", cure


class Stop(Exception):
    """Ends a cell, and with it "Run all", in a sentence where other errors show a traceback."""

    def _render_traceback_(self):
        return [str(self)]


def pip_install(package):
    """Install a package with pip. Returns "", or in words why that failed and what to do."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-color", "--disable-pip-version-check"]
    pip = subprocess.run([*command, package], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if pip.returncode == 0:
        return ""
    if "No module named pip" in pip.stdout:
        return f"this Python has no pip. In a terminal: {sys.executable} -m ensurepip. Then run this cell again."
    network = ("resolve host", "dns", "connection", "network", "timed out", "unreachable", "from versions: none")
    if any(word in pip.stdout.lower() for word in network):
        return "the network cannot be reached. Check it (or the proxy), then run this cell again."
    errors = [line.strip() for line in pip.stdout.split("\n") if "error" in line.lower()]
    return "pip says: " + (errors or [pip.stdout.strip()])[-1]


def notebook(version, commit="", extra=()):
    """What the set-up cell of a notebook does once the package is there; a second run does nothing anew.

    Each thing that is not as the notebook expects is said in one sentence, with the cure; the last line says what is
    ready. Where the course cannot go on it raises ``Stop``.

    Args:
        version, commit: those of the package that the notebook was made for (no commit: the notebook of a checkout).
        extra: names of packages that this page uses besides.
    """
    from IPython import get_ipython

    from mmcourse.book import load_ipython_extension

    for sentence in chain(_version(version, commit), _needed(), _chosen(), _extra(extra)):
        print(sentence, flush=True)
    if shell := get_ipython():
        load_ipython_extension(shell)  # the magics %%needs and %%needs_data
    nvidia = shutil.which("nvidia-smi")
    gpu = "on" if nvidia and subprocess.run([nvidia], capture_output=True).returncode == 0 else "off"
    print(f"mmcourse {mmcourse.__version__} is ready; a GPU is {gpu}.")


def _version(version, commit):
    """Whether the notebook's own version is installed. A checkout has no commit that could differ."""
    here = _commit()
    if mmcourse.__version__ == version and (commit == here or not commit or not here):
        return
    made, found = (f"{v} ({c[:7]})" if c else v for v, c in ((version, commit), (mmcourse.__version__, here)))
    anew = "For the notebook's own: %pip uninstall -y mmcourse, restart the kernel, run this cell again."
    cure = anew if commit else "Use the notebooks that came with it."
    yield f"This notebook was made for mmcourse {made}; {found} is installed here: results may differ. {cure}"


def _commit():
    """The commit that the package was installed from, or "" where that is not known."""
    files = [one.read_text("direct_url.json") for one in importlib.metadata.distributions(name="mmcourse")]
    origin = json.loads(next(filter(None, files), "{}"))
    archive = re.search(r"/archive/([0-9a-f]{40})\.zip$", origin.get("url", ""))
    return archive[1] if archive else origin.get("vcs_info", {}).get("commit_id", "")


def _needed():
    """Stop where something is missing that every page needs; say what was replaced after this kernel had loaded it."""
    needed = {name: module for name, (module, _, needed) in PACKAGES.items() if needed}
    if missing := [name for name, module in needed.items() if not backends.has(module)]:
        cure = f"%pip install {' '.join(missing)}, then run this cell again."
        raise Stop(f"mmcourse is here, but not all that it needs: {', '.join(missing)}. Install them: {cure}")
    for name in ("numpy", "keras"):
        loaded = getattr(sys.modules.get(name), "__version__", None)
        versions = [one.version for one in importlib.metadata.distributions(name=name)]
        if loaded and versions and loaded not in versions:
            yield f"This kernel works with {name} {loaded}, which was replaced: restart it, and run this cell again."


def _chosen():
    """Which backend Keras runs on, where that is not TensorFlow; stop where there is none."""
    there, name = backends.installed(), backends.wanted()
    if not there:
        raise Stop(f"{backends.NONE}. Then restart the kernel, and run this cell again.")
    if "keras" in sys.modules:
        name = backends.choose()
    elif name not in there:
        asked = f"KERAS_BACKEND is {name!r}" if os.environ.pop("KERAS_BACKEND", "") else f"Keras's default is {name!r}"
        name = backends.choose()
        cure = f"To choose, set KERAS_BACKEND to what is installed ({', '.join(there)}) and restart the kernel."
        yield f"{asked}, which is not installed here: {backends.NAMES[name]} is used. {cure}"
    if name != "tensorflow":
        cure = " For that, set KERAS_BACKEND to tensorflow and restart the kernel." if "tensorflow" in there else ""
        here = backends.NAMES.get(name, name)
        yield f"On {here} numbers may differ from the text's, which come from TensorFlow.{cure}"


def _extra(packages):
    """Install what a page uses besides, where it is missing. Without it, cells marked ``%%needs`` are left out."""
    for package in packages:
        if list(importlib.metadata.distributions(name=package)):
            continue
        print(f"Installing {package}, which this page uses besides ...", flush=True)
        if why := pip_install(package):
            yield f"{package} could not be installed: {why} Until then the cells that need it are left out, and say so."
        importlib.invalidate_caches()


def main():
    """Print the findings; the exit status is 1 when something needed is missing."""
    found = examine()
    for mark, what, cure in found:
        print(f"{mark:>5}  {what}" + (f"  → {cure}" if cure else ""))
    return int(any(mark == "fails" for mark, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
