"""What pages need of the book: numbers bound to the run, recorded results, cells that need real data.

Everything here also works in a student notebook, where there is no book: `bind` only returns its value there, and
`recorded` looks for the results in the repository.
"""

import json
import os
from importlib import metadata
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_RESULTS = Path(__file__).resolve().parent.parent / "book" / "results"


def bind(name, value, fmt="{}"):
    """Bind a number of the page's text to this run: ``{glue:text}`name` `` shows ``fmt.format(value)``.

    ``name`` is unique on its page; ``fmt`` is a format string with one field (``"{:.0%}"``). Returns ``value`` itself.
    Raises ValueError when ``fmt`` does not fit the value.
    """
    try:
        text = fmt.format(value)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        message = f"The format does not fit the value of {name!r}. Received: fmt={fmt!r}, value={value!r}."
        raise ValueError(message) from error
    if os.environ.get("MMCOURSE_BOOK"):
        from myst_nb import glue

        glue(name, text, display=False)
    return value


def recorded(name):
    """The recorded results ``book/results/<name>.json`` as a dict, for what takes too long to run on a page.

    Outside a checkout (on Colab) they are read from the repository, at this version; where that fails too, one line
    says so and the answer is None. Raises LookupError, with what there is, for an unknown name inside a checkout.
    """
    path = _RESULTS / f"{name}.json"
    if path.is_file():
        return json.loads(path.read_text("utf8"))
    if _RESULTS.is_dir():
        known = ", ".join(sorted(p.stem for p in _RESULTS.glob("*.json"))) or "none yet"
        raise LookupError(f"There are no recorded results of that name. Received: name={name!r}. Allowed: {known}.")
    try:
        place = f"{_repository()}/raw/v{metadata.version('mmcourse')}/book/results/{name}.json"
        with urlopen(place, timeout=10) as answer:
            return json.load(answer)
    except (URLError, OSError, ValueError, LookupError):
        print(f"The recorded results {name!r} are not at hand here; the book shows them.")
        return None


def _repository():
    """The repository's address, from the package's own metadata (pyproject.toml holds it)."""
    urls = metadata.metadata("mmcourse").get_all("Project-URL") or []
    return dict(url.split(", ", 1) for url in urls)["Repository"].rstrip("/")


def needs_data(line, cell):
    """The cell magic ``%%needs_data``: run the cell where MMCOURSE_DATA names the folder of real data, else say so."""
    from IPython import get_ipython

    if os.environ.get("MMCOURSE_DATA"):
        get_ipython().run_cell(cell).raise_error()
    else:
        print("Left out: needs real data. Set the variable MMCOURSE_DATA to their folder and run this cell again.")


def load_ipython_extension(shell):
    """``%load_ext mmcourse.book`` makes ``%%needs_data`` known."""
    shell.register_magic_function(needs_data, magic_kind="cell", magic_name="needs_data")
