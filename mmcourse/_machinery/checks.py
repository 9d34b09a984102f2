"""Arguments that are checked in many places, in one wording."""


def check_whole(**given):
    """Raise ValueError unless each is a whole number from 1."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number from 1.")
