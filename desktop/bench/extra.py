"""Libraries that only the benchmark needs, asked for before anything is measured.

An hour of measuring must not end in their lack.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from types import ModuleType

from desktop.problems import Problem


def need(module: str) -> ModuleType:
    """The `module` of the extra `bench`. Raises `Problem` where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # whisper_normalizer's docstrings
            return import_module(module)
    except ModuleNotFoundError as error:
        raise Problem(
            f"This measurement needs {module.partition('.')[0]}, which is not installed.",
            "Install the extra: pip install 'intone[bench]', or in a checkout: make dev.",
        ) from error
