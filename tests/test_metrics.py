"""Caption scores, against pycocoevalcap, the official scores of coco-caption, and by hand."""

import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracles import oracle

from mmcourse.metrics import CAPTION_METRICS, bleu, bootstrap_interval, caption_scores, sentence_statistics
from mmcourse.metrics.captions import longest_common_subsequence

quick = settings(deadline=None, max_examples=80)
words = st.sampled_from(["a", "a", "b", "c", "d"])  # few words, so that n-grams repeat and match
sentence = st.lists(words, min_size=1, max_size=9).map(" ".join)
image = st.tuples(st.one_of(st.just(""), sentence), st.lists(sentence, min_size=1, max_size=4))

CANDIDATES = ["a dog runs on the grass", "two people on a red bike", "a cat"]
REFERENCES = [
    ["A dog runs on the green grass .", "the dog is running"],
    ["Two people ride a red bike.", "two men on a bike"],
    ["a black cat sleeps", "cat on a sofa"],
]


def coco(candidates, references):
    """The scores and per-image scores of pycocoevalcap, an independent implementation."""
    bleu4, cider, rouge = (oracle(f"pycocoevalcap.{name}.{name}") for name in ("bleu", "cider", "rouge"))
    truth, answers = dict(enumerate(references)), {i: [c] for i, c in enumerate(candidates)}
    b, b_images = bleu4.Bleu(4).compute_score(truth, answers, verbose=0)
    r, r_images = rouge.Rouge().compute_score(truth, answers)
    c, c_images = cider.Cider().compute_score(truth, answers)
    return [*b, r, c], np.array([*b_images, r_images, c_images])


@quick
@given(st.lists(image, min_size=2, max_size=5))
@example([("", ["a"]), ("a", ["b"])])
@example([("a a a a a", ["a a", "a"]), ("b", ["b"])])
def test_equals_pycocoevalcap(images):
    candidates, references = zip(*images, strict=True)
    expected, per_image = coco(candidates, references)
    scores = caption_scores(candidates, references, tokenize="spaces")
    assert tuple(scores) == CAPTION_METRICS
    np.testing.assert_allclose(list(scores.values()), expected, rtol=0, atol=1e-9)
    s = sentence_statistics(candidates, references, tokenize="spaces")
    ours = [*bleu(s.correct, s.guessed, s.length, s.reference_length).T, s.rouge_l, s.cider_d]
    np.testing.assert_allclose(ours, per_image, rtol=0, atol=1e-9)


def test_the_official_scores_of_coco_caption(data_dir):
    folder = data_dir("coco_caption_ref")
    images = json.loads((folder / "fakecap_tokenized_refs.json").read_text(encoding="utf-8"))
    official = json.loads((folder / "expected_scores.json").read_text(encoding="utf-8"))
    scores = caption_scores([i["test"] for i in images], [i["refs"] for i in images], tokenize="spaces")
    for name, theirs in zip(CAPTION_METRICS, ("Bleu_1", "Bleu_2", "Bleu_3", "Bleu_4", "ROUGE_L", "CIDEr"), strict=True):
        assert round(scores[name], 3) == official[theirs]


def test_by_hand():
    """Two images of which one is right; all n-grams are different, and each is in one image of two (idf ln 2)."""
    scores = caption_scores(["a b c d e", "x x"], [["a b c d e"], ["f g"]], tokenize="spaces")
    assert scores["BLEU-1"] == pytest.approx(5 / 7)
    assert scores["BLEU-2"] == pytest.approx(np.sqrt(5 / 7 * 4 / 5))
    assert scores["BLEU-4"] == pytest.approx((5 / 7 * 4 / 5 * 1 * 1) ** 0.25)
    assert scores["ROUGE-L"] == pytest.approx(1 / 2)
    assert scores["CIDEr-D"] == pytest.approx(10 / 2)


def test_brevity_takes_the_closest_reference():
    s = sentence_statistics(["a b c", "a"], [["a b c d e", "a b c d", "a b"], ["a b c"]], tokenize="spaces")
    np.testing.assert_array_equal(s.reference_length, [2, 3])  # of two as close (2 and 4) the shorter
    assert s.scores()["BLEU-1"] == pytest.approx(np.exp(1 - 5 / 4))


def test_rouge_takes_precision_and_recall_from_different_references():
    s = sentence_statistics(["a b x y", "q"], [["a", "a b c x y d e f"], ["q"]], tokenize="spaces")
    p, r = 4 / 4, 1 / 1  # precision from the second reference, recall from the first
    assert s.rouge_l[0] == pytest.approx((1 + 1.44) * p * r / (r + 1.44 * p))


def test_mean_sentence_bleu_is_not_corpus_bleu():
    """Erratum 39."""
    s = sentence_statistics(CANDIDATES, REFERENCES)
    mean = bleu(s.correct, s.guessed, s.length, s.reference_length)[:, 3].mean()
    assert mean < 0.6 * s.scores()["BLEU-4"]


