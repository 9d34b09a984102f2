"""Finding exercises: ``get("captioning.loss")`` imports ``mmcourse.exercises.captioning.loss``, and nothing else.

A topic is a folder of this package, with the name of its page. Its ``EXERCISES`` name its modules in the order in which
they are taught; each module registers the exercise of its own name, and ``quiz`` the page's quiz.
"""

import difflib
import importlib
import pkgutil
import sys

from mmcourse.exercises.sandbox import safe_repr

# The pages with exercises, in the order of the book (a test holds it to the book's contents).
PAGES = [
    "scenes", "modalities", "preparation", "text", "image", "image_objects", "audio", "video", "modalities_challenges",
    "modalities_tasks", "fusion_levels", "fusion", "fusion_choice", "graphical", "missing", "attention", "contrastive",
    "cross_attention", "autoencoder", "captioning", "captioning_decoding", "captioning_attention", "vqa", "retrieval",
    "retrieval_index", "ranking", "product_search",
]  # fmt: skip

_registry = {}


def register(exercise):
    """Makes an exercise known by its name."""
    _registry[exercise.name] = exercise


def topics():
    """The names of the topics, in the order of the book."""
    found = sorted(m.name for m in pkgutil.iter_modules(sys.modules[__package__].__path__) if m.ispkg)
    return sorted(found, key=lambda name: PAGES.index(name) if name in PAGES else len(PAGES))


def taught(topic):
    """The names of a topic's exercises, as its folder lists them; no exercise is imported."""
    return [f"{topic}.{part}" for part in importlib.import_module(f"{__package__}.{topic}").EXERCISES]


def names(page=None):
    """The names of all exercises, or of one page's, page by page in the order in which they are taught."""
    found = [name for topic in topics() if page in (None, topic) for name in taught(topic)]
    return found + sorted(name for name in _registry if name not in found and page in (None, _page(name)))


def get(name):
    """The exercise of that name; a LookupError that proposes the nearest names where there is none.

    Raises TypeError where the name is no string (most often because name and answer were swapped).
    """
    if not isinstance(name, str):
        raise TypeError(f"First the exercise's name, then the answer. Received: name={safe_repr(name)}.")
    module = f"{__package__}.{name}"
    if name not in _registry:
        topic = _page(name)
        if topic not in topics() or name not in taught(topic):
            raise LookupError(unknown("exercise", name, names()))
        importlib.import_module(module)
    elif module in sys.modules:
        importlib.import_module(module)  # another thread may be in the middle of it: wait until it is whole
    return _registry[name]


def unknown(what, name, allowed):
    """The sentence for a name that does not exist."""
    longest = 2 * max(map(len, allowed), default=0)
    near = difflib.get_close_matches(name, allowed, n=3, cutoff=0.5) if len(name) <= longest else []
    near += [a for a in allowed if a.endswith("." + name) and a not in near]
    proposal = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"There are: {', '.join(allowed)}."
    return f"There is no {what} of that name. Received: name={safe_repr(name)}. {proposal}"


def _page(name):
    return name.partition(".")[0]
