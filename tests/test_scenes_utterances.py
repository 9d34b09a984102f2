"""Utterances: words, voice and face; how much of a label each of them knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline

from mmcourse.scenes.utterances import MECHANISMS, RATE, SENTIMENTS, SPLITS, TONES, Utterances, best, face, voice
from mmcourse.scenes.utterances.sampling import SPEAKERS, TONES_OF

SHARES = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(
    lambda cuts: dict(zip(MECHANISMS, np.diff([0, *sorted(cuts), 100]).tolist(), strict=True))
)


def same(a, b):
    assert a == b and a.captions == b.captions and a.truth == b.truth
    np.testing.assert_array_equal(a.audio, b.audio)
    np.testing.assert_array_equal(a.image, b.image)


# Items


def test_an_item_is_a_function_of_seed_split_and_place():
    whole = Utterances("dev", n=40)
    for place in (0, 7, 39):
        same(whole[place], Utterances("dev")[place])
        same(whole[place], whole[5:][place - 5] if place >= 5 else whole[:5][place])
    assert whole[3] != Utterances("test")[3] and whole[3].captions != Utterances("dev", seed=1)[3].captions
    assert [len(Utterances(split)) for split in SPLITS] == [4000, 1000, 1000]


def test_what_an_item_has():
    item = Utterances("train", image_size=32)[0]
    assert item.audio.dtype == np.float32 and item.audio.shape[1] == 1 and item.rate == RATE == 16000
    assert np.abs(item.audio).max() < 1 and 0.4 < len(item.audio) / RATE < 6
    assert item.image.shape == (32, 32, 3) and item.image.dtype == np.uint8
    assert item.label in (0, 1) and item.truth.tone in TONES and item.truth.sentiment in SENTIMENTS
    assert item.captions == (item.truth.text,)


def test_nobody_speaks_in_two_splits():
    heard = {split: {u.speaker for u in Utterances(split, n=300).truths()} for split in SPLITS}
    assert all(heard[split] == set(SPEAKERS[split]) for split in SPLITS)
    assert not heard["train"] & heard["test"] and not heard["train"] & heard["dev"] and not heard["dev"] & heard["test"]


def test_a_knob_changes_nothing_but_its_own():
    plain = Utterances("train", n=60)
    noisy = Utterances("train", n=60, label_noise=50, missing_audio=50, missing_text=50)
    chinese = Utterances("train", n=60, language="zh")
    for a, b, c in zip(plain, noisy, chinese, strict=True):
        assert a.truth.text == b.truth.text and (a.truth.tone, a.truth.speaker) == (b.truth.tone, b.truth.speaker)
        assert (a.truth.sentiment, a.truth.tone, a.label) == (c.truth.sentiment, c.truth.tone, c.label)
    assert 15 < (plain.labels() != noisy.labels()).sum() < 45
    assert 15 < sum(item.audio is None for item in noisy) < 45 and 15 < sum(not item.captions for item in noisy) < 45
    assert all((item.rate is None) == (item.audio is None) for item in noisy)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_are_sentences_and_their_frames_tell_nothing(language):
    collection = Utterances("train", n=1500, language=language, share={"voice": 100})
    texts, said = collection.texts(), [u.sentiment for u in collection.truths()]
    assert len(set(texts)) > 700
    assert all(text[-1] in ".。" and "{" not in text for text in texts)
    if language == "en":
        assert all(text[0].isupper() for text in texts)
        assert any(" an a" in text for text in texts) and not any(" a aw" in text or " an l" in text for text in texts)
    from mmcourse.scenes.utterances.sampling import ADJECTIVES

    bare = texts
    for words in ADJECTIVES[language].values():
        for word in words:
            bare = [text.replace(f"an {word}", "X").replace(f"a {word}", "X").replace(word, "X") for text in bare]
    counts = CountVectorizer(analyzer="char", ngram_range=(1, 3)).fit_transform(bare)
    model = LogisticRegression(max_iter=500).fit(counts[:1000], said[:1000])
    assert model.score(counts[1000:], said[1000:]) < 1 / 3 + 0.08


# How much each modality knows


@given(SHARES, st.sampled_from([0, 10, 50]))
@settings(max_examples=15, deadline=None)
def test_best_is_what_counting_finds(share, noise):
    truths = Utterances("train", n=1500, share=share, label_noise=noise).truths()
    sign = {tone: name for name, tones in TONES_OF.items() for tone in tones}
    views = {
        "words": lambda u: u.sentiment,
        "voice": lambda u: sign[u.tone],
        "both": lambda u: (u.sentiment, sign[u.tone]),
    }
    exact = best(share, noise)
    for name, see in views.items():
        found = {}
        for u in truths:
            found.setdefault(see(u), [0, 0])[u.label] += 1
        assert sum(map(max, found.values())) / len(truths) == pytest.approx(exact[name], abs=0.06)


def test_best_by_hand():
    assert best() == {"words": 0.5, "voice": 0.5, "both": 1.0}
    assert best({"redundant": 100}) == {"words": 1.0, "voice": 1.0, "both": 1.0}
    assert best({"words": 100}) == {"words": 1.0, "voice": 0.5, "both": 1.0}
    assert best({"voice": 100}) == {"words": 0.5, "voice": 1.0, "both": 1.0}
    assert best({"redundant": 100}, label_noise=20)["both"] == 0.8


def features(sound):
    """What one hears of a voice, in a few numbers: pitch, spectrum, breath and pace."""
    sound = sound[:, 0].astype(float)
    frames = np.lib.stride_tricks.sliding_window_view(sound, 800)[::400] * np.hanning(800)
    power = np.abs(np.fft.rfft(frames, 2048)) ** 2
    loud = power.sum(1) > 0.1 * np.median(power.sum(1))
    power, frames = power[loud], frames[loud]
    echo = np.fft.irfft(np.abs(np.fft.rfft(frames, 2048)) ** 2)[:, :800]
    lags = np.arange(40, 220)
    pitch = np.log(RATE / lags[echo[:, lags].argmax(1)])
    periodic = echo[:, lags].max(1) / echo[:, 0]
    bands = np.log(np.stack([band.sum(1) for band in np.array_split(power[:, :820], 16, axis=1)]) + 1e-9)
    bands -= bands[0]
    envelope = np.convolve(np.abs(sound), np.ones(400) / 400, "same")[::80]
    beats = np.abs(np.fft.rfft(envelope - envelope.mean(), 4096))
    pace = beats[20:220].argmax()
    return [np.median(pitch), pitch.std(), np.ptp(pitch), periodic.mean(), pace, *bands.mean(1), *bands.std(1)]


@pytest.fixture(scope="module")
def irony():
    """Words, sounds and labels of train and test, with the voices' features."""
    found = {}
    for split, n in (("train", 500), ("test", 300)):
        collection = Utterances(split, n=n)
        sounds = np.array([features(item.audio) for item in collection])
        found[split] = collection.texts(), sounds, collection.labels(), [u.tone for u in collection.truths()]
    return found


