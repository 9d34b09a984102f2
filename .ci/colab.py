"""The lower bounds of pyproject.toml, tested: Python 3.12 with the versions below, which a Colab machine has already.

    python .ci/colab.py tests [OPTION ...]     the tests of the package on them (options are pytest's)
    python .ci/colab.py notebooks [NAME ...]   student notebooks on them, unsolved, top to bottom

Both run in .venv-colab, made at the first call and kept. In it lies the wheel of this checkout, made anew when a file
of it has changed and installed with pip as a notebook does; where that replaces a package of the list, the run ends.
The tests import the wheel and not the checkout: what a student gets is what is tested, files beside the modules
included.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-colab"
PYTHON = HOME / "bin/python"
LIST, STAMP = HOME / "installed.txt", HOME / "wheel.sha256"  # what lies in it
# What pyproject.toml declares at least, exactly (tests/test_house.py holds that), and what runs a notebook.
COLAB = """
tensorflow-cpu==2.19.0; platform_machine == 'x86_64' and sys_platform == 'linux'
tensorflow==2.19.0; platform_machine != 'x86_64' or sys_platform != 'linux'
filelock==3.12.4
jieba==0.42.1
keras==3.10.0
numpy==2.0.2
pandas==2.2.2
matplotlib==3.10.0
scikit-learn==1.6.1
scipy==1.16.3
pillow==11.3.0
platformdirs==4.3.8
tqdm==4.67.1
ipykernel==6.17.1
nbclient==0.10.2
"""
# What runs the tests, as the lock has it.
TOOLS = ("beautifulsoup4", "hypothesis", "packaging", "pytest", "pytest-timeout", "pytest-xdist")
# Every test file runs but these (tests/test_NAME.py, for a reason).
LEFT_OUT = {
    "of book, site and house, not of the package": "browser* html house* pages* plots_package publishing toolchain*",
    "whole experiments, minutes long, of layers that have tests of their own": "experiments*",
    "judging in NumPy alone of very many wrong answers": "exercises_mutants exercises_odd",
    "answers on record, those of the Keras in the lock; older ones say some otherwise": "bad_inputs_everywhere",
}


def say(words):
    print(f"colab: {words}", flush=True)


def python312():
    """A Python 3.12 that works: on the path, where pyenv keeps its versions, or one that uv has or fetches; or None."""
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for candidate in [shutil.which("python3.12"), *glob.glob(os.path.join(pyenv, "versions/3.12*/bin/python3.12"))]:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    try:
        uv("python", "install", "3.12", capture_output=True)
    except subprocess.CalledProcessError:
        return None
    return "3.12"


def stamps():
    """What the environment is made from, as two hashes: of the list and the tools, and of every file of the wheel."""
    tools = [re.search(rf"^{name}==[^ ]+", (ROOT / "requirements.txt").read_text(), re.M)[0] for name in TOOLS]
    files = [ROOT / "pyproject.toml", ROOT / "setup.py", *(ROOT / "book/results").glob("*.json")]
    files += [path for path in (ROOT / "mmcourse").rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    package = hashlib.sha256()
    for path in sorted(files):
        package.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return COLAB + "\n".join(tools), package.hexdigest()


def uv(*command, **options):
    return subprocess.run([sys.executable, "-m", "uv", *command, "--quiet"], check=True, **options)


def frozen():
    lines = uv("pip", "freeze", "--python", PYTHON, capture_output=True, text=True).stdout.split("\n")
    return {line for line in lines if "==" in line and not line.startswith("mmcourse")}


def environment():
    """The Python of the environment, which is made first if need be; None where there is no Python 3.12 to make it."""
    wanted, package = stamps()
    if not LIST.is_file() or LIST.read_text() != wanted:
        base = python312()
        if base is None:
            say("no Python 3.12 on this machine and none to be fetched, so nothing was run on the lower bounds")
            return None
        uv("venv", "--clear", "--seed", "--python", base, HOME)
        (HOME / "list.txt").write_text(wanted)
        uv("pip", "install", "--compile-bytecode", "--python", PYTHON, "-r", HOME / "list.txt")
        (HOME / "list.txt").replace(LIST)
    if not STAMP.is_file() or STAMP.read_text() != package:
        for old in HOME.glob("mmcourse-*"):
            old.unlink()
        uv("build", "--out-dir", HOME, ROOT)
        wheel = next(HOME.glob("mmcourse-*.whl"))
        pip = [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "uninstall", "--yes", "mmcourse"], check=True, stderr=subprocess.DEVNULL)
        before = frozen()
        subprocess.run([*pip, "install", wheel], check=True)
        gone = before - frozen()
        if gone:
            LIST.unlink()  # the next run makes all anew
            raise SystemExit(f"colab: installing mmcourse replaced {sorted(gone)}")
        say(f"installed {wheel.name}; none of {len(before)} packages changed")
        STAMP.write_text(package)
    return PYTHON


def tests(python, options):
    """Run the package's tests; pytest's closing lines say how many ran, and which were left out and why."""
    command = [python, "-m", "pytest", "-m", "not browser and not built", "-n", "auto", "--maxprocesses", "4"]
    command += ["--dist", "worksteal", "-p", "no:cacheprovider", "-W", "ignore"]  # older versions warn of other things
    for why, names in LEFT_OUT.items():
        say(f"left out, {why}: {names}")
        command += [f"--ignore-glob={ROOT}/tests/test_{name}.py" for name in names.split()]
    # PYTHONSAFEPATH: the folder that it runs in, with the checkout's own mmcourse, is not on the path.
    alone = {"PYTHONSAFEPATH": "1", "MMCOURSE_BACKENDS": "tensorflow"}
    return subprocess.run([*command, *options], cwd=ROOT, env=os.environ | alone).returncode


def main(command, *rest):
    if command not in ("tests", "notebooks"):
        raise SystemExit(f"Received: command={command!r}. Allowed: tests, notebooks.")
    if command == "notebooks":
        return subprocess.run([sys.executable, ROOT / ".ci/notebooks.py", *rest]).returncode
    python = environment()
    return tests(python, rest) if python else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
