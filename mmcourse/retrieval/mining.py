"""Hard negatives: what the towers as they are now confuse with the right answer."""

import numpy as np

from mmcourse._machinery.checks import check_integers, check_kind, check_numbers, check_shapes, check_whole
from mmcourse._machinery.order import Batches
from mmcourse.retrieval.index import ExactIndex


def hardest_wrong(queries, items, query_identity, item_identity, k=1):
    """For each query the k most similar items that are *not* right: int64 (n, k), places of items, hardest first.

    1. the nearest items are searched, k and as many more as one query has right answers at most
    2. those that show what the query shows are left out: the nearest item of all is most often the right one, and
       another that shows the same is no negative either

    Where fewer than k wrong items exist, -1 fills the row.

    Args:
        queries: (n, d). items: (m, d). Vectors of the two towers.
        query_identity: int (n,) or (n, j), item_identity: int (m,) or (m, j), as in
            `mmcourse.contrastive.same_identity`: one equal number is enough to be right.
        k: how many.
    """
    check_numbers(queries=(queries, "n d"), items=(items, "m d"))
    ours, theirs = _columns(query_identity, len(queries)), _columns(item_identity, len(items))
    if ours.shape[1] != theirs.shape[1]:
        raise ValueError(f"Received: {ours.shape[1]} and {theirs.shape[1]} identities. Allowed: equally many.")
    check_whole(k=k)
    most = sum(np.unique(column, return_counts=True)[1].max(initial=0) for column in theirs.T)
    index = ExactIndex(np.shape(items)[1])
    index.add(np.arange(len(items)), items)
    found, _ = index.search(queries, k + int(most))  # at most so many of them can be right
    right = (ours[:, None] == theirs[found]).any(axis=2)  # (n, k + most)
    first = np.argsort(right, axis=1, kind="stable")[:, :k]  # the wrong ones, in their order
    places = np.take_along_axis(np.where(right, -1, found), first, axis=1)
    return np.pad(places, [(0, 0), (0, k - places.shape[1])], constant_values=-1)


def _columns(identity, n):
    check_kind("iubU", "integers (n,) or (n, j)", identity=identity)  # NaN is equal to nothing
    identity = np.asarray(identity)
    identity = identity[:, None] if identity.ndim == 1 else identity
    if identity.ndim != 2 or len(identity) != n:
        raise ValueError(
            f"Received: identity of shape {identity.shape} and type {identity.dtype} for {n} vectors. "
            "Allowed: integers (n,) or (n, j)."
        )
    return identity


class MinedBatches(Batches):
    """Batches of pairs in which many are hard for each other: each seed pair brings along the pair that its query takes
    for its own. Every epoch goes through as many pairs as there are.

    Args:
        pairs: {name: (n, ...)}, as `mmcourse.contrastive.DualEncoder` takes them. identity: int (n,) or (n, j).
        partners: int (n,), the place of the pair that each one brings along, from `hardest_wrong`; -1: none. May be
            set anew between epochs.
        batch_size: an even number. seed: of the order.
    """

    def __init__(self, pairs, identity, partners, batch_size=64, seed=0, **kwargs):
        check_whole(batch_size=batch_size)
        if batch_size % 2:
            raise ValueError(f"Received: batch_size={batch_size}. Allowed: an even number.")
        if not isinstance(pairs, dict) or not pairs:
            came = f"pairs, a {type(pairs).__name__}, {pairs!r:.20}"
            raise ValueError(f"Received: {came}. Allowed: a dict of arrays (n, ...), by modality.")
        check_shapes(**{name: (x, "n …") for name, x in pairs.items()})
        _columns(identity, len(next(iter(pairs.values()))))
        self.pairs, self.identity = pairs, np.asarray(identity)
        self.partners = partners
        super().__init__(len(self.identity), batch_size, True, seed, **kwargs)

    @property
    def partners(self):
        """int (n,), the pair that each one brings along; -1: none."""
        return self._partners

    @partners.setter
    def partners(self, partners):
        check_integers(-1, partners=(partners, "n"))
        check_shapes(identity=(self.identity, "n …"), partners=(partners, "n"))
        partners = np.asarray(partners)
        if len(partners) and partners.max() >= len(partners):
            raise ValueError(f"Received: partners with {partners.max()}. Allowed: -1 to {len(partners) - 1}.")
        self._partners = partners

    def __getitem__(self, index):
        rows = self._rows(index)
        rows = rows[: (len(rows) + 1) // 2]  # the other half of the places is for those that they bring along
        brought = self.partners[rows]
        rows = np.concatenate([rows, brought[brought >= 0]])
        return {name: x[rows] for name, x in self.pairs.items()}, self.identity[rows]
