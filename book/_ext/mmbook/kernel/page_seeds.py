"""In the kernel of a stability run: whatever a page draws or trains comes out differently. An IPython extension.

The variable MMCOURSE_SEED numbers the run. Each seed of the page stands for another one here, which has nothing in
common with it. (Seed + run would not do: a page that trains with seeds 0 to 4 would share four of them with the next
run.) It is changed where a seed becomes a draw, so that what a page or a layer knows of its seed stays as written:

- NumPy: `default_rng(seed)`, hence also the orders of batches and the resamples of intervals
- Keras: initial weights, dropout and `keras.random`, with an integer or with a SeedGenerator; `set_random_seed`, which
  also rules TensorFlow's, Python's and NumPy's own draws
- scikit-learn: `random_state` of an integer

What stays is what a page is about: the items of Scene World, which have a generator of their own, so that item 3 is
the same picture in each run; trained weights that are loaded; and recorded results. That other items might have given
another number is what the intervals on the pages tell.
"""

import functools
import hashlib
import importlib.machinery
import os
import sys

VARIABLE = "MMCOURSE_SEED"


def load_ipython_extension(shell):
    install(int(os.environ[VARIABLE]))


def install(run):
    """Change what is imported of the modules named in `WHERE`, and of the others as soon as the page imports them."""
    waiting = {}
    for name, change in WHERE.items():
        change = functools.partial(change, run=run)
        if name in sys.modules:
            change(sys.modules[name])
        else:
            waiting[name] = change
    sys.meta_path.insert(0, _Importer(waiting))


def other(seed, run):
    """The seed that stands for this one: from 0 to 2³¹ − 1, which every library takes."""
    return int.from_bytes(hashlib.sha256(f"{seed} {run}".encode()).digest()[:4]) >> 1


def _numpy(module, run):
    begin, sequence = module.default_rng, module.SeedSequence
    made = type(None), sequence, module.BitGenerator, module.Generator, module.RandomState  # no seeds, or not anew

    @functools.wraps(begin)
    def default_rng(seed=None):
        return begin(seed if isinstance(seed, made) else sequence(seed, spawn_key=(run,)))

    module.default_rng = default_rng


def _keras(module, run):
    draw, begin = module.draw_seed, module.SeedGenerator.__init__

    @functools.wraps(draw)
    def draw_seed(seed):
        return draw(other(seed, run) if isinstance(seed, int) else seed)

    @functools.wraps(begin)
    def __init__(self, seed=None, *arguments, **options):
        begin(self, other(seed, run) if isinstance(seed, int) else seed, *arguments, **options)
        self._initial_seed = seed  # what `get_config` tells: a copy begins as this one did

    module.draw_seed, module.SeedGenerator.__init__ = draw_seed, __init__


def _set_random_seed(module, run):
    begin = module.set_random_seed

    @functools.wraps(begin)
    def set_random_seed(seed):
        begin(other(seed, run) if isinstance(seed, int) else seed)

    module.set_random_seed = set_random_seed


def _sklearn(module, run):
    begin = module.check_random_state

    @functools.wraps(begin)
    def check_random_state(seed):
        return begin(other(seed, run) if isinstance(seed, module.numbers.Integral) else seed)

    module.check_random_state = check_random_state


WHERE = {
    "numpy.random": _numpy,
    "keras.src.random.seed_generator": _keras,
    "keras.src.utils.rng_utils": _set_random_seed,
    "sklearn.utils.validation": _sklearn,
}


class _Importer:
    """Waits until a module is imported, and changes it before anybody uses it. An entry of `sys.meta_path`."""

    def __init__(self, waiting):
        self.waiting = waiting

    def find_spec(self, name, path=None, target=None):
        change = self.waiting.pop(name, None)
        spec = importlib.machinery.PathFinder.find_spec(name, path) if change else None
        if spec is not None:
            load = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (load(module), change(module))[0]
        return spec
