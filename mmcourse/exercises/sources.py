"""The text of a function: the stub made from a solution, and code that runs in a notebook cell of its own."""

import ast
import copy
import functools
import inspect
import sys
import textwrap
import types


class Source:
    """The source of one function of a module, with the module-level names that it needs."""

    def __init__(self, function):
        module = sys.modules[function.__module__]
        self.text = inspect.getsource(module)
        self.lines = self.text.splitlines()
        self.tree = ast.parse(self.text)
        self.node = next(
            n
            for n in ast.walk(self.tree)
            if isinstance(n, ast.FunctionDef)
            and n.name == function.__name__
            and min([n.lineno, *(d.lineno for d in n.decorator_list)]) == function.__code__.co_firstlineno
        )

    def _between(self, first, last):
        return textwrap.dedent("\n".join(self.lines[first - 1 : last]))

    def code(self, name=None):
        """The function without its decorators, under another ``name`` if one is given."""
        text = self._between(self.node.lineno, self.node.end_lineno)
        return text if name is None else text.replace(f"def {self.node.name}(", f"def {name}(", 1)

    def body(self):
        """What stands inside the function, without docstring and final ``return``."""
        body = self.node.body[ast.get_docstring(self.node) is not None :]
        if isinstance(body[-1], ast.Return):
            body = body[:-1]
        return self._between(body[0].lineno, body[-1].end_lineno)

    def signature(self):
        """The call as the student sees it: ``attention_weights(q, k)``."""
        return f"{self.node.name}({ast.unparse(self.node.args)})"

    def stub(self):
        """Signature and docstring, with ``raise NotImplementedError`` for a body."""
        first = self.node.body[0]
        if ast.get_docstring(self.node) is None:
            head = self._between(self.node.lineno, max(first.lineno - 1, self.node.lineno))
        else:
            head = self._between(self.node.lineno, first.end_lineno)
        return head + "\n    # Your code goes here.\n    raise NotImplementedError"

    def skeleton(self):
        """The function with `...` for what its expressions are made of. Loops and conditions stay."""
        node = _Gaps().visit(copy.deepcopy(self.node))
        node.decorator_list = []
        return ast.unparse(ast.fix_missing_locations(node))

    def needs(self, helpers=True):
        """Imports, then constants and helper functions (not if ``helpers`` is False) that the function uses, as
        text."""
        imports, others, seen = [], [], {self.node.name}

        def visit(node):
            parts = [node.args, *node.body] if isinstance(node, ast.FunctionDef) else [node]  # without decorators
            used = [n for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)]
            names = {n.id for n in used} - {n.id for n in used if isinstance(n.ctx, ast.Store)}  # not its own variables
            for statement in self.tree.body:
                defined = _defines(statement)
                if statement is self.node or not (defined & names) - seen:
                    continue
                seen.update(defined)
                if isinstance(statement, (ast.Import, ast.ImportFrom)):
                    imports.append((statement.lineno, self._import(statement, defined & names)))
                elif helpers:
                    visit(statement)
                    others.append((statement.lineno, self._between(statement.lineno, statement.end_lineno)))

        visit(self.node)
        top, rest = [t for _, t in sorted(imports)], [t for _, t in sorted(others)]
        return "\n\n\n".join(filter(None, ["\n".join(top), *rest]))

    @staticmethod
    def _import(statement, wanted):
        kept = [a for a in statement.names if (a.asname or a.name.split(".")[0]) in wanted]
        if isinstance(statement, ast.Import):
            return ast.unparse(ast.Import(names=kept))
        return ast.unparse(ast.ImportFrom(module=statement.module, names=kept, level=statement.level))


class _Gaps(ast.NodeTransformer):
    """Puts `...` into the expressions of assignments and returns: of a call its function stays, of an operation its
    operator."""

    def visit_FunctionDef(self, node):
        first = ast.get_docstring(node) is not None
        node.body = [*node.body[:first], *map(self.visit, node.body[first:])]
        return node

    def visit_Assign(self, node):
        node.value = _emptied(node.value)
        return node

    visit_AugAssign = visit_AnnAssign = visit_Assign

    def visit_Return(self, node):
        if node.value is not None:
            node.value = _emptied(node.value)
        return node

    def visit_Expr(self, node):
        node.value = _emptied(node.value)
        return node


def _emptied(node):
    gap = ast.Constant(...)
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if not _plain(node.func):
            return ast.Call(ast.Attribute(_emptied(value), name, ast.Load()), [gap], [])
        case ast.Call(func=function):
            return ast.Call(function if _plain(function) else gap, [gap], [])
        case ast.BinOp():
            return ast.BinOp(gap, node.op, gap)
        case ast.Compare():
            return ast.Compare(gap, node.ops, [gap] * len(node.comparators))
        case ast.IfExp():
            return ast.IfExp(gap, gap, gap)
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
            return type(node)(gap, node.generators)
        case ast.Tuple():
            return ast.Tuple([_emptied(one) for one in node.elts], node.ctx)
        case ast.Constant() | ast.Name():
            return node
    return gap


def _plain(node):
    """Whether an expression is a dotted name, such as `np.argsort`."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _plain(node.value))


def _defines(statement):
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {a.asname or a.name.split(".")[0] for a in statement.names}
    if isinstance(statement, ast.Assign):
        return {n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return set()


def cell(*parts):
    """Parts of source as the text of one cell, two blank lines between them."""
    return "\n\n\n".join(p.strip("\n") for p in parts if p.strip())


def untouched(function, stub, name):
    """Whether ``function`` is still the function ``name`` of the source ``stub``.

    Compared are the syntax trees, without docstring, comments, decorators and the function's name, where the function's
    source is known (in files and notebooks); and the compiled code, where it is not (in a plain interpreter).
    """
    if not isinstance(function, types.FunctionType):
        return False
    bare, compiled = _as_given(stub, name)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        if isinstance(tree.body[0], ast.FunctionDef) and _bare(tree.body[0]) == bare:
            return True
    except (OSError, TypeError, SyntaxError, IndexError, ValueError, RecursionError):
        pass
    return _compiled(function.__code__) == compiled


@functools.cache
def _as_given(stub, name):
    """The function ``name`` of the source ``stub``: bare, and compiled."""
    node = next(n for n in ast.parse(stub).body if isinstance(n, ast.FunctionDef) and n.name == name)
    code = next(c for c in compile(stub, "<stub>", "exec").co_consts if getattr(c, "co_name", None) == name)
    return _bare(node), _compiled(code)


def _bare(node):
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    # A return that only names the result of the last line is not looked through: equal means equal.
    return ast.dump(ast.Module(body=body, type_ignores=[])), ast.dump(node.args)


def _compiled(code):
    constants = tuple(_compiled(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_varnames
