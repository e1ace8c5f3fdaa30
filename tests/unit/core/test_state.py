"""What is shown of a state, and when."""

from __future__ import annotations

import pytest

from desktop.core.errors import HotkeyError, PasteError, UnavailableKeysError
from desktop.core.messages import Message
from desktop.core.state import (
    SHORTCUT_WINDOW_S,
    DictationState,
    Done,
    Health,
    Idle,
    Listening,
    Starting,
    Transcribing,
    compute_countdown_s,
    is_hidden_yet,
)
from desktop.core.types import Outcome


@pytest.mark.parametrize(
    ("state", "since_s", "not_yet"),
    [
        (Starting(), 0.0, True),
        (Listening(), SHORTCUT_WINDOW_S - 0.01, True),
        (Listening(), SHORTCUT_WINDOW_S, False),
        (Listening(is_locked=True), 0.0, False),  # a command, or a tap: no shortcut begins like that
        (Transcribing(), 0.0, False),
        (Idle(), 0.0, False),
        (Done(Outcome.INSERTED), 0.0, False),
    ],
)
def test_what_may_be_a_shortcut_is_not_shown_yet(state: DictationState, since_s: float, not_yet: bool) -> None:
    assert is_hidden_yet(state, since_s) is not_yet


@pytest.mark.parametrize(
    ("heard_s", "left_s"), [(0.0, None), (569.9, None), (570.0, 30), (570.1, 30), (599.9, 1), (600.0, 0), (601.0, 0)]
)
def test_the_end_is_counted_down_once_it_is_near(heard_s: float, left_s: int | None) -> None:
    assert compute_countdown_s(heard_s, 600.0) == left_s


def unavailable(action: str, no_talk_key: bool) -> UnavailableKeysError:
    taken = Message("key-taken", key="F10")
    keys = {action: taken}
    return UnavailableKeysError("keys-unavailable", keys=keys, no_talk_key=no_talk_key, problems=taken, advice="")


@pytest.mark.parametrize(
    ("problem", "ready"),
    [
        (None, True),
        (unavailable("undo", no_talk_key=False), True),
        (unavailable("talk", no_talk_key=True), False),
        (HotkeyError("hotkeys-without-display"), False),
        (HotkeyError("portal-key-unasked"), False),
        (HotkeyError("portal-key-lost"), False),
        (HotkeyError("wayland-keys-other"), True),  # a binding of the compositor's, if there is one, works
    ],
)
def test_we_are_ready_as_long_as_one_key_talks(problem: HotkeyError | None, ready: bool) -> None:
    health = Health(hotkey=problem, engine_loaded=True)
    assert (health.is_ready, health.problem) == (ready, problem)


def test_obstacle_is_the_first_problem_that_prevents() -> None:
    paste = PasteError("portal-typing-unasked")
    for harmless in (unavailable("undo", no_talk_key=False), HotkeyError("wayland-keys-sway")):
        assert Health(hotkey=harmless).obstacle is None
        assert Health(hotkey=harmless, paste=paste).obstacle is paste
    lost = HotkeyError("portal-key-lost")
    assert Health(hotkey=lost, paste=paste).obstacle is lost


@pytest.mark.parametrize(
    ("hotkey", "paste", "input_method", "is_told"),
    [
        (None, None, False, False),
        (HotkeyError("portal-key-unasked"), None, False, True),
        (HotkeyError("portal-key-lost"), None, True, True),
        (unavailable("talk", no_talk_key=True), None, False, True),
        (unavailable("undo", no_talk_key=False), None, False, False),
        (HotkeyError("wayland-keys-sway"), None, False, False),  # it may be bound there
        (None, PasteError("portal-typing-unasked"), False, True),
        (None, PasteError("portal-typing-refused"), False, True),
        (None, PasteError("portal-typing-unasked"), True, False),
        (None, PasteError("paste-compositor-unreachable"), False, False),  # which the page does not mend
    ],
)
def test_missing_way_is_what_the_key_page_mends(
    hotkey: HotkeyError | None, paste: PasteError | None, input_method: bool, is_told: bool
) -> None:
    health = Health(hotkey=hotkey, paste=paste, input_method=input_method)
    assert health.missing_way is ((hotkey or paste) if is_told else None)


def test_ready_means_that_texts_reach_windows() -> None:
    problem = PasteError("portal-typing-unasked")
    health = Health(engine_loaded=True, paste=problem)
    assert (health.is_ready, health.problem) == (False, problem)


def test_texts_that_go_in_by_an_input_method_need_no_keys() -> None:
    problem = PasteError("portal-typing-unasked")
    health = Health(engine_loaded=True, paste=problem, input_method=True)
    assert (health.is_ready, health.obstacle, health.problem, health.paste) == (True, None, None, problem)
