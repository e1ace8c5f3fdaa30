"""What a compositor says of a field: its traits by hints and purpose, and its text by offsets in bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.paste.input_method.interface import FieldTraits
from desktop.paste.input_method.wayland_messages import parse_surrounding, read_traits


def told(text: bytes, cursor: int, anchor: int) -> bytes:
    """The arguments of a surrounding text."""
    data = text + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4) + struct.pack("=II", cursor, anchor)


@pytest.mark.parametrize(
    ("hints", "purpose", "traits"),
    [
        (0, 0, FieldTraits()),
        (0x207, 0, FieldTraits()),
        (0xC0, 8, FieldTraits(is_password=True, is_private=True)),
        (0x40, 0, FieldTraits(is_password=True)),
        (0, 9, FieldTraits(is_password=True)),
        (0x80, 0, FieldTraits(is_private=True)),
        (0, 13, FieldTraits(is_terminal=True)),
    ],
)
def test_traits_are_by_hints_and_purpose(hints: int, purpose: int, traits: FieldTraits) -> None:
    assert read_traits(hints, purpose) == traits


@pytest.mark.parametrize(
    ("text", "cursor", "anchor", "surrounding"),
    [
        (b"", 0, 0, ("", "", "")),
        ("añb".encode(), 3, 3, ("añ", "", "b")),
        ("a👍b".encode(), 5, 1, ("a", "👍", "b")),
        ("a👍b".encode(), 3, 3, ("a", "", "👍b")),
        (b"abc", 99, 2**32 - 1, ("abc", "", "")),
        ("é👍".encode()[1:-1], 1, 1, ("", "", "")),
    ],
    ids=["empty", "letters", "selection", "within a character", "behind the end", "cut"],
)
def test_surrounding_text_has_offsets_in_bytes(
    text: bytes, cursor: int, anchor: int, surrounding: tuple[str, str, str]
) -> None:
    found = parse_surrounding(told(text, cursor, anchor))
    assert (found.before, found.selected, found.after) == surrounding


@given(st.text(), st.text(), st.integers(0, 2**32 - 1))
def test_surrounding_text_is_whole_whatever_the_cursor(before: str, after: str, wild: int) -> None:
    before, after = (text.encode(errors="ignore").decode().replace("\0", "") for text in (before, after))
    at = len(before.encode())
    found = parse_surrounding(told((before + after).encode(), at, at))
    assert (found.before, found.after) == (before, after)
    assert parse_surrounding(told((before + after).encode(), wild, at)).text == before + after
