"""The messages between the app and the model's process."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from desktop.stt.local.worker_protocol import LENGTHS_SIZE, WorkerMessage, pack_message, read_message, write_message

heads = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=5)


@given(st.lists(st.tuples(heads, st.binary())))
def test_what_is_written_is_read(messages: list[WorkerMessage]) -> None:
    stream = io.BytesIO()
    for head, payload in messages:
        write_message(stream, head, payload)
    stream.seek(0)
    assert [read_message(stream) for _ in messages] == messages
    assert read_message(stream) is None


def test_a_stream_that_breaks_off_ends() -> None:
    message = pack_message({"id": 1}, b"audio")
    for size in (LENGTHS_SIZE - 1, LENGTHS_SIZE + 3, len(message) - 1):
        assert read_message(io.BytesIO(message[:size])) is None
