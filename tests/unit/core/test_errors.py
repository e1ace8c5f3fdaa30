"""Errors of `models`, which has no texts, as errors for the user."""

from __future__ import annotations

import pytest

from desktop.core.errors import HistoryError, UserError
from desktop.core.messages import Message, PartList
from models.catalog import ErrorParam, ModelError

INNER = ModelError("model-not-installed", name="base")
MESSAGE = Message("model-not-installed", name="base")


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ("base", "base"),
        (INNER, MESSAGE),
        ((INNER, INNER), (MESSAGE, MESSAGE)),
        ((), ()),
        (["base", INNER], PartList(("base", MESSAGE))),
        ([], PartList(())),
        (("base", "small"), PartList(("base", "small"))),
        (("base", INNER), PartList(("base", MESSAGE))),
    ],
)
def test_parameter_of_a_coded_error_is_kept(given: ErrorParam, param: object) -> None:
    error = HistoryError.from_coded(ModelError("models-installed", names=given))
    assert type(error) is HistoryError
    assert error.message == Message("models-installed", names=param)


def test_texts_in_a_tuple_are_shown() -> None:
    error = UserError.from_coded(ModelError("models-installed", names=("base", "small")))  # type: ignore[arg-type]
    assert error.title == "Installed: base, small"
