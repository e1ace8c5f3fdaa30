"""Put a text into a field as its input method and wait for the proof; delete what stands there, with proof."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.input_method.interface import InputContext, SurroundingText
from desktop.paste.input_method.receipt import is_deleted, is_inserted, stands_before_cursor
from desktop.paste.request import COMMIT_CUT_OFF, COMMIT_UNPROVEN, COMMIT_UNSEEN, PASSWORD_FIELD_FOCUSED
from desktop.paste.text_fit import Insertion
from desktop.paste.x11.undo import TEXT_CHANGED, TEXT_TOO_LONG, TEXT_UNREADABLE, WINDOW_NOT_UNDOABLE

RECEIPT_TIMEOUT_S = 0.15
"""Seconds to wait for the program to report the text: GTK took 9 to 48 ms, Qt 53, Chromium 76."""

COMMIT_TIMEOUT_S, CHARACTERS_PER_S = 3.0, 1000
"""Seconds that a desktop may take to accept a text, which takes some ms, and how much more of a long one, which goes in
several parts, it accepts in a second at least."""


async def commit_text(
    context: InputContext,
    text: str,
    on_sent: Callable[[], None],
    before: SurroundingText | None,
    *,
    is_terminal: bool = False,
) -> PasteResult:
    """Commit `text` once, call `on_sent`, and return whether it has arrived. Never raises `OSError`.

    `before` is what stands around the cursor, without a composition, where that is known. A terminal reports no text,
    and its user expects none: it is unconfirmed without a note.
    """
    reported, is_private = context.surrounding, context.traits.is_private
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S + len(text) / CHARACTERS_PER_S):
            found = await context.commit(text)
    except OSError:
        on_sent()  # a part of it may be there
        return PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,), is_private=is_private)
    on_sent()
    if before == reported:  # else the program has reported a composition as text, which the field takes for text too
        before = found or before
    if is_terminal:
        return PasteResult(Outcome.UNCONFIRMED, is_private=is_private)
    if before is not None and await _wait_until(
        context, lambda: context.surrounding != reported and is_inserted(before, context.surrounding, text)
    ):
        return PasteResult(Outcome.INSERTED, is_private=is_private)
    note = COMMIT_UNSEEN if before is None else COMMIT_UNPROVEN
    return PasteResult(Outcome.UNCONFIRMED, (note,), is_private=is_private)


async def probe_field(context: InputContext, probe: str) -> SurroundingText | None:
    """Commit `probe` to have the program report its text, and return that with it; None if it reports nothing.

    A program with IBus's library reports its text only where that is another than the last one that it reported: after
    our own text it says nothing. Raises `OSError`.
    """
    with anyio.fail_after(COMMIT_TIMEOUT_S):
        await context.commit(probe)
    await _wait_until(context, lambda: _shows(context, probe))
    return context.surrounding if _shows(context, probe) else None


def _shows(context: InputContext, text: str) -> bool:
    return context.surrounding is not None and stands_before_cursor(context.surrounding, text)


async def delete_text(context: InputContext, text: str) -> bool:
    """Delete `text`, which stands right before the cursor; return whether that is proven. Never raises `OSError`."""
    before = context.surrounding
    if before is None:
        return False
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S):
            await context.delete_before(len(text))
    except OSError:
        return False
    return await _wait_until(context, lambda: is_deleted(before, context.surrounding, text))


def find_deletion_obstacle(context: InputContext, insertion: Insertion, probe: str = "") -> Message | None:
    """Return why `insertion`, and the `probe` behind it, must not be deleted from the field; None if they stand right
    before the cursor."""
    report, text = context.surrounding, insertion.text + probe
    if reason := find_traits_obstacle(context):
        return reason
    if report is None:
        return TEXT_UNREADABLE
    if not stands_before_cursor(report, text):
        is_cut = len(report.before) > len(probe) and not report.selected and text.endswith(report.before)
        return TEXT_TOO_LONG if is_cut else TEXT_CHANGED
    previous, expected = report.before[: -len(text)][-1:], insertion.previous_text[-1:]
    is_elsewhere = bool(previous and expected) and previous != expected and not (previous + expected).isspace()
    return TEXT_CHANGED if is_elsewhere else None


def find_traits_obstacle(context: InputContext) -> Message | None:
    """Return why nothing may be undone in a field of this kind; None if it may."""
    if context.traits.is_password:
        return PASSWORD_FIELD_FOCUSED
    return WINDOW_NOT_UNDOABLE if context.traits.is_terminal else None


async def _wait_until(context: InputContext, is_proven: Callable[[], bool]) -> bool:
    """Return whether `is_proven()` after one of the changes that the program reports in time."""
    try:
        with anyio.move_on_after(RECEIPT_TIMEOUT_S):
            while not is_proven():
                await context.wait_for_change()
    except OSError:
        pass  # the field was left: what was reported until then counts
    return is_proven()
