"""Import the libraries that only the benchmark needs, before anything is measured.

Their lack must not surface after an hour of measuring.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from types import ModuleType

from desktop.core.errors import UserError


def require_module(module: str) -> ModuleType:
    """Import `module` of the extra `bench`. Raises `UserError` where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # whisper_normalizer's docstrings
            return import_module(module)
    except ModuleNotFoundError as error:
        raise UserError(
            f"This measurement needs {module.partition('.')[0]}, which is not installed.",
            "Install the extra: pip install 'intone[bench]', or in a checkout: make dev.",
        ) from error
