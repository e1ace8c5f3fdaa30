"""What is sent to Intone by others, as bytes, and what each of its readers may do with nonsense: refuse it.

A target is a reader, examples of what it is meant for, and nothing else: it returns, or raises what it documents. Every
other exception is a crash, and what takes longer than `HANG_S` is a hang. The tests try each for a moment
(`test_fuzz.py`), `make prove-fuzz` for ten minutes. What strangers send comes first, what only this machine's own
programs and files say comes last.
"""

from __future__ import annotations

import random
from functools import cache

from tests.fuzz.target import HANG_S, Target

__all__ = ["HANG_S", "LARGEST", "SPITE", "Target", "mutated", "target", "targets"]

LARGEST = 65_536
"""Bytes of an input."""


def mutated(seeds: tuple[bytes, ...], chance: random.Random) -> bytes:
    """One of `seeds`, or two of them, with a few things wrong."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(8):
            case 0:
                data[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                del data[at : at + chance.choice((1, 2, 8, 64))]
            case 2:
                data[at:at] = data[at : at + chance.randrange(1, 64)] * chance.choice((1, 2, 50))
            case 3:
                data[at:at] = chance.choice(SPITE)
            case 4:
                other = chance.choice(seeds)
                data[at:] = other[chance.randrange(len(other) + 1) :]
            case 5:
                data[at:at] = str(chance.choice((0, -1, 2**31, 2**63, 10**400, 1e308, 0.1))).encode()
            case 6:
                end = data.find(b'"', at)
                data[at : end if end >= 0 else at] = chance.choice(SPITE)
            case _:
                del data[at:]
    return bytes(data[:LARGEST])


SPITE = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"NaN", b"Infinity", b"-Infinity", b"null", b"true", b"1e999"),
    *(b"[" * 3000, b"[" * LARGEST, b"{" * 300, b'{"a":' * 1500, b"[]", b"{}", b'""', b'"', b"'", b'"""'),
    *(b"\r", b"\n\n", b"\r\n", b",", b";", b"<think>" * 500, b" " * 30_000),
    *(b"{0.__class__}", b"%s%n", b"$(touch x)", b"../../x", b"\xef\xbb\xbf", "²".encode(), "٣".encode(), b"9" * 5000),
    *(b"-0001-01-01T00:00:00+99:99", b"00:00:00,000 --> 99:99:99,999", b"\x1b[201~", b"\x7f", "\u202e\u0000".encode()),
    *(b"0001-01-01T00:00:00", b"9999-12-31T23:59:59.999999-23:59"),
)


@cache
def targets() -> dict[str, Target]:
    """Each by its name."""
    from tests.fuzz import desk, files, services

    return {**services.targets(), **files.given(), **desk.targets(), **files.own()}


def target(name: str) -> Target:
    """The target of that name; those of `planted` are faulty."""
    from tests.fuzz.planted import PLANTED

    return PLANTED[name] if name in PLANTED else targets()[name]
