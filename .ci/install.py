"""Make .venv and install the exact lock into it. Needs nothing but a Python: the standard library, no package.

    python3 .ci/install.py          what `make` runs before every target
    python3 .ci/install.py torch    the lock, and PyTorch beside it (large on most machines)

A second call sees that nothing changed and ends at once. Whatever is missing is said in one line, with the cure.
The syntax is kept to what Python 2.7 can read, so that a Python that is too old says so instead of failing to parse.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "mmcourse-lock")
LOG = os.path.join(VENV, "install.log")
SUPPORTED = ((3, 11), (3, 12), (3, 13))
TORCH = "torch==2.13.0"
GIGABYTES = 5
# How pip and uv say that there is no network; pip, asked to be quiet, only says that it found no version at all.
NETWORK = ("resolve host", "dns", "connection", "network", "timed out", "unreachable", "from versions: none")


def stop(message):
    print("setup: " + message, file=sys.stderr)
    raise SystemExit(1)


def supported(command):
    """Whether ``command`` starts a Python that can run the course."""
    try:
        code = "import sys; print(sys.version_info[:2] in %r)" % (SUPPORTED,)
        return subprocess.check_output(command + ["-c", code], stderr=subprocess.STDOUT).strip() == b"True"
    except (OSError, subprocess.CalledProcessError):
        return False


def find_python():
    """This Python if it will do, else another one on the path."""
    if sys.version_info[:2] in SUPPORTED:
        return [sys.executable]
    others = [["python3.12"], ["python3.13"], ["python3.11"]] + ([["py", "-3.12"]] if os.name == "nt" else [])
    for command in others:
        if supported(command):
            return command
    stop("Python 3.11, 3.12 or 3.13 is needed; this is %s. Install one (python.org) and run: make PYTHON=python3.12"
         % sys.version.split()[0])


def check_disk():
    if not hasattr(shutil, "disk_usage"):
        return
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES:
        stop("%d GB of free disk are needed for the environment; there are %.1f. Make room, then run this again."
             % (GIGABYTES, free))


def run(command, doing, advice):
    """Run a command with its output in a log; when it fails, say in one line what to do."""
    with open(LOG, "a") as log:
        log.write("\n$ %s\n" % " ".join(command))
        log.flush()
        code = subprocess.call(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    if code:
        with open(LOG) as log:
            text = log.read().rsplit("\n$ ", 1)[1].lower()
        if any(word in text for word in ("no space left", "disk full", "errno 28")):
            advice = "the disk is full: make room, then run this again"
        elif any(word in text for word in NETWORK):
            advice = "the package index cannot be reached: check the network (or the proxy), then run this again"
        stop("%s failed: %s. Details: %s" % (doing, advice, os.path.relpath(LOG, os.getcwd())))


def wanted():
    """What the environment is made from, as a hash: the lock, the project's metadata, and the Python."""
    state = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            state.update(file.read())
    return state.hexdigest()


def installed():
    try:
        with open(STAMP) as file:
            return file.read().split()
    except (IOError, OSError):
        return []


def lock_of(name):
    """The lines of the lock that pin one package, so that even the installer comes from it, with its hashes."""
    with open(os.path.join(ROOT, "requirements.txt")) as file:
        lines = file.read().split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(name + "=="))
    end = next(i for i in range(start + 1, len(lines)) if not lines[i].startswith(" "))
    return "\n".join(lines[start:end]) + "\n"


def make_environment():
    check_disk()
    python = find_python()
    if not os.path.exists(PYTHON):
        print("setup: making .venv")
        if subprocess.call(python + ["-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL):
            stop("this Python has no venv module. On Debian or Ubuntu: apt install python3-venv. Then run this again.")
        if subprocess.call(python + ["-m", "venv", "--clear", VENV]):
            stop("the folder .venv cannot be made here: check that %s can be written." % ROOT)
    open(LOG, "w").close()
    print("setup: installing the lock (requirements.txt), about a minute with a fast network")
    pinned = os.path.join(VENV, "uv.txt")
    with open(pinned, "w") as file:
        file.write(lock_of("uv"))
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = [PYTHON, "-m", "uv", "pip"]
    advice = "read the log"
    run(pip + ["--require-hashes", "-r", pinned], "installing uv", advice)
    # Compiled once here: where Python is told to write no bytecode, every start of Keras would compile it again, 7 s.
    run(uv + ["sync", "--compile-bytecode", "--require-hashes", "requirements.txt"], "installing the lock", advice)
    run(uv + ["install", "--no-deps", "--no-build-isolation", "-e", "."], "installing mmcourse", advice)
    run([PYTHON, "-m", "ipykernel", "install", "--sys-prefix", "--name", "python3"], "registering the kernel", advice)
    write_stamp([wanted()])


def write_stamp(words):
    with open(STAMP + ".new", "w") as file:
        file.write(" ".join(words))
    shutil.move(STAMP + ".new", STAMP)


def main(extras):
    if installed()[:1] != [wanted()] or not os.path.exists(PYTHON):
        make_environment()
    if "torch" in extras and TORCH not in installed():
        print("setup: installing " + TORCH)
        # With pip, not uv: pip also looks where the machine's own configuration says that wheels lie.
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TORCH]
        run(pip, "installing PyTorch", "is there a build for this machine? Read the log")
        write_stamp(installed() + [TORCH])


if __name__ == "__main__":
    main(sys.argv[1:])
