"""Recorded experiment of the page `captioning_attention` on photographs: soft and hard attention by the protocol of
`captioning-flickr8k`, and their differences, paired by photograph."""

import time

import numpy as np

from mmcourse.captioning import save_captioner
from mmcourse.experiments.captioning import Photographs, minutes_of, photograph_settings
from mmcourse.experiments.results import figure, work_folder, write_results
from mmcourse.metrics import sentence_statistics

KINDS = {"soft": {"attention": "soft"}, "hard": {"attention": "hard", "soft_share": 0.5, "entropy": 0.003}}
RESAMPLES = 2000


def flickr8k(data=None, quick=False, results=None, work=None):
    """Soft and hard attention on frozen MobileNetV2 features of Flickr8k; returns the path of the record. ``data``: as
    of ``captioning.flickr8k``. The record keeps the counts of each test caption, from which any difference of BLEU and
    its paired interval can be had again, and no text."""
    start = time.perf_counter()
    work = work_folder("captioning_attention-flickr8k", quick, work)
    settings = photograph_settings("en", quick)
    photographs = Photographs(data, "en", settings, work, quick)
    figures, chosen, histories, statistics = {}, {}, [], {}
    for kind, model in KINDS.items():
        captioner, history = photographs.fitted(kind, model)
        beam, figures[kind], written = photographs.chosen(kind, captioner)
        statistics[kind] = {
            way: sentence_statistics(some, photographs.captions["test"], "en") for way, some in written.items()
        }
        chosen[kind] = {
            "width": beam[0], "length_penalty": beam[1], "best_epoch": history["best"] + 1,
            "weights": captioner.count_params(), "history": history["epochs"],
        }  # fmt: skip
        save_captioner(captioner, photographs.vocabulary, work / "trained" / kind)
        histories.append(history)
    figures["hard less soft"] = {
        way: paired_difference(statistics["hard"][way], statistics["soft"][way]) for way in ("greedy", "beam")
    }
    return write_results(
        "captioning_attention", "flickr8k", figures,
        command="python -m mmcourse.experiments captioning_attention-flickr8k --data DIR",
        seeds=[0], data_hash=photographs.data_hash, minutes=minutes_of(start, *histories),
        settings=settings | photographs.described | {"kinds": KINDS, "chosen": chosen, "resamples": RESAMPLES},
        counts={kind: {way: counts(some) for way, some in ways.items()} for kind, ways in statistics.items()},
        quick=quick, folder=results,
    )  # fmt: skip


def counts(statistics):
    """What BLEU needs of each caption, as lists of integers."""
    names = ("correct", "guessed", "length", "reference_length")
    return {name: getattr(statistics, name).astype(int).tolist() for name in names}


def paired_difference(one, other, resamples=RESAMPLES, seed=0):
    """How much better each score of one set of captions is than of another for the same images: figures, with the
    bootstrap interval of the difference, for which both are scored on the same draws of images."""
    n, rng = len(one.length), np.random.default_rng(seed)

    def difference(rows):
        a, b = one.scores(rows), other.scores(rows)
        return {name: a[name] - b[name] for name in a}

    whole = difference(np.arange(n))
    drawn = [difference(rng.integers(n, size=n)) for _ in range(resamples)]
    found = {}
    for name, value in whole.items():
        low, high = np.quantile([one[name] for one in drawn], [0.025, 0.975])
        found[name] = figure(value, (min(low, value), max(high, value)))
    return found
