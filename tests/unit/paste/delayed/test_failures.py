"""What is said, and what becomes of the clipboard, where a step of a paste fails: nothing is claimed that is not so."""

from __future__ import annotations

import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.apps import PasteRules
from desktop.paste.outcome import READ_TIMEOUT_S
from desktop.paste.request import (
    CLIPBOARD_UNAVAILABLE,
    CONTENTS_LOST,
    INTERNAL_ERROR,
    RETURN_NOT_PRESSED,
    TAKEN_BEFORE_READ,
    PasteOptions,
)
from tests.support.fake_desk import OTHER, FakeDesk, Typist

SLOW = PasteOptions(PasteRules({"Editor": {"delay_ms": 200}}))
"""200 ms pass between the offer and the keys."""


def test_a_clipboard_that_cannot_be_had_is_said() -> None:
    typist = Typist(FakeDesk(free=False))
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.FAILED]
    assert typist.desk.clipboard == "before"


def test_a_clipboard_that_cannot_be_given_back_is_said() -> None:
    typist = Typist(FakeDesk())
    typist.reads(0.0)
    typist.desk.after(0.1, lambda: setattr(typist.desk, "free", False))
    typist.paste("one")
    assert typist.ends == [PasteResult(Outcome.INSERTED, (CONTENTS_LOST,))]
    assert typist.taken == ["one"]


def test_an_unread_text_that_cannot_be_left_is_failed() -> None:
    typist = Typist(FakeDesk())
    typist.desk.after(READ_TIMEOUT_S / 2, lambda: setattr(typist.desk, "free", False))
    typist.paste("one")
    assert typist.ends == [
        PasteResult(
            Outcome.FAILED, (Message("text-not-taken", name="Editor"), *CLIPBOARD_UNAVAILABLE.notes, CONTENTS_LOST)
        )
    ]


def test_an_unread_text_does_not_replace_what_was_copied_since() -> None:
    typist = Typist(FakeDesk(), PasteOptions(PasteRules({"Editor": {"enter": True}})))
    typist.desk.on_leave = lambda: typist.desk.take("theirs")
    typist.paste("one")
    assert typist.ends == [PasteResult(Outcome.UNCONFIRMED, (TAKEN_BEFORE_READ, RETURN_NOT_PRESSED))]
    assert typist.desk.clipboard == "theirs"


def test_a_stopped_text_that_cannot_be_left_is_failed_for_both_reasons() -> None:
    typist = Typist(FakeDesk(), SLOW)
    typist.desk.after(0.1, lambda: setattr(typist.desk, "focus", OTHER))
    typist.desk.after(0.1, lambda: setattr(typist.desk, "free", False))
    typist.paste("one")
    notes = (Message("window-changed"), *CLIPBOARD_UNAVAILABLE.notes, CONTENTS_LOST)
    assert (typist.ends, typist.sent) == ([PasteResult(Outcome.FAILED, notes)], 0)


def test_a_refused_text_says_what_the_clipboard_lost() -> None:
    typist = Typist(FakeDesk(), SLOW)
    typist.desk.after(0.1, lambda: setattr(typist.desk, "password", True))
    typist.desk.after(0.1, lambda: setattr(typist.desk, "free", False))
    typist.paste("one")
    assert typist.ends == [PasteResult(Outcome.REFUSED, (Message("password-field-not-pasted"), CONTENTS_LOST))]


@pytest.mark.parametrize(("sent", "outcome"), [(True, Outcome.UNCONFIRMED), (False, Outcome.FAILED)])
def test_after_a_failure_inside_the_clipboard_is_as_before(sent: bool, outcome: Outcome) -> None:
    typist = Typist(FakeDesk(), SLOW)

    def fail() -> None:
        raise RuntimeError("a fault of ours")

    typist.desk.after(0.3 if sent else 0.1, fail)
    with pytest.raises(RuntimeError):
        typist.paste("one")
    typist.promising.fail_all(INTERNAL_ERROR)
    assert typist.ends == [PasteResult(outcome, INTERNAL_ERROR.notes)]
    assert typist.desk.clipboard == "before"