def test_cider_of_one_image_would_be_zero_and_is_refused():
    """Erratum 39: ln(1 / 1) = 0 for every word."""
    assert coco(["a dog runs"], [["a dog runs"]])[0][5] == 0
    with pytest.raises(ValueError, match=r"Received: 1 images\. Allowed: 2 or more"):
        caption_scores(["a dog runs"], [["a dog runs"]])


def test_tokenisers():
    """Punctuation and case count only where the tokeniser keeps them."""
    cut = [["A dog runs .", "The Dog"], ["two  dogs!"]]
    english = caption_scores(["a dog runs", "two dogs"], cut, "en")
    assert english["BLEU-1"] == pytest.approx(1)
    assert caption_scores(["a dog runs", "two dogs"], cut, "spaces")["BLEU-1"] < 0.7
    assert caption_scores(["a dog runs", "two dogs"], cut, lambda s: s.lower().strip(" .!").split()) == english
    listed = caption_scores([["a", "dog"], ["two", "dogs"]], [[["a", "dog"]], [["two", "dogs"]]], "none")
    assert listed["BLEU-2"] == pytest.approx(1)
    chinese = caption_scores(["一只狗在跑", "两个人"], [["一只狗在跑。"], ["两 个人！"]], "zh")
    assert chinese["BLEU-2"] == pytest.approx(1)


def test_order_of_images_and_of_references_is_free():
    a = caption_scores(CANDIDATES, REFERENCES)
    b = caption_scores(CANDIDATES[::-1], [r[::-1] for r in REFERENCES[::-1]])
    assert a == pytest.approx(b, abs=1e-12)


def test_sentences_without_tokens_match_nothing():
    assert set(caption_scores(["", "..."], [["", "!"], ["a dog"]]).values()) == {0.0}


@pytest.mark.parametrize(
    ("candidates", "references", "options", "error", "words"),
    [
        (["a", "b"], [["a"]], {}, ValueError, "2 candidates, 1 references"),
        ([], [], {}, ValueError, "0 images"),
        (["a", "b"], [["a"], []], {}, ValueError, r"references\[1\]=\[\]"),
        (["a", "b"], [["a"], ["b"]], {"tokenize": "ptb"}, ValueError, "tokenize='ptb'.*'en', 'zh', 'spaces', 'none'"),
        (["a", "b"], ["a", "b"], {}, TypeError, r"references\[0\]='a'"),
        ([["a"], ["b"]], [["a"], ["b"]], {}, TypeError, "is a str"),
        (["a", "b"], [["a"], ["b"]], {"tokenize": "none"}, TypeError, "is a list"),
        ("ab", ["a", "b"], {}, TypeError, "one string"),
    ],
)
def test_errors(candidates, references, options, error, words):
    with pytest.raises(error, match=words):
        caption_scores(candidates, references, **options)


@quick
@given(st.lists(words, max_size=9), st.lists(words, max_size=9))
def test_longest_common_subsequence_equals_the_table(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j])
    assert longest_common_subsequence(a, b) == table[-1, -1]


def test_bootstrap_equals_scoring_the_drawn_sentences():
    """Oracle: BLEU and ROUGE-L by pycocoevalcap of the drawn sentences themselves; CIDEr-D of the fixed idf."""
    candidates, references = CANDIDATES * 2, [[r.lower().replace(".", "").strip() for r in rs] for rs in REFERENCES * 2]
    fixed = coco(candidates, references)[1][5]
    rng, drawn = np.random.default_rng(3), []
    for _ in range(20):
        i = rng.integers(6, size=6)
        scores = coco([candidates[k] for k in i], [references[k] for k in i])[0]
        drawn.append([*scores[:5], fixed[i].mean()])
    expected = np.quantile(drawn, [0.1, 0.9], axis=0)
    every = bootstrap_interval(candidates, references, resamples=20, seed=3, level=0.8)
    assert tuple(every) == CAPTION_METRICS
    np.testing.assert_allclose(np.transpose(list(every.values())), expected, atol=1e-9)
    assert bootstrap_interval(candidates, references, "BLEU-2", resamples=20, seed=3, level=0.8) == every["BLEU-2"]


def test_bootstrap_interval_holds_the_score_and_narrows():
    few, many = (bootstrap_interval(CANDIDATES * k, REFERENCES * k, "BLEU-1", resamples=200) for k in (5, 80))
    score = caption_scores(CANDIDATES * 80, REFERENCES * 80)["BLEU-1"]
    assert few[0] < many[0] < score < many[1] < few[1]
    assert many == bootstrap_interval(CANDIDATES * 80, REFERENCES * 80, "BLEU-1", resamples=200)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"metric": "METEOR"}, r"Received: metric='METEOR'\. Allowed: BLEU-1, .*CIDEr-D, None"),
        ({"level": 95}, r"Received: level=95\. Allowed: between 0 and 1"),
        ({"level": 0}, r"Received: level=0\."),
        ({"level": 1}, r"Received: level=1\."),
        ({"resamples": 0}, r"Received: resamples=0\."),
    ],
)
def test_bootstrap_errors(options, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(CANDIDATES, REFERENCES, **options)
