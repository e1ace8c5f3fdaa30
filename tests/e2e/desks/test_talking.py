"""What is left of a dictation in which a test failed, on desks whose key is held and whose key toggles."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.desk import ROOT
from tests.support.desks.account import Account
from tests.support.desks.session import DesktopSession

TOGGLED, HELD = True, False


class Desk(DesktopSession):
    """A desk whose app is a state."""

    state = "idle"

    def __init__(self, account: Account, *, toggles: bool) -> None:
        super().__init__(account)
        self.toggles = toggles  # type: ignore[misc]
        self.is_deaf = False

    def begin_talking(self) -> None:
        if not self.is_deaf:
            self.state = "idle" if self.toggles and self.state == "listening" else "listening"

    def end_talking(self) -> None:
        if self.toggles:
            self.begin_talking()
        elif self.state == "listening":
            self.state = "transcribing"

    def intone(self, *words: str) -> CompletedProcess[str]:
        if words == ("cancel",) and self.state == "listening":
            self.state = "idle"
        return CompletedProcess(words, 0)

    def wait_state(self, *states: str, timeout_s: float = 0) -> None:
        assert self.state in states


@pytest.fixture(params=[TOGGLED, HELD], ids=["toggled", "held"])
def user(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Desk(Account("user", ROOT, Path(sys.executable), tmp_path), toggles=request.param)


def test_talking_ends_the_dictation(user: Desk) -> None:
    with user.talking():
        assert user.state == "listening"
    assert user.state == ("idle" if user.toggles else "transcribing")


def test_failure_while_talking_leaves_the_app_idle(user: Desk) -> None:
    with pytest.raises(AssertionError, match="no pill"), user.talking():
        raise AssertionError("no pill")
    assert user.state == "idle"


def test_key_that_is_not_heard_begins_nothing_later(user: Desk) -> None:
    user.is_deaf = True
    spoken: Sequence[str] = ()
    with pytest.raises(AssertionError), user.talking():
        spoken = ["sound"]
    assert (spoken, user.state) == ((), "idle")


def test_hearing_the_key_leaves_the_app_idle(user: Desk) -> None:
    assert user.hears_key()
    assert user.state == "idle"
    user.is_deaf = True
    assert not user.hears_key()
