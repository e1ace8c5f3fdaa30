"""IBus's values, encoded and decoded."""

from __future__ import annotations

import pytest
from dbus_fast import Message, MessageType, Variant

from desktop.paste.input_method.ibus.messages import (
    ENGINE_NAME,
    decode_composition,
    decode_content_type,
    decode_engine_name,
    decode_text,
    encode_component,
    encode_composition,
    encode_text,
)
from desktop.paste.input_method.interface import FieldTraits


@pytest.mark.parametrize("text", ["", "words", "👩‍👩‍👧 and\nlines", "e\u0301"])
def test_encode_text_is_decoded_as_it_was(text: str) -> None:
    assert decode_text(encode_text(text)) == text
    assert decode_text(Variant("v", encode_text(text))) == text


def test_composition_is_underlined_from_end_to_end() -> None:
    assert decode_text(encode_composition("a😀b")) == "a😀b"
    ((underline,),) = [attributes.value[-1] for attributes in encode_composition("a😀b").value[-1:]]
    assert underline.value == ["IBusAttribute", {}, 1, 1, 0, 3]


def test_encoded_values_fit_their_signatures() -> None:
    for value in (encode_text("words"), encode_composition("words"), encode_component()):
        message = Message(
            path="/a",
            interface="a.b",
            member="C",
            message_type=MessageType.SIGNAL,
            signature="v",
            body=[value],
            serial=1,
        )
        assert message._marshall(False)


@pytest.mark.parametrize("value", [None, 3, [], ["IBusText"], ["IBusText", {}, 3], ["IBusEngineDesc", {}, "x"]])
def test_decode_text_of_something_else_is_none(value: object) -> None:
    assert decode_text(value) is None


def test_decode_engine_name_finds_ours() -> None:
    (engine,) = encode_component().value[-1]
    assert decode_engine_name(Variant("v", engine)) == ENGINE_NAME


@pytest.mark.parametrize("value", [None, "xkb:us::eng", ["IBusEngineDesc"], ["IBusText", {}, "x"]])
def test_decode_engine_name_of_something_else_is_empty(value: object) -> None:
    assert decode_engine_name(value) == ""


@pytest.mark.parametrize(
    ("purpose", "hints", "traits"),
    [
        (0, 0, FieldTraits()),
        (8, 0, FieldTraits(is_password=True)),
        (9, 0, FieldTraits(is_password=True)),
        (0, 1 << 11, FieldTraits(is_password=True, is_private=True)),
        (10, 0, FieldTraits(is_terminal=True)),
        (5, 3, FieldTraits()),
    ],
)
def test_decode_content_type_tells_what_a_field_is(purpose: int, hints: int, traits: FieldTraits) -> None:
    assert decode_content_type(Variant("(uu)", [purpose, hints])) == traits


@pytest.mark.parametrize("value", [None, 8, [8], ["8", "0"], [8, 0, 0]])
def test_decode_content_type_of_something_else_is_none(value: object) -> None:
    assert decode_content_type(value) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([encode_text("你哈"), 2, True, 0], "你哈"),
        ([encode_text("你哈"), 2, True, 1], ""),  # is committed by itself
        ([encode_text("你哈"), 2, False, 0], ""),
        ([encode_text(""), 0, True, 0], ""),
        ([3, 0, True, 0], ""),
        ([], ""),
    ],
)
def test_decode_composition_is_what_would_be_lost(body: list[object], text: str) -> None:
    assert decode_composition(body) == text
