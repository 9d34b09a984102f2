"""The faults that `tests/mutants.py` puts into a module: each differs from it in one place of its syntax tree."""

import ast
import copy
from collections import Counter
from dataclasses import dataclass, field

COMPARE = {
    ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.GtE], ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}  # fmt: skip
OPERATOR = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.Mult], ast.Pow: [ast.Mult], ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd],
}  # fmt: skip
NAMES = {}
for pair in (
    "min max", "minimum maximum", "argmin argmax", "sum mean", "any all", "floor ceil", "zeros ones",
    "zeros_like ones_like", "logical_and logical_or", "append extend", "union intersection", "add subtract",
    "multiply divide", "cumsum cumprod", "left right",
):  # fmt: skip
    one, other = pair.split()
    NAMES |= {one: other, other: one}


@dataclass
class Mutant:
    """``line`` of the module, ``change`` in words, the ``statement`` that it is in (empty where all of it is changed),
    and the syntax ``tree`` of the whole module with it."""

    line: int
    change: str
    statement: str
    module: ast.Module = field(repr=False)
    path: list = field(repr=False)
    node: ast.AST = field(repr=False)

    def tree(self):
        module = copy.deepcopy(self.module)
        *way, (name, place) = self.path
        at = module
        for step, number in way:
            at = getattr(at, step) if number is None else getattr(at, step)[number]
        if place is None:
            setattr(at, name, self.node)
        else:
            getattr(at, name)[place] = self.node
        return ast.fix_missing_locations(module)


def mutants(source, more=False):
    """All mutants of this source, in the order of its lines; with ``more``, also those that a student's answer may be:
    terms left out, arguments and operands exchanged, a step forgotten."""
    module, seen = ast.parse(source), Counter()
    for path, node, statement in _walk(module, [], None):
        for other in [*_others(node, path), *(_steps(node) if more else ())]:
            change = _words(node, other)
            within = "" if node is statement else _line(statement)
            seen[node.lineno, change, within] += 1
            if (again := seen[node.lineno, change, within]) > 1:  # the same at another place of the line
                change += f" ({again})"
            yield Mutant(node.lineno, change, within, module, path, ast.copy_location(other, node))


def _walk(node, path, statement):
    """(path, node, the statement that it is in) of every node that may be changed."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "names"):
            continue
        if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: guards what has been checked before
            continue
        for place, below in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(below, ast.AST) or _is_text(below) or isinstance(below, (ast.Raise, ast.JoinedStr)):
                if isinstance(below, ast.Raise):
                    yield [*path, (name, place)], below, below  # it can go, but its words are not touched
                continue
            inside = below if isinstance(below, ast.stmt) else statement
            if isinstance(below, (ast.Import, ast.ImportFrom)) or _is_all(below):
                continue
            if hasattr(below, "lineno"):
                yield [*path, (name, place)], below, inside
            yield from _walk(below, [*path, (name, place)], inside)


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_all(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _others(node, path):
    """What may stand in the place of ``node``."""
    match node:
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                for other in COMPARE[type(operator)]:
                    yield _with(node, "ops", [*node.ops[:i], other(), *node.ops[i + 1 :]])
        case ast.BinOp() | ast.AugAssign():
            for other in OPERATOR.get(type(node.op), []):
                yield _with(node, "op", other())
            if isinstance(node, ast.AugAssign):
                yield ast.Pass()
        case ast.BoolOp():
            yield _with(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield node.operand
        case ast.UnaryOp(op=ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield _with(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.If() | ast.While():
            yield _with(node, "test", ast.Constant(False))
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            for other in {0: [1], 1: [0, 2]}.get(node.value, [node.value + 1, node.value * 2]):
                yield ast.Constant(type(node.value)(other))
        case ast.Attribute(attr=name) if name in NAMES:
            yield _with(node, "attr", NAMES[name])
        case ast.Name(id=name) if name in NAMES and path[-1][0] == "func":
            yield _with(node, "id", NAMES[name])
        case ast.Call(func=ast.Attribute(attr="where"), args=[mask, one, other]):
            yield _with(node, "args", [mask, other, one])  # the mask inverted
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _steps(node):
    """What a student may write in the place of ``node``."""
    match node:
        case ast.BinOp(op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.MatMult() | ast.Pow()):
            yield from (node.left, node.right, ast.BinOp(node.right, node.op, node.left))
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr() | ast.Add() | ast.Mult()):
            yield from (node.left, node.right)
        case ast.BoolOp(values=[*several]):
            yield from several
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attribute), args=arguments) if not arguments:
            if attribute in STEPS:
                yield value  # x.sum() -> x
        case ast.Call(func=ast.Attribute(attr=attribute), args=[only, *_]) if attribute in STEPS:
            yield only  # np.sort(x) -> x
        case ast.Call(func=ast.Name(id=name), args=[only]) if name in STEPS:
            yield only
    match node:
        case ast.Call(args=[one, other, *rest]):
            yield _with(node, "args", [other, one, *rest])
    match node:
        case ast.Call(keywords=keywords) if keywords:
            for place, keyword in enumerate(keywords):
                if keyword.arg in ("axis", "keepdims", "ddof", "kind", "side", "initial", "key", "reverse", "where"):
                    yield _with(node, "keywords", [*keywords[:place], *keywords[place + 1 :]])
        case ast.Return(value=ast.Tuple(elts=[one, other, *rest])):
            yield ast.Return(ast.Tuple([other, one, *rest], ast.Load()))
        case ast.Slice(lower=lower, upper=upper, step=step) if lower or upper or step:
            if lower:
                yield ast.Slice(None, upper, step)
            if upper:
                yield ast.Slice(lower, None, step)
            if step:
                yield ast.Slice(lower, upper, None)


STEPS = {
    "sum", "mean", "max", "min", "abs", "sqrt", "exp", "log", "log2", "square", "sort", "argsort", "cumsum", "cumprod",
    "tanh", "maximum", "minimum", "clip", "round", "floor", "ceil", "unique", "sorted", "reversed", "set", "list",
    "len", "float", "int", "flip", "transpose", "any", "all", "std", "var", "astype", "copy",
}  # fmt: skip


def _with(node, name, value):
    other = copy.copy(node)
    setattr(other, name, value)
    return other


def _words(node, other):
    """The change in one line: what stood there, and what stands there now."""
    return " -> ".join(_line(x.test if isinstance(x, (ast.If, ast.While)) else x) for x in (node, other))


def _line(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return f"{node.name}(...)"
    text = ast.unparse(node)
    return text.partition("\n")[0][:140]
