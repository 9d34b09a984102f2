"""The base of all batches: how many there are, in which order, and whose turn it is."""

import math

import numpy as np

from mmcourse._machinery.checks import check_whole
from mmcourse.backend import keras


class Batches(keras.utils.PyDataset):
    """A ``keras.utils.PyDataset`` over ``n`` rows; a subclass cuts out batch ``index``, with ``self._rows(index)``.

    Raises ValueError for no rows or a batch size below 1.
    """

    def __init__(self, n, batch_size, shuffle, seed, **kwargs):
        super().__init__(**kwargs)
        check_whole(batch_size=batch_size)
        check_whole(0, seed=seed)
        if n < 1:
            raise ValueError("There is nothing to make batches of. Received: 0 items.")
        self.n, self.batch_size, self.shuffle, self.seed = n, int(batch_size), bool(shuffle), seed
        self.epoch = 0

    @property
    def epoch(self):
        """Number of the epoch whose order holds now. It may be set, by a run that goes on where another stopped."""
        return self._epoch

    @epoch.setter
    def epoch(self, number):
        self._epoch = number
        self._begin()

    def _begin(self):
        self._order = np.arange(self.n)
        if self.shuffle:
            self._order = np.random.default_rng((self.seed, self.epoch)).permutation(self.n)

    @property
    def num_batches(self):
        """How many batches an epoch has; the last may be smaller."""
        return math.ceil(self.n / self.batch_size)

    def __len__(self):
        return self.num_batches

    def on_epoch_end(self):
        """Keras calls this after every epoch, and once more before the first: the next one has another order."""
        self.epoch += 1

    def _rows(self, index):
        if not 0 <= index < self.num_batches:
            raise IndexError(f"Received: index={index}. Allowed: 0 to {self.num_batches - 1}.")
        return self._order[index * self.batch_size : (index + 1) * self.batch_size]
