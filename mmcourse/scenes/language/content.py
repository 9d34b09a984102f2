"""Content choice: what a caption says of a scene, before any words of any language.

Every caption speaks of every thing. What varies is the order of things, which sizes (and, rarely, colours) are said,
whether things are listed, grouped or related, and a rare closing remark. One choice always outweighs the others, so
that a small model has a clear mode to learn.

A *description* is a tuple (shape, colour, size) with None for what is not said.
"""

from mmcourse.scenes.language.claims import Count, Exists, Relation
from mmcourse.scenes.scene import COLOURS, MARGIN, SHAPES

# How often a caption of two, three or four things relates some of them, where it can; else it lists them.
RELATE_PERCENT = {2: 76, 3: 72, 4: 60}


class Facts:
    """What all captions of one scene share, computed once: full descriptions, and the two natural orders."""

    def __init__(self, scene):
        self.things = scene.things
        self.known = {}
        self.full = [(t.shape, t.colour, t.size) for t in scene.things]
        self.by_x = sorted(range(len(self.full)), key=lambda i: (scene.things[i].x, scene.things[i].y, i))
        self.by_y = sorted(self.by_x, key=lambda i: scene.things[i].y)

    def matching(self, description):
        """The things (by place) that a description is true of."""
        if description not in self.known:
            shape, colour, size = description
            self.known[description] = [
                i
                for i, (s, c, z) in enumerate(self.full)
                if (shape is None or shape == s) and (colour is None or colour == c) and (size is None or size == z)
            ]
        return self.known[description]

    def relations(self, i, j):
        """The relations of thing i to thing j that hold, the more striking one first."""
        a, b = self.things[i], self.things[j]
        dx, dy = b.x - a.x, b.y - a.y
        found = []
        if abs(dx) >= MARGIN:
            found.append((abs(dx), "left of" if dx > 0 else "right of"))
        if abs(dy) >= MARGIN:
            found.append((abs(dy), "above" if dy > 0 else "below"))
        return [r for _, r in sorted(found, reverse=True)]


class Plan:
    """What one caption says. ``clauses`` are for the realiser of a language; ``mentions`` (descriptions in the order of
    the text), ``relations`` (first, relation, second) and ``counts`` (n, description) are what it thereby claims."""

    def __init__(self):
        self.clauses, self.mentions, self.relations, self.counts = [], [], [], []

    def mention(self, description):
        self.mentions.append(description)
        return len(self.mentions) - 1

    def swap(self, a, b):
        """Exchange the numbers of mentions a and b, for a language that names b first."""
        self.mentions[a], self.mentions[b] = self.mentions[b], self.mentions[a]
        other = {a: b, b: a}
        self.relations = [(other.get(i, i), r, other.get(j, j)) for i, r, j in self.relations]

    def claims(self):
        """The claims a parser must recover: all Exists, then all Relation, then all Count, each in text order."""
        return (
            *(Exists(k, *d) for k, d in enumerate(self.mentions)),
            *(Relation(*r) for r in self.relations),
            *(Count(n, *d) for n, d in self.counts),
        )


def _descriptions(stream, facts):
    """One description a thing: mostly all three attributes, else sizes left out; a colour in one caption of thirty."""
    said = list(facts.full)
    style = stream.below(100)
    if style >= 70:
        for i, (shape, colour, _) in enumerate(said):
            if style >= 88 or stream.below(2):
                said[i] = (shape, colour, None)
    if said and stream.chance(3):
        i = stream.below(len(said))
        said[i] = (said[i][0], None, said[i][2])
    return said


def _identify(facts, said, i):
    """Give back what was left out of thing i until its description fits it alone; False for one of twins."""
    shape, colour, size = facts.full[i]
    for description in (said[i], (shape, colour, said[i][2]), (shape, colour, size)):
        if len(facts.matching(description)) == 1:
            said[i] = description
            return True
    return False


def _items(facts, said, places):
    """Things to list, as (n, description): those alike are counted together, and no description of one fits another."""
    for i in places:
        alike = facts.matching(said[i])
        if any(j not in places or said[j] != said[i] for j in alike):
            said[i] = facts.full[i]
    numbers = {}
    for i in places:
        numbers[said[i]] = numbers.get(said[i], 0) + 1
    return [(n, description) for description, n in numbers.items()]


def _list(plan, kind, items):
    for n, description in items:
        for _ in range(n):
            plan.mention(description)
        if n > 1:
            plan.counts.append((n, description))
    plan.clauses.append((kind, items))


def _relation(stream, facts, i, j):
    """A relation of thing i to thing j that holds, mostly the more striking; None if neither can be seen."""
    found = facts.relations(i, j)
    if not found:
        return None
    return found[1] if len(found) > 1 and stream.below(100) >= 84 else found[0]


def _relate(stream, facts, said, order, plan):
    """Clauses that relate things to one another. False (and an empty plan) where no two things can be told apart."""
    single = [i for i in order if len(facts.matching(facts.full[i])) == 1]
    pairs = ((i, j) for a, i in enumerate(single) for j in single[a + 1 :])
    i, j = next((pair for pair in pairs if facts.relations(*pair)), (None, None))
    if i is None:
        return False
    _identify(facts, said, i)
    _identify(facts, said, j)
    rest = [k for k in order if k not in (i, j)]
    first, second = plan.mention(said[i]), plan.mention(said[j])
    if stream.below(100) < 9:  # "a circle with a square to its left": the relation is told of the second thing
        relation = _relation(stream, facts, j, i)
        plan.relations.append((second, relation, first))
        plan.clauses.append(("beside", said[i], relation, said[j]))
    else:
        relation = _relation(stream, facts, i, j)
        plan.relations.append((first, relation, second))
        plan.clauses.append(("relate", said[i], relation, said[j]))
        if rest:
            _relate_more(stream, facts, said, rest, plan, i, j)
    if rest:
        _list(plan, "also", _items(facts, said, rest))
    return True


