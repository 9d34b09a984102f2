"""Which words of a caption name which things, and where those are: alignment that is *given*, not learned.

The grammar of the captions says which words are a noun phrase; the scene says what fits it; the masks say where that
is. Whatever a model aligns by itself is scored against this.
"""

from dataclasses import dataclass

import numpy as np

from mmcourse.scenes.image import region_shares
from mmcourse.scenes.language import parse_phrases
from mmcourse.scenes.language.claims import Exists, fits

CLEARLY = 0.25  # a cell shows a thing when the thing covers this share of it


@dataclass(frozen=True)
class Phrase:
    """A noun phrase of a caption and what it may stand for.

    ``first``, ``last``: the places of its first and last word among the caption's tokens (the last is the noun, where
    it has one). ``things``: the places in ``scene.things`` of all things that fit all that the caption says of it;
    empty where nothing does.
    """

    first: int
    last: int
    things: tuple[int, ...]


def align(caption, scene, language="en"):
    """The noun phrases of a caption with the things of a scene that each may stand for: a tuple of ``Phrase``, in the
    order of the text.

    1. The parser finds the phrases, and what the caption says of each of their mentions, there or elsewhere ("a star
       is above a circle. The star is red.").
    2. A thing fits a phrase if it has all attributes said. "A red star" of two red stars fits **both**: either is
       right. Relations do not choose between them.

    Tokens are those of the "en" or "zh" tokeniser: words, or characters. Raises as ``language.parse``.
    """
    claims, phrases = parse_phrases(caption, language)
    mentions = {claim.mention: claim for claim in claims if isinstance(claim, Exists)}
    found = []
    for first, last, numbers in phrases:
        things = {i for k in numbers for i, thing in enumerate(scene.things) if fits(mentions[k], thing)}
        found.append(Phrase(first, last, tuple(sorted(things))))
    return tuple(found)


def thing_cells(scene, rows=8, columns=8, least=CLEARLY):
    """Which cells of a grid show each thing: bool (things, rows, columns).

    A cell shows a thing that covers at least the share ``least`` of it. Where no cell is covered so far, those that are
    covered most show it; what is wholly hidden is nowhere.
    """
    shares = region_shares(scene, rows, columns)
    most = shares.max(axis=(1, 2), keepdims=True, initial=0.0)
    return (shares >= np.minimum(least, most)) & (shares > 0)


def phrase_cells(phrases, scene, rows=8, columns=8, least=CLEARLY):
    """Where each phrase is right to point: bool (phrases, rows, columns), the cells that show any thing it fits; none
    for a phrase that nothing fits. ``phrases``: as of ``align``."""
    cells = thing_cells(scene, rows, columns, least)
    found = [cells[list(phrase.things)].any(axis=0) for phrase in phrases]
    return np.array(found, bool).reshape(len(phrases), rows, columns)
