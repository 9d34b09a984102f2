"""What the exercises of the page `attention` share: how a mistake is planted that a lambda can make."""

import functools
import inspect

import numpy as np


def plant(exercise, message, **functions):
    """Plants a mistake as it is made in one or several ways, each under its name.

    A function with a parameter `softmax` stands for two: large scores overflow in the second one.
    """
    for name, function in functions.items():
        function.__name__ = name
        exercise.mistake(message)(function)
        if "softmax" in inspect.signature(function).parameters:
            other = functools.partial(function, softmax=raw_softmax)
            other.__name__ = f"{name}_overflowing"
            exercise.mistake(message)(other)


def raw_softmax(scores, axis=-1):
    """The softmax as it is written without a thought of large scores."""
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)
