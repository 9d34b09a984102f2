"""Stability runs: other draws from the kernel's start, which runs are run again, what is recorded of them and told."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_toolchain import FRONT, ROOT
from test_toolchain_claims import book_of

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import kernels, outputs, stability, stability_record
from mmbook.pages import Page
from mmbook.stability import Setting, plan

# ── other draws ─────────────────────────────────────────────────────────────────────────────────────

OTHERS = """
import json
import numpy.random
import page_seeds
page_seeds.install(1)  # NumPy is there already, the others come later
"""
DRAWS = """
import random
import numpy as np
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.scenes import Scenes
from sklearn.model_selection import KFold

def of(layer):
    layer.build((None, 3))
    return layer.get_weights()[0].tolist()

dense, begin = keras.layers.Dense, keras.initializers.GlorotUniform
drawn = {
    "numpy": np.random.default_rng(0).random(),
    "numpy of a tuple": np.random.default_rng((0, 1)).random(),
    "weights": of(dense(2, kernel_initializer=begin(0))),
    "an integer": keras.ops.convert_to_numpy(keras.random.normal((2,), seed=3)).tolist(),
    "a generator": keras.ops.convert_to_numpy(keras.random.normal((2,), seed=keras.random.SeedGenerator(3))).tolist(),
    "dropout": keras.ops.convert_to_numpy(keras.layers.Dropout(0.5, seed=1)(np.ones((1, 50)), training=True)).tolist(),
    "scikit-learn": next(KFold(2, shuffle=True, random_state=0).split(np.zeros(50)))[1].tolist(),
}
keras.utils.set_random_seed(0)
drawn |= {
    "set_random_seed, NumPy": np.random.rand(),
    "set_random_seed, Python": random.random(),
    "set_random_seed, Keras": of(dense(2)),
}

def state(generator):
    return keras.ops.convert_to_numpy(generator.state).tolist()

made = np.random.default_rng(np.random.SeedSequence(0))
generator = keras.random.SeedGenerator(3)
again = keras.random.SeedGenerator.from_config(generator.get_config())
same = {
    "items": [Scenes("test", n=3)[2].captions[0], float(Scenes("train", n=2)[1].image.mean())],
    "parts": independent(0, 2, "part"),
    "a sequence of seeds": made.random(),
    "a generator given": np.random.default_rng(made) is made,
    "what an initializer tells": begin(0).get_config(),
    "a copy": of(dense(2, kernel_initializer=begin.from_config(begin(0).get_config())))
    == of(dense(2, kernel_initializer=begin(0))),
    "a copied generator": [generator.get_config()["seed"], state(generator) == state(again)],
}
"""


def test_each_draw_is_another_one_and_the_data_are_the_same():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(kernels.SEEDS.parent)])}
    command = [sys.executable, "-c", f"{OTHERS}{DRAWS}print(json.dumps([drawn, same]))"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    drawn, same = json.loads(done.stdout.splitlines()[-1])
    own = {}
    exec(DRAWS, own)  # in this process, whose seeds are what they are
    assert {name for name in drawn if drawn[name] == own["drawn"][name]} == set()
    assert same == own["same"] and same["a copy"] and same["a copied generator"] == [3, True]


def test_other_seeds_have_nothing_in_common_with_those_of_other_runs(monkeypatch):
    monkeypatch.syspath_prepend(str(kernels.SEEDS.parent))
    from page_seeds import other

    found = {other(seed, run) for seed in range(1000) for run in (1, 2)}
    assert len(found) == 2000 and min(found) > 1000 and max(found) < 2**31


# ── which runs ──────────────────────────────────────────────────────────────────────────────────────


def test_the_plan_of_runs():
    assert [one.name for one in plan()] == [
        *(f"seed {seed}, {threads}" for seed in range(3) for threads in ("1 thread", "2 threads")),
        "JAX, seed 0, 1 thread",
    ]
    assert plan(threads=[1, 4]) == [Setting(0, 1), Setting(0, 4)] and plan(seeds=[3]) == [Setting(3, 1)]
    assert plan(seeds=[1, 2], backends=["tensorflow", "jax"]) == [Setting(1), Setting(2), Setting(1, 1, "jax")]
    assert plan(backends=["jax"]) == [Setting(0, 1, "jax")]
    for given in ({"threads": [0]}, {"seeds": [0, -1]}):
        with pytest.raises(SystemExit, match=r"Received: --\w+ (0|-1)\. Allowed: whole numbers from"):
            plan(**given)


def test_the_books_own_run_has_the_books_own_kernel(tmp_path):
    own = outputs.made_with(tmp_path)
    assert outputs.made_with(tmp_path, Setting().variables(tmp_path)) == own and own["threads"] == 1
    found = [outputs.made_with(tmp_path, one.variables(tmp_path)) for one in plan()]
    assert len({json.dumps(one, sort_keys=True) for one in found}) == len(found)
    assert "page_seeds" not in kernels.KERNEL_CONFIG and '["page_uses", "page_seeds"]' in kernels.SEEDS_CONFIG


PAGE = (
    FRONT
    + """
