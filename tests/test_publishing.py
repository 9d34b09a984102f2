"""What leaves the checkout: the wheel with the recorded results, and the notebooks of whoever publishes them."""

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from test_toolchain import build, lay_out

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import project as addresses  # noqa: E402
from mmbook.notebooks.setup import first  # noqa: E402
from mmbook.project import Project  # noqa: E402

FORK = "https://github.com/Some-Fork/its-name"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
REQUIREMENT = f"mmcourse @ {FORK}/archive/{COMMIT}.zip"
ADDRESS = re.compile(r"git\+|pip[_ ]install\(?.*(?:https?:|\bmmcourse\b)|/archive/")


def code(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


# ── the wheel ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel made from the source archive made from this checkout, without a network."""
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("no setuptools to build a wheel with")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mmcourse", source / "mmcourse", ignore=ignore)
    shutil.copytree(ROOT / "book" / "results", source / "book" / "results")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    options = ["--offline", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder)]
    done = subprocess.run([sys.executable, "-m", "uv", "build", *options, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def test_every_record_that_a_page_shows_is_in_the_wheel(wheel):
    pages = [page.read_text("utf8") for page in (ROOT / "book").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r'recorded\("([^"]+)"', page)}
    assert len(shown) > 15
    for name in shown:
        record = json.loads(wheel.read(f"mmcourse/results/{name}.json"))
        assert record == json.loads((ROOT / "book" / "results" / f"{name}.json").read_text("utf8"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"mmcourse"}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mmcourse").rglob("*.py")}
    assert modules == {name for name in names if name.endswith(".py")}
    assert "mmcourse/results/timings.json" not in names


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def tmp_project(tmp_path, monkeypatch):
    """``tmp_project(urls, **variables)``: a project with these addresses in its pyproject.toml, and the environment."""

    def make(urls="", name="absent_course", **variables):
        for variable in ("MMCOURSE_REPOSITORY", "MMCOURSE_COMMIT"):
            monkeypatch.setenv(variable, variables.get(variable, ""))
        text = f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.11,<3.14"\n'
        urls = f'[project.urls]\nRepository = "https://github.com/Own/thing/"\n{urls}'
        (tmp_path / "pyproject.toml").write_text(text + urls)
        return Project.published(tmp_path)

    return make


def test_without_a_word_of_the_publisher_links_are_ours_and_nothing_is_installed(tmp_project):
    project = tmp_project()
    assert (project.repository, project.slug, project.commit) == ("https://github.com/Own/thing", "Own/thing", None)
    assert project.requirement is None and project.notebooks == project.root / "notebooks"
    assert project.blob("a.py") == "https://github.com/Own/thing/blob/main/a.py"


def test_the_publisher_decides_every_address(tmp_project):
    own = 'Documentation = "https://course.example/"'
    project = tmp_project(own, MMCOURSE_REPOSITORY=f"{FORK}.git", MMCOURSE_COMMIT=COMMIT, name="mmcourse")
    assert project.requirement == REQUIREMENT and project.blob("a.py") == f"{FORK}/blob/{COMMIT}/a.py"
    assert project.page("book/a") == "https://some-fork.github.io/its-name/book/a.html"
    colab = "https://colab.research.google.com/github/Some-Fork/its-name/blob/published/notebooks/a.ipynb"
    assert project.colab("a") == colab
    assert tmp_project(own).site == "https://course.example"
    assert Project(project.root).requirement is None, "only those who publish name an address"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"MMCOURSE_REPOSITORY": "git@github.com:a/b"}, "MMCOURSE_REPOSITORY='git@github.com:a/b'. Allowed: https://"),
        ({"MMCOURSE_REPOSITORY": "http://github.com/a/b"}, "Allowed: https://HOST/OWNER/NAME"),
        ({"MMCOURSE_REPOSITORY": 'https://h/a/b"+x'}, "Allowed: https://HOST/OWNER/NAME"),
        ({"MMCOURSE_REPOSITORY": FORK, "MMCOURSE_COMMIT": "main"}, "MMCOURSE_COMMIT='main'. Allowed: all 40 digits"),
        ({"MMCOURSE_COMMIT": COMMIT}, "say in MMCOURSE_REPOSITORY where"),
    ],
)
def test_what_cannot_be_an_address_is_refused(tmp_project, variables, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        tmp_project(**variables)


def test_the_supported_pythons_are_the_same_everywhere():
    source = (ROOT / ".ci" / "install.py").read_text("utf8")
    assert ast.literal_eval(re.search(r"^SUPPORTED = (.*)$", source, re.M)[1]) == tuple(Project(ROOT).pythons)


# ── the set-up cell, where it must stop ─────────────────────────────────────────────────────────────


def run_all(*sources):
    """What each cell printed, or its traceback, when all are run as "Run all" does: up to the first error."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    try:
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    except CellExecutionError as error:
        assert error.ename == "Stop"
    return ["".join(o.get("text", "") or "\n".join(o.get("traceback", "")) for o in c.outputs) for c in notebook.cells]


def test_another_python_stops_in_a_sentence():
    setup = first(Project(ROOT), "a", "book/a")[1].source
    this = f"({sys.version_info[0]}, {sys.version_info[1]})"
    assert this in setup
    said, after = run_all(setup.replace(this, "(2, 7)"), "print('went on')")
    assert said.startswith("The course needs Python 3.11, 3.12 or 3.13; this kernel has 3.") and "\n" not in said
    assert after == ""


def test_the_notebook_of_a_checkout_stops_where_the_package_is_missing(tmp_project):
    said, after = run_all(first(tmp_project(), "a", "book/a")[1].source, "print('went on')")
    assert said.startswith("absent_course is not installed here. Start with `make lab`") and "\n" not in said
    assert after == ""


def test_a_published_notebook_stops_where_there_is_no_network(tmp_project, monkeypatch):
    monkeypatch.setenv("PIP_RETRIES", "0")
    project = tmp_project(MMCOURSE_REPOSITORY="https://127.0.0.1/no/where", MMCOURSE_COMMIT=COMMIT)
    said, after = run_all(first(project, "a", "book/a")[1].source, "print('went on')")
    installing, stopped = said.split("\n")
    assert installing == "Installing absent_course (once) ..." and after == ""
    assert stopped.startswith("absent_course could not be installed: the network cannot be reached.")


@pytest.mark.parametrize("commit", [None, COMMIT])
def test_the_set_up_cell_can_be_read_by_a_python_that_is_too_old(commit):
    tree = ast.parse(first(Project(ROOT, FORK, commit), "a", "book/a", "search")[1].source)
    newer = ast.NamedExpr | ast.AnnAssign | ast.Match | ast.TryStar | ast.AsyncFunctionDef
    assert not any(isinstance(node, newer) for node in ast.walk(tree))


# ── the notebooks ───────────────────────────────────────────────────────────────────────────────────


def test_no_committed_notebook_names_an_address_to_install_from():
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    found = {path.name: ADDRESS.findall(code(nbformat.read(path, 4))) for path in notebooks}
    assert notebooks and not {name: lines for name, lines in found.items() if lines}
    published = first(Project(ROOT, FORK, COMMIT), "a", "book/a")[1].source
    assert ADDRESS.search(published), "what would be found"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The tiny book, first built without a publisher, then for one."""
    folder = lay_out(tmp_path_factory.mktemp("published") / "book", [])
    done = build(folder, "notebooks")
    assert done.status == 0, done.said
    before = {path.name: path.read_text("utf8") for path in (folder / "notebooks").iterdir()}
    done = build(folder, "html", MMCOURSE_REPOSITORY=FORK, MMCOURSE_COMMIT=COMMIT)
    assert done.status == 0, done.said
    assert {path.name: path.read_text("utf8") for path in (folder / "notebooks").iterdir()} == before
    return folder


def test_published_notebooks_install_from_the_publisher_at_the_commit(published):
    notebooks = sorted((published / "_build" / "published" / "notebooks").iterdir())
    assert [path.name for path in notebooks] == ["demo.ipynb", "second.ipynb"]
    for path in notebooks:
        text = code(nbformat.read(path, 4))
        assert re.findall(r"mmcourse @ [^\"]*", text) == [REQUIREMENT] and "demo-owner" not in path.read_text("utf8")
    assert COMMIT in (published / "_build" / "published" / "README.md").read_text("utf8")


def test_the_published_book_names_its_publisher_only(published):
    site = published / "_build" / "html"
    demo = (site / "book" / "demo.html").read_text("utf8")
    colab = (
        f"https://colab.research.google.com/github/Some-Fork/its-name/blob/{addresses.PUBLISHED}/notebooks/demo.ipynb"
    )
    assert colab in demo and f"{FORK}/blob/{COMMIT}/mmcourse/book.py" in demo
    for page in site.rglob("*.html"):
        assert "demo-owner" not in page.read_text("utf8"), page
    copy = site / "_sources" / "book" / "demo.ipynb"
    assert copy.read_bytes() == (published / "_build" / "published" / "notebooks" / "demo.ipynb").read_bytes()


def test_to_publish_needs_an_address_and_a_commit(published):
    said = build(published, "published").said
    assert "Say where and what you publish" in said
    done = build(published, "published", MMCOURSE_REPOSITORY="here", MMCOURSE_COMMIT=COMMIT)
    assert done.status == 1 and done.said.strip() == (
        "Received: MMCOURSE_REPOSITORY='here'. Allowed: https://HOST/OWNER/NAME."
    )


# ── the branch ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """The module .ci/publish.py, with an empty repository in the place of the checkout."""
    spec = importlib.util.spec_from_file_location("publish", ROOT / ".ci" / "publish.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("checkout", "remote.git"):
        subprocess.run(["git", "init", "--quiet", *["--bare"] * name.endswith(".git"), tmp_path / name], check=True)
    monkeypatch.setattr(module, "ROOT", tmp_path / "checkout")
    monkeypatch.setenv("MMCOURSE_REPOSITORY", FORK)
    monkeypatch.setenv("MMCOURSE_COMMIT", COMMIT)
    return module


def lay_notebooks(folder, requirement, *names):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    (folder / "README.md").write_text("Student notebooks")
    for name in names:
        cells = [nbformat.v4.new_code_cell(f'pip_install("{requirement}")')]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / f"{name}.ipynb")
    return folder


def test_the_branch_is_one_commit_that_holds_the_notebooks_and_nothing_else(publish, tmp_path):
    def git(*arguments):
        command = ["git", "-C", str(tmp_path / "remote.git"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    assert publish.BRANCH == addresses.PUBLISHED
    for names in (["a", "gone"], ["a", "b"]):
        publish.main(lay_notebooks(tmp_path / "made", REQUIREMENT, *names), str(tmp_path / "remote.git"))
    assert git("ls-tree", "-r", "--name-only", "published") == ["README.md", "notebooks/a.ipynb", "notebooks/b.ipynb"]
    assert len(git("rev-list", "published")) == 1
    assert not (tmp_path / "checkout" / ".git" / "index").exists(), "the checkout's own index is left alone"


@pytest.mark.parametrize(
    ("requirement", "names", "message"),
    [
        ("mmcourse @ https://github.com/other/one/archive/main.zip", ["a"], "a.ipynb installs from ['mmcourse @ https"),
        ("mmcourse", ["a"], "a.ipynb installs from nowhere"),
        (f'{REQUIREMENT}", "git+https://github.com/other/one', ["a"], "installs from ['git+https"),
        (REQUIREMENT, [], "There are no notebooks"),
    ],
)
def test_nothing_is_pushed_where_a_notebook_installs_from_elsewhere(publish, tmp_path, requirement, names, message):
    with pytest.raises(SystemExit, match=re.escape(message)):
        publish.main(lay_notebooks(tmp_path / "made", requirement, *names), str(tmp_path / "remote.git"))
    assert not list((tmp_path / "remote.git" / "refs" / "heads").iterdir())


def test_the_workflow_publishes_last_from_main_and_with_its_own_address():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf8"))
    assert workflow["env"]["MMCOURSE_REPOSITORY"] == "${{ github.server_url }}/${{ github.repository }}"
    assert workflow["env"]["MMCOURSE_COMMIT"] == "${{ github.sha }}"
    jobs = workflow["jobs"]
    writers = {name for name, job in jobs.items() if "write" in (job.get("permissions") or {}).values()}
    assert writers == {"notebooks", "publish"} and workflow["permissions"] == {"contents": "read"}
    for name in writers:
        assert jobs[name]["if"] == "github.ref == 'refs/heads/main'"
    assert set(jobs["notebooks"]["needs"]) == set(jobs) - writers
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    others = {name for path in (ROOT / ".github" / "workflows").glob("*.yml") for name in _writers(path)}
    assert others == writers, "no other workflow may write"


def _writers(path):
    workflow = yaml.safe_load(path.read_text("utf8"))
    assert set(workflow["permissions"].values()) == {"read"}
    return [name for name, job in workflow["jobs"].items() if "write" in (job.get("permissions") or {}).values()]
