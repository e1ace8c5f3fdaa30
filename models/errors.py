"""The base of this package's errors: they have no texts, since the app has those in its languages."""

from __future__ import annotations

type ErrorParam = str | CodedError | tuple[CodedError, ...]
"""The value of a parameter: another error stands for what it says, a tuple of errors also for what to do about it."""


class CodedError(Exception):
    """An error as the code of a text in `desktop.core.texts` and the parameters that the text names."""

    def __init__(self, code: str, /, **params: ErrorParam) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return " ".join((self.code, *(f"{name}={value}" for name, value in self.params.items())))
