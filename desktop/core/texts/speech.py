"""Texts about recognizers and their models."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # A service and the local engine beside it
    "local-model-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no local model."),
        QT_TRANSLATE_NOOP("messages", "Install one: intone models pull base"),
        command="intone models pull base",
    ),
    "local-engine-answering": Text(QT_TRANSLATE_NOOP("messages", "The local engine answers.")),
    "recognizer-late": Text(
        QT_TRANSLATE_NOOP("messages", "{service} did not answer in {seconds} s."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    "recognizers-without-words": Text(
        QT_TRANSLATE_NOOP("messages", "{service} heard nothing, and the local engine did not answer in {seconds} s."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    "recognizer-without-words": Text(
        QT_TRANSLATE_NOOP("messages", "{engine} heard nothing."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    "unnamed-recognizer-without-words": Text(
        QT_TRANSLATE_NOOP("messages", "The engine heard nothing."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    # Models on this machine
    "whisper-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The speech model could not transcribe this: {reason}."),
        QT_TRANSLATE_NOOP("messages", "The recording is kept; try again."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept; try again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    "whisper-stopped-twice": Text(
        QT_TRANSLATE_NOOP("messages", "The speech model stopped twice while transcribing."),
        QT_TRANSLATE_NOOP("messages", "The recording is kept. Try a smaller model, or free some memory."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try a smaller model, or free some memory."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try a smaller model, or free some memory."),
    ),
    "speech-model-closed": Text(
        QT_TRANSLATE_NOOP("messages", "The model was closed while it was loading."),
        QT_TRANSLATE_NOOP("messages", "Try again."),
    ),
    "speech-model-unstartable": Text(
        QT_TRANSLATE_NOOP("messages", "The model {name} cannot be loaded: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Close something, then try again."),
    ),
    "speech-model-unloadable": Text(
        QT_TRANSLATE_NOOP("messages", "The model {name} cannot be loaded: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Fetch it again with `intone models pull {name}`, or choose a smaller one."),
        command="intone models pull {name}",
    ),
    "speech-model-process-ended": Text(
        QT_TRANSLATE_NOOP("messages", "The model {name} cannot be loaded: its process ended."),
        QT_TRANSLATE_NOOP("messages", "Fetch it again with `intone models pull {name}`, or choose a smaller one."),
        command="intone models pull {name}",
    ),
    "speech-runtime-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The model {name} cannot be loaded: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Install Intone again, or choose a Whisper model."),
    ),
    "ggml-library-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "its library transcribe-cpp is missing or does not fit ({error})")
    ),
    "ggml-failed": Text(QT_TRANSLATE_NOOP("messages", "its library failed ({error})")),
    "gguf-unreadable": Text(QT_TRANSLATE_NOOP("messages", "its file is damaged or of another kind")),
    "memory-exhausted": Text(QT_TRANSLATE_NOOP("messages", "there is too little memory")),
    "vulkan-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The graphics card is not used, and the processor transcribes: {reason}."),
        QT_TRANSLATE_NOOP(
            "messages", "Install the card's Vulkan driver and restart Intone, or choose another model in the settings."
        ),
    ),
    "vulkan-process-ended": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The graphics card is not used, and the processor transcribes: the card's driver failed."
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Update the card's Vulkan driver and restart Intone, or choose another model in the settings."
        ),
    ),
    "vulkan-unusable": Text(QT_TRANSLATE_NOOP("messages", "Vulkan finds no card with a driver, or the driver failed")),
    "cuda-failed": Text(QT_TRANSLATE_NOOP("messages", "CUDA failed: {reason}.")),
    "cublas-missing": Text(QT_TRANSLATE_NOOP("messages", "cuBLAS is not installed")),
    "cublas-unloadable": Text(QT_TRANSLATE_NOOP("messages", "cuBLAS cannot be loaded ({error})")),
    "cuda-card-missing": Text(QT_TRANSLATE_NOOP("messages", "the driver offers no card that can be used")),
    "worker-silent": Text(QT_TRANSLATE_NOOP("messages", "it did not answer any more")),
    "worker-answer-invalid": Text(QT_TRANSLATE_NOOP("messages", "its answer made no sense")),
    "cuda-process-ended": Text(QT_TRANSLATE_NOOP("messages", "CUDA failed: the process ended.")),
    # Why a transcript is another one's
    "service-late": Text(QT_TRANSLATE_NOOP("messages", "{service} did not answer in {seconds} s.")),
    "recognizer-heard-nothing": Text(QT_TRANSLATE_NOOP("messages", "{service} heard nothing.")),
    "recognizer-sent-less": Text(QT_TRANSLATE_NOOP("messages", "{service} sent much less text.")),
    "local-text-used": Text(QT_TRANSLATE_NOOP("messages", "Used the local text.")),
    "language-beyond-model": Text(
        QT_TRANSLATE_NOOP("messages", "{name} does not know the language that is spoken here ({languages})."),
        QT_TRANSLATE_NOOP("messages", "Choose another model in the settings, such as Whisper large-v3-turbo."),
    ),
    "whole-recording-sent": Text(QT_TRANSLATE_NOOP("messages", "Sent the whole recording instead.")),
    # Emotions
    "emotion-language-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing here knows emotions in {language} or with this model.")
    ),
    "unnamed-language": Text(QT_TRANSLATE_NOOP("messages", "this language")),
    "emotion-without-words": Text(QT_TRANSLATE_NOOP("messages", "Nothing was said that could express anything.")),
    "emotion-answer-late": Text(QT_TRANSLATE_NOOP("messages", "The language model did not answer in {seconds} s.")),
    "emotion-answer-invalid": Text(QT_TRANSLATE_NOOP("messages", "The language model's answer was none.")),
    "emotion-judged-locally": Text(QT_TRANSLATE_NOOP("messages", "Judged on this machine.")),
}
