"""The book's own Sphinx extension (see `setup`)."""


def setup(app):
    return {"version": "0.1", "parallel_read_safe": False, "parallel_write_safe": True}
