"""Factors, exact inference and Bayesian networks: against enumeration by hand, and against pgmpy."""

import itertools
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import oracle

from mmcourse.graphical import (
    MISSING,
    BayesianNetwork,
    Factor,
    elimination,
    enumeration,
    most_probable,
    product,
)

STATES = {"label": 2, "tone": 3, "words": 2, "voice": 3, "face": 2}
PARENTS = {"tone": ("label",), "words": ("label",), "voice": ("tone",), "face": ("tone", "label")}


def random_network(rng, states=STATES, parents=PARENTS):
    network = BayesianNetwork(states, parents)
    shapes = {n: [states[p] for p in (*network.parents[n], n)] for n in states}
    return network.with_tables({n: rng.dirichlet(np.ones(s[-1]), s[:-1]) for n, s in shapes.items()})


def joint_by_hand(network):
    """p of every combination, {values: probability}, by a loop over the definition."""
    names, out = list(network.states), {}
    for values in itertools.product(*(range(n) for n in network.states.values())):
        at, p = dict(zip(names, values, strict=True)), 1.0
        for name in names:
            p *= network.tables[name][tuple(at[x] for x in (*network.parents[name], name))]
        out[values] = p
    return out


def by_hand(network, query, evidence):
    names, answer = list(network.states), np.zeros(network.states[query])
    for values, p in joint_by_hand(network).items():
        at = dict(zip(names, values, strict=True))
        if all(at[n] == v for n, v in evidence.items()):
            answer[at[query]] += p
    return answer / answer.sum()


@st.composite
def networks(draw):
    """Any graph over up to six variables of one to three values, with random tables."""
    m = draw(st.integers(1, 6))
    names = draw(st.permutations([f"x{i}" for i in range(m)]))
    states = {name: draw(st.integers(1, 3)) for name in names}
    parents = {names[i]: tuple(draw(st.sets(st.sampled_from(names[:i]), max_size=3))) for i in range(1, m)}
    return random_network(np.random.default_rng(draw(st.integers(0, 10**6))), states, parents)


def pgmpy(module):
    with warnings.catch_warnings():  # it announces its own next version
        warnings.simplefilter("ignore")
        return oracle(f"pgmpy.{module}")


def as_pgmpy(network):
    model = pgmpy("models").DiscreteBayesianNetwork([(p, n) for n, each in network.parents.items() for p in each])
    model.add_nodes_from(network.states)
    for name, table in network.tables.items():
        parents, size = network.parents[name], network.states[name]
        values = np.moveaxis(table, -1, 0).reshape(size, -1)
        sizes = [network.states[p] for p in parents]
        evidence = {"evidence": list(parents) or None, "evidence_card": sizes or None}
        model.add_cpds(pgmpy("factors.discrete").TabularCPD(name, size, values, **evidence))
    return model


# ── factors ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_product_agrees_by_name():
    rng = np.random.default_rng(0)
    f, g = Factor("ab", rng.random((2, 3))), Factor("cb", rng.random((4, 3)))
    h = f * g
    assert h.names == ("a", "b", "c")
    for a, b, c in np.ndindex(2, 3, 4):
        assert h.table[a, b, c] == pytest.approx(f.table[a, b] * g.table[c, b])
    np.testing.assert_allclose((g * f).ordered("abc").table, h.table)
    assert product([]).table == 1


