"""What pages need of the book: numbers bound to the run, claims that check themselves, recorded results, real data.

Everything here also works in a student notebook, where there is no book. There a claim never raises: it says in a
sentence what the text says and what came instead, since trained numbers move with versions, threads and processors.
"""

import importlib.resources
import importlib.util
import json
import math
import numbers
import os
import re
import zlib
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import unsealed

_RESULTS = Path(__file__).resolve().parent.parent / "book" / "results"  # of a checkout; a wheel has a copy inside
CLAIM = "claim: "  # what the book's build gets of a claim has this before its words; no bound number has a colon
MOVES = "Trained numbers move with versions, threads and processors."


class ClaimError(AssertionError):
    """A sentence of the page is not true of this run: its words and its values."""


def holds(claim, condition, control="", **values):
    """State that a sentence of the page is true of this run.

    In the book's build a claim that does not hold raises ClaimError, with its words and values, and one that holds is
    shown as evidence on the page; in a notebook it prints one line, held or not, and never raises.

    Args:
        claim: the sentence as a clause that can follow "the text says that", one a page.
        condition: a bool, or an array of bools that must all be true.
        control: in words, which control could have refuted it and what that gave: ``"untrained encoder 36 %"``.
        values: what it rests on, by name: numbers, arrays or words, printed with three digits.
    Raises TypeError for a condition that is no bool, as NaN and numbers are neither true nor false, and for a control
    that is no text.
    """
    condition = np.asarray(condition)
    if condition.dtype != bool or not condition.size:
        message = f"A claim holds or does not. Received: condition={condition!r} for {claim!r}. Allowed: bool."
        raise TypeError(message)
    if not isinstance(control, str):
        raise TypeError(f"A control is told in words. Received: control={control!r} for {claim!r}. Allowed: str.")
    held = bool(condition.all())
    rests_on = ", ".join(f"{name.replace('_', ' ')} {_shown(value)}" for name, value in values.items())
    if _record(claim=claim, held=held, values=rests_on):
        return
    if os.environ.get("MMCOURSE_BOOK"):
        if not held:
            raise ClaimError(f"This does not hold here: {claim}." + (f" Values: {rests_on}." if rests_on else ""))
        _publish(CLAIM + claim, json.dumps({"values": rests_on, "control": control, "cell": _cell()}))
        return
    rests_on = "; ".join(filter(None, [rests_on, control and f"control: {control}"]))
    if held:
        print(f"holds: {claim}" + (f" ({rests_on})" if rests_on else ""))
    else:
        came = f"here it does not hold ({rests_on})" if rests_on else "here it does not hold"
        print(f"The text says that {claim}; {came}. {MOVES}")


def bind(name, value, fmt="{}"):
    """Bind a number of the page's text to this run: ``{glue:text}`name` `` shows ``fmt.format(value)``.

    ``name`` is unique on its page; ``fmt`` is a format string with one field (``"{:.0%}"``). Returns ``value`` itself.
    A number that moves from run to run is bound as ``about(value, spread)``. Raises ValueError when ``fmt`` does not
    fit the value.
    """
    try:
        text = fmt.format(value)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        message = f"The format does not fit the value of {name!r}. Received: fmt={fmt!r}, value={value!r}."
        raise ValueError(message) from error
    _record(bound=name, text=text, value=float(value) if isinstance(value, numbers.Real) else str(value))
    if os.environ.get("MMCOURSE_BOOK"):
        _publish(name, text)
    return value


class About(float):
    """A number that moves by ``spread`` from run to run. In text it has the digits that this allows: 0.823 that moves
    by 0.03 is 80 %. Arithmetic gives plain numbers."""

    spread = 0.0

    def __format__(self, spec):
        return format(self.rounded, spec)

    @property
    def step(self):
        """The smallest of 1, 2, 5, 10, 20, … (and their tenths) that is not below the spread."""
        tens = 10.0 ** math.floor(math.log10(self.spread))
        return next(m * tens for m in (1, 2, 5, 10) if m * tens >= self.spread * (1 - 1e-9))

    @property
    def rounded(self):
        """The number as a multiple of ``step``."""
        return round(float(self) / self.step) * self.step


def about(value, spread):
    """A number of which runs on other machines, versions or seeds differ by up to ``spread``, for ``bind``.

    Raises ValueError for a spread that is not above 0.
    """
    if not spread > 0 or not math.isfinite(spread):
        raise ValueError(f"Received: spread={spread!r}. Allowed: a number above 0.")
    made = About(value)
    made.spread = float(spread)
    return made


_NUMBER = re.compile(r"([-−+]?)(\d[\d,]*(?:\.(\d+))?)(?:e([-+]?\d+))?(\s?%)?")