def _relate_more(stream, facts, said, rest, plan, i, j):
    """Perhaps relate the next thing too; takes it out of ``rest`` if so."""
    style = stream.below(100)
    if style >= 34:
        return
    k = rest[0]
    if not _identify(facts, said, k):
        return
    if style < 8:  # "..., which is above a star"
        relation = _relation(stream, facts, j, k)
        if relation:
            plan.relations.append((1, relation, plan.mention(said[k])))
            plan.clauses.append(("which", relation, said[k]))
            rest.remove(k)
    elif len(rest) == 1:  # "..., and a star is above the square"
        anchor, place = (j, 1) if stream.below(100) < 75 else (i, 0)
        relation = _relation(stream, facts, k, anchor)
        shape, colour, _ = facts.full[anchor]
        names = ((shape, None, None), (shape, colour, None))
        short = next((d for d in names if len(facts.matching(d)) == 1), said[anchor])
        # A short name must leave out no more than its first mention said, or the reader cannot tell which is meant.
        short = tuple(s if s == t else None for s, t in zip(short, said[anchor], strict=True))
        if relation and len(facts.matching(short)) == 1:
            plan.relations.append((plan.mention(said[k]), relation, place))
            plan.clauses.append(("relate the", said[k], relation, short))
            rest.remove(k)
    else:  # "..., and a star is above a cross"
        m = rest[1]
        relation = _relation(stream, facts, k, m)
        if relation and _identify(facts, said, m):
            plan.relations.append((plan.mention(said[k]), relation, plan.mention(said[m])))
            plan.clauses.append(("relate also", said[k], relation, said[m]))
            rest.remove(k)
            rest.remove(m)


def _group(stream, facts, said, order, plan):
    """ "two circles, one red and one blue" or "two red things, a circle and a star", if the scene has such a group."""
    found = []
    for value in dict.fromkeys(facts.full[i][0] for i in order):
        members = [i for i in order if facts.full[i][0] == value]
        colours = {facts.full[i][1] for i in members}
        sizes = {facts.full[i][2] for i in members}
        if len(members) > 1 and len(colours) == len(members):
            size = facts.full[members[0]][2] if len(sizes) == 1 and said[members[0]][2] else None
            found.append(("colour", (value, None, size), members, [(value, facts.full[i][1], size) for i in members]))
        elif len(members) == 2 and len(sizes) == 2:
            colour = facts.full[members[0]][1]
            found.append(("size", (value, colour, None), members, [(value, colour, facts.full[i][2]) for i in members]))
    for value in dict.fromkeys(facts.full[i][1] for i in order):
        members = [i for i in order if facts.full[i][1] == value]
        if len(members) > 1 and len({facts.full[i][0] for i in members}) == len(members):
            parts = [(facts.full[i][0], value, said[i][2]) for i in members]
            found.append(("shape", (None, value, None), members, parts))
    if not found:
        return False
    kind, whole, members, parts = stream.choice(found)
    for part in parts:
        plan.mention(part)
    plan.counts.append((len(parts), whole))
    plan.clauses.append(("group", kind, whole, parts))
    rest = [i for i in order if i not in members]
    if rest:
        _list(plan, "also", _items(facts, said, rest))
    return True


def _remark(stream, facts, plan):
    """Rarely a closing remark: that this is all, how many things there are, or what is not there."""
    style = stream.below(100)
    size = len(facts.full)
    if style >= (9 if plan.clauses[0][0] == "list" else 2):
        return
    if plan.clauses[0][0] != "list":
        style = 2
    if style % 3 == 0:
        plan.counts.append((size, (None, None, None)))
        plan.clauses.append(("only", size))
    elif style % 3 == 1:
        if len(plan.clauses[0][1]) == 1:
            return  # "two stars, two things in all" says it twice
        plan.counts.append((size, (None, None, None)))
        plan.clauses.append(("total", size))
    elif stream.below(100) < 70:
        absent = [s for s in SHAPES if not facts.matching((s, None, None))]
        plan.counts.append((0, (stream.choice(absent), None, None)))
        plan.clauses.append(("no", plan.counts[-1][1]))
    else:
        absent = [c for c in COLOURS if not facts.matching((None, c, None))]
        plan.counts.append((0, (None, stream.choice(absent), None)))
        plan.clauses.append(("no", plan.counts[-1][1]))


def make_plan(stream, facts):
    """Choose what to say: a Plan, drawn from ``stream`` (mmcourse.scenes.random.Stream) for ``facts`` of a scene."""
    plan = Plan()
    size = len(facts.full)
    if size == 0:
        plan.counts.append((0, (None, None, None)))
        plan.clauses.append(("nothing",))
        return plan
    style = stream.below(100)
    order = facts.by_x if style < 70 else facts.by_y if style < 82 else stream.shuffled(facts.by_x)
    said = _descriptions(stream, facts)
    if size > 1 and stream.below(100) < RELATE_PERCENT[size] and _relate(stream, facts, said, order, plan):
        if size == 2:
            _remark(stream, facts, plan)
        return plan
    style = stream.below(100)
    if size > 1 and style < 18 and _group(stream, facts, said, order, plan):
        return plan
    items = _items(facts, said, order)
    if size > 1 and style >= 92 and len(items) == size:
        plan.counts.append((size, (None, None, None)))
        _list(plan, "things", items)
        return plan
    _list(plan, "list", items)
    if size < 4:
        _remark(stream, facts, plan)
    return plan
