"""Questions that were given up before their owner had answered to the end.

Their windows stay until it has. The owner writes its answer into the window and tells the window so; where that has
gone, the server tells the owner of an error, and a program that leaves errors to Xlib, as xclip does, is ended by it:
what the person had copied would be lost because we asked for it. One that sends in steps would wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from Xlib import X

MOST = 256
"""So many wait for programs that may never answer; a window that holds nothing costs the server next to nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """Where an answer is still owed: our window, the selection (an atom) that was asked for, the window's property, and
    whether the answer has begun to come in steps."""

    window: Any
    selection: int
    into: int
    flowing: bool


class Owed:
    """Those questions. `let_go` is given a window once nobody writes into it any more; `incr` is the type (an atom) of
    what announces an answer in steps. Give `hear` every event."""

    def __init__(self, incr: int, let_go: Callable[[Any], None]) -> None:
        self._incr = incr
        self._let_go = let_go
        self._questions: dict[int, Question] = {}
        self._awaited: set[int] = set()
        self.heard = 0
        """How often an owner went on with one."""

    def __len__(self) -> int:
        return len(self._questions)

    @property
    def awaited(self) -> frozenset[int]:
        """The selections (atoms) whose owner is thought to be at one, and may hear no other question before its end:
        xclip, where it answers in steps, forgets what it is asked meanwhile."""
        return frozenset(self._questions[window].selection for window in self._awaited)

    def forget(self, selection: int) -> None:
        """Those for `selection` (an atom) that there are now are `awaited` no more."""
        self._awaited = {window for window in self._awaited if self._questions[window].selection != selection}

    def add(self, question: Question, *, awaited: bool) -> None:
        """Its asker waits no more for the answer."""
        self._questions[question.window.id] = question
        if awaited:
            self._awaited.add(question.window.id)
        if question.flowing:
            self._step(question)
        if len(self._questions) > MOST:
            self._end(next(iter(self._questions.values())))

    def hear(self, event: Any) -> None:
        """Take what `event` says of an answer that is owed, so that its owner comes to the end of it."""
        if event.type == X.SelectionNotify:
            question = self._questions.get(event.requestor.id)
            if question is not None and not question.flowing:
                self._begin(question)
        elif event.type == X.PropertyNotify and event.state == X.PropertyNewValue:
            question = self._questions.get(event.window.id)
            if question is not None and question.flowing and event.atom == question.into:
                self._step(question)

    def _begin(self, question: Question) -> None:
        """It is answered: with a refusal, the whole, or the announcement of steps."""
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
