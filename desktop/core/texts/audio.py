"""Texts about microphones, recordings, playback."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Microphones
    "microphone-not-found": Text(
        QT_TRANSLATE_NOOP("messages", "No microphone was found."),
        QT_TRANSLATE_NOOP("messages", "Connect one, or turn it on in the sound settings."),
    ),
    "microphone-unopened": Text(
        QT_TRANSLATE_NOOP("messages", "{device} could not be opened."),
        QT_TRANSLATE_NOOP(
            "messages", "See whether another program holds it, or choose another microphone in the settings."
        ),
    ),
    "microphone-denied": Text(
        QT_TRANSLATE_NOOP("messages", "Windows keeps programs like Intone from the microphone."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Turn microphone access on, for desktop apps too: Settings > Privacy & security > Microphone "
            "(ms-settings:privacy-microphone).",
        ),
        command="start ms-settings:privacy-microphone",
    ),
    "microphone-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "The microphone does not answer."),
        QT_TRANSLATE_NOOP("messages", "Restart the sound server, or Intone."),
    ),
    "portaudio-missing": Text(
        QT_TRANSLATE_NOOP("messages", "PortAudio is missing, so no microphone can be opened."),
        QT_TRANSLATE_NOOP("messages", "Install it: sudo apt install libportaudio2 libasound2-plugins"),
        command="sudo apt install libportaudio2 libasound2-plugins",
    ),
    "sound-server-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "The sound server does not answer."),
        QT_TRANSLATE_NOOP("messages", "Restart it: systemctl --user restart pipewire-pulse"),
        command="systemctl --user restart pipewire-pulse",
    ),
    "sound-server-answer-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "The sound server gives an answer that makes no sense."),
        QT_TRANSLATE_NOOP("messages", "Restart it: systemctl --user restart pipewire-pulse"),
        command="systemctl --user restart pipewire-pulse",
    ),
    # Microphones without sound
    "microphone-waking": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is waking up."),
        QT_TRANSLATE_NOOP("messages", "Speak as soon as the bars move."),
    ),
    "microphone-silent": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is silent."),
        QT_TRANSLATE_NOOP("messages", "Is it muted at its switch, or the wrong one?"),
    ),
    "microphone-without-data": Text(
        QT_TRANSLATE_NOOP("messages", "{device} gives no sound."),
        QT_TRANSLATE_NOOP("messages", "Intone waits for it."),
    ),
    "microphone-muted": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is muted."),
        QT_TRANSLATE_NOOP("messages", "Unmute it in the sound settings."),
    ),
    "microphone-suspended": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is suspended."),
        QT_TRANSLATE_NOOP("messages", "Close what else uses it, or choose another microphone."),
    ),
    "microphone-volume-zero": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is turned down to 0 %."),
        QT_TRANSLATE_NOOP("messages", "Turn it up in the sound settings."),
    ),
    "microphone-stream-muted": Text(
        QT_TRANSLATE_NOOP("messages", "Intone's recording is muted."),
        QT_TRANSLATE_NOOP("messages", "Unmute it in the sound settings."),
    ),
    "microphone-socket-empty": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing is plugged into {device}."),
        QT_TRANSLATE_NOOP("messages", "Plug a microphone in, or choose another one."),
    ),
    "trial-recording-silent": Text(
        QT_TRANSLATE_NOOP("messages", "The microphone is silent."),
        QT_TRANSLATE_NOOP("messages", "Is it muted?"),
    ),
    # Lost microphones
    "microphone-unplugged": Text(QT_TRANSLATE_NOOP("messages", "{device} was unplugged.")),
    "microphone-stopped": Text(QT_TRANSLATE_NOOP("messages", "{device} stopped delivering sound.")),
    "sound-server-stopped": Text(QT_TRANSLATE_NOOP("messages", "The sound server stopped.")),
    "microphone-lost": Text(
        "{loss}",
        QT_TRANSLATE_NOOP("messages", "Intone looks for another microphone. What you said so far is not lost."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Intone looks for another microphone."),
    ),
    "recording-ended": Text(
        "{loss}",
        QT_TRANSLATE_NOOP("messages", "Check that it is connected, or choose another microphone in the settings."),
    ),
    "recording-ended-with-speech": Text(
        QT_TRANSLATE_NOOP("messages", "{loss} Kept {seconds} s of speech."),
        QT_TRANSLATE_NOOP("messages", "Check that it is connected, or choose another microphone in the settings."),
        unkept_title=QT_TRANSLATE_NOOP("messages", "{loss} Heard {seconds} s of speech."),
        unkept_remedy=QT_TRANSLATE_NOOP(
            "messages",
            "Nothing was kept. Check that it is connected, or choose another microphone in the settings.",
        ),
        outside_title=QT_TRANSLATE_NOOP("messages", "{loss} Heard {seconds} s of speech."),
        outside_remedy=QT_TRANSLATE_NOOP(
            "messages", "Check that it is connected, or choose another microphone in the settings."
        ),
    ),
    # Audio files
    "audio-file-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no file {path}."), QT_TRANSLATE_NOOP("messages", "Check its name.")
    ),
    "audio-file-silent": Text(
        QT_TRANSLATE_NOOP("messages", "{path} holds no sound."),
        QT_TRANSLATE_NOOP("messages", "Give a file with an audio stream."),
    ),
    "audio-file-too-long": Text(
        QT_TRANSLATE_NOOP("messages", "{path} holds more than {hours} hours of sound."),
        QT_TRANSLATE_NOOP("messages", "Cut it into parts, then try again."),
    ),
    "audio-file-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be read: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Is it an audio file?"),
    ),
    "audio-file-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be read."),
        QT_TRANSLATE_NOOP("messages", "Save it as another kind of audio file, then try again."),
    ),
    # Playback
    "cue-file-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This file is not there any more."),
        QT_TRANSLATE_NOOP("messages", "Our own sound is played. Choose another one."),
    ),
    "cue-file-unplayable": Text(
        QT_TRANSLATE_NOOP("messages", "This file cannot be played."),
        QT_TRANSLATE_NOOP("messages", "Our own sound is. Choose a WAV, FLAC or OGG file."),
    ),
    "cue-file-silent": Text(
        QT_TRANSLATE_NOOP("messages", "There is no sound in this file."),
        QT_TRANSLATE_NOOP("messages", "Our own sound is played. Choose another one."),
    ),
    "cue-unplayable": Text(
        QT_TRANSLATE_NOOP("messages", "Sound cannot be played here."),
        QT_TRANSLATE_NOOP("messages", "Install pulseaudio-utils, or turn the volume up."),
    ),
    "player-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Sound cannot be played here."),
        QT_TRANSLATE_NOOP("messages", "Install pulseaudio-utils."),
    ),
    "recording-unplayable": Text(
        QT_TRANSLATE_NOOP("messages", "The recording could not be played."),
        QT_TRANSLATE_NOOP("messages", "Is there a loudspeaker?"),
    ),
    # What happened to a microphone during a recording
    "microphone-gave-no-sound": Text(QT_TRANSLATE_NOOP("messages", "{device} gave no sound for {seconds} s.")),
    "microphone-was-muted": Text(QT_TRANSLATE_NOOP("messages", "{device} was muted for {seconds} s.")),
    "microphone-was-suspended": Text(QT_TRANSLATE_NOOP("messages", "{device} was suspended for {seconds} s.")),
    "microphone-was-at-zero": Text(QT_TRANSLATE_NOOP("messages", "{device} was at 0 % for {seconds} s.")),
    "recording-was-muted": Text(QT_TRANSLATE_NOOP("messages", "Intone's recording was muted for {seconds} s.")),
    "sound-server-was-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "The sound server did not answer for {seconds} s.")
    ),
    "recording-lost-sound": Text(
        QT_TRANSLATE_NOOP("messages", "The computer was too busy to record: {seconds} s of sound are missing.")
    ),
    "microphone-back": Text(QT_TRANSLATE_NOOP("messages", "{loss} It was back after {seconds} s.")),
    "microphone-switched": Text(QT_TRANSLATE_NOOP("messages", "{loss} Went on with {device}.")),
    "microphone-switched-after": Text(QT_TRANSLATE_NOOP("messages", "{loss} Went on with {device} after {seconds} s.")),
    "microphone-preferred": Text(QT_TRANSLATE_NOOP("messages", "Went on with {device} instead of {other}.")),
}
