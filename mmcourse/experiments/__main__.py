"""``python -m mmcourse.experiments NAME``: run a recorded experiment and write its figures."""

import argparse
import importlib
import inspect
import os

EXPERIMENTS = {
    "captioning-scenes": "a captioner for Scene World; writes the shipped weights too",
    "captioning_attention-scenes": "soft and hard attention: captions, where each looks, noisy gradients; three seeds",
    "fusion_levels-scenes": "words and voice joined at four levels, and two sensors moved against one another",
    "autoencoder-scenes": "one code for picture and caption: its length, dense and convolutional, with nothing hidden",
    "contrastive-scenes": "five losses, and the size of the batch with and without false negatives, over five seeds",
    "cross_attention-scenes": "words that find their regions, taught by captions alone, scored with the true masks",
    "ranking-scenes": "four learned orders, and search in two stages by what it costs, over three seeds",
    "image-scenes": "accuracy against the number of labels, from scratch and transferred",
    "image-longer": "training from scratch with twice the steps, against the frozen encoder with few labels",
    "fusion-scenes": "every fusion function on four kinds of data; one modality that keeps another back",
    "product_search-scenes": "search by words, picture and change; recommenders, cold starts, leaks; over five seeds",
    "retrieval-scenes": "three text towers and two losses, both ways of search; mined negatives; over five seeds",
    "retrieval-order": "an LSTM as text tower, one trained on sorted words, and captions made false, over five seeds",
    "retrieval-films": "sentences that find films, by all frames or by one, over five seeds",
    "vqa-scenes": "models that look, and neural modules: families, unseen things, consistency, over three seeds",
    "vqa_reasoning-scenes": "models made to reason, at equal budget: the same, over three seeds",
    "vqa_reasoning-relations": "why questions whether a thing stands left of another stay at chance, two seeds",
    "vqa_reasoning-pictures": "the same with pictures: one relation learned, or all four, two seeds",
    "vqa_reasoning-longer": "those of them without modules, four times as long, one seed",
    "video-scenes": "who can tell which way a thing moves in a film, over three seeds",
    "video-longer": "the networks that see the order of frames, trained three times as long, over three seeds",
}
REAL = {
    "audio-spoken-digits": "networks that hear spoken digits, each speaker the test once",
    "fusion-mosi": "text, sound and picture of an utterance, alone and fused at every level",
    "fusion-digits": "digits heard and seen in noise, alone and fused at every level",
    "image-flickr8k": "neighbours among the photographs of Flickr8k",
    "retrieval-flickr8k": "captions find photographs of Flickr8k, and photographs captions",
    "captioning-flickr8k": "captioners for the photographs of Flickr8k, plain and with attention",
    "captioning_attention-flickr8k": "soft and hard attention for the photographs of Flickr8k",
    "vqa-daquar": "questions about photographs of rooms, answered blind, with one vector, with attention",
}
ALL = {"real": "all on real data, one after the other", **EXPERIMENTS, **REAL}
# ``topic-data`` is the function ``data`` of the module ``topic``, but for these:
ELSEWHERE = {
    "image-longer": ("image_longer", "longer"),
    "fusion-mosi": ("fusion_mosi", "mosi"),
    "fusion-digits": ("fusion_digits", "digits"),
    "retrieval-flickr8k": ("retrieval_flickr", "flickr8k"),
    "vqa_reasoning-scenes": ("vqa", "reasoning"),
    "vqa_reasoning-relations": ("vqa_relations", "relations"),
    "vqa_reasoning-pictures": ("vqa_relations", "pictures"),
    "vqa_reasoning-longer": ("vqa", "longer"),
    "captioning_attention-flickr8k": ("captioning_attention_flickr", "flickr8k"),
    "vqa-daquar": ("vqa_daquar", "daquar"),
}


def load(name):
    """The function of the experiment ``name``. Of the modules here only its own is imported."""
    module, function = ELSEWHERE.get(name) or name.split("-", 1)
    return getattr(importlib.import_module(f"mmcourse.experiments.{module}"), function.replace("-", "_"))


def run(name, chosen):
    """Run the experiment ``name`` with those options of the command line that it takes -> the path of its figures."""
    function = load(name)
    takes = inspect.signature(function).parameters
    return function(**{option: value for option, value in vars(chosen).items() if option in takes})


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse.experiments",
        description="Run a recorded experiment. A run that was stopped goes on where it was.",
        epilog="\n".join(f"{name:32}{what}{' (needs data)' * (name in REAL)}" for name, what in ALL.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=ALL, metavar="NAME", help="which of those below")
    parser.add_argument(
        "--data",
        help="folder of the real data (with flickr8k, backbones, fsdd, mnist, cmu_mosi in it); default: MMCOURSE_DATA",
    )
    parser.add_argument(
        "--language", default=os.environ.get("LANGUAGE") if os.environ.get("LANGUAGE") in ("en", "zh") else "en",
        choices=("en", "zh"), help="of the captions; default: the variable LANGUAGE, else en",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a smoke test: few images, one epoch, no meaning")
    parser.add_argument("--results", help="folder for the figures; default: book/results, with --quick the cache")
    parser.add_argument("--work", help="folder for features and checkpoints; default: the user's cache folder")
    chosen = parser.parse_args(arguments)
    chosen.data = chosen.data or None  # an empty one is none

    if chosen.name != "real":
        return run(chosen.name, chosen)
    path, lacking = None, None
    for name in REAL:
        try:
            path = run(name, chosen)
        except FileNotFoundError as error:  # a folder may hold one corpus and not another
            print(f"Left out: {name}. {error}")
            lacking = error
    if path is None:
        raise lacking
    return path


if __name__ == "__main__":
    try:
        main()
    except FileNotFoundError as error:  # of the data: it says what is missing, and how to get it
        raise SystemExit(f"{error}") from None
