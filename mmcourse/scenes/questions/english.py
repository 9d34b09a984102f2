"""English: how a question is said. The words for shapes, colours, sizes and relations are those of the captions.

A template is text with places to fill in: ``{a1}`` "a red star" (the first description), ``{the1}`` "the red star",
``{many1}`` "red stars", the same with 2 for the second and 3 for the third, ``{rel}`` "to the left of", ``{rel2}`` the
same for what the second is to the third. Tables map ways to weights.
"""

from mmcourse.scenes.language.english import COLOUR_WORDS, NOUNS, RELATION_PHRASES, SIZE_WORDS

# No "shape" for a thing here: "what shape is the red shape" would be clumsy.
THINGS = {"thing|things": 65, "object|objects": 35}

TEMPLATES = {
    "exist": {
        "Is there {a1}?": 28,
        "Are there any {many1}?": 22,
        "Is there {a1} in the picture?": 18,
        "Does the picture show {a1}?": 12,
        "Can you see {a1}?": 12,
        "Are any {many1} visible?": 8,
    },
    "count": {
        "How many {many1} are there?": 40,
        "How many {many1} are in the picture?": 20,
        "How many {many1} do you see?": 16,
        "How many {many1} does the picture show?": 12,
        "What is the number of {many1}?": 12,
    },
    "query shape": {
        "What shape is {the1}?": 50,
        "What is the shape of {the1}?": 25,
        "Which shape does {the1} have?": 15,
        "What is {the1}'s shape?": 10,
    },
    "query colour": {
        "What colour is {the1}?": 50,
        "What is the colour of {the1}?": 25,
        "Which colour does {the1} have?": 15,
        "What is {the1}'s colour?": 10,
    },
    "query size": {
        "What size is {the1}?": 30,
        "Is {the1} small or large?": 20,
        "Is {the1} large or small?": 20,
        "How big is {the1}?": 18,
        "What is the size of {the1}?": 12,
    },
    "equal": {
        "Are there as many {many1} as {many2}?": 40,
        "Are there equally many {many1} and {many2}?": 24,
        "Is the number of {many1} the same as the number of {many2}?": 20,
        "Does the picture show the same number of {many1} and {many2}?": 16,
    },
    "more": {
        "Are there more {many1} than {many2}?": 60,
        "Is the number of {many1} greater than the number of {many2}?": 24,
        "Do the {many1} outnumber the {many2}?": 16,
    },
    "fewer": {
        "Are there fewer {many1} than {many2}?": 60,
        "Is the number of {many1} less than the number of {many2}?": 24,
        "Are the {many1} outnumbered by the {many2}?": 16,
    },
    "same": {
        "Is {the1} the same {attribute} as {the2}?": 36,
        "Are {the1} and {the2} the same {attribute}?": 28,
        "Does {the1} have the same {attribute} as {the2}?": 20,
        "Do {the1} and {the2} have the same {attribute}?": 16,
    },
    "relation exist": {
        "Is there {a1} {rel} {the2}?": 40,
        "Are there any {many1} {rel} {the2}?": 30,
        "Can you see {a1} {rel} {the2}?": 16,
        "Are any {many1} {rel} {the2}?": 14,
    },
    # Where the first description says nothing.
    "relation anything": {
        "Is there anything {rel} {the2}?": 50,
        "Is anything {rel} {the2}?": 25,
        "Are there any {many1} {rel} {the2}?": 25,
    },
    "relation count": {
        "How many {many1} are {rel} {the2}?": 50,
        "How many {many1} are there {rel} {the2}?": 30,
        "What is the number of {many1} {rel} {the2}?": 20,
    },
    "relation shape": {
        "What shape is {the1} {rel} {the2}?": 46,
        "What is the shape of {the1} {rel} {the2}?": 24,
        "There is {a1} {rel} {the2}. What shape is it?": 18,
        "Which shape does {the1} {rel} {the2} have?": 12,
    },
    "relation colour": {
        "What colour is {the1} {rel} {the2}?": 46,
        "What is the colour of {the1} {rel} {the2}?": 24,
        "There is {a1} {rel} {the2}. What colour is it?": 18,
        "Which colour does {the1} {rel} {the2} have?": 12,
    },
    "relation size": {
        "What size is {the1} {rel} {the2}?": 30,
        "Is {the1} {rel} {the2} small or large?": 20,
        "Is {the1} {rel} {the2} large or small?": 20,
        "What is the size of {the1} {rel} {the2}?": 12,
        "There is {a1} {rel} {the2}. What size is it?": 18,
    },
    # "The star below the square above the cross": several squares are there, so what is above the cross is the square.
    "chain shape": {
        "What shape is {the1} {rel} {the2} {rel2} {the3}?": 50,
        "What is the shape of {the1} {rel} {the2} {rel2} {the3}?": 25,
        "What shape is {the1} {rel} {the2} that is {rel2} {the3}?": 25,
    },
    "chain colour": {
        "What colour is {the1} {rel} {the2} {rel2} {the3}?": 50,
        "What is the colour of {the1} {rel} {the2} {rel2} {the3}?": 25,
        "What colour is {the1} {rel} {the2} that is {rel2} {the3}?": 25,
    },
    "chain size": {
        "What size is {the1} {rel} {the2} {rel2} {the3}?": 50,
        "What is the size of {the1} {rel} {the2} {rel2} {the3}?": 25,
        "What size is {the1} {rel} {the2} that is {rel2} {the3}?": 25,
    },
}


ANSWERS = {}  # the keys of answers are English words already


class Words:
    """Fills the places of a template. ``pick`` draws a way to say something from a table, always the same one for the
    same table, so that a square is not a "box" later in its question."""

    def __init__(self, draft, pick):
        self.draft, self.pick = draft, pick

    def __getitem__(self, place):
        if place in ("rel", "rel2"):
            return self.pick(RELATION_PHRASES[self.draft.relation if place == "rel" else self.draft.further])
        if place == "attribute":
            return self.draft.attribute
        shape, colour, size = {"1": self.draft.first, "2": self.draft.second, "3": self.draft.third}[place[-1]]
        one, many = self.pick(NOUNS[shape] if shape else THINGS).split("|")
        parts = [self.pick(SIZE_WORDS[size])] if size else []
        parts += [self.pick(COLOUR_WORDS[colour])] if colour else []
        said = " ".join([*parts, many if place.startswith("many") else one])
        if place.startswith("a"):
            return f"{'an' if said[0] in 'aeiou' else 'a'} {said}"
        return f"the {said}" if place.startswith("the") else said
