"""A switch for each rule of polish, with an example beside it: the names alone do not explain the rules."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout

from desktop.settings.schema import RULE_NAMES
from desktop.ui.i18n import describe_setting, list_text
from desktop.ui.style import tokens
from desktop.ui.widgets.buttons import TickBox
from desktop.ui.widgets.form import CompoundControl
from desktop.ui.widgets.label import PlainLabel

translate = QCoreApplication.translate


def rule_examples() -> dict[str, tuple[str, str]]:
    """Return an example, before and after, for each rule, in the language of the windows.

    Not every rule knows every language of a dictation: the table of rules in `docs/user-guide.md` says which do.
    """
    return {
        "own_words": (translate("rules", "pie torch"), translate("rules", "PyTorch")),
        "spelling": (translate("rules", "Kuchera, spell it K U C E R A"), translate("rules", "Kucera")),
        "repairs": (translate("rules", "at two, no wait, three"), translate("rules", "at three")),
        "emoji": (translate("rules", "well done thumbs up emoji"), translate("rules", "well done 👍")),
        "repeats": (translate("rules", "the the charger"), translate("rules", "the charger")),
        "fillers": (translate("rules", "um so"), translate("rules", "so")),
        "spoken": (translate("rules", "hello comma world"), translate("rules", "hello, world")),
        "replacements": (translate("rules", "get hub"), translate("rules", "GitHub")),
        "numbers": (translate("rules", "at three thirty p m"), translate("rules", "at 3:30 p.m.")),
        "lists": (
            translate("rules", "number one milk number two eggs number three bread"),
            translate("rules", "1. Milk\n2. Eggs\n3. Bread"),
        ),
        "spacing": (translate("rules", "yes , no"), translate("rules", "yes, no")),
        "sentences": (translate("rules", "hello there"), translate("rules", "Hello there.")),
    }


class RuleSwitches(CompoundControl):
    """The control of the setting `polish.without`: each switch that is off names a rule.

    `chosen` carries the names of all rules that are off.
    """

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.VAST)
        grid.setVerticalSpacing(tokens.UNIT)
        grid.setColumnStretch(1, 1)
        self._names = describe_setting("polish.without").choices
        self.switches: dict[str, QCheckBox] = {}
        examples = rule_examples()
        for row, (rule, name) in enumerate(self._names.items()):
            before, after = examples[rule]
            description = self.tr("{0}  →  {1}").format(before, after.replace("\n", "  "))
            switch = self.switches[rule] = TickBox(name)
            switch.setAccessibleName(name)
            switch.setAccessibleDescription(description)
            switch.toggled.connect(self._on_toggled)
            example = PlainLabel(description)
            example.setProperty("role", "quiet")
            example.setWordWrap(True)
            grid.addWidget(switch, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(example, row, 1)

    def set_value(self, value: str) -> None:
        """Show which rules are off: `value` is their names, separated by commas."""
        off = set(value.split(","))
        for rule, switch in self.switches.items():
            with QSignalBlocker(switch):
                switch.setChecked(rule not in off)

    def label_for(self, value: str) -> str:
        """Return the display names of the rules that are off."""
        off = list_text(self._names[rule] for rule in value.split(",") if rule in self._names)
        return self.tr("without {0}").format(off) if off else self.tr("all of them")

    def _on_toggled(self) -> None:
        self.chosen.emit(",".join(rule for rule in RULE_NAMES if not self.switches[rule].isChecked()))
