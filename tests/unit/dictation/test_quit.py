"""What an app that quits during a paste leaves of the dictation, for the next start to recover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.messages import Message
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Outcome, PasteResult, Target
from desktop.paste.request import (
    APP_CLOSED,
    CONTENTS_LOST,
    FIELD_NOT_REPORTED,
    INTERNAL_ERROR,
    add_notes,
    leave_on_clipboard,
    refuse,
)
from tests.support.stage import FakePaster, on

pytestmark = pytest.mark.anyio

EDITOR, UNKEPT, NONE = Target(1, "editor"), Target(5, "signal"), Target()
SENT, REFUSED = PasteResult(Outcome.INSERTED), refuse(FIELD_NOT_REPORTED)
KEY_HELD = leave_on_clipboard("Ctrl+V", Message("paste-closed-before-keys"))
UNREAD = leave_on_clipboard("Ctrl+V", Message("text-not-taken", name="editor"))


class UnreadPaster(FakePaster):
    """A paster whose keys reach the window, which does not take the text."""

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        on_sent()
        return await super().paste(text, target, lambda: None, enter)


@pytest.mark.parametrize(
    ("pressed_in", "released_in", "result", "header"),
    [
        (EDITOR, EDITOR, APP_CLOSED, (False, False)),
        (EDITOR, EDITOR, add_notes(APP_CLOSED, (CONTENTS_LOST,)), (False, False)),
        (EDITOR, EDITOR, REFUSED, (False, False)),
        (EDITOR, UNKEPT, APP_CLOSED, (False, False)),
        (NONE, UNKEPT, APP_CLOSED, (False, True)),
        (EDITOR, EDITOR, KEY_HELD, (False, False)),
        (EDITOR, UNKEPT, KEY_HELD, (False, False)),
        (NONE, UNKEPT, KEY_HELD, (False, True)),
        (EDITOR, EDITOR, UNREAD, (True, False)),
        (EDITOR, UNKEPT, UNREAD, (True, True)),
        (EDITOR, EDITOR, SENT, (True, False)),
        (EDITOR, EDITOR, INTERNAL_ERROR, (True, False)),
        (EDITOR, UNKEPT, SENT, (True, True)),
    ],
)
async def test_quit_during_paste_notes_whether_the_text_left(
    pressed_in: Target, released_in: Target, result: PasteResult, header: tuple[bool, bool], tmp_path: Path
) -> None:
    async with anyio.create_task_group() as tasks, on(tmp_path, "dear diary") as stage:
        pasting, ended = anyio.Event(), anyio.Event()

        async def paste() -> None:
            pasting.set()
            await ended.wait()

        if result == UNREAD:
            stage.paster = UnreadPaster()
        stage.paster.focus, stage.paster.outcome, stage.paster.before_sent = pressed_in, result, paste
        stage.dictation.dependencies = replace(stage.parts(), is_kept=lambda target: target.app != "signal")
        recording = await stage.press()
        recording.say(5)
        (session,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: session._capture.captured_s >= 5 * FRAME_SAMPLES / RATE_HZ)
        stage.paster.focus = released_in
        stage.release()
        await stage.until(pasting.is_set)
        tasks.cancel_scope.cancel()
        ended.set()
    assert stage.paster.pasted == [("Dear diary.", released_in.handle)]
    assert stage.rows == []
    (left,) = stage.spool.find_leftovers()
    assert (left.header.leaving, left.header.unkept) == header
