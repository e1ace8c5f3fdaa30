"""Put a text into a field as its input method and wait for the proof; delete what stands there, with proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import anyio

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.input_method.interface import FieldLostError, InputContext, SurroundingText
from desktop.paste.input_method.receipt import is_deleted, is_inserted, remove_before_cursor, stands_before_cursor
from desktop.paste.request import (
    COMMIT_CUT_OFF,
    COMMIT_UNPROVEN,
    COMMIT_UNSEEN,
    DELETION_UNPROVEN,
    PASSWORD_FIELD_FOCUSED,
    PASSWORD_FOCUSED,
    PROBE_LEFT,
)
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import TEXT_CHANGED, TEXT_TOO_LONG, TEXT_UNREADABLE, WINDOW_NOT_UNDOABLE

RECEIPT_TIMEOUT_S = 0.15
"""Seconds to wait for the program to report the text: GTK took 9 to 48 ms, Qt 53, Chromium 76."""

PROBE_TIMEOUT_S = 1.0
"""Seconds to wait for the report of a probe, which stays where it is otherwise."""

COMMIT_TIMEOUT_S, CHARACTERS_PER_S = 3.0, 1000
"""Seconds that a desktop may take to accept a text, which takes some ms, and how much more of a long one, which goes in
several parts, it accepts in a second at least."""

PROBE = "\u2060"
"""What is put in to have a program report its text, and taken out again: it is invisible, and no program takes it for
the end of a word."""


async def commit_text(
    context: InputContext,
    text: str,
    on_sent: Callable[[], None],
    before: SurroundingText | None,
    *,
    is_terminal: bool = False,
    may_go_below: bool = False,
) -> PasteResult:
    """Commit `text` once, call `on_sent`, and return whether it has arrived. Raises `OSError` only where it
    `may_go_below`: `FieldLostError`, nothing was sent then.

    `before` is what stands around the cursor, without a composition, where that is known. A terminal reports no text,
    and its user expects none: it is unconfirmed without a note.
    """
    if context.traits.is_password:
        return PASSWORD_FOCUSED
    reported, is_private = context.surrounding, context.traits.is_private
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S + len(text) / CHARACTERS_PER_S):
            found = await context.commit(text, on_sent)
    except OSError as error:
        if isinstance(error, FieldLostError) and context.traits.is_password:
            return PASSWORD_FOCUSED
        if may_go_below and isinstance(error, FieldLostError):
            raise
        on_sent()  # a part of it may be there
        return PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,), is_private=is_private)
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
    """Commit `probe` to have the program report its text, and return that without it; None if it reports nothing, and
    the probe may be there.

    A program with IBus's library reports its text only where that is another than the last one that it reported: after
    our own text it says nothing. Never raises `OSError`.
    """
    last = context.surrounding
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S):
            await context.commit(probe)
    except OSError:
        return None

    def find_report() -> SurroundingText | None:
        report = context.surrounding
        return report if report is not None and report != last and stands_before_cursor(report, probe) else None

    await _wait_until(context, lambda: find_report() is not None, PROBE_TIMEOUT_S)
    return remove_before_cursor(report, probe) if (report := find_report()) is not None else None


type SilenceChoice = Literal["probe", "stop", "go on"]
"""What follows a deletion of which a program reports nothing."""


async def delete_text(
    context: InputContext, text: str, if_silent: SilenceChoice = "probe"
) -> SurroundingText | Message:
    """Delete `text`, which stands right before the cursor; return what is left, or why that is not proven.

    GTK does not report what was deleted, and on GNOME Qt does not either. Where nothing is reported, a probe has GTK
    report what is left, which Qt does not, so that it would stay; or what must be left is returned, since the text that
    takes the place is reported. Never raises `OSError`.
    """
    before = context.surrounding
    if before is None:
        return DELETION_UNPROVEN
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S):
            await context.delete_before(len(text))
    except OSError:
        return DELETION_UNPROVEN
    if await _wait_until(context, lambda: is_deleted(before, context.surrounding, text)):
        return context.surrounding or DELETION_UNPROVEN
    if context.surrounding != before or if_silent == "stop":
        return DELETION_UNPROVEN
    if if_silent == "go on":
        return remove_before_cursor(before, text)
    left = await probe_field(context, PROBE)
    if left is None or not await remove_probe(context, PROBE):
        return PROBE_LEFT
    return left if is_deleted(before, left, text) else DELETION_UNPROVEN


async def remove_probe(context: InputContext, probe: str) -> bool:
    """Delete `probe`, which the program has reported right before the cursor; return whether the field was there."""
    try:
        with anyio.fail_after(COMMIT_TIMEOUT_S):
            await context.delete_before(len(probe))
    except OSError:
        return False
    return True


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


async def _wait_until(
    context: InputContext, is_proven: Callable[[], bool], timeout_s: float = RECEIPT_TIMEOUT_S
) -> bool:
    """Return whether `is_proven()` after one of the changes that the program reports in time."""
    try:
        with anyio.move_on_after(timeout_s):
            while not is_proven():
                await context.wait_for_change()
    except OSError:
        pass  # the field was left: what was reported until then counts
    return is_proven()
