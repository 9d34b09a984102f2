"""Drafts of questions: what is asked, in no language; how a draft becomes a program, and a program a draft again.

A *kind* is (shape, colour, size) of a thing; a *description* is a kind with None for what is not said; a *form* says
which attributes a description says, as numbers of ``ATTRIBUTES``.
"""

from dataclasses import dataclass

from mmcourse.scenes.questions.program import COMPARISONS, checked

ATTRIBUTES = ("shape", "colour", "size")

# Which attributes a description says, with weights.
FORMS = {
    (0,): 22,
    (1,): 22,
    (2,): 10,
    (0, 1): 16,
    (0, 2): 12,
    (1, 2): 10,
    (0, 1, 2): 8,
}


def weighted(table):
    """The options of a table {option: weight}, each as often as its weight says, a tuple."""
    return tuple(option for option, weight in table.items() for _ in range(weight))


@dataclass(frozen=True)
class Draft:
    """What a question asks, in no language. ``first``, ``second`` and ``third`` are descriptions (in a relation,
    ``second`` is what ``first`` is related to; in a chain, ``second`` itself stands in the relation ``further`` to
    ``third``), ``attribute`` is what is queried or compared, ``comparison`` one of COMPARISONS."""

    family: str
    first: tuple
    second: tuple | None = None
    relation: str | None = None
    attribute: str | None = None
    comparison: str | None = None
    third: tuple | None = None
    further: str | None = None

    def program(self):
        """The program of the question, a tuple of steps."""
        first = _filters(self.first)
        last = self.family.split()[-1]
        start = (("scene",),)
        if self.further:
            start = (*start, *_filters(self.third), ("unique",), ("relate", self.further))
        if self.relation:
            start = (*start, *_filters(self.second), ("unique",), ("relate", self.relation))
        start = (*start, *first)
        if last in ("exist", "count"):
            return (*start, (last,))
        if last == "number":
            return (*start, ("count",), ("scene",), *_filters(self.second), ("count",), (self.comparison,))
        if last == "attribute":
            second = (("scene",), *_filters(self.second), ("unique",))
            return (*start, ("unique",), *second, ("same", self.attribute))
        return (*start, ("unique",), ("query", self.attribute))


def draft_of(program):
    """The Draft whose program this is: ``draft_of(draft.program()) == draft`` for whatever a family (or a chain) makes.

    Raises ValueError for a program that cannot be said: one that is malformed, has filters in another order than shape,
    colour, size, or more relations than there are words for.
    """
    descriptions, relations = [], []
    for operation, *rest in checked(program):
        if operation in ("scene", "relate"):
            descriptions.append({})
            relations += rest
        elif operation == "filter":
            descriptions[-1][rest[0]] = rest[1]
    said = [tuple(one.get(name) for name in ATTRIBUTES) for one in descriptions]
    last, *rest = program[-1]
    if last in COMPARISONS:
        made = Draft("compare number", *said[:2], comparison=last)
    elif last == "same":
        made = Draft("compare attribute", *said[:2], attribute=rest[0])
    else:
        # A program names last what a question asks for; more than two relations are left out here, and so refused.
        first, second, third = (*said[::-1], None, None)[:3]
        relation, further = (*relations[::-1], None, None)[:2]
        what = rest[0] if rest else last
        kind = "chain" if further else "relation" if relation else "query" if rest else ""
        made = Draft(f"{kind} {what}".strip(), first, second, relation, *rest, third=third, further=further)
    # Chains are asked for an attribute only. The rest of what cannot be said is not what the draft says.
    if made.program() != tuple(program) or (made.further and last != "query"):
        raise ValueError(
            f"No question has this program. Received: {program!r}. Allowed: programs as families and chains make them."
        )
    return made


def _filters(description):
    return tuple(("filter", name, value) for name, value in zip(ATTRIBUTES, description, strict=True) if value)


def fits(description, kind):
    """Whether a description is true of a kind."""
    (shape, colour, size), (a, b, c) = description, kind
    return (shape is None or shape == a) and (colour is None or colour == b) and (size is None or size == c)


def number_of(description, kinds):
    """Of how many of the kinds a description is true."""
    return sum([fits(description, kind) for kind in kinds])


def describe(form, kind):
    """The description of a kind that says what the form says."""
    shape, colour, size = kind
    return (shape if 0 in form else None, colour if 1 in form else None, size if 2 in form else None)


def name_of(kinds, place, stream, without=None):
    """A description that fits the thing at ``place`` and no other, and does not say the attribute number ``without``;
    None if there is none. Looks at no attribute of that number."""
    options = []
    for form, weight in FORMS.items():
        if without not in form:
            description = describe(form, kinds[place])
            if len(kinds) == 1 or number_of(description, kinds) == 1:
                options += [description] * weight
    return stream.choice(options) if options else None
