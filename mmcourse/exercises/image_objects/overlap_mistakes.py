"""What goes wrong in `image_objects.overlap`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image_objects.overlap import overlap, overlaps


def _sides(a, b, more=0.0):
    """Sides of what both cover (n, m, 2), not yet cut off, and the areas (n, 1) and (m,)."""
    sides = np.minimum(a[:, None, 2:], b[:, 2:]) - np.maximum(a[:, None, :2], b[:, :2]) + more
    return sides, *_areas(a, b, more)


def _areas(a, b, more=0.0):
    return [np.prod(r[:, 2:] - r[:, :2] + more, axis=1)[place] for r, place in ((a, np.s_[:, None]), (b, np.s_[:]))]


def _both(a, b):
    return np.maximum(_sides(a, b)[0], 0).prod(-1)


@overlap.mistake("The intersection was counted twice in the union: take it away once from the sum of the areas.")
def union_not_subtracted(a, b):
    area_a, area_b = _areas(a, b)
    return _both(a, b) / (area_a + area_b)


@overlap.mistake(
    "The intersection was taken away twice from the sum of the areas. Once is enough: it belongs to the union."
)
def subtracted_twice(a, b):
    area_a, area_b = _areas(a, b)
    return _both(a, b) / (area_a + area_b - 2 * _both(a, b))


@overlap.mistake("The intersection was added to the sum of the areas, which has it twice already. Take it away once.")
def union_added(a, b):
    area_a, area_b = _areas(a, b)
    return _both(a, b) / (area_a + area_b + _both(a, b))


@overlap.mistake(
    "That is twice the intersection over the sum of the areas (the Dice score). Asked for is intersection over union."
)
def dice(a, b):
    return 2 * union_not_subtracted(a, b)


@overlap.mistake("Widths are one too large. That rule is for pixel numbers; these are edges: x1 - x0.")
def pixel_rule(a, b):
    sides, area_a, area_b = _sides(a, b, 1)
    both = np.maximum(sides, 0).prod(-1)
    return both / (area_a + area_b - both)


NOT_CUT = (
    "Two boxes that lie apart along both axes have a positive overlap: two negative sides were multiplied. Cut sides "
    "off at zero before you multiply."
)


@overlap.mistake(NOT_CUT)
def not_cut_off(a, b):
    sides, area_a, area_b = _sides(a, b)
    return sides.prod(-1) / (area_a + area_b - sides.prod(-1))


@overlap.mistake(NOT_CUT)
def cut_off_after(a, b):
    sides, area_a, area_b = _sides(a, b)
    both = np.maximum(sides.prod(-1), 0)
    return both / (area_a + area_b - both)


@overlap.mistake(NOT_CUT)
def cut_off_last(a, b):
    return np.maximum(not_cut_off(a, b), 0)


@overlap.mistake("Boxes that lie apart overlap here: you took the absolute value of negative sides. Make them zero.")
def absolute_sides(a, b):
    sides, area_a, area_b = _sides(a, b)
    both = np.abs(sides).prod(-1)
    return both / (area_a + area_b - both)


@overlap.mistake("Sides below one became one. They are cut off at zero.")
def cut_off_at_one(a, b):
    sides, area_a, area_b = _sides(a, b)
    both = np.maximum(sides, 1).prod(-1)
    return both / (area_a + area_b - both)


@overlap.mistake("You divided by the smaller area: then a small box inside a large one scores 1. Divide by the union.")
def over_the_smaller(a, b):
    return _both(a, b) / np.minimum(*_areas(a, b))


@overlap.mistake("You divided by the larger area. Divide by the area of the union.")
def over_the_larger(a, b):
    return _both(a, b) / np.maximum(*_areas(a, b))


@overlap.mistake("You divided by the area of the box of `a`. Divide by the area of the union.")
def over_a(a, b):
    return _both(a, b) / _areas(a, b)[0]


@overlap.mistake("You divided by the area of the box of `b`. Divide by the area of the union.")
def over_b(a, b):
    return _both(a, b) / _areas(a, b)[1]


@overlap.mistake(
    "You divided by the smallest box around both. The union is smaller: the two areas, less what both cover."
)
def over_the_hull(a, b):
    around = np.maximum(a[:, None, 2:], b[:, 2:]) - np.minimum(a[:, None, :2], b[:, :2])
    return _both(a, b) / around.prod(-1)


@overlap.mistake("You exchanged minimum and maximum: this is the box around both, not what both cover.")
def around_both(a, b):
    around = (np.maximum(a[:, None, 2:], b[:, 2:]) - np.minimum(a[:, None, :2], b[:, :2])).prod(-1)
    area_a, area_b = _areas(a, b)
    return around / (area_a + area_b - around)


@overlap.mistake("That is the area of the intersection. Divide it by the area of the union.")
def only_the_intersection(a, b):
    return _both(a, b)


@overlap.mistake("That is the area of the union. The intersection is to be divided by it.")
def only_the_union(a, b):
    area_a, area_b = _areas(a, b)
    return area_a + area_b - _both(a, b)


@overlap.mistake("You added width and height. An area is their product.")
def sides_added(a, b):
    both = np.maximum(_sides(a, b)[0], 0).sum(-1)
    area_a, area_b = ((r[:, 2:] - r[:, :2]).sum(1) for r in (a, b))
    return both / (area_a[:, None] + area_b - both)


@overlap.mistake("You compare widths only. Heights count as well: compare areas.")
def widths_only(a, b):
    both = np.maximum(_sides(a, b)[0], 0)[..., 0]
    return both / ((a[:, 2] - a[:, 0])[:, None] + b[:, 2] - b[:, 0] - both)


@overlap.mistake("You read a box as corner and size, x, y, width, height. It holds four edges: x0, y0, x1, y1.")
def corner_and_size(a, b):
    return overlaps(*(np.concatenate([r[:, :2], r[:, :2] + r[:, 2:]], 1) for r in (a, b)))


@overlap.mistake("The areas are x1 · y1: take the differences, x1 - x0 times y1 - y0.")
def areas_from_zero(a, b):
    both = _both(a, b)
    return both / (a[:, 2:].prod(1)[:, None] + b[:, 2:].prod(1) - both)


@overlap.mistake("You read a box as x0, x1, y0, y1. Its order is x0, y0, x1, y1.")
def edges_exchanged(a, b):
    return overlaps(a[:, [0, 2, 1, 3]], b[:, [0, 2, 1, 3]])


@overlap.mistake("Rows and columns are swapped: a row for each box of a, a column for each box of b.")
def other_way_round(a, b):
    return overlaps(b, a)


@overlap.mistake("You compare box 0 with box 0, box 1 with box 1. Asked for is every box of `a` with every box of `b`.")
def in_pairs(a, b):
    return np.array([overlaps(p[None], q[None])[0, 0] for p, q in zip(a, b, strict=False)])


@overlap.mistake("You compare only the first box of `a`. Asked for is a row for each of them.")
def first_row(a, b):
    return overlaps(a, b)[0]


@overlap.mistake("That is the distance, 1 minus the overlap.")
def distance(a, b):
    return 1 - overlaps(a, b)


@overlap.mistake("You return whether they overlap by half or more. Asked for is the number itself.")
def decided(a, b):
    return (overlaps(a, b) >= 0.5).astype(float)


def _half_cut(a, b, axis):
    sides, area_a, area_b = _sides(a, b)
    sides[..., axis] = np.maximum(sides[..., axis], 0)
    return sides.prod(-1) / (area_a + area_b - sides.prod(-1))


@overlap.mistake("Only heights are cut off at zero. A negative width makes a negative area: cut off both.")
def heights_cut_off(a, b):
    return _half_cut(a, b, 1)


@overlap.mistake("Only widths are cut off at zero. A negative height makes a negative area: cut off both.")
def widths_cut_off(a, b):
    return _half_cut(a, b, 0)


@overlap.mistake(
    "That is the generalised overlap (GIoU), which takes away the empty part of the box around both. Asked for is the "
    "plain one."
)
def generalised(a, b):
    around = (np.maximum(a[:, None, 2:], b[:, 2:]) - np.minimum(a[:, None, :2], b[:, :2])).prod(-1)
    union = only_the_union(a, b)
    return _both(a, b) / union - (around - union) / around


@overlap.mistake("Edges were cut to whole numbers. They are real numbers.")
def edges_cut(a, b):
    area_a, area_b = _areas(a.astype(int), b.astype(int))
    both = _both(a.astype(int), b.astype(int))
    return both / (area_a + area_b - both)


@overlap.mistake("Edges were rounded to whole numbers. They are real numbers.")
def edges_rounded(a, b):
    return overlaps(a.round(), b.round())


@overlap.mistake("You read a box as middle and size. It holds four edges: x0, y0, x1, y1.")
def middle_and_size(a, b):
    return overlaps(*(np.concatenate([r[:, :2] - r[:, 2:] / 2, r[:, :2] + r[:, 2:] / 2], 1) for r in (a, b)))


@overlap.mistake("Widths are one too large in the areas. That rule is for pixel numbers; these are edges: x1 - x0.")
def areas_of_pixels(a, b):
    area_a, area_b = _areas(a, b, 1)
    return _both(a, b) / (area_a + area_b - _both(a, b))


@overlap.mistake("Overlaps of less than a half became 0. All are asked for.")
def small_ones_gone(a, b):
    return np.where(overlaps(a, b) >= 0.5, overlaps(a, b), 0)


@overlap.mistake(
    "You return the best overlap of each box of `a`. Asked for are all of them, a column for each box of `b`."
)
def best_only(a, b):
    return overlaps(a, b).max(1)


@overlap.mistake("You divided by the geometric mean of the two areas. Divide by the area of the union.")
def over_geometric_mean(a, b):
    return _both(a, b) / np.sqrt(np.multiply(*_areas(a, b)))


def _corners_in(p, q):
    """For each corner of p, whether it lies in q."""
    return [q[0] <= x <= q[2] and q[1] <= y <= q[3] for x in (p[0], p[2]) for y in (p[1], p[3])]


def _where(seen, a, b):
    """The overlap of those pairs of which ``seen`` says that they overlap."""
    return overlaps(a, b) * np.array([[seen(p, q) for q in b.tolist()] for p in a.tolist()], float)


@overlap.mistake(
    "Boxes overlap in yours only where a corner of one lies in the other. Two boxes may also cross like the bars of a "
    "plus sign."
)
def corner_in_the_other(a, b):
    return _where(lambda p, q: any(_corners_in(p, q) + _corners_in(q, p)), a, b)


@overlap.mistake(
    "Boxes overlap in yours only where a corner of `b` lies in `a`. It may be the other way round, and boxes may cross."
)
def corner_of_b_in_a(a, b):
    return _where(lambda p, q: any(_corners_in(q, p)), a, b)


@overlap.mistake(
    "Boxes overlap in yours only where a corner of `a` lies in `b`. It may be the other way round, and boxes may cross."
)
def corner_of_a_in_b(a, b):
    return _where(lambda p, q: any(_corners_in(p, q)), a, b)


@overlap.mistake(
    "Boxes overlap in yours only where the first corner of `b`, x0, y0, lies in `a`. It may lie to the left of `a`, or "
    "above it."
)
def first_corner_of_b_in_a(a, b):
    return _where(lambda p, q: _corners_in(q, p)[0], a, b)


@overlap.mistake(
    "Boxes overlap in yours only where the middle of `b` lies in `a`. They overlap where they have any area in common."
)
def middle_of_b_in_a(a, b):
    return _where(
        lambda p, q: p[0] <= (q[0] + q[2]) / 2 <= p[2] and p[1] <= (q[1] + q[3]) / 2 <= p[3],
        a,
        b,
    )


@overlap.mistake("You take the right and lower edge of what both cover from `a`. It is the smaller one of the two.")
def high_edge_of_a(a, b):
    sides = np.maximum(a[:, None, 2:] - np.maximum(a[:, None, :2], b[:, :2]), 0)
    area_a, area_b = _areas(a, b)
    return sides.prod(-1) / (area_a + area_b - sides.prod(-1))


@overlap.mistake("You take the left and upper edge of what both cover from `a`. It is the larger one of the two.")
def low_edge_of_a(a, b):
    sides = np.maximum(np.minimum(a[:, None, 2:], b[:, 2:]) - a[:, None, :2], 0)
    area_a, area_b = _areas(a, b)
    return sides.prod(-1) / (area_a + area_b - sides.prod(-1))


@overlap.mistake(
    "You compute one half of the table and mirror it. `a` and `b` are two lists of boxes: every pair has its own "
    "overlap."
)
def mirrored(a, b):
    table, less = overlaps(a, b), min(len(a), len(b))
    square = table[:less, :less]
    table[:less, :less] = np.triu(square) + np.triu(square, 1).T
    return table


HALF = (
    "You compute only pairs of which the place in `b` is not before that in `a`. `a` and `b` are two lists of boxes: "
    "every pair has its own overlap."
)


@overlap.mistake(HALF)
def upper_half(a, b):
    return np.triu(overlaps(a, b))


@overlap.mistake(HALF.replace("not before", "behind"))
def above_the_diagonal(a, b):
    return np.triu(overlaps(a, b), 1)


def _added(more):
    def mistake(a, b):
        return _both(a, b) / (only_the_union(a, b) + more)

    mistake.__name__ = f"union_and_{more:g}"
    overlap.mistake("Something is added to the union. It is never zero here, so divide by the union itself.")(mistake)


for _more in (1, 0.1, 0.01, 0.001, 1e-4):
    _added(_more)


@overlap.mistake("Edges were cut off at 0 and 1, as if the picture were one wide. They are any real numbers.")
def cut_to_the_unit_square(a, b):
    with np.errstate(all="ignore"):
        return overlaps(np.clip(a, 0, 1), np.clip(b, 0, 1))


@overlap.mistake("You compare the first box of `b` only. Asked for is a column for each of them.")
def first_column(a, b):
    return overlaps(a, b)[:, 0]


@overlap.mistake("Only the best overlap of each box of `a` is left in yours, the others became 0. All are asked for.")
def others_zero(a, b):
    table = overlaps(a, b)
    return table * (table == table.max(axis=1, keepdims=True))


@overlap.mistake("Only the best overlap of each box of `b` is left in yours, the others became 0. All are asked for.")
def others_zero_by_column(a, b):
    table = overlaps(a, b)
    return table * (table == table.max(axis=0, keepdims=True))


@overlap.mistake("The sides of what both cover were cut or rounded to whole numbers. They are real numbers.")
def whole_sides(a, b):
    area_a, area_b = _areas(a, b)
    both = np.maximum(np.floor(_sides(a, b)[0]), 0).prod(-1)
    return both / (area_a + area_b - both)


@overlap.mistake("The sides of what both cover were cut or rounded to whole numbers. They are real numbers.")
def rounded_sides(a, b):
    area_a, area_b = _areas(a, b)
    both = np.maximum(np.round(_sides(a, b)[0]), 0).prod(-1)
    return both / (area_a + area_b - both)


@overlap.mistake("You added width and height. An area is their product.")
def sides_added_where_they_overlap(a, b):
    sides = _sides(a, b)[0]
    both = np.where((sides > 0).all(-1), sides.sum(-1), 0)
    area_a, area_b = ((r[:, 2:] - r[:, :2]).sum(1) for r in (a, b))
    return both / (area_a[:, None] + area_b - both)


def _instead_of_zero(name, value, said):
    def mistake(a, b):
        return np.where(_both(a, b) > 0, overlaps(a, b), value)

    mistake.__name__ = name
    overlap.mistake(f"Boxes that have no area in common get {said}. Their overlap is 0.")(mistake)


_instead_of_zero("minus_one_for_apart", -1.0, "-1")
_instead_of_zero("nan_for_apart", np.nan, "NaN")
_instead_of_zero("one_for_apart", 1.0, "1")


@overlap.mistake(
    "That is the overlap less the distance of the middles (DIoU). Asked for is the plain intersection over union."
)
def with_distance(a, b):
    middle_a, middle_b = ((r[:, :2] + r[:, 2:]) / 2 for r in (a, b))
    apart = ((middle_a[:, None] - middle_b) ** 2).sum(-1)
    around = np.maximum(a[:, None, 2:], b[:, 2:]) - np.minimum(a[:, None, :2], b[:, :2])
    return overlaps(a, b) - apart / (around**2).sum(-1)


@overlap.mistake("You divided by the product of the two areas. Divide by the area of the union.")
def over_the_product(a, b):
    return _both(a, b) / np.multiply(*_areas(a, b))


@overlap.mistake("The area of the box of `a` is in your union twice, in the place of that of `b`.")
def area_of_a_twice(a, b):
    return _both(a, b) / (2 * _areas(a, b)[0] - _both(a, b))


@overlap.mistake("The area of the box of `b` is in your union twice, in the place of that of `a`.")
def area_of_b_twice(a, b):
    return _both(a, b) / (2 * _areas(a, b)[1] - _both(a, b))


@overlap.mistake("A union below 1 became 1. It is any area above zero: divide by it as it is.")
def union_at_least_one(a, b):
    return _both(a, b) / np.maximum(only_the_union(a, b), 1)


@overlap.mistake("You mix the axes: the edges x of one corner with the edges y of the other. Take x1 - x0 and y1 - y0.")
def axes_mixed(a, b):
    low, high = np.maximum(a[:, None, :2], b[:, :2]), np.minimum(a[:, None, 2:], b[:, 2:])
    both = np.maximum(high - low[..., ::-1], 0).prod(-1)
    return both / (np.add(*_areas(a, b)) - both)


@overlap.mistake("The left and upper edges of what both cover never lie below 0 with you. Edges may be negative.")
def low_edges_cut(a, b):
    low = np.maximum(np.maximum(a[:, None, :2], b[:, :2]), 0)
    both = np.maximum(np.minimum(a[:, None, 2:], b[:, 2:]) - low, 0).prod(-1)
    return both / (np.add(*_areas(a, b)) - both)


@overlap.mistake("The root was taken. Asked for is the quotient of the areas itself.")
def root(a, b):
    return np.sqrt(overlaps(a, b))


@overlap.mistake("You compare each box of `a` with the box of `b` at the same place only, in all columns.")
def same_place_in_all_columns(a, b):
    own = [overlaps(a[i : i + 1], b[[min(i, len(b) - 1)]])[0, 0] for i in range(len(a))]
    return np.repeat(np.array(own)[:, None], len(b), axis=1)


@overlap.mistake(
    "Sides are made zero only where *both* are negative. A negative side and a positive one make a negative area: cut "
    "off each by itself."
)
def cut_off_if_both(a, b):
    sides, area_a, area_b = _sides(a, b)
    both = np.where((sides < 0).all(-1), 0, sides.prod(-1))
    return both / (area_a + area_b - both)


@overlap.mistake("You divided by the area of all boxes together. Each pair has its own union.")
def over_all_areas(a, b):
    area_a, area_b = _areas(a, b)
    return _both(a, b) / (area_a.sum() + area_b.sum() - _both(a, b))


@overlap.mistake("You divided by the largest union of all pairs. Each pair has its own union.")
def over_the_largest_union(a, b):
    return _both(a, b) / only_the_union(a, b).max()


@overlap.mistake("The boxes of `a` are compared with each other. They are compared with those of `b`.")
def a_with_itself(a, b):
    return overlaps(a, a)


@overlap.mistake("The boxes of `b` are compared with each other. Those of `a` are compared with them.")
def b_with_itself(a, b):
    return overlaps(b, b)


@overlap.mistake("You take the mean over the boxes of `b`. Asked for are all overlaps, a column for each box of `b`.")
def mean_of_rows(a, b):
    return overlaps(a, b).mean(1)


@overlap.mistake("You take the sum over the boxes of `b`. Asked for are all overlaps, a column for each box of `b`.")
def sum_of_rows(a, b):
    return overlaps(a, b).sum(1)


@overlap.mistake("You return the best box of `b` for each box of `a`. Asked for are the overlaps themselves.")
def best_place(a, b):
    return overlaps(a, b).argmax(1)


@overlap.mistake("The overlap is cut to whole numbers. It is a number from 0 to 1.")
def overlap_cut(a, b):
    return overlaps(a, b).astype(int)


INSIDE = "Boxes overlap in yours only where one lies inside the other. They overlap where they have any area in common."


def _inside(p, q):
    return q[0] <= p[0] and q[1] <= p[1] and p[2] <= q[2] and p[3] <= q[3]


@overlap.mistake(INSIDE)
def inside_a(a, b):
    return _where(lambda p, q: _inside(q, p), a, b)


@overlap.mistake(INSIDE)
def inside_b(a, b):
    return _where(_inside, a, b)


@overlap.mistake(INSIDE)
def inside_either(a, b):
    return _where(lambda p, q: _inside(p, q) or _inside(q, p), a, b)


@overlap.mistake(NOT_CUT)
def cut_off_at_both_ends(a, b):
    return np.clip(not_cut_off(a, b), 0, 1)


EDGES_OF_ONE = (
    "You take an edge of what both cover from one of the two boxes. Each edge is the larger or smaller one of *two*."
)


def _one_edge(place, of_a):
    def mistake(a, b):
        edges = np.concatenate([np.maximum(a[:, None, :2], b[:, :2]), np.minimum(a[:, None, 2:], b[:, 2:])], axis=2)
        edges[..., place] = a[:, place][:, None] if of_a else b[:, place]
        both = np.maximum(edges[..., 2:] - edges[..., :2], 0).prod(-1)
        return both / (np.add(*_areas(a, b)) - both)

    mistake.__name__ = f"edge_{place}_of_{'a' if of_a else 'b'}"
    overlap.mistake(EDGES_OF_ONE)(mistake)


for _place in range(4):
    _one_edge(_place, True)
    _one_edge(_place, False)


def _other_area(name, width, height):
    """Areas from the wrong edges: ``width`` and ``height`` say which two are subtracted."""

    def mistake(a, b):
        area_a, area_b = ((r[:, width[0]] - r[:, width[1]]) * (r[:, height[0]] - r[:, height[1]]) for r in (a, b))
        with np.errstate(all="ignore"):
            return _both(a, b) / (area_a[:, None] + area_b - _both(a, b))

    mistake.__name__ = name
    overlap.mistake("In the areas of the boxes edges are mixed up. An area is x1 - x0 times y1 - y0.")(mistake)


_other_area("area_with_x0_twice", (2, 0), (3, 0))
_other_area("area_with_y0_twice", (2, 1), (3, 1))
_other_area("area_of_width_squared", (2, 0), (2, 0))
_other_area("area_of_height_squared", (3, 1), (3, 1))
_other_area("area_by_neighbours", (1, 0), (3, 2))


@overlap.mistake("That is in whole percent. Asked for is a number from 0 to 1, not rounded.")
def whole_percent(a, b):
    return np.round(100 * overlaps(a, b))


@overlap.mistake("You return the first overlap only: a `return` inside the loops, perhaps. Asked for are all of them.")
def first_only(a, b):
    return overlaps(a, b)[0, 0]
