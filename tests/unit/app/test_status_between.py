"""Between two paragraphs the app says that it listens, and Esc is its own, whatever outcome is shown."""

from __future__ import annotations

import pytest

from desktop.app.status import StatusPublisher
from desktop.core.state import AppState, Done, Listening
from desktop.core.types import Outcome

BETWEEN = Done(Outcome.INSERTED, "One.", goes_on=True)


@pytest.mark.parametrize("last", [Done(Outcome.INSERTED, "One."), Done(Outcome.SILENT)])
def test_escape_is_taken_until_it_listens_no_more(last: Done) -> None:
    shown, cancellable = list[AppState](), list[bool]()
    publisher = StatusPublisher(shown.append, cancellable.append, lambda: False)
    for state in (Listening(is_locked=True, goes_on=True), BETWEEN, Listening(is_locked=True, goes_on=True), last):
        publisher.set_state(state)
    assert cancellable == [True, False]


def test_commands_see_that_it_listens() -> None:
    publisher = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
    publisher.update_health(engine_loaded=True)
    publisher.set_state(BETWEEN)
    assert publisher.status()["state"] == "listening"
    publisher.set_state(Done(Outcome.INSERTED, "One."))
    assert publisher.status()["state"] == "idle"
