"""Say what this machine has and lacks for the course, and how to mend it: ``python -m mmcourse.doctor``."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

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
        if importlib.util.find_spec(module):
            found.append(("ok", f"{name} {importlib.metadata.version(name)}", ""))
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


def _backend():
    try:
        from mmcourse.quiet import keras
    except Exception as error:  # a missing or broken backend can raise anything: that is what we are here to say
        what = f"Keras does not start: {type(error).__name__}: {error}"
        return "fails", what, "install a backend: pip install tensorflow"
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        gpus = len(tensorflow.config.list_physical_devices("GPU"))
    elif keras.backend.backend() == "jax":
        import jax

        gpus = sum(device.platform == "gpu" for device in jax.devices())
    else:
        import torch

        gpus = torch.cuda.device_count()
    return "ok", f"Keras on {keras.backend.backend()}, {gpus or 'no'} GPU{'s' * (gpus > 1)}", ""


def _data():
    root = os.environ.get("MMCOURSE_DATA")
    if not root:
        return "lacks", "real data (only `make real` needs them)", "set MMCOURSE_DATA to their folder"
    there = [name for name in DATA if (Path(root) / name).is_dir()]
    lacking = [name for name in DATA if name not in there]
    cure = f"not there: {', '.join(lacking)}" if lacking else ""
    return ("ok" if there else "lacks"), f"real data: {', '.join(there) or 'none of ' + ', '.join(DATA)}", cure


def main():
    """Print the findings; the exit status is 1 when something needed is missing."""
    found = examine()
    for mark, what, cure in found:
        print(f"{mark:>5}  {what}" + (f"  → {cure}" if cure else ""))
    return int(any(mark == "fails" for mark, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
