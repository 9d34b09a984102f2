"""The ground plan and the two laws: where things are, which way arrows point, what is written once."""

import ast
import graphlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mmcourse"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

TOP_LEVEL = {
    *("book", "notebooks", "mmcourse", "tests", "_config.yml", "_toc.yml", "requirements.txt"),
    *("README.md", "pyproject.toml", "Makefile", "LICENSE", "CONTRIBUTING.md", "CITATION.cff", "CHANGELOG.md"),
    *("setup.py", ".ci", ".github", ".gitignore"),
}


def tracked():
    try:
        done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\n") if name and (ROOT / name).is_file()]


def imports(path):
    """The rooms of mmcourse that a file imports, wherever in the file the import stands."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module] if node.module != "mmcourse" else [f"mmcourse.{a.name}" for a in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("mmcourse.")}
    return rooms - {"__version__"}


def keras_free(path):
    pattern = r"^\s*(import|from) (keras|tensorflow|jax|torch)\b|mmcourse\.backend"
    return not re.search(pattern, path.read_text("utf-8"), re.M)


def module_name(path):
    """The dotted name of a module, below mmcourse."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def modules_imported(path):
    """The modules of the package that a file imports: what gives a name counts, not the package around it."""
    names, found = {module_name(other) for other in MODULES}, set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        dotted = []
        if isinstance(node, ast.Import):
            dotted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            dotted = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in (one.removeprefix("mmcourse.") for one in dotted if one.startswith("mmcourse.")):
            found |= {name if name in names else name.rpartition(".")[0]} & names
    return found


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def load(path):
    """That file of the checkout, which is in no package, as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")
HOUSE = load(".ci/house.py")


def test_top_level_holds_only_the_plan():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_arrows_point_one_way(path):
    room = room_of(path)
    wrong = imports(path) - HOUSE.allowed(room) - {room}
    assert not wrong, f"{room} may not import {sorted(wrong)}: see the plan in .ci/house.py"
    if room in HOUSE.FLOORS["data"][2]:
        assert keras_free(path), f"{room} is data and must not know Keras"


def test_the_plan_is_the_tree():
    planned = [room for _, _, rooms in HOUSE.FLOORS.values() for room in rooms]
    assert len(planned) == len(set(planned))
    assert set(planned) == {room_of(path) for path in MODULES}


def test_the_drawing_is_the_plan():
    text = HOUSE.DRAWING.read_text("utf8")
    assert text == HOUSE.drawn(text), "run: python .ci/house.py"


def test_modules_of_a_room_import_each_other_one_way():
    """No cycle among modules: an import inside a function counts as well as one at the head."""
    graph = {module_name(path): modules_imported(path) for path in MODULES}
    order = graphlib.TopologicalSorter({name: seen - {name} for name, seen in graph.items()})
    try:
        order.prepare()
    except graphlib.CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_every_room_is_tested():
    rooms = {room_of(path) for path in MODULES}
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    # This file covers what holds the house together.
    here = {"backend", "doctor", "book"}
    names = {room: room.removeprefix("_") for room in rooms - here}
    untested = {room for room, t in names.items() if not any(test == t or test.startswith(t + "_") for test in tests)}
    assert not untested


def test_nothing_public_goes_undocumented():
    missing = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            missing.append(str(path.relative_to(ROOT)))
        if room_of(path) == "exercises":  # there, functions are the exercises' solutions and planted mistakes
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_") or node.name == "main":
                continue
            if not ast.get_docstring(node):
                missing.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not missing


def test_the_address_stands_in_one_place():
    address = PROJECT["project"]["urls"]["Repository"].removeprefix("https://")
    texts = [p for p in tracked() if p.suffix in {".py", ".md", ".yml", ".toml", ".cff", ".css", ".html", ".js", ""}]
    found = [str(p.relative_to(ROOT)) for p in texts if address in p.read_text(encoding="utf-8", errors="ignore")]
    assert found == ["pyproject.toml"]


def test_no_pickle():
    pattern = r"^\s*(import|from) (pickle|joblib|dill|shelve)\b|allow_pickle\s*=\s*True"
    found = [str(p) for p in tracked() if p.suffix == ".py" and re.search(pattern, p.read_text("utf-8"), re.M)]
    assert not found


def test_what_a_workflow_uses_cannot_be_moved():
    """A tag can be put on another commit by whoever has the repository of an action; a commit's hash cannot."""
    files = sorted((ROOT / ".github").rglob("*.yml"))
    used = [line.strip() for path in files for line in path.read_text("utf8").split("\n") if "uses:" in line]
    assert len(files) >= 3 and len(used) > 10
    assert not [one for one in used if not re.fullmatch(r"(- )?uses: [\w./-]+@[0-9a-f]{40}  # v\d+(\.\d+)+", one)]
    pins = {tuple(re.search(r"([\w./-]+)@(\w+)", one).groups()) for one in used}
    assert len(pins) == len({name for name, _ in pins}), "one action, one commit, in all workflows"
    images = [
        line for path in files for line in path.read_text("utf8").split("\n") if re.search("container:|image: ", line)
    ]
    assert images and all("@${{ matrix.digest }}" in line or "@sha256:" in line for line in images)


