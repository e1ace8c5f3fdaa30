"""A pill in its own process on a real display.

Reads a line: `LOOK [WINDOW]` draws that look for a window, `raise` raises it, `ask` does neither. Answers each with the
pill's own X window and what was asked of the app by clicks.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication

from desktop.core.errors import RecognizerError
from desktop.core.state import AppState, DictationState, Done, Failed, Idle, Listening, Starting, Transcribing
from desktop.core.types import Outcome, Target, Transcript
from desktop.ui.pill.layer_window import LayerPill, create_pill
from desktop.ui.style import tokens
from tests.unit.ui.conftest import Engine


def look(name: str, target: Target) -> DictationState:
    looks: dict[str, DictationState] = {
        "idle": Idle(),
        "starting": Starting(),
        "listening": Listening(level=0.4, target=target),
        "words": Listening(Transcript("Hello there, this is a longer line", stable_length=5), level=0.8, target=target),
        "transcribing": Transcribing(Transcript("Hello there")),
        "copied": Done(Outcome.COPIED),
        "failed": Failed(
            RecognizerError("reported-message", title="The engine stopped.", advice="The recording is kept.")
        ),
    }
    return looks[name]


def main() -> None:
    qt = QApplication(["intone"])
    qt.styleHints().setColorScheme(Qt.ColorScheme.Light)
    tokens.apply_style(qt)
    engine = Engine()
    pill = create_pill(engine.app())

    def read() -> None:
        name, *handle = sys.stdin.readline().split() or [""]
        match name:
            case "":
                qt.quit()
                return
            case "ask":
                pass
            case "raise":
                pill.raise_()
            case _:
                pill.draw(AppState(look(name, Target(handle=int(*handle)))))
        window = 0 if isinstance(pill, LayerPill) else int(pill.winId())
        sys.stdout.write(" ".join([str(window), *engine.asked, "\n"]))
        sys.stdout.flush()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    qt.exec()
    del notifier


if __name__ == "__main__":
    main()
