"""Lists of records in JSON files, as those of COCO and VQA: whatever is wrong with one is named by file and record."""

from mmcourse._machinery.tables import read_json, shown

WORDS = {
    "text": "text that is not empty",
    "whole": "a whole number",
    "list": "a list",
    "record": 'a record, {"name": value}',
}


def read_records(path, name, fields, key=None):
    """The list of records that a JSON file holds under ``name`` (None: the file itself is the list): a list of dicts.

    Args:
        path: the file. name: str or None.
        fields: {field: kind}, what every record must have; a kind is one of ``WORDS``. Others are left as they are.
        key: the field, or a tuple of fields, that no two records have in common, or None. Errors name it.

    Raises ValueError, naming the file and the record, for what is no such list, an empty list, a record that lacks a
    field or has one of another kind, and for a key that stands twice.
    """
    content = read_json(path)
    found = content if name is None else content.get(name) if isinstance(content, dict) else None
    if not isinstance(found, list) or not found:
        form = "[{...}, ...]" if name is None else f'{{"{name}": [{{...}}, ...]}}'
        raise ValueError(f"{path}: expected JSON with a list of records, {form}. Received: {shown(content)}.")
    keys = (key,) if isinstance(key, str) else key or ()
    seen = {}
    for place, record in enumerate(found):
        check_record(record, fields, f"{path}, {name or 'record'} {place}{_named(record, keys)}")
        if keys:
            mark = tuple(record[field] for field in keys)
            if mark in seen:
                raise ValueError(
                    f"{path}, {name or 'record'} {place}{_named(record, keys)}: stands at {seen[mark]} already. "
                    f"Allowed: each {' and '.join(keys)} once."
                )
            seen[mark] = place
    return found


def check_record(record, fields, where):
    """Raise ValueError, which begins with ``where``, unless a record has these fields, each of its kind."""
    if not isinstance(record, dict):
        raise ValueError(f"{where}: no record. Received: {shown(record)}. Allowed: {WORDS['record']}.")
    for field, kind in fields.items():
        if field not in record or not _is(record[field], kind):
            received = shown(record[field]) if field in record else f"no {field!r}"
            raise ValueError(f"{where}: wrong {field!r}. Received: {received}. Allowed: {WORDS[kind]}.")


def _is(value, kind):
    if kind == "text":
        return isinstance(value, str) and bool(value.strip()) and not _half(value)
    if kind == "whole":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"list": list, "record": dict}[kind])


def _half(text):
    """Whether a text holds halves of characters, as JSON may, which can neither be shown nor written."""
    return any("\ud800" <= one <= "\udfff" for one in text)


def _named(record, keys):
    """The key of a record, for a message; nothing where it has none."""
    told = [f"{key} {shown(record[key])}" for key in keys if isinstance(record, dict) and key in record]
    return f" ({', '.join(told)})" if told else ""
