"""Canonical correlation against scikit-learn and a naive derivation, and hubs."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.cross_decomposition import CCA

from mmcourse.retrieval import CanonicalCorrelation, hubness, without_hubs


def pairs(n=400, seed=0):
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal((n, 3))
    a = shared @ rng.standard_normal((3, 6)) + rng.standard_normal((n, 6)) + 2
    b = shared @ rng.standard_normal((3, 5)) + rng.standard_normal((n, 5)) - 1
    return {"image": a, "text": b}


def fitted(batch, units=3, ridge=1e-9, rows=None):
    return CanonicalCorrelation(units, {"image": ridge, "text": ridge}).fit(batch, rows)


def test_without_a_ridge_it_finds_the_correlations_of_scikit_learn():
    batch = pairs()
    model = fitted(batch)
    other = CCA(3, max_iter=5000, tol=1e-12).fit(batch["image"], batch["text"])
    x, y = other.transform(batch["image"], batch["text"])
    expected = [np.corrcoef(x[:, i], y[:, i])[0, 1] for i in range(3)]
    np.testing.assert_allclose(model.correlations, expected, atol=1e-5)


def test_it_is_the_formula():
    batch, ridge = pairs(50), 0.1
    model = fitted(batch, 2, ridge)
    a, b = (x - x.mean(0) for x in batch.values())
    roots = []
    for x in (a, b):
        values, basis = np.linalg.eigh(x.T @ x / len(x))
        roots.append(basis @ np.diag((values + ridge * values.sum()) ** -0.5) @ basis.T)
    u, s, vt = np.linalg.svd(roots[0] @ (a.T @ b / len(a)) @ roots[1])
    np.testing.assert_allclose(model.correlations, s[:2], rtol=1e-8)
    x, y = a @ roots[0] @ u[:, :2] * s[:2], b @ roots[1] @ vt[:2].T * s[:2]
    expected = x @ y.T / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(y, axis=1)
    np.testing.assert_allclose(model.encode("image", batch["image"]) @ model.encode("text", batch["text"]).T, expected)


def test_rows_are_as_good_as_copies_and_sparse_as_dense():
    rng, rows = np.random.default_rng(1), np.array([0, 0, 1, 2, 2, 2, 3, 5])
    a, b = rng.standard_normal((6, 4)), rng.standard_normal((8, 3)) * (rng.random((8, 3)) < 0.7)
    copied = fitted({"image": a[rows], "text": b}, 2, 0.05)
    for text in (b, sparse.csr_matrix(b)):
        model = fitted({"image": a, "text": text}, 2, 0.05, rows)
        np.testing.assert_allclose(model.correlations, copied.correlations)
        np.testing.assert_allclose(abs(model.encode("image", a)), abs(copied.encode("image", a)), atol=1e-9)
        np.testing.assert_allclose(abs(model.encode("text", text)), abs(copied.encode("text", b)), atol=1e-9)


def test_fewer_units_are_the_first_ones_and_all_are_of_length_one():
    batch = pairs()
    model = fitted(batch)
    whole = model.encode("text", batch["text"])
    some = model.encode("text", batch["text"], units=2)
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1)
    np.testing.assert_allclose(whole[:, :2] / np.linalg.norm(whole[:, :2], axis=1, keepdims=True), some)
    alone = model.encode("text", batch["text"][3:4])  # whoever else is there makes no difference
    np.testing.assert_allclose(alone, whole[3:4])


@pytest.mark.parametrize("units, ridge", [(0, {"a": 1, "b": 1}), (2, {"a": 1}), (2, {"a": 0, "b": 1})])
def test_nonsense_is_refused(units, ridge):
    with pytest.raises(ValueError, match=r"Allowed: a (whole number from 1|dict of two shares above 0|share above 0)"):
        CanonicalCorrelation(units, ridge)


def test_pairs_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="Received: 399 rows"):
        fitted(pairs(), rows=np.arange(399))
    with pytest.raises(ValueError, match=r"Received: units=6\. Allowed: up to 5"):
        fitted(pairs(), units=6)


# Hubs


def test_hubness_is_a_soft_maximum():
    rng = np.random.default_rng(0)
    vectors, bank = rng.standard_normal((7, 4)), rng.standard_normal((900, 4))
    cosine = vectors @ bank.T
    np.testing.assert_allclose(hubness(vectors, bank, 2), np.log(np.exp(2 * cosine).mean(1)) / 2)
    np.testing.assert_allclose(hubness(vectors, bank, 1e-6), cosine.mean(1), atol=1e-4)
    np.testing.assert_allclose(hubness(vectors, bank, 1e5), cosine.max(1), atol=1e-3)  # nothing overflows
    with pytest.raises(ValueError, match="Allowed: above 0"):
        hubness(vectors, bank, 0)


def test_a_hub_is_brought_down_and_the_order_is_that_of_the_answers():
    hub, right = np.array([1.0, 0, 0]), np.array([0.6, 0.8, 0])
    captions = np.array([[0.95, 0.31, 0], [0.97, 0, 0.24], [0.98, 0.2, 0]])
    photographs = np.stack([hub, right])
    bank_images, bank_texts = np.eye(3), np.array([[1.0, 0, 0], [0.99, 0, 0.14], [0.98, 0.2, 0]])
    assert (photographs @ captions.T)[:, 0].argmax() == 0  # the hub is nearest
    table = without_hubs(photographs, captions, bank_images, bank_texts, 10)
    assert table.shape == (2, 3) and table[:, 0].argmax() == 1
    alone = without_hubs(photographs, captions[:1], bank_images, bank_texts, 10)  # no other query matters
    np.testing.assert_allclose(alone, table[:, :1])
