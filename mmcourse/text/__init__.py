"""Text as numbers, from the plainest to the richest: ids (``vocabulary``), counts (``bags``), one vector a word
(``skipgram``, and ``vectors`` for files such as GloVe's), one vector for each word of each sentence (``encoder``).

The vocabulary is plain Python, and the scores of ``mmcourse.metrics`` need nothing else; so what takes Keras or
scikit-learn is imported when it is first asked for.
"""

from importlib import import_module

from mmcourse.text.vocabulary import (
    END,
    PAD,
    SPECIAL,
    START,
    TOKENIZERS,
    UNKNOWN,
    Tokenizer,
    Vocabulary,
    encode_captions,
    get_tokenizer,
    tokenize,
)

_LATER = {
    "bag_of_words": "bags",
    "tf_idf": "bags",
    "segment_chinese": "chinese",
    "SkipGram": "skipgram",
    "SkipGramBatches": "skipgram",
    "skip_gram_pairs": "skipgram",
    "subsample": "skipgram",
    "WordVectors": "vectors",
    "load_vectors": "vectors",
    "MaskedWordBatches": "encoder",
    "MaskedWords": "encoder",
    "TextEncoder": "encoder",
    "mask_words": "encoder",
    "mean_over_words": "encoder",
}

__all__ = [
    "END", "PAD", "SPECIAL", "START", "TOKENIZERS", "UNKNOWN", "Tokenizer", "Vocabulary", "encode_captions",
    "get_tokenizer", "tokenize", *_LATER,
]  # fmt: skip


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
