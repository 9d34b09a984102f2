"""Numbers, titles, citations and bound values, as Sphinx knows them after it has read the book."""

from __future__ import annotations

from pathlib import PurePosixPath

from docutils import nodes
from pybtex.plugin import find_plugin

from ..evidence import bound
from ..project import Project


class Missing(LookupError):
    """A label, term, citation or value that the book does not have."""


class Lookup:
    """What a page refers to, seen from the page `docname`. `values` (name → text) replaces the values of this run."""

    def __init__(self, env, project: Project, docname: str, values: dict[str, str] | None = None):
        self.env, self.project, self.docname = env, project, docname
        self.std = env.get_domain("std")
        self.cited: list[str] = []
        self.used: dict[str, str] = {}
        self.given = values

    # ── places ──────────────────────────────────────────────────────────────────────────────────────

    def url(self, docname: str, anchor: str = "") -> str:
        """A page seen from a notebook: the notebook beside it, or the book where there is none or an anchor matters."""
        if not anchor and "kernelspec" in self.env.metadata.get(docname, {}):
            return docname.rsplit("/", 1)[-1] + ".ipynb"
        return self.project.page(docname, anchor)

    def resolve(self, target: str) -> str:
        """The docname that a relative target means."""
        base = PurePosixPath("/") if target.startswith("/") else PurePosixPath("/", self.docname).parent
        parts: list[str] = []
        for part in (base / target.lstrip("/")).parts[1:]:
            if part == "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/".join(parts)

    def page(self, target: str) -> tuple[str, str]:
        """Title and address of a page, `target` as in `{doc}`."""
        docname = self.resolve(target)
        if docname not in self.env.titles:
            raise Missing(f"There is no page of this name. Received: {target!r}.")
        return self.env.titles[docname].astext(), self.url(docname)

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────

    def number(self, kind: str, docname: str, anchor: str) -> str:
        """`1.2` for a figure, table, exercise or equation; empty where Sphinx gave none."""
        found = self.env.toc_fignumbers.get(docname, {}).get(kind, {}).get(anchor, ())
        return ".".join(map(str, found))

    def equation(self, label: str) -> tuple[str, str, str]:
        """Number, page and anchor of a labelled equation."""
        objects = self.env.get_domain("math").equations
        if label not in objects:
            raise Missing(f"There is no equation of this label. Received: {label!r}.")
        docname, count = objects[label]
        anchor = nodes.make_id(f"equation-{label}")
        return self.number("displaymath", docname, anchor) or str(count), docname, anchor

    def exercise(self, label: str) -> tuple[str, str] | None:
        """Number and page of an exercise, or None where the label belongs to something else."""
        entry = getattr(self.env, "sphinx_exercise_registry", {}).get(label)
        if entry is None or not entry["type"].startswith("exercise"):
            return None
        return self.number("exercise", entry["docname"], label), entry["docname"]

    def label(self, label: str) -> tuple[str, str, str]:
        """Page, anchor and title of a label (the title is empty where it has none)."""
        key = label.lower()
        if key in self.std.labels:
            return self.std.labels[key]
        if key in self.std.anonlabels:
            return (*self.std.anonlabels[key], "")
        raise Missing(f"There is no label of this name. Received: {label!r}.")

    def numbered(self, label: str, pattern: str | None = None) -> tuple[str, str, str]:
        """`Fig. 1.2` (or `pattern` with its `%s` filled), page and anchor."""
        if exercise := self.exercise(label):
            number, docname = exercise
            kind, anchor = "exercise", label
        else:
            docname, anchor, _ = self.label(label)
            kind = next((k for k in ("figure", "table", "code-block") if self.number(k, docname, anchor)), None)
            if kind is None:
                raise Missing(f"This label has no number. Received: {label!r}.")
            number = self.number(kind, docname, anchor)
        pattern = pattern or self.env.config.numfig_format[kind]
        return pattern.replace("%s", number).replace("{number}", number), docname, anchor

    def figure(self, name: str) -> str:
        """`Fig. 1.2` of a figure on this page."""
        return self.numbered(name)[0]

    # ── words ───────────────────────────────────────────────────────────────────────────────────────

    def term(self, term: str) -> str:
        """The address of a glossary term."""
        found = self.std._terms.get(term.lower()) or self.std.objects.get(("term", term))
        if not found:
            raise Missing(f"There is no term of this name in the glossary. Received: {term!r}.")
        return self.project.page(*found)

    def citation(self, key: str) -> tuple[str, str, str]:
        """Authors, year and address of a work, as the book's author-year style writes them."""
        domain = self.env.get_domain("cite")
        work = next((c for c in domain.citations if c.key == key), None)
        if work is None:
            raise Missing(f"There is no work of this key in the bibliography. Received: {key!r}.")
        if key not in self.cited:
            self.cited.append(key)
        people = work.entry.persons.get("author") or work.entry.persons.get("editor") or []
        last = [" ".join([*p.prelast_names, *p.last_names]).replace("{", "").replace("}", "") for p in people]
        if not last:
            who = work.entry.fields.get("key") or work.entry.fields.get("organization") or key
        else:
            who = last[0] if len(last) == 1 else " and ".join(last) if len(last) == 2 else f"{last[0]} et al."
        return who, work.entry.fields.get("year", "n.d."), self.project.page(work.bibliography_key.docname, work.citation_id)

    def references(self) -> list[str]:
        """The works cited so far, as Markdown, in alphabetical order."""
        markdown = find_plugin("pybtex.backends", "markdown")()
        works = {c.key: c.formatted_entry.text.render(markdown) for c in self.env.get_domain("cite").citations}
        return sorted(works[key].replace("\n", " ").replace("\\", "") for key in self.cited)

    # ── values ──────────────────────────────────────────────────────────────────────────────────────

    def value(self, name: str) -> str:
        """The text of a bound value: `name`, or of another page `page.md::name:s` (myst-nb asks for the `:s` there)."""
        name = name.removesuffix(":s") if "::" in name else name
        if self.given is not None and name in self.given:
            text = self.given[name]
        else:
            text = self.run_value(name)
        self.used[name] = text
        return text

    def run_value(self, name: str) -> str:
        docname, _, key = name.rpartition("::")
        docname = self.resolve(docname.removesuffix(".md")) if docname else self.docname
        values = bound(self.env, docname)
        if key not in values:
            raise Missing(f"No cell binds this value. Received: {name!r}. Allowed: {', '.join(values) or 'none'}.")
        return values[key]
