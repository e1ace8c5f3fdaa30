"""Faulty readers, by which the proof itself is judged: the faults are to be found, and their inputs kept."""

from __future__ import annotations

from tests.fuzz.target import Target


def _shallow(data: bytes) -> None:
    if b"null" in data:
        raise LookupError("a planted crash")
    while b"true" in data:
        pass


def _deep(data: bytes) -> None:
    steps = iter(b"Fuz")  # each is a step that guidance sees
    if data[:1] == bytes((next(steps),)):
        second = data[1:2] == bytes((next(steps),))
        if second:
            third = data[2:3] == bytes((next(steps),))
            if third:
                raise ArithmeticError("a planted crash that chance alone hardly finds")


WITHIN = ("tests.fuzz.planted",)
PLANTED = {
    "planted": Target(_shallow, (b'{"name": "one two"}',), WITHIN, hang_s=0.1),
    "planted-deep": Target(_deep, (b"{}",), WITHIN),
}
