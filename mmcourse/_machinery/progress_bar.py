"""A progress bar for people who wait."""

import sys


def progress_bar(*arguments, **options):
    """A ``tqdm`` that is shown from the third second on, and gone at the end.

    It writes to standard output: what comes on standard error is red in a notebook, and looks like a fault.
    """
    from tqdm import tqdm

    return tqdm(*arguments, delay=2, leave=False, file=sys.stdout, **options)
