"""Sleep, the locked screen and the session's end, by the messages that Windows sends of them."""

from __future__ import annotations

from tests.support.desks.wine import WineDesk


def test_messages_of_the_session_are_heard_and_its_end_is_held(desk: WineDesk) -> None:
    """Windows ends the process as soon as all windows have answered that the session ends: this one does not."""
    told = desk.helper("session")
    assert told["heard"] == ["away", "awake", "away", "end"]
    asked = {"may it end": 1, "may it end for a new version": 1, "it does not": 0}
    assert {name: told["answers"][name] for name in asked} == asked
    assert told["answers"]["it ends"] is None
