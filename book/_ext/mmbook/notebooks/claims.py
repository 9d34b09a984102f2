"""The bookkeeping of a page, made into what a student can use.

In the book a removed cell binds numbers to the text and states claims. In a notebook the text has its numbers already;
what is left is one short visible cell that compares them with the student's own run, and says whether the claims hold.
What rests on recorded results alone needs no check there: the record is the same.
"""

from __future__ import annotations

import ast
import builtins
import json
import re

HEAD = "# Does this run say what the text says?"
RECORD, RUN = "record", "run"
BUILTINS = set(dir(builtins))


class Origins:
    """Where names come from, statement by statement: recorded results, this run, or neither (constants, imports)."""

    def __init__(self):
        self.names: dict[str, frozenset] = {}

    def of(self, node) -> frozenset:
        """The origins of an expression, or of any piece of code."""
        found = frozenset()
        own = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
        for comprehension in (n for n in ast.walk(node) if isinstance(n, ast.comprehension)):
            own |= {n.id for n in ast.walk(comprehension.target) if isinstance(n, ast.Name)}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id not in own:
                found |= self.names.get(inner.id, frozenset())
        for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name == "recorded":
                found |= {RECORD}
            elif name not in BUILTINS | {"bind", "holds", "about"} and not self._inside(call, own):
                found |= {RUN}  # made here, from constants: a collection, a generator, a trained model
        return found

    def _inside(self, call, own) -> bool:
        """Whether a call rests on something whose origin is known, or on a variable of a comprehension or a function
        (``own``), whose origin is that of what it runs over."""
        loads = {n.id for n in ast.walk(call) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        bound = any(isinstance(n, ast.comprehension | ast.Lambda) for n in ast.walk(call))
        return bound or any(n in self.names or n in own for n in loads) or any(
            isinstance(n, ast.Call) and getattr(n.func, "id", "") == "recorded" for n in ast.walk(call)
        )

    def run(self, statement) -> None:
        """Take a statement into account."""
        match statement:
            case ast.Import() | ast.ImportFrom():
                for alias in statement.names:
                    self.names.pop((alias.asname or alias.name).split(".")[0], None)
            case ast.FunctionDef() | ast.ClassDef():
                self.names[statement.name] = self.of(statement)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() if statement.value is not None:
                self._assign(statement, self.of(statement.value))
            case ast.For():
                self._set(statement.target, self.of(statement.iter))
                self._each(statement.body + statement.orelse)
            case ast.If() | ast.While():
                self._each(statement.body + statement.orelse)
            case ast.With():
                for item in statement.items:
                    if item.optional_vars:
                        self._set(item.optional_vars, self.of(item.context_expr))
                self._each(statement.body)
            case ast.Try():
                self._each(statement.body + statement.orelse + statement.finalbody)
        for walrus in (n for n in ast.walk(statement) if isinstance(n, ast.NamedExpr)):
            self.names[walrus.target.id] = self.of(walrus.value)

    def _each(self, body):
        for statement in body:
            self.run(statement)

    def _assign(self, statement, origin):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            values = getattr(statement.value, "elts", None)
            if isinstance(target, ast.Tuple) and values and len(values) == len(target.elts):
                for one, value in zip(target.elts, values, strict=True):
                    self._set(one, self.of(value))
            else:
                self._set(target, origin, add=isinstance(statement, ast.AugAssign))

    def _set(self, target, origin, add=False):
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                whole = isinstance(node.ctx, ast.Store) and not add  # x[…] = y and x += y keep what x was
                self.names[node.id] = origin if whole else self.names.get(node.id, frozenset()) | origin


def parsed(source: str):
    """The statements of a cell; None for one that Python cannot parse (a magic, for instance)."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return None


def without_magic(source: str) -> str:
    """A cell's text without the magic on its first line."""
    return source.partition("\n")[2] if source.startswith("%%") else source


def calls(node, *names) -> list[ast.Call]:
    """The calls inside a node of functions of these names."""
    return [n for n in ast.walk(node) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in names]


def names_in(*nodes) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def check_cells(cells: list, said: dict[str, str]) -> list:
    """The cells of a notebook, with each removed cell of the page made into a check, or left out where nothing is left.

    ``cells``: notebook cells; those that the book removes have ``metadata["mmcourse"]`` (taken out here). ``said``:
    what the text quotes, name → its words.
    """
    origins, checks, kept, later = Origins(), {}, [], set()
    for number, cell in enumerate(cells):
        if cell.cell_type != "code" or (body := parsed(without_magic(cell.source))) is None:
            continue
        if "mmcourse" in cell.metadata:
            checks[number] = Check(cell.source, said, origins)
        else:
            for statement in body:
                origins.run(statement)
    for number in reversed(range(len(cells))):  # from the end, so that a name used only by what goes is not missed
        cell = cells[number]
        removed = cell.metadata.pop("mmcourse", None)
        if number in checks:
            cell.source = checks[number].text(later)
            if not cell.source:
                continue
        if cell.cell_type == "code":
            later |= names_in(*parsed(without_magic(cell.source)) or [])
        if removed and removed["needs"]:
            cell.source = f"%%needs {removed['needs']}\n{cell.source}"
        kept.append(cell)
    return kept[::-1]


class Check:
    """A removed cell, without what rests on records alone, and with its bindings as numbers to compare."""

    def __init__(self, source: str, said: dict[str, str], origins: Origins):
        self.lines = source.encode().split(b"\n")  # Python counts columns in bytes
        self.body, self.said = ast.parse(source).body, said
        self.recorded, self.idle = set(), set()
        for number, statement in enumerate(self.body):
            if isinstance(statement, ast.For):
                origins.run(ast.For(statement.target, statement.iter, [], []))  # its variable is this loop's
            origin = origins.of(statement)
            origins.run(statement)
            if origin == {RECORD}:
                self.recorded.add(number)
            if origin <= {RECORD} or isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef):
                self.idle.add(number)

    def text(self, later: set[str]) -> str:
        """The cell for a notebook, "" where nothing is left; ``later`` are the names that later cells use."""
        parts, needed, said, states = [], set(later), {}, False
        for number in reversed(range(len(self.body))):
            statement = self.body[number]
            record = number in self.recorded
            states_nothing = record or not calls(statement, "bind", "holds")
            if number in self.idle and states_nothing and not stored(statement) & needed:
                continue
            if isinstance(statement, ast.Expr) and calls(statement, "bind") and not self._quoted(statement):
                continue
            needed |= names_in(statement)
            parts.append(self.segment(number, record, needed))
            if not record:
                said |= {name: words for name, words in self.said.items() if binds(statement, name)}
                states |= bool(calls(statement, "holds"))
        parts = [part for part in reversed(parts) if part]
        imports = [part for part in parts if part.startswith(("from ", "import "))]
        parts = [part for part in parts if part not in imports]
        if said:
            parts = ["run = {}", *parts, f"compare(run, {{\n{table(said)}\n}})"]
        used = names_in(*ast.parse("\n".join(parts)).body)
        if tools := sorted({"about", "compare", "holds", "recorded"} & used):
            imports.append(f"from mmcourse.book import {', '.join(tools)}")
        head = [HEAD] if said or states else []
        return "\n".join([*head, *imports, *([""] if imports and head else []), *parts])

    def segment(self, number: int, record: bool, needed: set[str]) -> str:
        """The text of one statement with the comments above it, ``bind`` taken out, imports without what is unused."""
        statement = self.body[number]
        if isinstance(statement, ast.Import | ast.ImportFrom):
            kept = [a for a in statement.names if (a.asname or a.name).split(".")[0] in needed]
            if isinstance(statement, ast.ImportFrom) and statement.module == "mmcourse.book":
                return ""  # what the cell needs of it stands at its head
            made = type(statement)(**{**vars(statement), "names": kept})
            return ast.unparse(made) if kept else ""
        plain = record or not self._quoted(statement)
        edits = [(call, self._unbound(call, plain)) for call in calls(statement, "bind")]
        first, last = statement.lineno - 1, statement.end_lineno
        lines = self.lines[first:last]
        for call, made in sorted(edits, key=lambda e: (e[0].lineno, e[0].col_offset), reverse=True):
            a, b = call.lineno - 1 - first, call.end_lineno - 1 - first
            lines[a : b + 1] = [lines[a][: call.col_offset] + made + lines[b][call.end_col_offset :]]
        above = number and self.body[number - 1].end_lineno
        comments = [line for line in self.lines[above:first] if line.strip().startswith(b"#")]
        return b"\n".join([*comments, *lines]).decode()

    def _quoted(self, statement) -> bool:
        return any(binds(statement, name) for name in self.said)

    def _unbound(self, call, plain: bool) -> bytes:
        name, value = (ast.get_source_segment(b"\n".join(self.lines).decode(), arg) for arg in call.args[:2])
        return (value if plain else f"run[{name}] = {value}").encode()


