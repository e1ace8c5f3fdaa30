"""Messages of the sound server: as they are written, and those of a server that talks nonsense."""

from __future__ import annotations

import random
import struct

import pytest

from desktop.audio.calls.protocol import (
    HEADER,
    NO_INDEX,
    Command,
    ProtocolError,
    SourceOutput,
    decode_body,
    decode_header,
    encode_message,
    is_monitor,
    parse_server_id,
    parse_source_outputs,
)

STREAM = (
    b"L\0\0\0\x01" + b"tmic\0" + b"L\xff\xff\xff\xff" + b"L\0\0\0\x03" + b"L\0\0\0\x01"
    + b"a\x03\x01\0\0\xbb\x80" + b"m\x01\0" + b"U" + bytes(8) + b"U" + bytes(8) + b"N" + b"tdriver\0"
    + b"P" + b"tapplication.name\0" + b"L\0\0\0\x05" + b"x\0\0\0\x05Zoom\0" + b"N"
    + b"0" + b"v\x01\0\x01\0\0" + b"1" + b"1" + b"1" + b"fB\x01PN"
)  # fmt: skip


def test_a_message_is_read_as_it_was_written() -> None:
    message = encode_message(Command.GET_SOURCE_INFO, 7, 3, None, True, False, "mic", b"\0\1", {"name": "Zoom"})
    header, body = message[: HEADER.size], message[HEADER.size :]
    assert decode_header(header) == len(body)
    assert decode_body(body) == [23, 7, 3, None, True, False, "mic", b"\0\1", {"name": "Zoom"}]


def test_recording_streams_are_read_from_an_answer() -> None:
    values = decode_body(b"L\0\0\0\x02L\0\0\0\x07" + STREAM + STREAM)
    found = parse_source_outputs(values[2:])
    assert found == 2 * [SourceOutput(1, "mic", 3, 1, "", {"application.name": "Zoom"}, False, True)]


@pytest.mark.parametrize(("sink", "expected"), [(NO_INDEX, False), (0, True)])
def test_a_loudspeakers_source_is_told_from_a_microphone(sink: int, expected: bool) -> None:
    assert is_monitor([None] * 8 + [sink, None]) is expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"L\0\0\0\x02",
        b"N" * 20,
        b"L\0\0",
        b"tno end",
        b"x\xff\xff\xff\xff",
        b"Q",
        b"v\xff\0",
        b"P" + b"tname\0",
        b"P" + b"L\0\0\0\1" * 3,
        b"f" * 10,
    ],
)
def test_a_message_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_body(body)


def test_a_header_that_is_none_is_refused() -> None:
    for header in (HEADER.pack(1 << 30, NO_INDEX, 0, 0, 0), HEADER.pack(4, 1, 0, 0, 0)):
        with pytest.raises(ProtocolError):
            decode_header(header)


def test_answers_without_what_is_asked_are_refused() -> None:
    for parse in (parse_source_outputs, is_monitor, parse_server_id):
        with pytest.raises(ProtocolError):
            parse([1, 2, 3])
    values = decode_body(b"L\0\0\0\x02L\0\0\0\x07" + STREAM)[2:]
    for at in (0, 3, 4, 11, 12, 14):
        with pytest.raises(ProtocolError):
            parse_source_outputs([*values[:at], b"", *values[at + 1 :]])


def test_no_damage_to_a_message_raises_anything_else() -> None:
    rng, refused = random.Random(1), 0
    whole = b"L\0\0\0\x02L\0\0\0\x07" + STREAM
    for _ in range(5_000):
        body = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        try:
            parse_source_outputs(decode_body(bytes(body[: rng.randint(0, len(body))]))[2:])
        except ProtocolError:
            refused += 1
    assert refused > 1_000


def test_integers_are_in_network_order() -> None:
    assert encode_message(Command.SUBSCRIBE, 1, 8)[-5:] == b"L" + struct.pack(">I", 8)
