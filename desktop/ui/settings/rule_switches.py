"""The rules of polish, a switch each, with what it does to a few words beside it: a name alone tells nobody."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel

from desktop.settings_tree import RULE_NAMES
from desktop.ui import tokens
from desktop.ui.fields import Compound
from desktop.ui.tick_box import TickBox

translate = QCoreApplication.translate

EXAMPLES = {
    "repairs": ("at two, no wait, three", "at three"),
    "repeats": ("the the charger", "the charger"),
    "fillers": ("um so", "so"),
    "spoken": ("hello comma world", "hello, world"),
    "replacements": ("get hub", "GitHub"),
    "numbers": ("at three thirty p m", "at 3:30 p.m."),
    "lists": ("number one milk number two eggs number three bread", "1. Milk\n2. Eggs\n3. Bread"),
    "spacing": ("yes , no", "yes, no"),
    "sentences": ("hello there", "Hello there."),
}
"""What each rule makes of a text by itself."""


def rule_names() -> dict[str, str]:
    """The rules by what a person calls them, in their order."""
    return {
        "repairs": translate("rules", "Corrections"),
        "repeats": translate("rules", "Said twice"),
        "fillers": translate("rules", "Um and uh"),
        "spoken": translate("rules", "Spoken marks"),
        "replacements": translate("rules", "Your replacements"),
        "numbers": translate("rules", "Numbers and times"),
        "lists": translate("rules", "Lists"),
        "spacing": translate("rules", "Spaces"),
        "sentences": translate("rules", "Capitals and ends"),
    }


class RuleSwitches(Compound):
    """The setting `polish.without`: each switch that is off names a rule. `chosen` has all of their names."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.VAST)
        grid.setVerticalSpacing(tokens.UNIT)
        grid.setColumnStretch(1, 1)
        self.switches: dict[str, QCheckBox] = {}
        for place, (rule, name) in enumerate(rule_names().items()):
            before, after = EXAMPLES[rule]
            says = self.tr("{0}  →  {1}").format(before, after.replace("\n", "  "))
            switch = self.switches[rule] = TickBox(name)
            switch.setAccessibleName(name)
            switch.setAccessibleDescription(says)
            switch.toggled.connect(self._choose)
            example = QLabel(says)
            example.setProperty("role", "quiet")
            example.setWordWrap(True)
            grid.addWidget(switch, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(example, place, 1)

    def put(self, value: str) -> None:
        """Show which rules are off: their names with commas."""
        off = set(value.split(","))
        for rule, switch in self.switches.items():
            with QSignalBlocker(switch):
                switch.setChecked(rule not in off)

    def called(self, value: str) -> str:
        """Which rules are off, by name."""
        names = rule_names()
        off = ", ".join(names[rule] for rule in value.split(",") if rule in names)
        return self.tr("without {0}").format(off) if off else self.tr("all of them")

    def _choose(self) -> None:
        self.chosen.emit(",".join(rule for rule in RULE_NAMES if not self.switches[rule].isChecked()))
