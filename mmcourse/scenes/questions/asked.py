"""Questions as items, so that they travel like captions: one question an item, its answer the label."""

from functools import partial

from mmcourse.items import Collection, Item
from mmcourse.scenes.questions import ANSWERS, FAMILIES


class Asked(Collection):
    """The questions of a collection of scenes: items with the scene's ``image``, ``audio``, ``frames`` and ``truth``,
    the question as their only caption, and the answer as ``label``, a place in ``.answers``.

    Args:
        scenes: a ``Scenes``.
        n, chosen: how many questions an item at most, and further arguments of ``Scenes.questions``, such as
            ``families``.

    ``.answers`` depends on the families only, so that training and test data have the same classes.
    ``question(place)`` is the ``Question`` itself, with family and program; ``sources()`` says which scene each is
    about: the groups of a split.
    """

    def __init__(self, scenes, n=5, **chosen):
        self.scenes = scenes
        asked = scenes.questions(n, **chosen)
        self._pairs = [(i, k, question) for i, about in enumerate(asked) for k, question in enumerate(about)]
        families = chosen.get("families", FAMILIES)
        self.answers = tuple(dict.fromkeys(a for f in FAMILIES if f in families for a in ANSWERS[f]))
        super().__init__(len(self._pairs))

    def question(self, place):
        """The ``Question`` of the item at ``place`` (of the whole collection)."""
        return self._pairs[place][2]

    def sources(self):
        """The place in ``scenes`` that each question is about, a list of int."""
        return [self._pairs[place][0] for place in self.places]

    def item(self, place):
        index, number, question = self._pairs[place]
        scene = self.scenes[index]
        return Item(
            id=f"{scene.id}-q{number}",
            split=scene.split,
            image=partial(getattr, scene, "image"),
            captions=(question.text,),
            language=question.language,
            audio=partial(getattr, scene, "audio"),
            rate=scene.rate,
            frames=partial(getattr, scene, "frames"),
            label=self.answers.index(question.answer),
            truth=scene.truth,
        )
