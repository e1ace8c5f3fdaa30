"""Selection requests that were given up before the owner had answered completely.

Their windows stay until it has. The owner writes its answer into the window and notifies the window; if that is gone,
the server sends the owner an error, and a program that leaves errors to Xlib, as xclip does, is ended by it: what the
user had copied would be lost because we requested it. A program that sends in steps would wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from Xlib import X

MAX_PENDING = 256
"""Maximum number of requests that wait for programs that may never answer; a window that holds nothing costs the server
next to nothing."""


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """A request that is still being answered: our window, the requested selection (an atom), the window's property (an
    atom), and whether the answer has begun to come in steps."""

    window: Any
    selection: int
    property_atom: int
    is_in_steps: bool


class PendingAnswers:
    """The pending answers. Pass every event to `handle_event`.

    `destroy_window` is called with a window once nothing more is written into it; `incr` is the type (an atom) that
    announces an answer in steps.
    """

    def __init__(self, incr: int, destroy_window: Callable[[Any], None]) -> None:
        self._incr = incr
        self._destroy_window = destroy_window
        self._answers: dict[int, PendingAnswer] = {}
        self._awaited_windows: set[int] = set()
        self.progress_count = 0
        """How often an owner has continued an answer."""

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def awaited_selections(self) -> frozenset[int]:
        """The selections (atoms) whose owner is believed to be answering, and must not get another request before its
        end: xclip, when it answers in steps, forgets requests that come meanwhile."""
        return frozenset(self._answers[window].selection for window in self._awaited_windows)

    def stop_awaiting(self, selection: int) -> None:
        """Remove the present answers for `selection` (an atom) from `awaited_selections`."""
        self._awaited_windows = {
            window for window in self._awaited_windows if self._answers[window].selection != selection
        }

    def add(self, answer: PendingAnswer, *, is_awaited: bool) -> None:
        """Add a request whose requester no longer waits for the answer."""
        self._answers[answer.window.id] = answer
        if is_awaited:
            self._awaited_windows.add(answer.window.id)
        if answer.is_in_steps:
            self._accept_step(answer)
        if len(self._answers) > MAX_PENDING:
            self._finish(next(iter(self._answers.values())))

    def handle_event(self, event: Any) -> None:
        """Process `event` if it belongs to a pending answer, so that its owner comes to the end of it."""
        if event.type == X.SelectionNotify:
            answer = self._answers.get(event.requestor.id)
            if answer is not None and not answer.is_in_steps:
                self._start_answer(answer)
        elif event.type == X.PropertyNotify and event.state == X.PropertyNewValue:
            answer = self._answers.get(event.window.id)
            if answer is not None and answer.is_in_steps and event.atom == answer.property_atom:
                self._accept_step(answer)

    def _start_answer(self, answer: PendingAnswer) -> None:
        """Process the answer: a refusal, all of the data, or the announcement of steps."""
        self.progress_count += 1
        value = answer.window.get_property(answer.property_atom, X.AnyPropertyType, 0, 0)
        if value is None or value.property_type != self._incr:
            self._finish(answer)
            return
        self._answers[answer.window.id] = replace(answer, is_in_steps=True)
        self._awaited_windows.add(answer.window.id)
        answer.window.delete_property(answer.property_atom)

    def _accept_step(self, answer: PendingAnswer) -> None:
        """Make room for the next step, if one has come. An empty one is the last."""
        value = answer.window.get_property(answer.property_atom, X.AnyPropertyType, 0, 0)
        if value is None:
            return
        self.progress_count += 1
        if value.bytes_after:
            answer.window.delete_property(answer.property_atom)
        else:
            self._finish(answer)

    def _finish(self, answer: PendingAnswer) -> None:
        del self._answers[answer.window.id]
        self._awaited_windows.discard(answer.window.id)
        self._destroy_window(answer.window)
