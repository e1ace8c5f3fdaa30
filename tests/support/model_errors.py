"""Expect an error of `models` by what the app says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.core.errors import UserError
from models.catalog import ModelError


@contextmanager
def raises_model_error(match: str) -> Iterator[pytest.ExceptionInfo[ModelError]]:
    """Require a `ModelError` whose title and remedy match the regular expression `match`."""
    with pytest.raises(ModelError) as raised:
        yield raised
    assert re.search(match, str(UserError.from_coded(raised.value)))
