"""Grab the bound keys on an X server, each by itself: an unavailable key affects no other.

Keys that another program has grabbed or that the keyboard lacks are returned as problems until the next try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.core.bindings import Action, Bindings
from desktop.core.errors import HotkeyProblem
from desktop.core.keys import Binding
from desktop.hotkeys.matcher import Armed
from desktop.hotkeys.x11_keyboard import Keyboard


@dataclass(frozen=True, slots=True)
class Place:
    """The codes of a binding's key or button, and the modifier states in which it counts.

    Without states it is not grabbed: a bare modifier, and the cancel key, which is grabbed only while there is
    something to cancel.
    """

    codes: frozenset[int]
    states: tuple[int, ...] = ()


class Taken:
    """The keys that are grabbed on `keyboard`."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self._places: dict[Binding, Place] = {}

    def have(self, bindings: Bindings) -> tuple[Armed, Mapping[Binding, HotkeyProblem]]:
        """Grab the keys of `bindings` and release the rest; return the table of what is received now, and the problems.

        A key that a new keyboard map (another layout) lacks stays where it was.
        """
        troubles: dict[Binding, HotkeyProblem] = {}
        wanted = {
            binding: place
            for binding, action in bindings.items()
            if (place := self._look(binding, action, troubles)) is not None
        }
        for binding, place in list(self._places.items()):
            if wanted.get(binding) != place:
                self._give_back(self._places.pop(binding))
        for binding, place in wanted.items():
            if binding not in self._places and self._take(binding, place, troubles):
                self._places[binding] = place
        return self._armed(bindings), troubles

    def _look(self, binding: Binding, action: Action, troubles: dict[Binding, HotkeyProblem]) -> Place | None:
        """Return the location of the key now; record a problem if the keyboard lacks it."""
        try:
            codes = self._keyboard.codes(binding)
        except HotkeyProblem as problem:
            if binding not in self._places:
                troubles[binding] = problem
            return self._places.get(binding)
        if binding.bare_modifier or action is Action.CANCEL:
            return Place(codes)
        return Place(codes, self._keyboard.states(binding))

    def _take(self, binding: Binding, place: Place, troubles: dict[Binding, HotkeyProblem]) -> bool:
        """Grab the key and return whether that succeeded."""
        try:
            if place.states:
                self._keyboard.take(binding, place.codes, place.states)
        except HotkeyProblem as problem:
            troubles[binding] = problem
            return False
        return True

    def _give_back(self, place: Place) -> None:
        if place.states:
            self._keyboard.give_back(place.codes, place.states)

    def _armed(self, bindings: Bindings) -> Armed:
        bare: dict[int, Action] = {}
        chords: dict[tuple[int, int], Action] = {}
        cancel: set[int] = set()
        for binding, place in self._places.items():
            action = bindings[binding]
            if action is Action.CANCEL:
                cancel |= place.codes
            elif place.states:
                chords |= {(code, state): action for code in place.codes for state in place.states}
            else:
                bare |= dict.fromkeys(place.codes, action)
        return Armed(bare, chords, frozenset(cancel), self._keyboard.modifiers(), self._keyboard.media())
