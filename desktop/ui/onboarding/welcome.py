"""The first onboarding step: what the app does, the language of its windows, and the user's languages.

Several languages can be chosen, the system's own listed first, since many people speak two; none is valid too.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.settings import store as settings
from desktop.settings.schema import AUTO, LANGUAGES
from desktop.ui import wording as words
from desktop.ui.bridge import Actions, Choice
from desktop.ui.onboarding.page import FirstPage, Line, label
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import card
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label, tip

COMMON = ("en", "zh", "es", "hi", "ar", "pt", "fr", "de", "ru", "ja", "ko", "it")
"""Languages by the number of people who speak or dictate them; the system's own languages come first."""

COLUMNS = 4

LOOK = "look.language"
"""The setting of the windows' language."""

_NATIVE = {"zh": "中文", "en": "English", "pt": "Português", "es": "Español"}
"""Names for languages that Qt names after a country or a script."""


_SCRIPTS = {
    QLocale.Script.ArabicScript: QFontDatabase.WritingSystem.Arabic,
    QLocale.Script.BengaliScript: QFontDatabase.WritingSystem.Bengali,
    QLocale.Script.CyrillicScript: QFontDatabase.WritingSystem.Cyrillic,
    QLocale.Script.DevanagariScript: QFontDatabase.WritingSystem.Devanagari,
    QLocale.Script.GreekScript: QFontDatabase.WritingSystem.Greek,
    QLocale.Script.HebrewScript: QFontDatabase.WritingSystem.Hebrew,
    QLocale.Script.JapaneseScript: QFontDatabase.WritingSystem.Japanese,
    QLocale.Script.KoreanScript: QFontDatabase.WritingSystem.Korean,
    QLocale.Script.LatinScript: QFontDatabase.WritingSystem.Latin,
    QLocale.Script.SimplifiedHanScript: QFontDatabase.WritingSystem.SimplifiedChinese,
    QLocale.Script.TamilScript: QFontDatabase.WritingSystem.Tamil,
    QLocale.Script.ThaiScript: QFontDatabase.WritingSystem.Thai,
}
"""The font support that a native name needs; without it the name would be a row of boxes."""


def native(code: str) -> str:
    """Return a language's native name if a font can show it, else its name in the windows' language."""
    known = QLocale(code)
    script = _SCRIPTS.get(known.script())
    if script is None or known.language() == QLocale.Language.C or not QFontDatabase.families(script):
        return words.languages((code,))
    own = _NATIVE.get(code) or known.nativeLanguageName()
    return own[:1].upper() + own[1:]


def offered(desk: list[str], chosen: tuple[str, ...]) -> list[str]:
    """Return the languages shown at once: those `chosen`, the system's (such as en-GB), and common ones."""
    own = [tag.split("-")[0].split("_")[0] for tag in desk]
    found = dict.fromkeys(code for code in (*chosen, *own, *COMMON) if code in LANGUAGES)
    return list(found)[: max(len(COMMON), len(chosen))]


class Welcome(FirstPage):
    """The step; `on_first_continue` is called when the user continues from it for the first time."""

    def __init__(self, actions: Actions, left: Callable[[], None]) -> None:
        super().__init__(
            actions,
            self.tr("Speak instead of typing"),
            self.tr(
                "Hold a key anywhere, speak, let go: the text is in the window you were in. Speech is recognized on "
                "this machine, and nothing leaves it unless you choose so."
            ),
        )
        self._left = left
        chosen = settings.get(actions.settings(), "recognizer.language").split(",")
        self._chosen = [] if chosen == [AUTO] else chosen
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.GAP)
        self.chips: dict[str, QPushButton] = {}
        for code in offered(QLocale.system().uiLanguages(), tuple(self._chosen)):
            self._add(code)
        self._others = Picker()
        self._others.setAccessibleName(self.tr("Another language"))
        self._others.setMinimumHeight(tokens.FIELD_HEIGHT)
        self._others.setFixedWidth(tokens.FIELD_WIDTH)
        self._others.chosen.connect(self._other)
        self._offer()
        self._said = label("", "quiet")
        self._say()
        spoken = QWidget()
        inside = QVBoxLayout(spoken)
        inside.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        inside.setSpacing(tokens.PAD)
        inside.addWidget(label(self.tr("Which languages do you speak?")))
        inside.addLayout(self._grid)
        inside.addWidget(self._others, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._said)
        cards: list[QWidget] = [card(spoken)]
        known = settings.keys()
        if LOOK in known:
            cards.append(card(self._look_language()))
        self.fill(*cards)
        sign = Label()
        sign.setPixmap(icons.app_icon().pixmap(tokens.SIGN_OF_APP, tokens.SIGN_OF_APP))
        first = self.column.itemAt(0)
        heading = first.widget() if first is not None else None
        assert heading is not None
        beside = QHBoxLayout()  # below each other, they would push the last card out of a small window
        beside.setSpacing(tokens.WIDE)
        beside.addWidget(sign)
        beside.addWidget(heading, 1)
        self.column.insertLayout(0, beside)

    def go(self) -> None:
        """Start the checks of this machine: the first step is done and the application has started."""
        left, self._left = self._left, lambda: None
        left()

    def _look_language(self) -> Line:
        picker = Picker(*choices.window_languages())
        picker.setFixedWidth(tokens.FIELD_WIDTH)
        picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        picker.put(settings.get(self._actions.settings(), LOOK))
        picker.chosen.connect(lambda value: self.choose(LOOK, value))
        return Line(self.tr("Language of the windows"), self.tr("They speak it after the next start."), picker)

    def _add(self, code: str) -> None:
        chip = named(QPushButton(native(code)), "chip")
        chip.setCheckable(True)
        chip.setChecked(code in self._chosen)
        chip.setAccessibleName(words.languages((code,)))
        tip(chip, words.languages((code,)))
        chip.setIconSize(QSize(tokens.SIGN, tokens.SIGN))
        chip.setMinimumHeight(tokens.FIELD_HEIGHT)
        chip.toggled.connect(lambda on: self._toggle(code, on))
        self._grid.addWidget(chip, *divmod(len(self.chips), COLUMNS))
        self.chips[code] = chip
        self._mark(code)

    def _mark(self, code: str) -> None:
        chip = self.chips[code]
        chip.setIcon(icons.icon(glyphs.tick if chip.isChecked() else glyphs.ring, self._colour(chip.isChecked())))

    def _colour(self, on: bool) -> str:
        return tokens.palette().accent if on else tokens.palette().faint

    def _toggle(self, code: str, on: bool) -> None:
        self._chosen = [*self._chosen, code] if on else [other for other in self._chosen if other != code]
        self._mark(code)
        self.choose("recognizer.language", ",".join(self._chosen) or AUTO)
        self._say()

    def _other(self, code: str) -> None:
        if code:
            if code not in self.chips:
                self._add(code)
            self.chips[code].setChecked(True)
            self._offer()

    def _offer(self) -> None:
        rest = [code for code in LANGUAGES if code not in self.chips]
        rest.sort(key=lambda code: words.languages((code,)))
        self._others.offer(
            [
                Choice("", self.tr("Another language")),
                *(Choice(code, words.languages((code,))) for code in rest),
            ]
        )
        self._others.put("")

    def _say(self) -> None:
        if not self._chosen:
            said = self.tr("None chosen: Intone listens for the language each time.")
        elif len(self._chosen) == 1:
            said = self.tr("Intone expects this language.")
        else:
            said = self.tr("Intone listens for which of these it is, each time.")
        self._said.setText(said)
