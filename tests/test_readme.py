"""What README says to type works, as far as it can be tried without the network."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]


def test_its_code_runs(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.M | re.S)
    assert blocks and README.count("```") == 2 * len(blocks), "a block of another language is tried by nobody"
    for block in blocks:
        assert len(block.splitlines()) <= 20
        exec(compile(block, "README.md", "exec"), {})
    both, alone = map(float, re.findall(r"(?:both|alone): ([\d.]+)", capsys.readouterr().out))
    assert both > alone > 0.6 and both > 0.75


def test_its_extras_are_there_and_each_backend_is_one():
    table = README.split("| extra |")[1].split("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.split("\n")[2:])))
    assert named == {"tensorflow", "jax", "torch", "sound", "search"} <= set(PROJECT["optional-dependencies"])


def test_the_backend_and_the_folder_of_data_have_their_variables_in_readme_and_book():
    for variable in ("KERAS_BACKEND", "MMCOURSE_DATA"):
        assert variable in README
    assert "KERAS_BACKEND" in (ROOT / "book" / "index.md").read_text("utf8")


def test_nothing_installs_the_package_by_its_name_from_an_index():
    """It is in none: whoever has that name there is not us."""
    texts = [*ROOT.glob("*.md"), *(ROOT / "book").glob("*.md"), *(ROOT / "mmcourse").rglob("*.py")]
    wrong = re.compile(r"pip3? install[^\n`]*?[\s\"']mmcourse(?:\[[\w,]*\])?[\"']?\s*(?![\s\w]*@)(?:$|[`\"').,])", re.M)
    assert wrong.search('pip install "mmcourse[search]"') and wrong.search("pip install mmcourse")
    assert not wrong.search('pip install "mmcourse[tensorflow] @ git+https://ADDRESS"')
    found = [str(path.relative_to(ROOT)) for path in texts if wrong.search(path.read_text("utf8"))]
    assert not found
