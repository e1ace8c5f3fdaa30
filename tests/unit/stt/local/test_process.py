"""The messages between the app and the model's process."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from desktop.stt.local import process

heads = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=5)


@given(st.lists(st.tuples(heads, st.binary())))
def test_what_is_written_is_read(messages: list[process.WorkerMessage]) -> None:
    stream = io.BytesIO()
    for head, payload in messages:
        process.write_message(stream, head, payload)
    stream.seek(0)
    assert [process.read_message(stream) for _ in messages] == messages
    assert process.read_message(stream) is None


def test_a_stream_that_breaks_off_ends() -> None:
    assert process.read_message(io.BytesIO(process.pack_message({"id": 1})[: process.LENGTHS_SIZE - 1])) is None