# Drawn

```{code-cell} ipython3
import os

import numpy as np
from mmcourse.book import bind, holds
```

## Draws

```{code-cell} ipython3
:tags: [remove-cell]
draw = bind("the-draw", np.random.default_rng(0).random(), "{:.0%}")
bind("two", 2)
word = bind("word", "high" if draw > 0.5 else "low")
holds("two and two are four", 2 + 2 == 4)
holds("it is the draw of NumPy's seed 0", abs(draw - 0.6369616873) < 1e-9, draw=draw)
```

It is {glue:text}`the-draw`.{claim}`two and two`

```{code-cell} ipython3
:tags: [remove-cell]
if os.environ["KERAS_BACKEND"] == "jax":
    raise RuntimeError("no fft here\\nsays TensorFlow")
holds("the end is reached", True)
```
"""
)
NAMES = [one.name for one in plan()[:6]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A book with a page that draws, after `make stability` of it, and what was printed."""
    folder = book_of(tmp_path_factory.mktemp("drawn") / "book", "drawn", PAGE)
    (folder / stability_record.RECORD).unlink()
    said = []
    with pytest.MonkeyPatch.context() as always, pytest.MonkeyPatch.context() as patch:
        always.setenv("PYTHONPATH", str(folder))  # as `build` has it: it is a part of what a run rests on
        patch.setattr("builtins.print", lambda *words, **_: said.append(" ".join(map(str, words))))
        status = stability.stability(folder, ["drawn"], plan())
        patch.undo()
        yield SimpleNamespace(folder=folder, status=status, said="\n".join(said))


def read(folder, name):
    return json.loads((folder / name).read_text("utf8"))


def test_runs_differ_in_their_draws_and_only_there(drawn):
    runs = read(drawn.folder, stability.RUNS)["drawn"]
    assert set(runs) == {*NAMES, "JAX, seed 0, 1 thread"} and drawn.status == 1
    texts = {name: one["numbers"]["the-draw"]["text"] for name, one in runs.items()}
    assert texts["seed 0, 1 thread"] == texts["seed 0, 2 threads"] == texts["JAX, seed 0, 1 thread"] == "64%"
    assert texts["seed 1, 1 thread"] == texts["seed 1, 2 threads"] and len(set(texts.values())) == 3
    assert "7 runs of 1 pages" in drawn.said and "seed 0, 1 thread (" in drawn.said
    assert drawn.said.count("    does not hold: it is the draw of NumPy's seed 0 (draw 0.") == 4
    assert "    not on JAX: " in drawn.said and "failed: " not in drawn.said and "the-draw: 64% (seed 0" in drawn.said