def table(said: dict[str, str], width: int = 100) -> str:
    """The entries of a dict display, as many on a line as fit."""
    lines = [""]
    for name, words in sorted(said.items()):
        entry = f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(words, ensure_ascii=False)},"
        if lines[-1] and len(lines[-1]) + len(entry) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "    ") + entry
    return "\n".join(lines)


def stored(statement) -> set[str]:
    """The names that a statement gives a meaning to."""
    inside = (n for n in ast.walk(statement) if isinstance(n, ast.comprehension))
    own = {id(n) for comprehension in inside for n in ast.walk(comprehension.target)}  # known to the expression alone
    names = {
        n.id for n in ast.walk(statement)
        if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load) and id(n) not in own
    }  # fmt: skip
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = {(a.asname or a.name).split(".")[0] for a in statement.names}
    return names | ({statement.name} if isinstance(statement, ast.FunctionDef | ast.ClassDef) else set())


def binds(statement, name: str) -> bool:
    """Whether a statement may bind a number of this name; names made of variables are matched by their fixed parts."""
    words = {n.value for n in ast.walk(statement) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    for call in calls(statement, "bind"):
        fixed = pattern(call.args[0])
        if name in words if fixed == ".*" else re.fullmatch(fixed, name):
            return True
    return False


def pattern(node) -> str:
    """A regular expression of the texts that an expression can give."""
    match node:
        case ast.Constant():
            return re.escape(str(node.value))
        case ast.JoinedStr():
            return "".join(map(pattern, node.values))
        case ast.BinOp(op=ast.Add()):
            return pattern(node.left) + pattern(node.right)
    return ".*"