# Their packages hold programs under the GPL or the LGPL: nothing of the course may need them, or come with them.
COPYLEFT = {"pycocoevalcap", "librosa"}


def test_what_is_under_the_gpl_stays_in_the_tests():
    extras = PROJECT["project"]["optional-dependencies"]
    groups = {"dependencies": PROJECT["project"]["dependencies"], **extras}
    asked = {name: {re.match(r"[\w-]+", one)[0] for one in lines} for name, lines in groups.items()}
    assert {name for name, packages in asked.items() if packages & COPYLEFT} == {"oracles"}
    pattern = rf"^\s*(import|from) ({'|'.join(COPYLEFT)})\b"
    sources = [p for p in tracked() if p.suffix in (".py", ".md", ".ipynb") and p.relative_to(ROOT).parts[0] != "tests"]
    assert not [str(p) for p in sources if re.search(pattern, p.read_text("utf-8"), re.M)]
    text = (ROOT / "CONTRIBUTING.md").read_text("utf8")
    assert all(f"`{name}`" in text for name in COPYLEFT), "CONTRIBUTING.md names them"


def test_nothing_installs_the_course_by_its_name_alone():
    """Whoever owns that name in a package index is not us: it comes from a checkout, or by address and commit."""
    name = PROJECT["project"]["name"]
    pattern = rf"(pip3?|uv|pipx|pip_install\(\W?)[ \w-]* [\"']?{name}[\"']?(\s|$|\))"
    kinds = {".py", ".md", ".yml", ".toml", ".ipynb", ""}
    texts = [p for p in tracked() if p.suffix in kinds and p.relative_to(ROOT).parts[0] != "tests"]
    assert re.search(pattern, f"!pip install -q {name}") and not re.search(pattern, "pip install -q .")
    found = [str(p) for p in texts if re.search(pattern, p.read_text("utf-8", "ignore"), re.M)]
    assert not found


def test_the_lock_is_exact_and_names_no_host():
    lock = (ROOT / "requirements.txt").read_text()
    entries = re.findall(r"^[a-zA-Z0-9_.\[\]-]+(?=[ =<>;@])", lock, re.M)
    pinned = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==[^ ]+", lock, re.M)
    assert len(entries) == len(pinned) > 100
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
    assert not re.search(r"^torch==", lock, re.M), "PyTorch is large: it is an extra"


def test_lower_bounds_are_what_is_tested():
    """Each bound of pyproject.toml is the very version of .ci/colab.py, on which `make test-colab` runs the tests."""
    from packaging.requirements import Requirement
    from packaging.version import Version

    tested = dict(re.findall(r"^([a-z-]+)==([^;\n]+)", load(".ci/colab.py").COLAB, re.M))
    bounds = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["tensorflow"]]
    for requirement in map(Requirement, bounds):
        assert requirement.name in tested, f"{requirement.name}: does Colab have it? Then say which in .ci/colab.py"
        (bound,) = requirement.specifier
        assert bound.operator == ">=" and Version(bound.version) == Version(tested[requirement.name]), str(requirement)