def test_what_is_recorded(drawn):
    record = read(drawn.folder, stability_record.RECORD)
    assert record["varied"] == "three seeds, one and two threads" and record["command"] == "make stability"
    assert "The items of Scene World" in record["how"] and ", commit " in record["how"] and "keras 3" in record["how"]
    page = record["pages"]["book/drawn"]
    moving = "it is the draw of NumPy's seed 0"
    assert page["claims"]["two and two are four"] == {"runs": 6, "held": 6, "jax": True}
    assert page["claims"]["the end is reached"] == {"runs": 6, "held": 6}
    failed = page["claims"][moving].pop("failed")
    assert set(failed) == set(NAMES[2:]) and {words[:6] for words in failed.values()} == {"draw 0"}
    assert page["claims"][moving] == {"runs": 6, "held": 2, "jax": True}
    assert page["errors"] == {"jax": "RuntimeError: no fft here"}
    draws = sorted(read(drawn.folder, stability.RUNS)["drawn"][name]["numbers"]["the-draw"]["value"] for name in NAMES)
    assert page["numbers"]["the-draw"] == {"least": f"{draws[0]:.0%}", "most": f"{draws[-1]:.0%}"}
    assert "two" not in page["numbers"]


@pytest.fixture
def never(monkeypatch):
    """From here on, nothing runs."""

    async def execute(*_, **__):
        raise AssertionError("a page ran")

    monkeypatch.setattr(kernels, "execute", execute)


def test_a_run_that_stands_is_not_run_again(drawn, never, capsys):
    assert stability.stability(drawn.folder, ["drawn"], plan()) == 1
    said = capsys.readouterr().out
    assert said.count("(as before)") == 7 and "runs of" not in said and said.count("does not hold") == 4


def test_what_changed_is_run_again_and_a_part_of_the_runs_is_not_recorded(drawn, capsys):
    before, place = (drawn.folder / stability_record.RECORD).read_bytes(), drawn.folder / "book/drawn.md"
    text = place.read_text("utf8")
    place.write_text(text.replace("2 + 2 == 4", "2 + 2 < 5"), "utf8")
    try:
        assert stability.stability(drawn.folder, ["drawn"], plan(threads=[1])) == 0
        said = capsys.readouterr().out
        assert "1 runs of 1 pages" in said and "seed 0, 1 thread (1 of 1)" in said and "Recorded" not in said
        stability.write(drawn.folder, ["drawn"])
        assert "drawn: not recorded (seed 0, 2 threads: its cells changed; seed 1, 1" in capsys.readouterr().out
        assert read(drawn.folder, stability_record.RECORD)["pages"] == json.loads(before)["pages"], "left as it was"
    finally:
        place.write_text(text, "utf8")


def test_a_run_rests_on_what_the_page_read_and_on_its_kernel(drawn):
    runs = read(drawn.folder, stability.RUNS)["drawn"]
    notebook = Page(drawn.folder, "book/drawn").notebook()
    for setting in plan()[1:]:

        def why(found, setting=setting):
            return stability.out_of_date(drawn.folder, notebook, setting, found, str)

        found = {**runs[setting.name], "uses": {}}
        assert why(found) == "" and why(None) == "not run yet"
        assert why({**found, "uses": {"a.py": 1}}) == "a.py changed"
        assert why({**found, "made_with": {**found["made_with"], "threads": 3}}) == "threads changed"
        assert why({"error": "no kernel"}) == "nobody knows what that run rested on"


def test_many_processes_merge_without_loss(tmp_path):
    code = (
        "import sys; from pathlib import Path; from mmbook.stability import merge\n"
        "for i in range(10): merge(Path(sys.argv[1]), {sys.argv[2]: {str(i): {}}})"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(stability.__file__).parents[1])}
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen([*command, name], env=environment) for name in "abc"]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    record = stability.merge(tmp_path, {})
    assert {name: len(runs) for name, runs in record.items()} == {"a": 10, "b": 10, "c": 10}


# ── what is told ────────────────────────────────────────────────────────────────────────────────────


def found(claims=(), numbers=(), error=""):
    """What a run found: claim → held, and name → text and value."""
    return {
        "claims": {claim: {"held": held, "values": f"x {held:d}"} for claim, held in dict(claims).items()},
        "numbers": {name: {"text": text, "value": value} for name, (text, value) in dict(numbers).items()},
        "error": error,
    }


def recorded(runs, **others):
    made = stability_record.page("cells", {str(number): run for number, run in enumerate(runs)}, others)
    return stability_record.Recorded(made, "two runs", True, True)


