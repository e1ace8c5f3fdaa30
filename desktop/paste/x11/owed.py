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

MOST = 256
"""Maximum number of requests that wait for programs that may never answer; a window that holds nothing costs the server
next to nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is still being answered: our window, the requested selection (an atom), the window's property (an
    atom), and whether the answer has begun to come in steps."""

    window: Any
    selection: int
    into: int
    flowing: bool


class Owed:
    """The pending answers. Pass every event to `handle_event`.

    `destroy_window` is called with a window once nothing more is written into it; `incr` is the type (an atom) that
    announces an answer in steps.
    """

    def __init__(self, incr: int, let_go: Callable[[Any], None]) -> None:
        self._incr = incr
        self._let_go = let_go
        self._questions: dict[int, Question] = {}
        self._awaited: set[int] = set()
        self.heard = 0
        """How often an owner has continued an answer."""

    def __len__(self) -> int:
        return len(self._questions)

    @property
    def awaited(self) -> frozenset[int]:
        """The selections (atoms) whose owner is believed to be answering, and must not get another request before its
        end: xclip, when it answers in steps, forgets requests that come meanwhile."""
        return frozenset(self._questions[window].selection for window in self._awaited)

    def forget(self, selection: int) -> None:
        """Remove the present answers for `selection` (an atom) from `awaited_selections`."""
        self._awaited = {window for window in self._awaited if self._questions[window].selection != selection}

    def add(self, question: Question, *, awaited: bool) -> None:
        """Add a request whose requester no longer waits for the answer."""
        self._questions[question.window.id] = question
        if awaited:
            self._awaited.add(question.window.id)
        if question.flowing:
            self._step(question)
        if len(self._questions) > MOST:
            self._end(next(iter(self._questions.values())))

    def hear(self, event: Any) -> None:
        """Process `event` if it belongs to a pending answer, so that its owner comes to the end of it."""
        if event.type == X.SelectionNotify:
            question = self._questions.get(event.requestor.id)
            if question is not None and not question.flowing:
                self._begin(question)
        elif event.type == X.PropertyNotify and event.state == X.PropertyNewValue:
            question = self._questions.get(event.window.id)
            if question is not None and question.flowing and event.atom == question.into:
                self._step(question)

    def _begin(self, question: Question) -> None:
        """Process the answer: a refusal, all of the data, or the announcement of steps."""
        self.heard += 1
        found = question.window.get_property(question.into, X.AnyPropertyType, 0, 0)
        if found is None or found.property_type != self._incr:
            self._end(question)
            return
        self._questions[question.window.id] = replace(question, flowing=True)
        self._awaited.add(question.window.id)
        question.window.delete_property(question.into)

    def _step(self, question: Question) -> None:
        """Make room for the next step, if one has come. An empty one is the last."""
        found = question.window.get_property(question.into, X.AnyPropertyType, 0, 0)
        if found is None:
            return
        self.heard += 1
        if found.bytes_after:
            question.window.delete_property(question.into)
        else:
            self._end(question)

    def _end(self, question: Question) -> None:
        del self._questions[question.window.id]
        self._awaited.discard(question.window.id)
        self._let_go(question.window)
