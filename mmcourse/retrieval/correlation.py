"""Two linear encoders found in closed form, and a cure for vectors that are near to everything."""

import numpy as np
from scipy import linalg, sparse

from mmcourse._machinery.checks import (
    check_finite,
    check_integers,
    check_number,
    check_numbers,
    check_one_of,
    check_whole,
)


class CanonicalCorrelation:
    """Two linear maps into one space, in which what belongs together correlates most (Hotelling, 1936, "Relations
    between two sets of variates"; with a ridge: Vinod, 1976, "Canonical ridge and econometrics of joint production").

    1. C_aa, C_bb, C_ab = covariances of the pairs; C_aa and C_bb get ``ridge`` times their trace on the diagonal
    2. C_aa = L_a L_aᵀ, C_bb = L_b L_bᵀ (Cholesky); L_a⁻¹ C_ab L_b⁻ᵀ = U S Vᵀ, of which the ``units`` largest are kept
    3. W_a = L_a⁻ᵀ U S, W_b = L_b⁻ᵀ V S: each direction counts by its correlation (after Gong, Ke, Isard and Lazebnik,
       2014, "A multi-view embedding space for modeling Internet images, tags, and their semantics")
    4. a vector is (x - mean) W, divided by its length

    Nothing is drawn by chance but the start of the search for the largest singular values, and there are no epochs.

    Args:
        units: size d of the shared space, at most that of the smaller side.
        ridge: {name: share of the total variance}, above 0; it decides how far rare features are trusted.
        seed: of the search in 2.
    Attributes after ``fit``: ``correlations`` (d,), S, largest first, in train; ``names``, the two modalities.
    """

    def __init__(self, units, ridge, seed=0):
        check_whole(units=units)
        if not isinstance(ridge, dict) or len(ridge) != 2:
            raise ValueError(f"Received: ridge={ridge!r}. Allowed: a dict of two shares above 0, by modality.")
        for name, share in ridge.items():
            check_number("a share above 0", above=0, **{f"ridge[{name!r}]": share})
        self.units, self.ridge, self.seed = units, dict(ridge), seed
        self.names = tuple(ridge)

    def fit(self, batch, rows=None):
        """Learn from pairs: {name: (n, d_a), name: (m, d_b)}, dense or SciPy sparse (which stays sparse).

        ``rows``: int (m,), which row of the first modality belongs to each row of the second; None: the same one. The
        first is the one named first in ``ridge``. Returns itself.
        """
        from sklearn.utils.extmath import randomized_svd

        if not isinstance(batch, dict) or set(self.names) - set(batch):
            came = sorted(batch) if isinstance(batch, dict) else type(batch).__name__
            raise ValueError(f"Received: a batch of {came}. Allowed: a dict with {list(self.names)}.")
        a, b = (_table(name, batch[name]) for name in self.names)
        m = b.shape[0]
        if m < 2:
            raise ValueError(f"Received: {m} pairs. Allowed: 2 or more.")
        check_integers(rows=(np.arange(m) if rows is None else rows, "m"))
        rows = np.arange(m) if rows is None else np.asarray(rows)
        if len(rows) != m or (m and not 0 <= rows.min() <= rows.max() < a.shape[0]):
            raise ValueError(
                f"Received: {len(rows)} rows, up to {rows.max(initial=-1)}. Allowed: {m}, below {a.shape[0]}."
            )
        if self.units > min(a.shape[1], b.shape[1]):
            raise ValueError(f"Received: units={self.units}. Allowed: up to {min(a.shape[1], b.shape[1])}.")
        pairs = sparse.csr_matrix((np.ones(m, a.dtype), (rows, np.arange(m))), shape=(a.shape[0], m))
        counts = np.asarray(pairs.sum(axis=1)).ravel() / m  # how often each row of a is used
        means = [np.asarray(counts @ a).ravel(), np.asarray(b.mean(axis=0)).ravel()]
        weighted = sparse.diags(counts) @ a
        squares = [_dense(a.T @ weighted), _dense(b.T @ b) / m]
        factors = []
        for name, square, mean in zip(self.names, squares, means, strict=True):
            square -= np.outer(mean, mean)
            square.flat[:: len(square) + 1] += self.ridge[name] * np.trace(square)
            factors.append(linalg.cholesky(square, lower=True, overwrite_a=True, check_finite=False))
        between = _dense((pairs @ b).T @ a).T / m - np.outer(*means)  # (d_a, d_b)
        half = linalg.solve_triangular(factors[0], between, lower=True, check_finite=False)
        table = linalg.solve_triangular(factors[1], half.T, lower=True, check_finite=False).T
        u, s, vt = randomized_svd(table, self.units, n_iter=7, random_state=self.seed)
        self.correlations = s
        self._maps = {
            name: (mean, linalg.solve_triangular(factor, side * s, lower=True, trans="T", check_finite=False))
            for name, mean, factor, side in zip(self.names, means, factors, (u, vt.T), strict=True)
        }
        return self

    def encode(self, name, x, units=None):
        """One modality alone, (n, d_a) or (n, d_b) -> unit vectors (n, units): the first ``units`` of the space,
        or all. A row that is the mean of train has no direction and stays zero."""
        check_one_of(self.names, name=name)
        mean, weights = self._maps[name]
        if units is not None:
            check_whole(units=units)
        if (units or 0) > weights.shape[1]:
            raise ValueError(f"Received: units={units}. Allowed: 1 to {weights.shape[1]}.")
        x = _table(name, x)
        if x.shape[1] != len(mean):
            raise ValueError(f"Received: {name} of shape {x.shape}. Allowed: (n, {len(mean)}), as in fit.")
        weights = weights[:, :units]
        y = np.asarray(x @ weights) - mean @ weights
        length = np.linalg.norm(y, axis=1, keepdims=True)
        return y / np.where(length > 0, length, 1)