def test_a_claim_in_words():
    both = recorded([found({"a": True, "b": True}), found({"a": True, "b": False})], jax=found({"a": True, "b": True}))
    assert both.held("a") == "held in 2 of 2 runs (two runs); on JAX too"
    assert both.held("b") == "held in 1 of 2 runs (two runs); not with 1 (x 0); on JAX it held"
    assert both.held("c") == "not yet run with other seeds and threads"
    stopped = recorded([found({"a": True}), found(error="E\nValueError: no\n more")], jax=found(error="TypeError: no"))
    assert stopped.held("a") == (
        "held in 1 of 2 runs (two runs); not with 1 (not reached); the page does not run on JAX"
    )
    assert stopped.page["errors"] == {"1": "ValueError: no", "jax": "TypeError: no"}
    assert recorded([found({"a": True})]).held("a") == "held in 1 of 1 runs (two runs)"
    assert stability_record.Recorded().held("a") == ""


@pytest.mark.parametrize(
    ("texts", "jax", "words"),
    [
        ([("81%", 0.81), ("84%", 0.84), ("82%", 0.82)], ("83%", 0.83), "81–84% (on JAX 83%)"),
        ([("81%", 0.81), ("84%", 0.84)], ("84%", 0.84), "81–84%"),
        ([("0.10", 0.1), ("-0.20", -0.2)], None, "-0.20 to 0.10"),
        ([("9 s", 9), ("2 min", 120)], None, "9 s to 2 min"),
        ([("red", "red"), ("a blue", "a blue"), ("red", "red")], None, "red or a blue"),
        ([("3", 3), ("3", 3)], ("4", 4), "3 (on JAX 4)"),
    ],
)
def test_a_number_that_moves_in_words(texts, jax, words):
    runs = [found(numbers={"the-share": one, "still": ("1", 1)}) for one in texts]
    one = recorded(runs, **({"jax": found(numbers={"the-share": jax})} if jax else {}))
    assert one.moved('x = bind("the-share", 3)\nbind("still", 1)') == f"the share {words}"
    assert one.moved("for n in 'ab': bind(f'the-{n}', 3)") == f"the share {words}"
    assert one.moved('bind("other", 3)') == one.moved("%%magic") == ""


def test_a_record_keeps_pages_that_did_not_run_and_drops_those_that_are_gone(tmp_path, capsys):
    (tmp_path / "book" / "results").mkdir(parents=True)
    stability_record.write(tmp_path, {"book/a": {"claims": {}}, "book/b": {"claims": {}}}, ["book/a", "book/b"])
    stability_record.write(tmp_path, {"book/c": {"claims": {"new": {}}}}, ["book/b", "book/c", "book/d"])
    assert list(read(tmp_path, stability_record.RECORD)["pages"]) == ["book/b", "book/c"]
    assert capsys.readouterr().out.endswith("book/results/stability.json: 1 of 3 pages\n")


def test_a_run_on_another_backend_is_added_to_what_is_recorded():
    recorded = {
        "cells": "c",
        "claims": {"more": {"runs": 6, "held": 6}, "less": {"runs": 6, "held": 5, "failed": {"seed 1, 1 thread": "1"}}},
        "numbers": {"share": {"least": "81%", "most": "84%"}, "who": {"texts": ["a", "b"], "jax": "old"}},
    }
    numbers = {"share": {"text": "79%"}, "who": {"text": "b"}, "new": {"text": "1"}}
    run = {"claims": {"more": {"held": False, "values": "2"}, "less": {"held": True}}, "numbers": numbers, "error": ""}
    made = stability_record.with_others(recorded, {"jax": run})
    assert made["claims"]["more"] == {"runs": 6, "held": 6, "jax": False}
    assert made["claims"]["less"] == recorded["claims"]["less"] | {"jax": True}
    assert made["numbers"] == {"share": recorded["numbers"]["share"] | {"jax": "79%"}, "who": {"texts": ["a", "b"]}}
    assert "jax" not in recorded["claims"]["more"] and "errors" not in made
    broken = {"claims": {}, "numbers": {}, "error": "Traceback\nValueError: no"}
    assert stability_record.with_others(recorded, {"jax": broken})["errors"] == {"jax": "ValueError: no"}
