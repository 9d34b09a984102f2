"""Run a student notebook as on Colab: Python 3.12 with what a Colab machine has, and the install step of the notebook.

Makes an environment with Colab's versions, runs the notebook's own installation command (with a wheel of this checkout
in the place of the repository's address), fails if that command changed any package that was there, and then executes
the notebook from top to bottom, unsolved. Without a Python 3.12 it says so in one line and ends: the weekly workflow
runs the notebooks in Colab's own image.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / (sys.argv[1] if len(sys.argv) > 1 else "captioning.ipynb")
COLAB = """
tensorflow-cpu==2.19.0; platform_machine == 'x86_64' and sys_platform == 'linux'
tensorflow==2.19.0; platform_machine != 'x86_64' or sys_platform != 'linux'
jieba==0.42.1
keras==3.10.0
numpy==2.0.2
pandas==2.2.2
matplotlib==3.10.0
scikit-learn==1.6.1
pillow==11.3.0
platformdirs==4.3.8
tqdm==4.67.1
ipykernel==6.17.1
nbclient==0.10.2
"""


def python312():
    """A working Python 3.12: on the path, or where pyenv keeps its versions."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for candidate in [shutil.which("python3.12"), *glob.glob(os.path.join(root, "versions/3.12*/bin/python3.12"))]:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    return None


def frozen(python):
    lines = subprocess.run([sys.executable, "-m", "uv", "pip", "freeze", "-q", "--python", python], check=True,
                           capture_output=True, text=True).stdout.split()
    return {line for line in lines if "==" in line and not line.startswith("mmcourse")}


def main():
    base = python312()
    if base is None:
        print("colab: no Python 3.12 on this machine, so the notebook was not run as on Colab")
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        python = folder / "venv/bin/python"
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([base, "-m", "venv", folder / "venv"], check=True)
        (folder / "colab.txt").write_text(COLAB)
        subprocess.run([*uv, "pip", "install", "-q", "--python", python, "-r", folder / "colab.txt"], check=True)
        subprocess.run([*uv, "build", "-q", "--wheel", "--out-dir", folder, ROOT], check=True)
        before = frozen(python)
        wheel = next(folder.glob("mmcourse-*.whl"))
        subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True)
        gone = before - frozen(python)
        if gone:
            raise SystemExit(f"colab: installing mmcourse replaced {sorted(gone)}")
        print(f"colab: installed {wheel.name}; none of {len(before)} packages changed", flush=True)
        execute = (
            "import sys, nbformat; from nbclient import NotebookClient; "
            "nb = nbformat.read(sys.argv[1], 4); "
            "NotebookClient(nb, timeout=1200, kernel_name='python3').execute(); "
            "print('colab: ran', sys.argv[1].rsplit('/', 1)[-1], 'to its end,', len(nb.cells), 'cells')"
        )
        environment = {**os.environ, "MMCOURSE_PROGRESS": str(folder / "progress.json"), "CUDA_VISIBLE_DEVICES": "-1"}
        for name in ("PYTHONPATH", "MMCOURSE_DATA"):  # a Colab machine has neither
            environment.pop(name, None)
        subprocess.run([python, "-c", execute, NOTEBOOK], check=True, cwd=folder, env=environment)


if __name__ == "__main__":
    main()