def test_summing_maximising_and_evidence():
    table = np.random.default_rng(1).random((2, 3, 4))
    f = Factor(("a", "b", "c"), table)
    np.testing.assert_allclose(f.sum_out("c", "a").table, table.sum((0, 2)))
    np.testing.assert_allclose(f.max_out("b").table, table.max(1))
    np.testing.assert_allclose(f.given({"b": 2, "elsewhere": 7}).table, table[:, 2])
    assert f.normalised().table.sum() == pytest.approx(1)
    assert f.ordered(("c", "a", "b")).table.shape == (4, 2, 3)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda f: Factor("a", np.ones((2, 2))), "Received: names=('a',), a table of shape (2, 2). Allowed: a name"),
        (lambda f: Factor("aa", np.ones((2, 2))), "Received: names=('a', 'a'), a table of shape (2, 2). Allowed: "),
        (lambda f: f * Factor("b", np.ones(5)), "Received: 'b' with 3 and with 5 values."),
        (lambda f: f.sum_out("z"), "Unknown variable. Received: 'z'. Allowed: a, b."),
        (lambda f: f.given({"a": 2}), "Received: a=2. Allowed: 0 to 1."),
        (lambda f: f.given({"b": -1}), "Received: b=-1. Allowed: 0 to 2."),
        (lambda f: f.ordered("a"), "Received: names=('a',). Allowed: ('a', 'b'), in any order."),
        (lambda f: Factor("a", [0, 0]).normalised(), "Received: a factor whose entries are all 0."),
    ],
)
def test_factors_refuse_what_does_not_fit(wrong, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        wrong(Factor("ab", np.ones((2, 3))))


# ── inference ───────────────────────────────────────────────────────────────────────────────────────


@given(networks(), st.data())
@settings(max_examples=120, deadline=None)
def test_elimination_is_enumeration_whatever_the_order(network, data):
    names, factors = list(network.states), network.factors()
    query = data.draw(st.sampled_from(names))
    rest = [name for name in names if name != query]
    known = {n: data.draw(st.integers(0, network.states[n] - 1)) for n in rest if data.draw(st.booleans())}
    wanted = by_hand(network, query, known)
    np.testing.assert_allclose(enumeration(factors, query, known).table, wanted, rtol=1e-9)
    own = data.draw(st.permutations([name for name in rest if name not in known]))
    for order in ("min-fill", "min-size", own):
        answer = elimination(factors, query, known, order)
        np.testing.assert_allclose(answer.marginal.table, wanted, rtol=1e-9)
        assert sorted(answer.order) == sorted(own)


@given(networks(), st.data())
@settings(max_examples=60, deadline=None)
def test_the_most_probable_values_are_those_of_the_largest_entry(network, data):
    names = list(network.states)
    known = {n: data.draw(st.integers(0, network.states[n] - 1)) for n in names if data.draw(st.booleans())}
    joint = {
        values: p
        for values, p in joint_by_hand(network).items()
        if all(values[names.index(n)] == v for n, v in known.items())
    }
    found = network.most_probable(known)
    assert joint[tuple(found[n] for n in names)] == pytest.approx(max(joint.values()))
    assert known.items() <= found.items()


def test_the_most_probable_together_is_not_the_most_probable_each():
    joint = [Factor("ab", [[0.3, 0.3], [0.4, 0.0]])]
    assert most_probable(joint) == {"a": 1, "b": 0}
    assert enumeration(joint, "a").table.argmax() == 0


def test_a_joint_question_keeps_the_order_of_the_names():
    network = random_network(np.random.default_rng(2))
    a = enumeration(network.factors(), ("face", "label"), {"words": 1})
    b = elimination(network.factors(), ("face", "label"), {"words": 1}).marginal
    assert a.names == b.names == ("face", "label") and a.table.shape == (2, 2)
    np.testing.assert_allclose(a.table, b.table)


def test_the_order_decides_the_cost():
    """A star: to sum out the middle first joins all its neighbours; the leaves first join nothing."""
    leaves = [f"leaf{i}" for i in range(8)]
    star = [Factor(("middle", leaf), np.ones((3, 3))) for leaf in leaves]
    good = elimination(star, "leaf0")
    bad = elimination(star, "leaf0", order=["middle", *leaves[1:]])
    assert good.largest == 9 and bad.largest == 3**9 and bad.order == ("middle", *leaves[1:])
    assert elimination(star[:1], ("leaf0", "middle"))[1:] == ((), 9)  # nothing to sum out
    np.testing.assert_allclose(good.marginal.table, bad.marginal.table)
    assert elimination(star, "leaf0", order="min-size").largest == 9


def test_the_two_rules_for_the_order_choose_as_they_say():
    """A ring of four small variables (to lose one, two neighbours get a link) and a pair of large ones (no link)."""
    ring = [Factor(pair, np.ones((2, 2))) for pair in ("ab", "bc", "cd", "da")]
    factors = [*ring, Factor("yz", np.ones((50, 50)))]
    assert elimination(factors, "a", order="min-fill").order[0] in "yz"
    assert elimination(factors, "a", order="min-size").order[0] in "bcd"


@pytest.mark.parametrize("ask", [enumeration, elimination])
def test_questions_that_make_no_sense_are_refused(ask):
    factors = [Factor("ab", [[0.5, 0.5], [0, 0]])]
    for query, evidence, message in (
        ("z", {}, "Unknown variable. Received: 'z'. Allowed: a, b."),
        ("a", {"z": 0}, "Unknown variable. Received: 'z'. Allowed: a, b."),
        ("a", {"a": 0}, "Received: 'a' asked for and given. Allowed: one of the two."),
        ("b", {"a": 1}, "Received: a factor whose entries are all 0. Allowed: evidence that can happen."),
        ("b", {"a": 2}, "Received: a=2. Allowed: 0 to 1."),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            ask(factors, query, evidence)


def test_orders_that_make_no_sense_and_impossible_evidence_are_refused():
    factors = [Factor("ab", [[0.5, 0.5], [0, 0]])]
    for order, message in (
        ("best", "Unknown order. Received: order='best'. Allowed: names, or one of min-fill, min-size."),
        (["z"], "Received: order=('z',). Allowed: ('b',) in any order."),
        ([], "Received: order=(). Allowed: ('b',) in any order."),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            elimination(factors, "a", order=order)
    with pytest.raises(ValueError, match="Received: a factor whose entries are all 0"):
        most_probable(factors, {"a": 1})


# ── networks ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(3))
def test_pgmpy_gives_the_same_marginals(seed):
    network = random_network(np.random.default_rng(seed))
    theirs = pgmpy("inference").VariableElimination(as_pgmpy(network))
    asked = {"label": {"words": 1, "face": 0}, "tone": {"voice": 2}, "face": {}, "voice": {"label": 0}}
    for query, evidence in asked.items():
        wanted = theirs.query([query], evidence=evidence, show_progress=False).values
        np.testing.assert_allclose(elimination(network.factors(), query, evidence).marginal.table, wanted)
    wanted = theirs.map_query(["label", "tone", "voice", "face"], evidence={"words": 1}, show_progress=False)
    assert network.most_probable({"words": 1}) == {**wanted, "words": 1}


@pytest.mark.parametrize("pseudo_count", [0, 1, 2.5])
def test_learned_tables_are_those_of_pgmpy(pseudo_count):
    data = random_network(np.random.default_rng(3)).sample(800, np.random.default_rng(4))
    network = BayesianNetwork(STATES, PARENTS).fit(data, pseudo_count)
    model = pgmpy("models").DiscreteBayesianNetwork([(p, n) for n, each in PARENTS.items() for p in each])
    names = {name: list(range(size)) for name, size in STATES.items()}
    frame, estimators = pd.DataFrame(data), pgmpy("parameter_estimator")
    if pseudo_count:
        estimator = estimators.DiscreteBayesianEstimator(names, prior_type="dirichlet", pseudo_counts=pseudo_count)
    else:
        estimator = estimators.DiscreteMLE(names)
    learned = {table.variables[0]: table for table in estimator.fit(model, frame).parameters_}
    for name in STATES:
        theirs = Factor(learned[name].variables, learned[name].values).ordered((*network.parents[name], name))
        np.testing.assert_allclose(network.tables[name], theirs.table)


def test_learned_tables_come_near_the_true_ones():
    true = random_network(np.random.default_rng(5))
    learned = BayesianNetwork(STATES, PARENTS).fit(true.sample(200_000, np.random.default_rng(6)))
    for name in STATES:
        np.testing.assert_allclose(learned.tables[name], true.tables[name], atol=0.02)


def test_what_is_missing_is_summed_out():
    network = random_network(np.random.default_rng(7))
    data = {"words": np.array([0, 1, 1, 0]), "face": np.array([1, MISSING, 0, MISSING])}
    got = network.posterior("label", data)
    assert got.shape == (4, 2)
    known = ({"words": 0, "face": 1}, {"words": 1}, {"words": 1, "face": 0}, {"words": 0})
    for row, seen in zip(got, known, strict=True):
        np.testing.assert_allclose(row, by_hand(network, "label", seen))
    nothing = network.posterior("label", {"words": np.array([MISSING])})
    np.testing.assert_allclose(nothing[0], by_hand(network, "label", {}))


def test_items_in_any_order_and_names_in_any_order():
    network = random_network(np.random.default_rng(8))
    data = network.sample(50, np.random.default_rng(9))
    seen, order = {n: data[n] for n in ("words", "voice", "face")}, np.random.default_rng(0).permutation(50)
    got = network.posterior("label", seen)
    shuffled = {n: seen[n][order] for n in reversed(seen)}
    np.testing.assert_allclose(network.posterior("label", shuffled), got[order])
    again = BayesianNetwork(dict(reversed(STATES.items())), PARENTS).fit({n: data[n][order] for n in data})
    first = BayesianNetwork(STATES, PARENTS).fit(data)
    for name in STATES:
        np.testing.assert_allclose(again.tables[name], first.tables[name])


def test_a_missing_value_counts_for_no_table_that_needs_it():
    data = {"label": np.array([0, 0, 1, 1]), "words": np.array([0, MISSING, 1, 1])}
    network = BayesianNetwork.naive("label", {"label": 2, "words": 2}).fit(data, pseudo_count=0)
    np.testing.assert_allclose(network.tables["label"], [0.5, 0.5])
    np.testing.assert_allclose(network.tables["words"], [[1, 0], [0, 1]])


def test_naive_bayes_is_that_of_scikit_learn():
    from sklearn.naive_bayes import CategoricalNB

    data = random_network(np.random.default_rng(10)).sample(300, np.random.default_rng(11))
    names = [n for n in STATES if n != "label"]
    ours = BayesianNetwork.naive("label", STATES).fit(data, 1)
    x = np.stack([data[n] for n in names], axis=1)
    # Theirs does not smooth the label itself.
    prior = (np.bincount(data["label"], minlength=2) + 1) / (300 + 2)
    theirs = CategoricalNB(alpha=1, class_prior=prior).fit(x, data["label"])
    np.testing.assert_allclose(ours.posterior("label", {n: data[n] for n in names}), theirs.predict_proba(x))


@pytest.mark.parametrize(
    "wrong, message",
    [
        (
            lambda n, d: BayesianNetwork({"a": 2, "b": 2}, {"a": ("b",), "b": ("a",)}),
            "Received: a circle among ['a', 'b']. Allowed: arrows that never lead back.",
        ),
        (lambda n, d: BayesianNetwork({"a": 2}, {"a": ("z",)}), "Unknown variable. Received: 'z'. Allowed: a."),
        (lambda n, d: BayesianNetwork({"a": 2}, {}).factors(), "no tables. Received: none. Allowed: call fit"),
        (
            lambda n, d: BayesianNetwork({"a": 2}, {}).with_tables({"a": [0.5, 0.6]}),
            "Received: for 'a' rows that are no distribution. Allowed: >= 0, sum 1.",
        ),
        (
            lambda n, d: BayesianNetwork({"a": 2}, {}).with_tables({"a": [1.5, -0.5]}),
            "Received: for 'a' rows that are no distribution. Allowed: >= 0, sum 1.",
        ),
        (
            lambda n, d: BayesianNetwork({"a": 2}, {}).with_tables({"a": [1.0]}),
            "Received: for 'a' a table of shape (1,). Allowed: (2,).",
        ),
        (lambda n, d: n.fit({**d, "face": d["face"] + 5}), "Received: 'face' with other values. Allowed: 0 to 1"),
        (lambda n, d: n.fit({"label": d["label"]}), "Received: data of ['label']. Allowed: label, tone, words"),
        (lambda n, d: n.fit(d, pseudo_count=-1), "Received: pseudo_count=-1. Allowed: >= 0."),
        (
            lambda n, d: n.fit({k: v[:1] for k, v in d.items()}, pseudo_count=0),
            "Parents of 'tone' take values together that no item has. Received: pseudo_count=0. Allowed: > 0",
        ),
        (lambda n, d: n.posterior("label", {}), "Received: data of []. Allowed: at least one variable beside 'label'."),
        (lambda n, d: n.posterior("label", {"smell": d["face"]}), "Received: data of ['smell']. Allowed: label, tone"),
    ],
)
def test_networks_refuse_what_does_not_fit(wrong, message):
    network = random_network(np.random.default_rng(0))
    with pytest.raises(ValueError, match=re.escape(message)):
        wrong(network, network.sample(10, np.random.default_rng(1)))
