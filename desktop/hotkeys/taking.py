"""Grab the bound keys on an X server, each by itself: an unavailable key affects no other.

Keys that another program has grabbed or that the keyboard lacks are returned as problems until the next try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.core.bindings import Action, Bindings
from desktop.core.errors import HotkeyError
from desktop.core.keys import Binding
from desktop.hotkeys.matcher import BindingTable
from desktop.hotkeys.x11_keyboard import XInputKeyboard


@dataclass(frozen=True, slots=True)
class KeyLocation:
    """The codes of a binding's key or button, and the modifier states in which it counts.

    Without states it is not grabbed: a bare modifier, and the cancel key, which is grabbed only while there is
    something to cancel.
    """

    codes: frozenset[int]
    states: tuple[int, ...] = ()


class KeyGrabs:
    """The keys that are grabbed on `keyboard`."""

    def __init__(self, keyboard: XInputKeyboard) -> None:
        self._keyboard = keyboard
        self._locations: dict[Binding, KeyLocation] = {}

    def update(self, bindings: Bindings) -> tuple[BindingTable, Mapping[Binding, HotkeyError]]:
        """Grab the keys of `bindings` and release the rest; return the table of what is received now, and the problems.

        A key that a new keyboard map (another layout) lacks stays where it was.
        """
        problems: dict[Binding, HotkeyError] = {}
        locations = {
            binding: place
            for binding, action in bindings.items()
            if (place := self._locate(binding, action, problems)) is not None
        }
        for binding, place in list(self._locations.items()):
            if locations.get(binding) != place:
                self._ungrab(self._locations.pop(binding))
        for binding, place in locations.items():
            if binding not in self._locations and self._grab(binding, place, problems):
                self._locations[binding] = place
        return self._build_table(bindings), problems

    def _locate(self, binding: Binding, action: Action, problems: dict[Binding, HotkeyError]) -> KeyLocation | None:
        """Return the location of the key now; record a problem if the keyboard lacks it."""
        try:
            codes = self._keyboard.find_codes(binding)
        except HotkeyError as problem:
            if binding not in self._locations:
                problems[binding] = problem
            return self._locations.get(binding)
        if binding.is_bare_modifier or action is Action.CANCEL:
            return KeyLocation(codes)
        return KeyLocation(codes, self._keyboard.modifier_states(binding))

    def _grab(self, binding: Binding, location: KeyLocation, problems: dict[Binding, HotkeyError]) -> bool:
        """Grab the key and return whether that succeeded."""
        try:
            if location.states:
                self._keyboard.grab_chord(binding, location.codes, location.states)
        except HotkeyError as problem:
            problems[binding] = problem
            return False
        return True

    def _ungrab(self, location: KeyLocation) -> None:
        if location.states:
            self._keyboard.ungrab(location.codes, location.states)

    def _build_table(self, bindings: Bindings) -> BindingTable:
        bare: dict[int, Action] = {}
        chords: dict[tuple[int, int], Action] = {}
        cancel: set[int] = set()
        for binding, place in self._locations.items():
            action = bindings[binding]
            if action is Action.CANCEL:
                cancel |= place.codes
            elif place.states:
                chords |= {(code, state): action for code in place.codes for state in place.states}
            else:
                bare |= dict.fromkeys(place.codes, action)
        return BindingTable(
            bare, chords, frozenset(cancel), self._keyboard.modifier_codes(), self._keyboard.media_codes()
        )
