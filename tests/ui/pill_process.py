"""A pill in its own process on a real display: reads a look by its name, draws it, answers whether it is seen."""

from __future__ import annotations

import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from desktop.ports import Outcome, Transcript
from desktop.problems import MicrophoneProblem
from desktop.settings import Settings
from desktop.state import Done, Failed, Idle, Listening, Shown, Starting, Transcribing
from desktop.ui import tokens
from desktop.ui.bridge import Actions
from desktop.ui.pill import Pill

LOOKS = {
    "starting": Starting(),
    "listening": Listening(level=0.4),
    "words": Listening(Transcript("Hello there, this is a longer line", settled=5), level=0.8),
    "transcribing": Transcribing(Transcript("Hello there")),
    "copied": Done(Outcome.COPIED),
    "failed": Failed(MicrophoneProblem("No microphone was found.", "Plug one in.")),
    "idle": Idle(),
}


def nothing(*_: object) -> None:
    """Do nothing."""


def main() -> None:
    qt = QApplication(["intone"])
    tokens.apply(qt)
    verbs = ("toggle", "cancel", "paste_last", "copy_last", "quit", "show_history", "show_settings", "set_setting")
    queries = ("reset_setting", "history", "models", "devices")
    pill = Pill(Actions(settings=Settings, **dict.fromkeys((*verbs, *queries), nothing)))

    def answer() -> None:
        sys.stdout.write("seen\n" if pill.isVisible() else "gone\n")
        sys.stdout.flush()

    def read() -> None:
        look = sys.stdin.readline().strip()
        if not look:
            qt.quit()
            return
        if look != "where":
            pill.draw(Shown(LOOKS[look]))
        QTimer.singleShot(2 * tokens.MOTION_MS, answer)

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    qt.exec()
    del notifier


if __name__ == "__main__":
    main()
