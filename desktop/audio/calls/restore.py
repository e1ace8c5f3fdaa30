"""`LOCK FILE`: wait for the end of a pipe on standard input, then undo the mutes that are written in a file; a byte on
the pipe cancels it.

Started by `desktop.audio.calls.restorer`. Other processes that wait for the app's end (`desktop.core.wait_for_exit`)
load what they need only then. This one is loaded before, since until it is done the user is muted in a call: on a busy
machine, 14 programs on two processors, that took 0.6 s. It waits for answers in place of running a loop and imports
little, so that it takes 8 MB.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from desktop.audio.calls.address import CLIENT_NAME, find_socket, pack_credentials, read_cookie
from desktop.audio.calls.protocol import (
    HEADER,
    PROTOCOL_VERSION,
    Command,
    ProtocolError,
    Value,
    decode_body,
    decode_header,
    encode_message,
    parse_server_id,
    parse_source_outputs,
)
from desktop.audio.calls.streams import MutedStream, convert_output, dump_muted, find_restores, load_muted

ANSWER_TIMEOUT_S = 5.0
"""Seconds for an answer of the sound server; the app's next start undoes what is left."""


class BlockingConnection:
    """A connection to the sound server that waits for each answer. Opening and using it raises `OSError`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._tags = count(1)
        self._socket.settimeout(ANSWER_TIMEOUT_S)
        self._socket.connect(str(find_socket(environ)))
        tag = next(self._tags)
        message = encode_message(Command.AUTH, tag, PROTOCOL_VERSION, read_cookie(environ))
        self._socket.sendmsg([message], [pack_credentials()])
        if self._read(tag) is None or self.ask(Command.SET_CLIENT_NAME, {"application.name": CLIENT_NAME}) is None:
            raise ConnectionError("the sound server does not let us in")

    def ask(self, command: Command, *values: int | bool | dict[str, str]) -> list[Value] | None:
        """Return the values of the answer, None where the server refuses. Raises `ProtocolError`."""
        tag = next(self._tags)
        self._socket.sendall(encode_message(command, tag, *values))
        return self._read(tag)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _read(self, tag: int) -> list[Value] | None:
        while True:
            command, answered, *values = decode_body(self._receive(decode_header(self._receive(HEADER.size))))
            if answered == tag:
                return values if command == Command.REPLY else None

    def _receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            if not (more := self._socket.recv(size - len(data))):
                raise ConnectionError("the sound server has ended")
            data += more
        return data


def restore(muted: tuple[MutedStream, ...], environ: Mapping[str, str]) -> tuple[MutedStream, ...]:
    """Undo the mutes, and return those that can be undone only later. Raises `OSError` and `ProtocolError`."""
    server = BlockingConnection(environ)
    try:
        number = str(parse_server_id(server.ask(Command.GET_SERVER_INFO) or []))
        outputs = parse_source_outputs(server.ask(Command.GET_SOURCE_OUTPUT_INFO_LIST) or [])
        streams = {stream.where: stream for stream in (convert_output(output, True) for output in outputs)}
        now = time.time()
        first_seen = dict.fromkeys(streams, now)
        for stream in find_restores(streams, muted, first_seen, number, now).unmute:
            if server.ask(Command.SET_SOURCE_OUTPUT_MUTE, stream.order, False) is not None:
                streams[stream.where] = replace(stream, is_muted=False)
        return find_restores(streams, muted, first_seen, number, now).kept
    finally:
        server.close()


def main(_lock: str, name: str) -> None:
    """Undo what is written in the file once the app has ended; the lock is held until the process ends."""
    if os.read(0, 1):
        return
    file = Path(name)
    with suppress(OSError, ValueError, ProtocolError):
        if kept := restore(load_muted(file.read_text()), os.environ):
            from desktop.core.files import write_file

            write_file(file, dump_muted(kept))
        else:
            file.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
