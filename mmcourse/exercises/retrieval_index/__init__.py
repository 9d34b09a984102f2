"""Exercises of the page `retrieval_index`, in the order in which they are taught, and its quiz."""

EXERCISES = ("blocks", "lengths", "whole", "cells")
