"""What corpora of questions about photographs share: one question an item, as `scenes.questions.asked` has it."""

from functools import partial
from typing import NamedTuple

from mmcourse._machinery.pictures import read_image
from mmcourse.corpora.photographs import warn_of
from mmcourse.items import Collection, Item


class Question(NamedTuple):
    """A question about a photograph. ``answers`` is what people said: ten in VQA, one or more things in DAQUAR, none
    where it was not published. ``answer`` is the one to learn, or None."""

    id: str
    image: str
    text: str
    kind: str
    answers: tuple[str, ...]
    answer: str | None


class Questions(Collection):
    """Questions about photographs: items with ``image``, the question as their only caption, and its answer, a str, as
    ``label``. (Which answers are classes, a model decides by its train split: `classes`.)

    Args:
        corpus: its name, for warnings.
        asked: a sequence of `Question`.
        files: {image: path}; questions about others are left out, with one warning, and stand in ``missing_images``.
        split: of the items.
    Raises FileNotFoundError where no image of any question is there.
    """

    def __init__(self, corpus, asked, files, split):
        self.split, self._files = split, files
        named = dict.fromkeys(question.image for question in asked)
        self.missing_images = tuple(image for image in named if image not in files)
        warn_of(corpus, self.missing_images, f"left out: the questions about {{}} of {split} without a file")
        self._asked = [question for question in asked if question.image in files]
        if not self._asked:
            raise FileNotFoundError(f"{corpus}: none of the {len(named)} images of {split} is there.")
        super().__init__(len(self._asked))

    def question(self, place):
        """The `Question` of the item at ``place`` (of the whole collection)."""
        return self._asked[place]

    def questions(self):
        """All questions, a list of `Question`."""
        return [self._asked[place] for place in self.places]

    def sources(self):
        """The image that each question is about, a list of str: the groups of a split."""
        return [question.image for question in self.questions()]

    def images(self):
        """The files of the images that are asked about, {image: path}, each once, in the order of the questions."""
        return {image: self._files[image] for image in dict.fromkeys(self.sources())}

    def item(self, place):
        """The item at ``place``; its image is read when first asked for."""
        question = self._asked[place]
        return Item(
            id=question.id,
            split=self.split,
            image=partial(read_image, self._files[question.image]),
            captions=(question.text,),
            label=question.answer,
        )


def classes(questions, most=None):
    """The answers of a train split as classes, a tuple, the commonest first (of equally common ones, in the order of
    the alphabet); ``most``: how many at most. Questions without an answer are left out."""
    counts = {}
    for question in questions:
        if question.answer is not None:
            counts[question.answer] = counts.get(question.answer, 0) + 1
    return tuple(sorted(counts, key=lambda answer: (-counts[answer], answer))[:most])
