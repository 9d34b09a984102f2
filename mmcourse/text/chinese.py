"""Chinese text in words. The course's models read characters (the tokeniser "zh"); for free text, words are jieba's."""

import functools
import unicodedata

from mmcourse._machinery.checks import check_text
from mmcourse._machinery.quiet import no_warnings
from mmcourse.text.vocabulary import tokenize


@functools.cache
def _jieba():
    """jieba's tokenizer with its dictionary, which takes about a second to build.

    jieba would tell its progress on stderr, and keep its dictionary in a file of the common temporary folder that the
    next process trusts. So the dictionary is built here, in memory, and nothing is written.
    """
    with no_warnings():  # of pkg_resources and old regular expressions, both inside jieba
        import jieba

        cutter = jieba.Tokenizer()
        cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter


def segment_chinese(text):
    """Cut Chinese text into words: str -> list of str in lower case and NFKC form, without punctuation and blanks.

    The words are those of the segmenter jieba: the likeliest way through its dictionary, and a hidden Markov model for
    words that are not in it. It makes mistakes, and every later number inherits them. TypeError for what is no string.
    """
    check_text("text", text)
    text = unicodedata.normalize("NFKC", text)  # in lower case only afterwards: the dictionary has "T恤"
    return [word.lower() for word in _jieba().cut(text) if tokenize(word, "zh")]
