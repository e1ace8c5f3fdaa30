"""Encode and decode the messages of PulseAudio's native protocol, as far as recording streams need it. Pure.

A message is a header and a list of values, each behind a letter for its type. PipeWire answers the same messages. The
numbers are those of `pulsecore/native-common.h`, `pulsecore/tagstruct.h` and `pulse/def.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

PROTOCOL_VERSION = 22
"""The first version in which a recording stream has a mute of its own (PulseAudio 1.0); newer servers answer in it."""

HEADER = struct.Struct(">IIIII")
"""Bytes of the body, channel, offset (2) and flags."""

CONTROL_CHANNEL = 0xFFFFFFFF
"""The channel of messages; others carry sound."""

NO_INDEX = 0xFFFFFFFF
"""In place of an index: there is none."""

MAX_BODY_BYTES = 1 << 20
"""Bytes of a body above which the other end is no sound server: fifty streams are 40 kB."""

COOKIE_BYTES = 256
"""Bytes of the secret by which a server knows its user (`PA_NATIVE_COOKIE_LENGTH`)."""

SOURCE_OUTPUT_FACILITY = 0x0008
"""The mask of events of recording streams (`PA_SUBSCRIPTION_MASK_SOURCE_OUTPUT`)."""

REMOVED_EVENT, EVENT_TYPE_MASK = 0x0020, 0x0030
"""The type of an event by which a stream has ended, and the bits of the type."""


class Command(IntEnum):
    """What a message asks or says."""

    ERROR = 0
    REPLY = 2
    AUTH = 8
    SET_CLIENT_NAME = 9
    GET_SERVER_INFO = 20
    GET_SOURCE_INFO = 23
    GET_SOURCE_OUTPUT_INFO = 31
    GET_SOURCE_OUTPUT_INFO_LIST = 32
    SUBSCRIBE = 35
    SUBSCRIBE_EVENT = 66
    SET_SOURCE_OUTPUT_MUTE = 99


class ProtocolError(Exception):
    """The other end sends what is no message of a sound server."""


@dataclass(frozen=True, slots=True)
class SourceOutput:
    """A recording stream as the server reports it; `client` and `source` are indices."""

    index: int
    name: str
    client: int
    source: int
    resampler: str
    properties: dict[str, str]
    is_corked: bool
    is_muted: bool


type Value = int | bool | str | bytes | dict[str, str] | tuple[int, ...] | None


def encode_message(command: Command, tag: int, *values: int | bool | str | bytes | dict[str, str] | None) -> bytes:
    """Return the message. Integers are sent as 32 bits."""
    body = b"".join(map(_encode, (int(command), tag, *values)))
    return HEADER.pack(len(body), CONTROL_CHANNEL, 0, 0, 0) + body


def decode_header(header: bytes) -> int:
    """Return the bytes of the body that follows. Raises `ProtocolError`."""
    length, channel, *_ = HEADER.unpack(header)
    if channel != CONTROL_CHANNEL or length > MAX_BODY_BYTES:
        raise ProtocolError("no message of a sound server")
    return int(length)


def decode_body(body: bytes) -> list[Value]:
    """Return the values of a message: command, tag, and what belongs to it. Raises `ProtocolError`."""
    try:
        values = list(_decode_values(body))
    except (struct.error, IndexError, ValueError) as error:
        raise ProtocolError("a message is cut off") from error
    if len(values) < 2 or not (isinstance(values[0], int) and isinstance(values[1], int)):
        raise ProtocolError("a message without a command")
    return values


def parse_source_outputs(values: list[Value]) -> list[SourceOutput]:
    """Return the recording streams of an answer, without its command and tag. Raises `ProtocolError`."""
    if len(values) % _SOURCE_OUTPUT_VALUES:
        raise ProtocolError("a recording stream is cut off")
    return [
        _parse_source_output(values[at : at + _SOURCE_OUTPUT_VALUES])
        for at in range(0, len(values), _SOURCE_OUTPUT_VALUES)
    ]


def is_monitor(values: list[Value]) -> bool:
    """Return whether the source of an answer, without its command and tag, is what a loudspeaker plays. Raises
    `ProtocolError`."""
    if len(values) <= _MONITOR_OF_SINK:
        raise ProtocolError("a source is cut off")
    return values[_MONITOR_OF_SINK] != NO_INDEX


def parse_server_id(values: list[Value]) -> int:
    """Return the number that a server has drawn at its start, of an answer without command and tag. Raises
    `ProtocolError`."""
    if len(values) <= _SERVER_COOKIE or not isinstance(number := values[_SERVER_COOKIE], int):
        raise ProtocolError("a server without a number")
    return number


_SOURCE_OUTPUT_VALUES = 18
"""Values of a recording stream in `PROTOCOL_VERSION`."""

_MONITOR_OF_SINK, _SERVER_COOKIE = 8, 7
"""Places of a source's loudspeaker and of a server's number among the values of their answers."""


def _parse_source_output(values: list[Value]) -> SourceOutput:
    index, name, _, client, source, *_ = values
    resampler, properties, is_corked, is_muted = values[9], values[11], values[12], values[14]
    if not (isinstance(index, int) and isinstance(client, int) and isinstance(source, int)):
        raise ProtocolError("a recording stream without its indices")
    if not (isinstance(properties, dict) and isinstance(is_corked, bool) and isinstance(is_muted, bool)):
        raise ProtocolError("a recording stream without its state")
    return SourceOutput(index, str(name or ""), client, source, str(resampler or ""), properties, is_corked, is_muted)


def _encode(value: int | bool | str | bytes | dict[str, str] | None) -> bytes:
    if value is None:
        return b"N"
    if isinstance(value, bool):
        return b"1" if value else b"0"
    if isinstance(value, int):
        return struct.pack(">cI", b"L", value)
    if isinstance(value, str):
        return b"t" + value.encode() + b"\0"
    if isinstance(value, bytes):
        return struct.pack(">cI", b"x", len(value)) + value
    pairs = ((_encode(name), text.encode() + b"\0") for name, text in value.items())
    return b"P" + b"".join(name + _encode(len(text)) + _encode(text) for name, text in pairs) + b"N"


def _decode_values(body: bytes) -> Iterator[Value]:
    at = 0
    while at < len(body):
        value, at = _decode(body, at)
        yield value


def _decode(body: bytes, at: int) -> tuple[Value, int]:
    """Return the value at an offset, and the offset behind it. Raises `struct.error`, `IndexError` and `ValueError`."""
    kind, at = body[at : at + 1], at + 1
    match kind:
        case b"1" | b"0":
            return kind == b"1", at
        case b"N":
            return None, at
        case b"L" | b"V":
            return struct.unpack_from(">I", body, at)[0], at + 4
        case b"B":
            return body[at], at + 1
        case b"U" | b"R" | b"r" | b"T":
            return struct.unpack_from(">Q", body, at)[0], at + 8
        case b"t":
            end = body.index(b"\0", at)
            return body[at:end].decode(errors="replace"), end + 1
        case b"x":
            (length,) = struct.unpack_from(">I", body, at)
            data = struct.unpack_from(f">{length}s", body, at + 4)[0]
            return data, at + 4 + length
        case b"a":
            return struct.unpack_from(">BBI", body, at), at + 6
        case b"m":
            return tuple(struct.unpack_from(f">{body[at]}B", body, at + 1)), at + 1 + body[at]
        case b"v":
            return tuple(struct.unpack_from(f">{body[at]}I", body, at + 1)), at + 1 + 4 * body[at]
        case b"P":
            return _decode_properties(body, at)
        case b"f":
            _, at = _decode(body, at)
            return _decode(body, at)
    raise ValueError(kind)


def _decode_properties(body: bytes, at: int) -> tuple[dict[str, str], int]:
    properties = dict[str, str]()
    while True:
        name, at = _decode(body, at)
        if name is None:
            return properties, at
        _, at = _decode(body, at)
        data, at = _decode(body, at)
        if not (isinstance(name, str) and isinstance(data, bytes)):
            raise ValueError(name)
        properties[name] = data.rstrip(b"\0").decode(errors="replace")
