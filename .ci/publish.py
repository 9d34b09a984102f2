"""Put the published notebooks on the branch that Colab opens:  python3 .ci/publish.py _build/published REMOTE

The branch is replaced by one commit without a history that holds exactly the files of the folder. Nothing is pushed
where a notebook would install from another address than MMCOURSE_REPOSITORY at MMCOURSE_COMMIT. It needs git and a
Python and no package; the checkout's own index and branches stay as they are.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["name"]
BRANCH = "published"  # as book/_ext/mmbook/project.py has it
NOBODY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "mmcourse"), ("EMAIL", "mmcourse@localhost"))
}


def wrong(folder, requirement):
    """What is wrong with the notebooks of a folder, as sentences."""
    notebooks = sorted(folder.glob("notebooks/*.ipynb"))
    if not notebooks:
        yield f"There are no notebooks in {folder}: make published writes them."
    for path in notebooks:
        code = [c["source"] for c in json.loads(path.read_text("utf8"))["cells"] if c["cell_type"] == "code"]
        text = "\n".join("".join(source) for source in code)
        named = set(re.findall(rf"{NAME} @ [^\"'\s]+", text)) | set(re.findall(r"git\+https?://[^\"'\s]+", text))
        if named != {requirement}:
            yield f"{path.name} installs from {sorted(named) or 'nowhere'}, not from {requirement!r}."


def publish(folder, remote, message):
    """Push the files of a folder as the branch's only commit; returns the commit."""
    with tempfile.TemporaryDirectory() as scratch:
        index = str(Path(scratch, "index"))
        own = {"GIT_DIR": str(ROOT / ".git"), "GIT_WORK_TREE": str(folder), "GIT_INDEX_FILE": index}
        environment = {**os.environ, **NOBODY, **own}

        def git(*arguments):
            done = subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.PIPE)
            return done.stdout.decode().strip()

        git("add", "--force", "--all", ".")
        commit = git("commit-tree", git("write-tree"), "-m", message)
        git("push", "--force", remote, f"{commit}:refs/heads/{BRANCH}")
    return commit


def main(folder, remote):
    folder = Path(folder).resolve()
    repository, commit = (os.environ.get(f"MMCOURSE_{name}", "") for name in ("REPOSITORY", "COMMIT"))
    found = list(wrong(folder, f"{NAME} @ {repository}/archive/{commit}.zip"))
    if found:
        raise SystemExit("publish: " + "\n".join(found))
    made = publish(folder, remote, f"Student notebooks of {commit}")
    print(f"publish: {BRANCH} is {made} now")


if __name__ == "__main__":
    main(*sys.argv[1:])
