"""Run student notebooks as students do: on what a Colab machine has, without network, unsolved, then answered.

    python .ci/notebooks.py                 a third of them, and those whose page or modules changed lately, 12 at most
    python .ci/notebooks.py --all           all of them            (make notebooks-colab)
    python .ci/notebooks.py image text      these
    python .ci/notebooks.py --all --python PATH    in another environment that has mmcourse and ipykernel

A notebook passes if it runs to its end without an error or a line on stderr, folds no cell that shows nothing, and if
every claim of its text holds. Numbers that come out otherwise than the text has them are listed. In one notebook a run
every exercise is answered wrongly, then rightly.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SECONDS = 1800  # for one cell
AT_MOST = 12  # notebooks of a run that chooses them itself: a change of the engine alone touches all
# Imported by every Python that starts with this folder on its path: no way out but to this machine itself.
NO_NETWORK = '''
import socket

def refuse(*arguments, **options):
    raise OSError("Network is unreachable: the notebooks run without one")

connect, resolve = socket.socket.connect, socket.getaddrinfo

def only_here(self, address):
    if self.family == socket.AF_UNIX or str(address[0]) in ("127.0.0.1", "::1", "localhost"):
        return connect(self, address)
    refuse()

socket.socket.connect = only_here
socket.getaddrinfo = lambda host, *rest, **more: (
    resolve(host, *rest, **more) if host in (None, "127.0.0.1", "::1", "localhost") else refuse())
'''


# ── which ───────────────────────────────────────────────────────────────────────────────────────────


def git(*command):
    done = subprocess.run(["git", "-C", str(ROOT), *command], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def turn():
    """A number that is one more at each run: of the workflow's run, else of the commits."""
    count = os.environ.get("GITHUB_RUN_NUMBER") or "".join(git("rev-list", "--count", "HEAD"))
    return int(count) if count.isdigit() else 0


def changed(commits=10):
    """Files that the last commits changed: since MMCOURSE_SINCE (a commit), else the last ``commits`` of them."""
    since = os.environ.get("MMCOURSE_SINCE") or f"HEAD~{commits}"
    return set(git("diff", "--name-only", since, "HEAD"))