def compare(run, said):
    """In a notebook: say whether this run gives the numbers that the text quotes.

    Args:
        run: name -> number (or word) of this run.
        said: name -> what the text says, ``"76%"``. A name that only one of the two has is passed over.
    Prints one line: that all are as the text has them, to its digits; or which are not, with both.
    """
    both = [name for name in run if name in said]
    other = [f"{name} {came} (text: {said[name]})" for name in both if (came := _otherwise(run[name], said[name]))]
    if not other:
        numbers_ = "the number" if len(both) == 1 else f"the {len(both)} numbers"
        print(f"This run gives {numbers_} that the text quotes.")
    else:
        print(f"This run gives other numbers than the text: {'; '.join(other)}. {MOVES}")


def _otherwise(value, said):
    """What this run gives, in the text's digits, where that is not what the text says; else ""."""
    number = _NUMBER.search(said)
    if number is None or isinstance(value, str) or not isinstance(value, numbers.Real):
        return "" if str(value) == said else str(value)
    sign, digits, decimals, power, percent = number.groups()
    unit = 10.0 ** (int(power or 0) - len(decimals or "")) / (100 if percent else 1)
    scale = 10.0 ** int(power or 0) / (100 if percent else 1)
    told = float(digits.replace(",", "")) * scale * (-1 if sign and sign in "-−" else 1)
    within = 0.5 * unit
    if isinstance(value, About):
        within = value.spread + value.step / 2
    if abs(float(value) - told) <= within * (1 + 1e-6):
        return ""
    if not math.isfinite(value):
        return str(float(value))
    return f"{float(value) / scale:,.{len(decimals or '')}f}" + (f"e{power}" if power else "") + (percent or "")


def recorded(name):
    """The recorded results ``book/results/<name>.json`` as a dict, for what takes too long to run on a page.

    They are read from the checkout, or from the copy inside the installed package; never from the network. Raises
    LookupError, with what there is, for an unknown name; ValueError, naming the file, for one that is damaged.
    """
    folder = _RESULTS if _RESULTS.is_dir() else importlib.resources.files("mmcourse") / "results"
    known = sorted(p.name.removesuffix(".json") for p in folder.iterdir() if p.name.endswith(".json"))
    if name not in known:
        allowed = ", ".join(known) or "none"
        raise LookupError(f"There are no recorded results of that name. Received: name={name!r}. Allowed: {allowed}.")
    file = folder / f"{name}.json"
    try:
        return unsealed(file.read_bytes())
    except ValueError as error:
        cure = "Install the course anew, or fetch the file again."
        raise ValueError(f"The file is damaged: {file} ({error}). {cure}") from error


def needs_data(line, cell):
    """The cell magic ``%%needs_data``: run the cell where MMCOURSE_DATA names the folder of real data, else say so."""
    from IPython import get_ipython

    if os.environ.get("MMCOURSE_DATA"):
        get_ipython().run_cell(cell).raise_error()
    else:
        print("Left out: needs real data. Set the variable MMCOURSE_DATA to their folder and run this cell again.")


def needs(line, cell):
    """The cell magic ``%%needs faiss``: run the cell where that package can be imported, else say so."""
    from IPython import get_ipython

    package = line.strip()
    if importlib.util.find_spec(package):
        get_ipython().run_cell(cell).raise_error()
    else:
        print(f"Left out: needs the package {package}, which is not installed here; the set-up cell says more.")


def load_ipython_extension(shell):
    """``%load_ext mmcourse.book`` makes ``%%needs_data`` and ``%%needs`` known."""
    for magic in (needs_data, needs):
        shell.register_magic_function(magic, magic_kind="cell")


def _publish(name, text):
    """In the book's build: hand a text to the page, invisibly, as `myst_nb.glue` does. (To import that brings Sphinx
    with it, which takes a page two seconds.)"""
    from IPython.display import display

    kind = "application/papermill.record/"
    display({kind + "text/plain": repr(text)}, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": kind}})


def _cell():
    """The checksum of the code of the cell that runs, by which the book knows it again; that of "" where none does."""
    from IPython import get_ipython

    shell = get_ipython()
    code = shell.get_parent()["content"]["code"] if hasattr(shell, "get_parent") else ""
    return zlib.crc32(code.strip().encode())


def _shown(value):
    if isinstance(value, numbers.Integral | str | np.bool_):
        return str(value)
    if isinstance(value, numbers.Real):
        return f"{float(value):.3g}"
    flat = np.asarray(value).ravel()
    if flat.dtype.kind not in "fiub":
        return str(value)
    few = ", ".join(f"{x:.3g}" for x in flat[:8].astype(float))
    return f"[{few}{', …' if len(flat) > 8 else ''}]"


def _record(**event):
    """In a stability run (MMCOURSE_STABILITY names its file) append what happened and return True; else False."""
    place = os.environ.get("MMCOURSE_STABILITY")
    if place:
        with open(place, "a", encoding="utf8") as file:
            file.write(json.dumps(event) + "\n")
    return bool(place)
