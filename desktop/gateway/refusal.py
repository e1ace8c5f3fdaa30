"""Refusals of the endpoint: a status, a sentence, and OpenAI's shape for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_FILE_BYTES = 25 << 20
"""The largest file, as OpenAI's."""

MAX_BODY_BYTES = MAX_FILE_BYTES + (64 << 10)
"""The largest request: a file and the fields beside it."""

TOO_LARGE = f"The file is larger than {MAX_FILE_BYTES >> 20} MB."


class RequestRefusedError(Exception):
    """A request is refused with `status`; the text is a sentence for its client."""

    def __init__(self, status: int, code: str, sentence: str, retry_after_s: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
        if status == 408:  # whose rest may come later
            self.headers["Connection"] = "close"


_TYPES: Mapping[int, str] = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def describe_refusal(refusal: RequestRefusedError) -> dict[str, Any]:
    """Return the body of a refusal as OpenAI writes it."""
    kind = _TYPES.get(refusal.status, "server_error" if refusal.status >= 500 else "invalid_request_error")
    return {"error": {"message": str(refusal), "type": kind, "param": None, "code": refusal.code}}


def check_length(headers: Mapping[str, str], largest: int) -> None:
    """Raise `RequestRefusedError` where the length that a request states is no number or above `largest`."""
    stated = headers.get("content-length", "0")
    if not stated.isdecimal():
        raise RequestRefusedError(400, "invalid_length", "The length of the request is no number.")
    if len(stated) > 18 or int(stated) > largest:
        raise RequestRefusedError(413, "file_too_large", TOO_LARGE)