def modules(notebook):
    """The files of mmcourse that a notebook imports from, as paths in the repository."""
    found = set()
    for cell in json.loads(notebook.read_text("utf8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        for name in re.findall(r"^\s*(?:from|import) (mmcourse[\w.]*)", "".join(cell["source"]), re.M):
            path = name.replace(".", "/")
            found |= {f"{path}.py", *(str(p.relative_to(ROOT)) for p in (ROOT / path).glob("*.py"))}
    return found - {"mmcourse/__init__.py"}


def third(names):
    """The notebooks of this run: every third, so that three runs in a row see all, and what changed lately, pages
    before modules, as far as AT_MOST lets."""
    files = changed()
    mine = [name for i, name in enumerate(names) if i % 3 == turn() % 3]
    pages = [name for name in names if f"book/{name}.md" in files]
    also = [name for name in names if modules(NOTEBOOKS / f"{name}.ipynb") & files]
    wanted = list(dict.fromkeys([*mine, *pages, *also]))
    if left := wanted[AT_MOST:]:
        print(f"notebooks: changed, and left to the next runs or to --all: {', '.join(left)}", flush=True)
    return sorted(wanted[:AT_MOST])


# ── how ─────────────────────────────────────────────────────────────────────────────────────────────


def answered(notebook):
    """The notebook with each exercise unsolved, then answered wrongly, then rightly. Needs mmcourse here."""
    from nbformat.v4 import new_code_cell

    from mmcourse.exercises import get, sources

    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        name = re.search(r'^check\("([\w.]+)", ', cell.source, re.M) if cell.cell_type == "code" else None
        if not name:
            continue
        exercise = get(name[1])
        label, wrong = next(iter(exercise.mistaken.items()))
        source = sources.Source(wrong)
        given = f"{wrong.__name__}()" if exercise.answers_with_value else wrong.__name__  # it may call the solution
        tries = [
            (sources.cell(source.needs(), source.code()), given, "incorrect", exercise.diagnoses[label]),
            (exercise.solution_source, exercise.function_name, "correct", ""),
        ]
        for text, given, status, says in tries:
            checked = cell.source.replace(exercise.check_source, f'check("{exercise.name}", {given})')
            check = new_code_cell(checked, metadata={"expect": {"status": status, "says": says}})
            cells += [new_code_cell(text, metadata={"tags": ["exercise"]}), check]
    notebook.cells = cells
    return notebook


def execute(name, python, offline=True, answer=False):
    """Run one notebook; returns (name, seconds, problems, differences), the latter two as sentences."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    if answer:
        notebook = answered(notebook)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        start = [str(python), "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel = {"argv": start, "language": "python", "display_name": "student"}
        spec = folder / "kernels/student/kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps(kernel))
        (folder / "sitecustomize.py").write_text(NO_NETWORK)
        os.environ["JUPYTER_PATH"] = str(folder)
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MMCOURSE_DATA", "MMCOURSE_BOOK")}
        environment |= {"MMCOURSE_PROGRESS": str(folder / "progress.json"), "CUDA_VISIBLE_DEVICES": "-1"}
        environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else the debugger writes four lines
        if offline:
            environment |= {"PYTHONPATH": str(folder), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        client = NotebookClient(notebook, timeout=SECONDS, kernel_name="student", allow_errors=True,
                                resources={"metadata": {"path": str(folder)}})  # fmt: skip
        begun = time.perf_counter()
        with client.setup_kernel(env=environment):
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
        seconds = time.perf_counter() - begun
    if keep := os.environ.get("MMCOURSE_KEEP"):  # a folder, for who wants to read what came
        nbformat.write(notebook, Path(keep, f"{name}.ipynb"))
    problems, differences = [], []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            found, differs = judged(cell)
            problems += [f"cell {number}: {one}" for one in found]
            differences += differs
    return name, seconds, problems, differences


def judged(cell):
    """What is wrong with an executed code cell, and which numbers of the text came out otherwise."""
    problems, differences = [], []
    shown = "".join(o.get("text", "") for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            problems.append(f"{output.ename}: {output.evalue[:300]}")
        if output.output_type == "stream" and output.name == "stderr":
            problems.append(f"on stderr: {output.text.strip()[:300]}")
    for line in shown.split("\n"):
        if line.startswith("The text says that "):
            problems.append(f"a claim does not hold: {line}")
        if line.startswith("This run gives other numbers"):
            differences.append(line.removeprefix("This run gives other numbers than the text: ").split(". Trained")[0])
    if cell.metadata.get("cellView") == "form" and not cell.outputs:
        problems.append("it is folded and shows nothing")
    if re.search(r"^\s*assert\b|\bbind\(", cell.source, re.M) and "exercise" not in cell.metadata.get("tags", []):
        problems.append("a bare assert, or a binding")
    if expected := cell.metadata.get("expect"):
        told = "".join(o.data.get("text/plain", "") for o in cell.outputs if "data" in o)
        if f" {expected['status'].capitalize()}: " not in f" {told}" or expected["says"] not in told:
            problems.append(f"expected {expected['status']!r} with {expected['says']!r}, got {told[:200]!r}")
    return problems, differences


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    every = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    parser.add_argument("names", nargs="*", choices=[*every, []], metavar="NAME", help="only these")
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--python", help="the Python that runs them (default: an environment as Colab has it)")
    parser.add_argument("--online", action="store_true", help="let the notebooks reach the network")
    parser.add_argument("--answer", choices=every, help="answer this one's exercises (default: one a run)")
    options = parser.parse_args()
    python = options.python
    if python is None:
        sys.path.insert(0, str(Path(__file__).parent))
        import colab

        python = colab.environment()
        if python is None:
            return 0
    names = options.names or (every if options.all else third(every))
    answer = options.answer or names[turn() % len(names)]
    print(f"notebooks: {len(names)} of {len(every)}, {'with' if options.online else 'without'} a network; "
          f"the exercises of {answer} are answered", flush=True)  # fmt: skip
    failed = 0
    with ProcessPoolExecutor(min(len(names), os.cpu_count() or 1)) as workers:
        jobs = [workers.submit(execute, name, python, not options.online, name == answer) for name in names]
        for job in jobs:
            name, seconds, problems, differences = job.result()
            failed += bool(problems)
            print(f"  {name:22} {seconds:4.0f} s  {'; '.join(differences) or 'as the text has it'}", flush=True)
            for problem in problems:
                print(f"    {problem}", flush=True)
    print(f"notebooks: {len(names) - failed} passed, {failed} failed", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