def test_irony_is_in_neither_and_in_both(irony):
    (words, sounds, labels, _), (test_words, test_sounds, truth, _) = irony["train"], irony["test"]
    bag = CountVectorizer().fit(words)
    dense, test_dense = bag.transform(words).toarray(), bag.transform(test_words).toarray()
    forest = RandomForestClassifier(400, min_samples_leaf=2, random_state=0)
    alone = {
        "words": forest.fit(dense, labels).score(test_dense, truth),
        "voice": forest.fit(sounds, labels).score(test_sounds, truth),
    }
    # Both: what each says of itself (sentiment, and the voice's sign), then what the two say together.
    friendly = [u.sentiment == "positive" for u in Utterances("train", n=500).truths()]
    warm = [tone in TONES_OF["positive"] for tone in irony["train"][3]]
    one = make_pipeline(LogisticRegression(max_iter=1000)).fit(dense, friendly).predict_proba(test_dense)[:, 1]
    two = forest.fit(sounds, warm).predict_proba(test_sounds)[:, 1]
    both = np.mean(((one > 0.5) != (two > 0.5)) == truth)
    print(f"\nirony, accuracy on {len(truth)} test utterances: {alone | {'both': both}}")
    error = 3 * 0.5 / np.sqrt(len(truth))
    assert all(abs(score - 0.5) < error for score in alone.values())
    assert both > 0.95


