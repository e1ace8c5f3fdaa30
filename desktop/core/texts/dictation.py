"""Texts about a dictation."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    "dictation-internal-error": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong in Intone."),
        QT_TRANSLATE_NOOP("messages", "The recording is kept. The log says more."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. The log says more."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "The log says more."),
    ),
    # Taking up again
    "recovery-given-up": Text(
        QT_TRANSLATE_NOOP("messages", "Intone tried twice to transcribe this recording, and could not."),
        QT_TRANSLATE_NOOP("messages", "It is kept. Try it again from the history."),
    ),
    "recording-gone": Text(
        QT_TRANSLATE_NOOP("messages", "There is no recording of it any more."),
        QT_TRANSLATE_NOOP("messages", "history.keep_audio_days says how long one is kept."),
    ),
    "recording-without-words": Text(
        QT_TRANSLATE_NOOP("messages", "No words were heard in the recording."),
        QT_TRANSLATE_NOOP("messages", "What was there before is kept."),
    ),
    "resume-text-not-stored": Text(
        QT_TRANSLATE_NOOP("messages", "The text is there, but could not be written into its row."),
        QT_TRANSLATE_NOOP("messages", "Paste the last text again."),
    ),
    "resume-nothing-kept": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing was kept of what was said last."),
        QT_TRANSLATE_NOOP("messages", "Say it again."),
    ),
    "resume-recording-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no recording to take up again."),
        QT_TRANSLATE_NOOP("messages", "The history has what was said before."),
    ),
    # Voice editing
    "edit-key-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Editing by voice has no key any more."),
        QT_TRANSLATE_NOOP("messages", "Choose one in the settings, and say it again."),
    ),
    "edit-answer-late": Text(
        QT_TRANSLATE_NOOP("messages", "{name} did not answer in {seconds} s."),
        QT_TRANSLATE_NOOP("messages", "Nothing was changed."),
    ),
    "edit-answer-unfinished": Text(
        QT_TRANSLATE_NOOP("messages", "{name} did not finish."), QT_TRANSLATE_NOOP("messages", "Nothing was changed.")
    ),
    "edit-answer-empty": Text(
        QT_TRANSLATE_NOOP("messages", "{name} gave no text."), QT_TRANSLATE_NOOP("messages", "Nothing was changed.")
    ),
    "edit-answer-talk": Text(
        QT_TRANSLATE_NOOP("messages", "{name} answered instead."), QT_TRANSLATE_NOOP("messages", "Nothing was changed.")
    ),
    "edit-answer-too-long": Text(
        QT_TRANSLATE_NOOP("messages", "{name} wrote much more than an edit."),
        QT_TRANSLATE_NOOP("messages", "Nothing was changed."),
    ),
    "selection-unknown": Text(QT_TRANSLATE_NOOP("messages", "Here Intone cannot see what is selected.")),
    "text-edited": Text(QT_TRANSLATE_NOOP("messages", "Edited: {instruction}.")),
    # Saying it again
    "correction-nothing-there": Text(QT_TRANSLATE_NOOP("messages", "There is no last text that could be corrected.")),
    "correction-not-found": Text(QT_TRANSLATE_NOOP("messages", "Nothing in the last text sounds like “{said}”.")),
    "correction-there-already": Text(
        QT_TRANSLATE_NOOP("messages", "“{said}” was heard again."),
        QT_TRANSLATE_NOOP("messages", "Add the word to the vocabulary, or type it."),
    ),
    "correction-unasked": Text(QT_TRANSLATE_NOOP("messages", "Nothing is asked about the last text.")),
    "correction-unclear": Text(QT_TRANSLATE_NOOP("messages", "Several places in the last text are alike.")),
    "corrected-by-voice": Text(QT_TRANSLATE_NOOP("messages", "A word was said again and replaced.")),
    # Notes
    "nothing-said": Text(QT_TRANSLATE_NOOP("messages", "Nothing was said for {seconds} seconds.")),
    "listening-stopped": Text(QT_TRANSLATE_NOOP("messages", "Intone listens no more.")),
    "listening-ended-by-silence": Text(
        QT_TRANSLATE_NOOP("messages", "Intone listens no more: nothing was said for {minutes} minutes.")
    ),
    "return-pressed": Text(QT_TRANSLATE_NOOP("messages", "Return was pressed.")),
    "password-field-not-kept": Text(
        QT_TRANSLATE_NOOP("messages", "This is a password field."), QT_TRANSLATE_NOOP("messages", "Nothing was kept.")
    ),
    "password-field-speech-withheld": Text(
        QT_TRANSLATE_NOOP("messages", "What was said in the password field was not kept.")
    ),
    "text-taken-back": Text(QT_TRANSLATE_NOOP("messages", "The text was taken back.")),
    "insertion-unseen": Text(QT_TRANSLATE_NOOP("messages", "Here Intone cannot see what it inserted.")),
    "cursor-not-movable": Text(
        QT_TRANSLATE_NOOP("messages", "Here the cursor cannot be moved to its place in the text.")
    ),
    "swapped-for-raw-text": Text(QT_TRANSLATE_NOOP("messages", "The text as it was spoken was put in its place.")),
    "swapped-for-text-before-edit": Text(
        QT_TRANSLATE_NOOP("messages", "The text as it was before was put in its place.")
    ),
    "text-maybe-inserted": Text(
        QT_TRANSLATE_NOOP("messages", "Intone was stopped while this was on its way. It may be in the window already.")
    ),
    "transcribed-again": Text(QT_TRANSLATE_NOOP("messages", "Transcribed again.")),
}
