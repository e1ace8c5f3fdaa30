"""The first settings page: the speech engine, local or a service, what it needs, and a test of it.

The key, address and model of a service are shown only while its engine is chosen. An invalid address is shown too: its
engine is not in force until the address is corrected.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton

from desktop.core.state import Shown
from desktop.ui import wording as words
from desktop.ui.bridge import Choice
from desktop.ui.settings.engine_cards import LOCAL, EngineChoice, asked_host
from desktop.ui.settings.key_entry import KeyEntry
from desktop.ui.settings.trial import TrialRow
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page, tidy
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row, TextField

KEYS = {
    "openai": "openai",
    "openai-live": "openai",
    "deepgram": "deepgram",
    "deepgram-live": "deepgram",
    "compatible": "compatible",
}
"""The name of the API key that each service uses."""


class Speech(Page):
    """The Speech page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        services = board.actions.services
        look = QPushButton(tr("Check everything"))
        look.setAccessibleName(look.text())
        if board.actions.show_doctor is None:
            look.hide()
        look.clicked.connect(lambda: board.actions.show_doctor and board.actions.show_doctor())
        self._status = Row(tr("Status"), "", aside=look)
        self._engine = EngineChoice()
        self._keys = (
            {name: KeyEntry(name, _key_title(name), services) for name in dict.fromkeys(KEYS.values())}
            if services
            else {}
        )
        self._trial = TrialRow(services) if services else None
        self._places = {engine: self._place(engine) for engine in KEYS}
        policy = Picker(
            Choice("fallback", tr("Local, if it fails or is late")),
            Choice("best", tr("The better of both")),
            Choice("fastest", tr("Whichever is first")),
        )
        deadline = Picker(*choices.seconds(800, 1500, 3000, 6000, 15000))
        self._of_services = [
            board.row(
                "recognizer.policy",
                tr("Of two texts"),
                tr("Where another machine is asked, a local model listens along if there is one."),
                policy,
            ),
            board.row(
                "recognizer.deadline_ms",
                tr("Late after"),
                tr("From the moment you let go. Without a local model it is waited for 10 s longer."),
                deadline,
            ),
        ]
        chinese = Picker(
            Choice("auto", tr("As the system")),
            Choice("simplified", tr("Simplified")),
            Choice("traditional", tr("Traditional")),
        )
        idle = Picker(Choice("0", tr("Never")), *choices.minutes(5, 10, 30, 60))
        needs = [*self._keys.values(), *(row for rows in self._places.values() for row in rows), *self._of_services]
        cards: list[list[Row]] = [
            [self._status],
            [
                board.row(
                    "recognizer.engine",
                    tr("Engine"),
                    tr("What turns speech into words. You can change it at any time."),
                    self._engine,
                    below=True,
                )
            ],
            needs,
            [self._trial] if self._trial else [],
            [
                board.row(
                    "recognizer.language",
                    tr("Language"),
                    tr("auto, or the codes of what you speak, such as en, de, zh."),
                    TextField(),
                ),
                board.row(
                    "recognizer.chinese", tr("Chinese"), tr("The characters that Chinese is written in."), chinese
                ),
            ],
            [
                board.row(
                    "recognizer.unload_after_min",
                    tr("Free the memory"),
                    tr("After so long without a dictation. The next one loads the model while you speak."),
                    idle,
                ),
            ],
        ]
        self.fill(tr("Speech"), *(rows for rows in cards if rows))
        around = needs[0].parentWidget()
        assert isinstance(around, QFrame)
        self._needs = around

    def draw(self, shown: Shown) -> None:
        """Show the app's status and the rows that the chosen engine needs."""
        health, now = shown.health, self._board.actions.settings()
        self._status.sentence.setText(words.status(Shown(health=health), ",".join(now.hotkey.talk)))
        self._status.tell(health.problem.remedy if health.problem else health.note)
        self._engine.draw(now)
        chosen, lost = now.recognizer.engine, self._board.actions.lost()
        for engine, rows in self._places.items():
            for row in rows:
                row.setVisible(engine == chosen or lost.get(row.key) == row.key)
        for name, key in self._keys.items():
            key.setVisible(KEYS.get(chosen) == name)
        for row in self._of_services:
            row.setVisible(chosen != LOCAL)
        self._needs.setVisible(any(not row.isHidden() for rows in self._places.values() for row in rows))
        tidy(self._needs)
        if self._trial is not None:
            self._trial.draw(asked_host(chosen, now))

    def _place(self, engine: str) -> list[Row]:
        """Return the rows for the address and the model of a service."""
        tr, section = self.tr, f"engines.{engine.replace('-', '_')}"
        called = words.ENGINE_NAMES[engine]
        model = tr("The name that {0} has for it.").format(called)
        if engine.startswith("openai") or engine == "compatible":
            model = tr("The name that {0} has for it; auto is the one to ask now.").format(called)
        return [
            self._board.row(
                f"{section}.url",
                tr("Address"),
                tr("Of {0}, or of one that speaks as it does.").format(called),
                TextField(),
            ),
            self._board.row(f"{section}.model", tr("Model"), model, TextField()),
        ]


def _key_title(name: str) -> str:
    return words.translate("Speech", "Key for {0}").format(words.ENGINE_NAMES[name])