def test_a_tone_is_heard_whoever_speaks(irony):
    (_, sounds, _, tones), (_, test_sounds, _, truth) = irony["train"], irony["test"]
    score = RandomForestClassifier(400, random_state=0).fit(sounds, tones).score(test_sounds, truth)
    print(f"\ntone of voice, unseen speakers: {score:.3f}")
    assert score > 0.9


# Voice and face


def spectrum(sound):
    return np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)))), np.fft.rfftfreq(len(sound), 1 / RATE)


@given(st.text("aeiou ", min_size=1, max_size=8).filter(str.strip), st.sampled_from(TONES), st.integers(0, 39))
@settings(max_examples=15, deadline=None)
def test_a_voice_is_never_too_loud_nor_folds_back(vowels, tone, who):
    sound = voice.say(vowels, tone, who, ("x",))
    assert sound.dtype == np.float32 and np.isfinite(sound).all() and np.abs(sound).max() < 1
    assert np.sqrt(np.mean(sound.astype(float) ** 2)) == pytest.approx(voice.RMS, rel=0.02)
    assert np.abs(sound[0]) < 0.02 and np.abs(sound[-1]) < 0.02  # no clicks


def test_the_pitch_is_the_speakers_and_vowels_differ():
    for extreme in (min, max):
        who = extreme(range(40), key=lambda k: voice.speaker(k).pitch)
        sound, pitch = voice.say("aaaa", "calm", who, ("x",)), voice.speaker(who).pitch
        power, hertz = spectrum(sound)
        first = hertz[(hertz > 60) & (hertz < 1.4 * pitch)][power[(hertz > 60) & (hertz < 1.4 * pitch)].argmax()]
        assert first == pytest.approx(pitch, rel=0.15)
    loudest = {}
    for vowel in "aiu":
        power, hertz = spectrum(voice.say(vowel * 3, "calm", 5, ("x",)))
        loudest[vowel] = power[(hertz > 650) & (hertz < 1250)].sum() / power[hertz < 4000].sum()
    assert loudest["a"] > 1.5 * loudest["u"] > 1.5 * 1.5 * loudest["i"], "the second formant lies where it should"


def test_a_voice_may_be_noisy():
    clear, noisy = (Utterances("dev", n=3, audio_noise=knob) for knob in (None, 10))
    for a, b in zip(clear, noisy, strict=True):
        rest = b.audio.astype(float) - a.audio
        ratio = 10 * np.log10(np.mean(a.audio.astype(float) ** 2) / np.mean(rest**2))
        assert ratio == pytest.approx(10, abs=0.1)


def test_faces_tell_the_tone_and_differ_among_themselves():
    pictures = np.array([face.draw(tone, ("f", k), 32) for k in range(40) for tone in TONES]).reshape(160, -1)
    tones = np.tile(np.arange(4), 40)
    model = RidgeClassifier(100).fit(pictures[:120] / 255 - 0.5, tones[:120])
    assert model.score(pictures[120:] / 255 - 0.5, tones[120:]) > 0.8
    assert len({row.tobytes() for row in pictures}) == 160


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"split": "moon"}, "split='moon'"),
        ({"language": "fr"}, "language='fr'"),
        ({"n": -1}, "n=-1"),
        ({"share": {"synergy": 90}}, "add up to 100"),
        ({"share": {"magic": 100}}, "'magic': 100"),
        ({"label_noise": 101}, "label_noise=101"),
        ({"missing_audio": 0.5}, "missing_audio=0.5"),
        ({"audio_noise": "loud"}, "audio_noise='loud'"),
    ],
)
def test_errors_name_what_came(wrong, message):
    with pytest.raises(ValueError, match=message):
        Utterances(**({"split": "train"} | wrong))


def test_errors_of_voice_and_face():
    with pytest.raises(ValueError, match="tone='bored'"):
        voice.say("a", "bored", 0, ("x",))
    with pytest.raises(ValueError, match="vowels='xyz'"):
        voice.say("xyz", "calm", 0, ("x",))
    with pytest.raises(ValueError, match="tone='bored'"):
        face.draw("bored", ("x",))
    with pytest.raises(IndexError, match="index=1000"):
        Utterances("dev")[1000]