def test_what_runs_on_the_lower_bounds_finds_its_imports_there():
    """A test file that `make test-colab` runs imports, at its head and by way of its helpers, what that list has."""
    colab = load(".ci/colab.py")
    called = {"pillow": "PIL", "scikit-learn": "sklearn", "beautifulsoup4": "bs4", "tensorflow-cpu": "tensorflow"}
    there = {*re.findall(r"^([a-z0-9-]+)==", colab.COLAB, re.M), *colab.TOOLS, "mmcourse"} | sys.stdlib_module_names
    there |= {called.get(name, name) for name in there}
    helpers = {path.stem: path for path in (ROOT / "tests").glob("*.py")}
    patterns = [f"test_{name}.py" for names in colab.LEFT_OUT.values() for name in names.split()]

    def missing(path, seen=()):
        names = set()
        for node in ast.parse(path.read_text("utf-8")).body:
            names |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module} if isinstance(node, ast.ImportFrom) else set()
        names = {name.split(".")[0] for name in names}
        ours = names & set(helpers) - set(seen)
        return (names - there - set(helpers)).union(*(missing(helpers[name], {*seen, *ours}) for name in ours))

    for pattern in patterns:
        assert list((ROOT / "tests").glob(pattern)), f"{pattern}: no such test file; mend LEFT_OUT in .ci/colab.py"
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        if not any(path.match(pattern) for pattern in patterns):
            assert not missing(path), f"{path.name} imports {missing(path)}: name it in LEFT_OUT of .ci/colab.py"


def test_whatever_the_package_imports_is_declared():
    """What a module imports at its head is a dependency; what a function imports may also be an extra's."""
    from packaging.requirements import Requirement

    called = {"PIL": "pillow", "sklearn": "scikit-learn", "faiss": "faiss-cpu"}
    extras = PROJECT["project"]["optional-dependencies"]
    needed, all_of_them = (
        {Requirement(line).name for line in lines}
        for lines in (PROJECT["project"]["dependencies"], sum(extras.values(), PROJECT["project"]["dependencies"]))
    )
    notebook = {"IPython"}  # what shows a page has it
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            for name in {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"mmcourse"} - notebook:
                declared = needed if node in tree.body else all_of_them
                assert called.get(name, name) in declared, f"{path.relative_to(ROOT)} imports {name}"


def test_the_package_alone_imports_no_keras():
    code = "import sys, mmcourse, mmcourse.scenes, mmcourse.items, mmcourse.metrics; assert 'keras' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_keras_starts_quietly():
    code = "from mmcourse.backend import keras; print(keras.backend.backend())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.strip() in {"tensorflow", "jax", "torch"}


def test_versions_agree():
    import mmcourse

    assert PROJECT["project"]["version"] == mmcourse.__version__
    assert f"version: {mmcourse.__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {mmcourse.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_doctor_examines_this_machine(capsys):
    from mmcourse import doctor

    assert doctor.main() == 0
    out = capsys.readouterr().out
    assert "Python 3." in out and "Keras on" in out


@pytest.fixture
def install():
    """The module .ci/install.py."""
    return load(".ci/install.py")


def test_set_up_can_be_read_by_a_python_that_is_too_old():
    tree = ast.parse((ROOT / ".ci/install.py").read_text())
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr) for node in ast.walk(tree))


def test_set_up_says_in_one_line_what_is_missing(install, monkeypatch, capsys):
    monkeypatch.setattr(install, "SUPPORTED", ((3, 99),))
    with pytest.raises(SystemExit):
        install.find_python()
    monkeypatch.setattr(install, "GIGABYTES", 10**9)
    with pytest.raises(SystemExit):
        install.check_disk()
    lines = capsys.readouterr().err.strip().split("\n")
    assert len(lines) == 2
    assert "Python 3.11, 3.12 or 3.13 is needed" in lines[0] and "GB of free disk are needed" in lines[1]


@pytest.mark.parametrize(
    "said",
    [
        "error: dns error: failed to lookup address",
        "ERROR: Could not find a version that satisfies the requirement uv==1.0 (from versions: none)",
    ],
)
def test_set_up_names_the_network_when_it_fails(said, install, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(install, "LOG", str(tmp_path / "log"))
    fails = [sys.executable, "-c", f"print({said!r}); raise SystemExit(2)"]
    with pytest.raises(SystemExit):
        install.run(fails, "installing the lock", "read the log")
    assert "cannot be reached: check the network" in capsys.readouterr().err


def test_a_second_set_up_does_nothing(install, monkeypatch):
    monkeypatch.setattr(install, "installed", lambda: [install.wanted()])
    monkeypatch.setattr(install, "PYTHON", sys.executable)
    monkeypatch.setattr(install, "make_environment", lambda: pytest.fail("the environment was made again"))
    install.main([])
