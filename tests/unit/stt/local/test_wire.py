"""The messages between the app and the model's process."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from desktop.stt.local import wire

heads = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=5)


@given(st.lists(st.tuples(heads, st.binary())))
def test_what_is_written_is_read(messages: list[wire.Message]) -> None:
    stream = io.BytesIO()
    for head, payload in messages:
        wire.write(stream, head, payload)
    stream.seek(0)
    assert [wire.read(stream) for _ in messages] == messages
    assert wire.read(stream) is None


def test_a_stream_that_breaks_off_ends() -> None:
    assert wire.read(io.BytesIO(wire.pack({"id": 1})[: wire.LENGTHS - 1])) is None
