"""The settings: sections at the left, rows at the right, each a name, a sentence and a control.

A change is made at once, as a running app does with one from the command line; there is nothing to save or to apply.
What a setting cannot be is said under its own row, and the control goes back to what is in force. Lists that need a
disk or a device (models, microphones) are asked for when the window comes and fill themselves in when the answer does.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

import desktop
from desktop import settings
from desktop.leaving import leaving
from desktop.paths import paths
from desktop.problems import SettingsProblem, SomeKeysProblem
from desktop.settings_tree import LOCAL, Polish
from desktop.state import Shown
from desktop.ui import glyphs, tokens, words
from desktop.ui.bridge import Actions, Choice
from desktop.ui.fields import Control, Picker, Row, TextField, named
from desktop.ui.key_field import KeyField


class SettingsWindow(QWidget):
    """The window. `present` brings it to the front, `draw` keeps its status true."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._rows: dict[str, Row] = {}
        self._shown = Shown()
        self.setWindowTitle(self.tr("Intone settings"))
        self.setWindowIcon(glyphs.app_icon())
        self.resize(*tokens.SETTINGS_SIZE)
        self._sections = named(QListWidget(), "sections")
        self._sections.setAccessibleName(self.tr("Sections"))
        self._sections.setFixedWidth(tokens.SIDE_WIDTH)
        self._sections.setSpacing(1)
        self._pages = QStackedWidget()
        self._fill()
        self._sections.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._sections.setCurrentRow(0)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(tokens.WIDE, tokens.VAST, tokens.UNIT, 0)
        columns.setSpacing(tokens.PAD)
        columns.addWidget(self._sections)
        columns.addWidget(self._pages, 1)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(keys, self, self.close)

    def present(self) -> None:
        """Come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def draw(self, shown: Shown) -> None:
        """Say how the app is."""
        if shown.health != self._shown.health:
            self._shown = shown
            self._draw_health()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is in force now, and ask for what there is to choose from."""
        super().showEvent(event)
        for key in self._rows:
            self._put(key)
        self._draw_health()
        self._actions.models(self._picker("recognizer.model").offer)
        self._actions.devices(self._picker("audio.device").offer)
        self._actions.language_models(self._picker("polish.model").offer)

    def _fill(self) -> None:
        tr = self.tr
        model, microphone = Picker(), Picker()
        engine = Picker(
            *(
                Choice(name, title, tr("on this machine") if name == "whisper" else "")
                for name, title in words.ENGINES.items()
            )
        )
        policy = Picker(
            Choice("fallback", tr("The local text, if it fails or is late")),
            Choice("best", tr("The better of both")),
            Choice("fastest", tr("Whichever is first")),
        )
        warm = Picker(
            Choice("never", tr("Only while dictating")),
            Choice("after", tr("Half a minute longer")),
            Choice("always", tr("Always")),
        )
        cue = Picker(Choice("off", tr("None")), Choice("on", tr("A soft tone")))
        others = Picker(
            Choice("off", tr("Goes on")), Choice("duck", tr("Is turned down")), Choice("pause", tr("Is paused"))
        )
        asked, language_model = Picker(Choice(LOCAL, tr("This machine")), Choice(Polish().url, "OpenAI")), Picker()
        polish = Picker(
            Choice("rules", tr("Tidy")), Choice("llm", tr("By a language model")), Choice("off", tr("As spoken"))
        )
        cursor = Picker(Choice("off", tr("Not looked at")), Choice("on", tr("Looked at")))
        site = Picker(Choice("off", tr("Not asked for")), Choice("on", tr("Asked for")))
        notice = Picker(Choice("off", tr("Never")), Choice("on", tr("Ask once for each")))
        days = Picker(
            Choice("0", tr("Never")),
            Choice("1", tr("1 day")),
            Choice("7", tr("7 days")),
            Choice("30", tr("30 days")),
            Choice("365", tr("1 year")),
        )
        room = Picker(
            Choice("500", tr("500 MB")),
            Choice("2000", tr("2 GB")),
            Choice("10000", tr("10 GB")),
            Choice("0", tr("No limit")),
        )
        text_days = Picker(
            Choice("0", tr("Until I delete it")),
            Choice("365", tr("1 year")),  # an arrow key should not begin with the shortest
            Choice("30", tr("30 days")),
            Choice("7", tr("7 days")),
        )
        private = Picker(Choice("off", tr("Off")), Choice("on", tr("On")))
        chinese = Picker(
            Choice("auto", tr("As the system")),
            Choice("simplified", tr("Simplified")),
            Choice("traditional", tr("Traditional")),
        )
        idle = Picker(
            Choice("0", tr("Never")),
            Choice("5", tr("5 minutes")),
            Choice("10", tr("10 minutes")),
            Choice("30", tr("30 minutes")),
            Choice("60", tr("1 hour")),
        )
        join = Picker(
            Choice("auto", tr("Where nothing was touched")), Choice("space", tr("Always")), Choice("none", tr("Never"))
        )
        tap = Picker(
            Choice("lock", tr("Talk until the next")),
            Choice("double", tr("Two in a row lock")),
            Choice("off", tr("Nothing")),
        )
        longest = Picker(
            Choice("5", tr("5 minutes")),
            Choice("10", tr("10 minutes")),
            Choice("30", tr("30 minutes")),
            Choice("60", tr("1 hour")),
        )
        self._status = Row(tr("Status"), "")
        self._leaving = Row(tr("What leaves this machine"), "")
        self._page(
            tr("Speech"),
            self._status,
            self._row("recognizer.engine", tr("Engine"), tr("What turns speech into words."), engine),
            self._leaving,
            self._row(
                "recognizer.policy",
                tr("Of two texts"),
                tr("Where another machine is asked, a local model listens along if there is one."),
                policy,
            ),
            self._row(
                "recognizer.model",
                tr("Local model"),
                tr("Larger ones hear better and take longer. One that is missing is fetched."),
                model,
            ),
            self._row(
                "recognizer.language",
                tr("Language"),
                tr("auto, or the codes of what you speak, such as en, de, zh."),
                TextField(),
            ),
            self._row(
                "vocabulary.words",
                tr("Your words"),
                tr("Names and terms to listen for, separated by commas."),
                TextField(),
            ),
            self._row(
                "vocabulary.notice",
                tr("Learn from corrections"),
                tr("Looks at the field just dictated into, and no other, for words that you put right."),
                notice,
            ),
            self._row("recognizer.chinese", tr("Chinese"), tr("The characters that Chinese is written in."), chinese),
            self._row(
                "recognizer.unload_after_min",
                tr("Free the memory"),
                tr("After so long without a dictation. The next one loads the model while you speak."),
                idle,
            ),
        )
        self._page(
            tr("Microphone"),
            self._row(
                "audio.device",
                tr("Microphone"),
                tr("Where it is missing, the system's default is heard. The command line takes a list."),
                microphone,
            ),
            self._row(
                "audio.warm",
                tr("Keep it open"),
                tr(
                    "While it is open its lamp is lit, and a dictation starts at once, with what you said just before "
                    "the key. Nothing is kept until you press it."
                ),
                warm,
            ),
            self._row("audio.cue", tr("Start sound"), tr("Says when the microphone hears you."), cue),
            self._row("audio.others", tr("Other sound"), tr("While you talk. Afterwards it is as it was."), others),
            self._row(
                "audio.longest_min",
                tr("Longest dictation"),
                tr("It ends by itself then, and its text is put in as ever."),
                longest,
            ),
        )
        self._page(
            tr("Hotkey"),
            self._key("hotkey.talk", tr("Talk"), tr("Hold it to speak, or tap it, speak, and tap again."), KeyField()),
            self._row("hotkey.tap", tr("A short press"), tr("Locks the talk key, so that it need not be held."), tap),
            self._key("hotkey.cancel", tr("Cancel"), tr("Throws away what is being said."), KeyField(takes_esc=True)),
            self._key("hotkey.send", tr("Talk and send"), tr("Presses Return once the text has arrived.")),
            self._key("hotkey.edit", tr("Edit"), tr("Select text, hold it, and say what a language model is to do.")),
            self._key("hotkey.languages", tr("Language"), tr("Goes through your languages, one and then the next.")),
            self._key("hotkey.paste_last", tr("Paste again"), tr("Puts in what was said last.")),
            self._key("hotkey.undo", tr("Undo"), tr("Takes the last text out again, if nothing was typed since.")),
            self._key("hotkey.swap", tr("Swap"), tr("Changes the last text for the words as spoken, and back.")),
            Row(
                tr("Keys and mouse buttons"),
                tr(
                    "While a field waits, press a key, keys together, or a mouse button over the field. Backspace "
                    "leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, Shift "
                    "and Super."
                ),
            ),
        )
        self._page(
            tr("Text"),
            self._row(
                "polish.mode",
                tr("Polish"),
                tr(
                    "Tidy is instant and stays on this machine. A language model writes better and takes longer; its "
                    "text is used if it comes in time and says the same."
                ),
                polish,
            ),
            Row(
                tr("Styles"),
                tr(
                    "Formal in mail, casual in chats, lists in notes; code and terminals get what you said. Your own "
                    "go into {0}"
                ).format(paths().styles),
            ),
            self._row(
                "context.cursor",
                tr("Text at the cursor"),
                tr(
                    "Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept nor "
                    "sent."
                ),
                cursor,
            ),
            self._row(
                "context.site",
                tr("Web site"),
                tr("The page's host chooses the style, where a browser's accessibility is on."),
                site,
            ),
            self._row(
                "polish.url",
                tr("Where a language model is"),
                tr("For polish by one. The command line takes the address of any other server."),
                asked,
            ),
            self._row(
                "polish.model",
                tr("Language model"),
                tr("Which one is asked there. The command line fetches those for this machine: intone models list."),
                language_model,
            ),
            self._row(
                "paste.join",
                tr("Space in between"),
                tr("One space comes between two dictations into the same window."),
                join,
            ),
        )
        self._page(
            tr("History"),
            self._row(
                "history.keep_audio_days",
                tr("Keep recordings"),
                tr("Recordings and text are kept on this machine."),
                days,
            ),
            self._row(
                "history.max_audio_mb",
                tr("Room for recordings"),
                tr("When there are more, the oldest go. Their text stays."),
                room,
            ),
            self._row(
                "history.keep_text_days",
                tr("Keep text"),
                tr("What is older is deleted at once, with its recording."),
                text_days,
            ),
            self._row(
                "history.private",
                tr("Private mode"),
                tr("Nothing is kept of what you dictate: no text, no recording, no mood."),
                private,
            ),
            self._row(
                "history.exclude",
                tr("Never keep from"),
                tr("Applications, by the names the history shows, separated by commas."),
                TextField(),
            ),
        )
        self._page(
            tr("About"),
            Row(tr("Intone {0}").format(desktop.__version__), tr("Hold a key, speak, let go. MIT licence.")),
        )

    def _row(self, key: str, name: str, sentence: str, control: Control) -> Row:
        row = Row(name, sentence, control)
        control.chosen.connect(lambda value: self._choose(key, value))
        self._rows[key] = row
        return row

    def _key(self, key: str, name: str, sentence: str, field: KeyField | None = None) -> Row:
        field = field or KeyField(may_be_empty=True)
        field.learning.connect(self._actions.record_key)
        return self._row(key, name, sentence, field)

    def _page(self, title: str, *rows: Row) -> None:
        self._sections.addItem(title)
        self._sections.item(self._sections.count() - 1).setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
        heading = QLabel(title)
        heading.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        card = named(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, tokens.UNIT, 0, tokens.UNIT)
        inside.setSpacing(0)
        for place, row in enumerate(rows):
            if place:
                inside.addWidget(_rule())
            inside.addWidget(row)
        page = named(QWidget(), "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.GAP, 0, tokens.WIDE + tokens.UNIT, tokens.VAST)
        column.setSpacing(tokens.WIDE)
        column.addWidget(heading)
        column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self._pages.addWidget(scroll)

    def _picker(self, key: str) -> Picker:
        control = self._rows[key].control
        assert isinstance(control, Picker)
        return control

    def _choose(self, key: str, value: str) -> None:
        """Set `key`, or say in its row why it cannot be `value`."""
        try:
            self._actions.set_setting(key, value)
        except SettingsProblem as problem:
            self._put(key)
            self._rows[key].tell(str(problem))
        else:
            self._put(key)

    def _put(self, key: str) -> None:
        row = self._rows[key]
        row.tell(self._missing(key))
        if row.control is not None:
            row.control.put(settings.get(self._actions.settings(), key))

    def _draw_health(self) -> None:
        health = self._shown.health
        for key, row in self._rows.items():
            if isinstance(row.control, KeyField):
                row.tell(self._missing(key))
        talk = ",".join(self._actions.settings().hotkey.talk)
        self._status.sentence.setText(words.status(Shown(health=health), talk))
        self._leaving.sentence.setText(words.leaving(leaving(self._actions.settings())))
        self._status.tell(health.problem.remedy if health.problem else health.note)

    def _missing(self, key: str) -> str:
        """Why the key of the setting `key` is not heard; empty where it is."""
        problem = self._shown.health.hotkey
        return problem.keys.get(key.removeprefix("hotkey."), "") if isinstance(problem, SomeKeysProblem) else ""


def _rule() -> QFrame:
    rule = named(QFrame(), "rule")
    rule.setFixedHeight(1)
    return rule