def _table(name, x):
    """(n, d) of finite numbers, dense or sparse as it came."""
    if sparse.issparse(x):
        check_finite(**{name: x.data})
        return x
    check_numbers(**{name: (x, "n d")})
    return np.asarray(x)


def _dense(x):
    return x.toarray() if sparse.issparse(x) else np.array(x)


def hubness(vectors, bank, sharpness):
    """How near each vector is to everything: log mean exp(sharpness · cosine) / sharpness over a bank, (n, d) and
    (m, d), unit vectors -> (n,).

    In spaces of many dimensions a few items, the hubs, are near to most queries (Radovanović, Nanopoulos and Ivanović,
    2010, "Hubs in space"). The bank holds vectors of the *other* modality, of train: what queries look like.
    ``sharpness`` near 0 gives the mean cosine, a large one that of the nearest.
    """
    check_number("above 0", above=0, sharpness=sharpness)
    check_numbers(vectors=(vectors, "n d"), bank=(bank, "m d"))
    vectors, bank = np.asarray(vectors), np.asarray(bank)
    if not len(bank):
        raise ValueError(f"Received: bank of shape {bank.shape}. Allowed: (m, d), m of 1 or more.")
    out = np.empty(len(vectors))
    for first in range(0, len(vectors), 512):  # a bounded table at a time
        logits = sharpness * (vectors[first : first + 512] @ np.transpose(bank))
        top = logits.max(axis=1)
        out[first : first + 512] = (top + np.log(np.exp(logits - top[:, None]).mean(axis=1))) / sharpness
    return out


def without_hubs(a, b, bank_a, bank_b, sharpness):
    """Cosines of all with all, less what each has with everything: (n, d) and (m, d) -> (n, m).

    similarity[i, j] = aᵢ · bⱼ - hubness(aᵢ, bank_b) - hubness(bⱼ, bank_a). Among the answers to one query its own
    term changes nothing; that of the answers brings hubs down (Smith, Turban, Hamblin and Hammerla, 2017, "Offline
    bilingual word vectors, orthogonal transformations and the inverted softmax"; with a bank of train queries:
    Bogolin, Croitoru, Jin, Liu and Albanie, 2022, "Cross modal retrieval with querybank normalisation"). No other query
    of the examination is looked at.
    """
    check_numbers(a=(a, "n d"), b=(b, "m d"), bank_a=(bank_a, "k d"), bank_b=(bank_b, "l d"))
    return np.asarray(a) @ np.transpose(b) - hubness(a, bank_b, sharpness)[:, None] - hubness(b, bank_a, sharpness)
