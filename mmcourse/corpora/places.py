"""Where corpora lie, and how to get one that is not there."""

import os
from pathlib import Path

HOW_TO_GET = {
    "coco": (
        "Give the folder that holds coco, set MMCOURSE_DATA to it, or fetch the corpus by "
        "`python -m mmcourse.corpora.download coco` (20 GB; annotations CC BY 4.0, photographs under Flickr's terms). "
        "Karpathy's splits are one file, dataset_coco.json, for the folder coco: "
        "https://cs.stanford.edu/people/karpathy/deepimagesent/ ."
    ),
    "vqa": (
        "Give the folder that holds vqa, set MMCOURSE_DATA to it, or fetch the corpus by "
        "`python -m mmcourse.corpora.download vqa` (90 MB; CC BY 4.0). Its photographs are those of coco, beside it; "
        "those of its test, test2015.zip (13 GB), are at https://visualqa.org/download.html ."
    ),
    "daquar": (
        "Give the folder that holds daquar, set MMCOURSE_DATA to it, or fetch the corpus by "
        "`python -m mmcourse.corpora.download daquar` (430 MB; for research)."
    ),
    "ai_challenger": (
        "The contest's pages are gone; who took part in 2017 may still have the archives "
        "ai_challenger_caption_train_20170902 and ai_challenger_caption_validation_20170910. Unpack them into a folder "
        "ai_challenger, and set MMCOURSE_DATA to the folder around it."
    ),
    "flickr8k": (
        "Give the folder that holds flickr8k, set MMCOURSE_DATA to it, or fetch the corpus by "
        "`python -m mmcourse.corpora.download flickr8k` (1.1 GB; for research and teaching only)."
    ),
    "fsdd": (
        "Give the folder that holds fsdd (with fsdd/recordings/0_george_0.wav and so on), set MMCOURSE_DATA to it, or "
        "fetch the corpus by `python -m mmcourse.corpora.download fsdd` (16 MB; CC BY-SA 4.0)."
    ),
    "mnist": (
        "Give the folder that holds mnist (with mnist/t10k-images-idx3-ubyte.gz and so on), set MMCOURSE_DATA to it, "
        "or fetch the corpus by `python -m mmcourse.corpora.download mnist` (12 MB; CC BY-SA 3.0)."
    ),
    "cmu_mosi": (
        "CMU-MOSI is for academic use, and nobody may pass it on: ask at "
        "http://multicomp.cs.cmu.edu/resources/cmu-mosi-dataset/ . What is read here is one file of utterance features "
        "(text 100, audio 73, video 100 numbers), mosi_utterance_features.npz: mmcourse/corpora/mosi.py says what is "
        "in it. Put it into a folder cmu_mosi, and set MMCOURSE_DATA to the folder around that."
    ),
    "flickr30k": (
        "The photographs of Flickr30k are sent to those who ask: fill in the form at "
        "https://shannon.cs.illinois.edu/DenotationGraph/ . Then make a folder flickr30k with the photographs in "
        "flickr30k/images, results_20130124.token beside that folder, and Karpathy's dataset_flickr30k.json (or lists "
        "flickr30k_train.txt, flickr30k_dev.txt, flickr30k_test.txt); and set MMCOURSE_DATA to the folder around it."
    ),
}


def cache(kind="data"):
    """The folder where downloads are kept, or another ``kind`` of what can be made again: in the user's cache folder
    of this system."""
    from platformdirs import user_cache_path

    return user_cache_path("mmcourse") / kind


def find(corpus, root=None, also=(), holds=()):
    """The folder of a corpus, or of one of the names ``also``: in ``root``, or ``root`` itself, else where the variable
    ``MMCOURSE_DATA`` points, else where downloads are kept. A folder of any name is ``root`` itself if it holds one of
    the folders ``holds``.

    Raises FileNotFoundError that says what to do where it is nowhere.
    """
    root = Path(root if root is not None else os.environ.get("MMCOURSE_DATA") or cache()).expanduser()
    names = (corpus, *also)
    for name in names:
        if (root / name).is_dir():
            return root / name
    if root.is_dir() and (root.name in names or any((root / folder).is_dir() for folder in holds)):
        return root
    raise FileNotFoundError(f"There is no {corpus}. Received: root={str(root)!r}. {HOW_TO_GET[corpus]}")
