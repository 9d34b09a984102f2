"""``python -m mmcourse.experiments NAME``: run a recorded experiment and write its figures."""

import argparse
import os

EXPERIMENTS = {
    "captioning-scenes": "a captioner for Scene World; writes the shipped weights too",
    "fusion_levels-scenes": "words and voice joined at four levels, and two sensors moved against one another",
    "autoencoder-scenes": "one code for picture and caption: its length, dense and convolutional, with nothing hidden",
    "contrastive-scenes": "five losses, and the size of the batch with and without false negatives, over five seeds",
    "cross_attention-scenes": "words that find their regions, taught by captions alone, scored with the true masks",
    "ranking-scenes": "four learned orders, and search in two stages by what it costs, over three seeds",
    "image-scenes": "accuracy against the number of labels, from scratch and transferred",
    "fusion-scenes": "every fusion function on four kinds of data; one modality that keeps another back",
    "product_search-scenes": "search by words, picture and change; recommenders, cold starts, leaks; over five seeds",
    "retrieval-scenes": "three text towers and two losses, both ways of search; mined negatives; over five seeds",
    "retrieval-films": "sentences that find films, by all frames or by one, over five seeds",
    "video-scenes": "who can tell which way a thing moves in a film, over three seeds",
}
REAL = {
    "audio-spoken-digits": "networks that hear spoken digits, each speaker the test once",
    "fusion-mosi": "text, sound and picture of an utterance, alone and fused at every level",
    "fusion-digits": "digits heard and seen in noise, alone and fused at every level",
    "image-flickr8k": "neighbours among the photographs of Flickr8k",
    "retrieval-flickr8k": "captions find photographs of Flickr8k, and photographs captions",
    "captioning-flickr8k": "captioners for the photographs of Flickr8k, plain and with attention",
}
ALL = {
    "real": f"all on real data, one after the other: {', '.join(REAL)}",
    **EXPERIMENTS,
    **{name: f"{what} (needs data)" for name, what in REAL.items()},
}


def run(name, chosen):
    """Run the experiment ``name`` with the settings of the command line, and return the path of its figures."""
    from mmcourse.experiments import (
        audio,
        autoencoder,
        captioning,
        contrastive,
        cross_attention,
        fusion,
        fusion_digits,
        fusion_levels,
        fusion_mosi,
        image,
        product_search,
        ranking,
        retrieval,
        retrieval_flickr,
        video,
    )

    how = {"quick": chosen.quick, "results": chosen.results, "work": chosen.work}
    return {
        "captioning-scenes": lambda: captioning.scenes(**how),
        "fusion_levels-scenes": lambda: fusion_levels.scenes(chosen.quick, chosen.results),
        "autoencoder-scenes": lambda: autoencoder.scenes(chosen.quick, chosen.results),
        "contrastive-scenes": lambda: contrastive.scenes(chosen.quick, chosen.results),
        "cross_attention-scenes": lambda: cross_attention.scenes(chosen.quick, chosen.results),
        "ranking-scenes": lambda: ranking.scenes(chosen.quick, chosen.results),
        "image-scenes": lambda: image.scenes(**how),
        "fusion-scenes": lambda: fusion.scenes(**how),
        "product_search-scenes": lambda: product_search.scenes(chosen.quick, chosen.results),
        "retrieval-scenes": lambda: retrieval.scenes(chosen.quick, chosen.results),
        "retrieval-films": lambda: retrieval.films(chosen.quick, chosen.results),
        "video-scenes": lambda: video.scenes(chosen.quick, chosen.results),
        "audio-spoken-digits": lambda: audio.spoken_digits(chosen.data, **how),
        "fusion-mosi": lambda: fusion_mosi.mosi(chosen.data, **how),
        "fusion-digits": lambda: fusion_digits.digits(chosen.data, **how),
        "image-flickr8k": lambda: image.flickr8k(chosen.data, **how),
        "retrieval-flickr8k": lambda: retrieval_flickr.flickr8k(chosen.data, chosen.language, **how),
        "captioning-flickr8k": lambda: captioning.flickr8k(chosen.data, chosen.language, **how),
    }[name]()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse.experiments",
        description="Run a recorded experiment. A run that was stopped goes on where it was.",
        epilog="; ".join(f"{name}: {what}" for name, what in ALL.items()),
    )
    parser.add_argument("name", choices=ALL, help="which")
    parser.add_argument(
        "--data",
        help="folder of the real data (with flickr8k, backbones, fsdd, mnist, cmu_mosi in it); default: MMCOURSE_DATA",
    )
    parser.add_argument(
        "--language", default=os.environ.get("LANGUAGE") if os.environ.get("LANGUAGE") in ("en", "zh") else "en",
        choices=("en", "zh"), help="of the captions; default: the variable LANGUAGE, else en",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a smoke test: few images, one epoch, no meaning")
    parser.add_argument("--results", help="folder for the figures; default: book/results of this checkout")
    parser.add_argument("--work", help="folder for features and checkpoints; default: the user's cache folder")
    chosen = parser.parse_args(arguments)

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
    main()
