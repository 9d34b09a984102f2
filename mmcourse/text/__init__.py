"""Text as numbers, from the plainest to the richest: ids (``vocabulary``), counts (``bags``), one vector a word
(``skipgram``, and ``vectors`` for files such as GloVe's), one vector for each word of each sentence (``encoder``).

The vocabulary is plain Python, and the scores of ``mmcourse.metrics`` need nothing else; so what takes Keras or
scikit-learn is imported when it is first asked for.
"""

from mmcourse._machinery.lazy import lazy
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

__all__ = [
    "END", "PAD", "SPECIAL", "START", "TOKENIZERS", "UNKNOWN", "MaskedWordBatches", "MaskedWords", "SkipGram",
    "SkipGramBatches", "TextEncoder", "Tokenizer", "Vocabulary", "WordVectors", "bag_of_words", "encode_captions",
    "get_tokenizer", "load_vectors", "mask_words", "mean_over_words", "segment_chinese", "skip_gram_pairs", "subsample",
    "tf_idf", "tokenize",
]  # fmt: skip

__getattr__, __dir__ = lazy(
    __name__,
    {
        "bags": ("bag_of_words", "tf_idf"),
        "chinese": ("segment_chinese",),
        "encoder": ("MaskedWordBatches", "MaskedWords", "TextEncoder", "mask_words", "mean_over_words"),
        "skipgram": ("SkipGram", "SkipGramBatches", "skip_gram_pairs", "subsample"),
        "vectors": ("WordVectors", "load_vectors"),
    },
)
