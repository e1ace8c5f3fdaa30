"""What the process that outlives a killed app has received when the pipe ends. It runs on Windows only."""

from __future__ import annotations

import os
from io import BytesIO
from threading import Thread

import pytest

from desktop.paste.delayed import windows_restorer
from desktop.paste.delayed.windows_formats import FormatContents
from desktop.paste.delayed.windows_restorer import ContentsSender, encode_contents, main, read_last_contents

TEXT: FormatContents = [(13, "é\0".encode("utf-16-le")), (0xC0A1, b"<b>\0"), (8, bytes(100_000))]
OTHER: FormatContents = [(13, b"x\0\0\0")]
SENT = encode_contents(TEXT)


@pytest.mark.parametrize(
    ("sent", "contents"),
    [
        (b"", []),
        (SENT, TEXT),
        (SENT + encode_contents([]), []),
        (SENT + encode_contents([]) + encode_contents(OTHER), OTHER),
        (encode_contents([(13, b"")]), [(13, b"")]),
        (encode_contents(OTHER) + SENT[:-1], []),
        (encode_contents(OTHER) + SENT[:7], []),
        (encode_contents(OTHER) + SENT[:2], []),
    ],
)
def test_last_whole_contents_are_kept(sent: bytes, contents: FormatContents) -> None:
    assert read_last_contents(BytesIO(sent)) == contents


def test_restorer_without_contents_ends_at_once() -> None:
    pauses: list[float] = []
    main(BytesIO(SENT + encode_contents([])), pauses.append)
    assert pauses == []


def test_sender_waits_for_no_process_that_reads_nothing() -> None:
    read, write = os.pipe()
    sender = ContentsSender(os.fdopen(write, "wb"))
    large = [(8, bytes(2**20))]
    sender.send(large)
    sender.send(OTHER)
    with os.fdopen(read, "rb") as pipe:
        sender.send(TEXT)
        closing = Thread(target=sender.close)
        closing.start()
        assert read_last_contents(pipe) == TEXT
        closing.join()
    assert sender.is_kept


def test_contents_are_sent_before_the_clipboard_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows_restorer, "SEND_TIMEOUT_S", 60.0)
    pipe = BytesIO()
    sender = ContentsSender(pipe)
    sender.send(TEXT)
    assert pipe.getvalue() == SENT
    sender.close()


def test_sender_to_a_process_that_has_ended_goes_on() -> None:
    read, write = os.pipe()
    os.close(read)
    sender = ContentsSender(os.fdopen(write, "wb"))
    sender.send(TEXT)
    sender.send([])
    sender.close()
    assert not sender.is_kept
