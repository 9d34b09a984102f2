"""The packages of the wheel. pyproject.toml holds everything else.

The recorded results lie in `book/results`, where they are written and read; in the wheel they are the folder
`mmcourse/results`, so that an installed course has them without a network. A list of packages that is found cannot be
joined with one that is named in pyproject.toml; hence this file.
"""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["mmcourse*"]), "mmcourse.results"])
