"""Texts about what was typed after `intone`, and to programs that use the app.

They appear on the command line alone, which speaks English: nothing of it is translated.
"""

from __future__ import annotations

from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {
    "input-not-utf8": Text("What was given is not text in UTF-8.", "Convert it first, with `iconv` for one."),
    "search-without-words": Text("No words were given to look for.", "`intone history list` shows all."),
    "deletion-declined": Text("Nothing was deleted."),
    "dictation-unknown": Text("There is no dictation {id}.", "`intone history list` shows the newest."),
    "dictation-uncorrected": Text(
        "Dictation {id} was not corrected.", "Correct it first: intone history edit {id} < FILE"
    ),
    "correction-teaches-nothing": Text(
        "Nothing in that correction is to be learned.", "Say it yourself: intone vocabulary add HEARD WRITTEN"
    ),
    "change-saved-not-applied": Text("The change is saved, but Intone could not apply it.", "{reason}"),
    "change-made-not-applied": Text("The change is made, but Intone could not take it up.", "{reason}"),
    "emotion-input-missing": Text("Give recordings, or --text and lines on standard input."),
    "key-own": Text("This key is for programs that ask `intone serve`; no service has it to test."),
    "key-not-stored": Text("No key for {name} was kept."),
    "vocabulary-texts-missing": Text(
        "Give two texts: what is heard, and what is to be written.", "Quote what has spaces."
    ),
    "vocabulary-text-unknown": Text("{text} is not in the vocabulary.", "`intone vocabulary list` shows it all."),
    # To programs that use the app
    "app-too-many-readers": Text("{count} programs listen to Intone already.", "End one of them."),
    "audio-too-slow": Text("The audio came too slowly."),
    "app-busy": Text("Other programs use Intone just now.", "Try again soon."),
    "language-not-known": Text("Whisper knows no language {language}.", "Use codes such as en, de or zh."),
    "serve-model-missing": Text(
        "There is no speech model on this machine.", "`intone models pull base` fetches one. Services are not asked."
    ),
    "serve-port-taken": Text("Port {port} cannot be served: {reason}.", "Choose another with --port."),
    "question-empty": Text("There is no question to ask."),
    "user-declined": Text("The user has declined, or has not answered in time.", "Do not ask again unbidden."),
    "user-has-declined": Text("The user has just declined.", "Ask nothing more for now."),
    "not-in-private-mode": Text("Intone is in private mode: other programs get nothing of what is said."),
}
