"""``python -m mmcourse.experiments NAME``: run a recorded experiment and write its figures."""

import argparse
import os

EXPERIMENTS = {
    "real": "all that are measured on real data, one after the other: captioning-flickr8k (needs data)",
    "captioning-scenes": "a captioner for Scene World; writes the shipped weights too",
    "video-scenes": "who can tell which way a thing moves in a film, over three seeds",
    "captioning-flickr8k": "captioners for the photographs of Flickr8k, plain and with attention (needs data)",
}


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse.experiments",
        description="Run a recorded experiment. A run that was stopped goes on where it was.",
        epilog="; ".join(f"{name}: {what}" for name, what in EXPERIMENTS.items()),
    )
    parser.add_argument("name", choices=EXPERIMENTS, help="which")
    parser.add_argument(
        "--data", help="folder of the real data (with flickr8k and backbones in it); default: MMCOURSE_DATA"
    )
    parser.add_argument(
        "--language", default=os.environ.get("LANGUAGE") if os.environ.get("LANGUAGE") in ("en", "zh") else "en",
        choices=("en", "zh"), help="of the captions; default: the variable LANGUAGE, else en",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a smoke test: few images, one epoch, no meaning")
    parser.add_argument("--results", help="folder for the figures; default: book/results of this checkout")
    parser.add_argument("--work", help="folder for features and checkpoints; default: the user's cache folder")
    chosen = parser.parse_args(arguments)

    from mmcourse.experiments import captioning, video

    if chosen.name == "captioning-scenes":
        return captioning.scenes(quick=chosen.quick, results=chosen.results, work=chosen.work)
    if chosen.name == "video-scenes":
        return video.scenes(quick=chosen.quick, results=chosen.results)
    # "real" is this one too, until other topics have theirs.
    return captioning.flickr8k(chosen.data, chosen.language, chosen.quick, chosen.results, chosen.work)


if __name__ == "__main__":
    main()
