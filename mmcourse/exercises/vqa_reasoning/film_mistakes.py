"""What goes wrong in `vqa_reasoning.film`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.vqa_reasoning.film import film, modulate


def _parts(questions, W, b):
    """Scales and shifts, (n, 1, 1, c) each."""
    scale, shift = np.split(questions @ W + b, 2, axis=1)
    return scale[:, None, None], shift[:, None, None]


@film.mistake(
    "The scale is not increased by one: a question of zeros would wipe the picture out. Multiply by 1 + scale."
)
def without_one(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps * scale + shift


@film.mistake("Scales and shifts are exchanged: the first c numbers are the scales.")
def exchanged(maps, questions, W, b):
    shift, scale = _parts(questions, W, b)
    return maps * (1 + scale) + shift


@film.mistake("You take every other number for a scale. First come all c scales, then all c shifts.")
def interleaved(maps, questions, W, b):
    both = (questions @ W + b)[:, None, None]
    return maps * (1 + both[..., ::2]) + both[..., 1::2]


@film.mistake("The shift is added first, and scaled with the rest. Scale, and then shift.")
def shifted_first(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return (maps + shift) * (1 + scale)


@film.mistake("The shift is missing.")
def no_shift(maps, questions, W, b):
    return maps * (1 + _parts(questions, W, b)[0])


@film.mistake("The scale is missing: maps are only shifted.")
def no_scale(maps, questions, W, b):
    return maps + _parts(questions, W, b)[1]


@film.mistake("The shift is taken away. Add it.")
def shift_taken(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps * (1 + scale) - shift


@film.mistake("You multiply by 1 - scale. It is 1 + scale.")
def one_minus(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps * (1 - scale) + shift


@film.mistake("One is added to the shift as well. Only scales are given less one.")
def one_more_shift(maps, questions, W, b):
    return modulate(maps, questions, W, b) + 1


@film.mistake("The bias `b` is missing.")
def no_bias(maps, questions, W, b):
    return modulate(maps, questions, W, 0 * b)


@film.mistake(
    "All pictures are steered by the mean of the questions, so that an answer depends on what else is in the batch. "
    "Each has its own."
)
def mean_question(maps, questions, W, b):
    return modulate(maps, np.tile(questions.mean(axis=0), (len(maps), 1)), W, b)


@film.mistake("All pictures are steered by the first question. Each has its own.")
def first_question(maps, questions, W, b):
    return modulate(maps, np.tile(questions[0], (len(maps), 1)), W, b)


@film.mistake("Pictures are steered by the questions of their neighbours in the batch.")
def neighbour(maps, questions, W, b):
    return modulate(maps, np.roll(questions, 1, axis=0), W, b)


@film.mistake("All channels have the same scale and shift, the mean of all. Each channel has its own.")
def one_for_all(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps * (1 + scale.mean(axis=-1, keepdims=True)) + shift.mean(axis=-1, keepdims=True)


@film.mistake("The channels are in the other order: scale k belongs to channel k.")
def backwards(maps, questions, W, b):
    return modulate(maps[..., ::-1], questions, W, b)[..., ::-1]


@film.mistake("A ReLU cuts off what is below zero. In the network it comes later.")
def cut(maps, questions, W, b):
    return np.maximum(modulate(maps, questions, W, b), 0)


@film.mistake("The maps are normalised first. In the network a layer before does that.")
def normalised(maps, questions, W, b):
    deviation = maps.std(axis=-1, keepdims=True)
    return modulate((maps - maps.mean(axis=-1, keepdims=True)) / np.where(deviation > 0, deviation, 1), questions, W, b)


@film.mistake("The scale went through a sigmoid: it is a gate then, between 0 and 1. It is the plain number.")
def gated(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps / (1 + np.exp(-scale)) + shift


@film.mistake("The scale went through an exponential. It is the plain number, and one is added.")
def exponential(maps, questions, W, b):
    scale, shift = _parts(questions, W, b)
    return maps * np.exp(scale) + shift


@film.mistake("The result is scaled and shifted, and the maps are added once more. The one in 1 + scale does that.")
def added_again(maps, questions, W, b):
    return maps + modulate(maps, questions, W, b)


@film.mistake("You return scales and shifts side by side, `(n, 2c)`. Apply them to the maps.")
def only_numbers(maps, questions, W, b):
    return questions @ W + b


@film.mistake("The maps are averaged over all places. Every place stays, and all are scaled alike.")
def pooled(maps, questions, W, b):
    return modulate(maps, questions, W, b).mean(axis=(1, 2))
