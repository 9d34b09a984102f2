"""Exercises of the page `captioning_decoding`, in the order in which they are taught, and its quiz."""

EXERCISES = ("greedy", "length_penalty", "bleu", "beam", "wider")
