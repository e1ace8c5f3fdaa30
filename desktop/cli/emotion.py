"""`intone emotion AUDIO...` or `--text`: print what the local emotion detector finds in recordings or texts.

Several recordings are taken as one speaker's, in the given order: the voice's baseline is learned over them. Nothing is
stored and nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.cli.common import decode_input
from desktop.core.errors import SettingsError, UserError

if TYPE_CHECKING:
    from desktop.core.types import Emotion


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "emotion",
        help="what recordings or texts express",
        description="What recordings of one speaker, or lines of standard input, express. It is an expression, no "
        "feeling. Nothing is remembered, nothing leaves the machine.",
        epilog="example: echo 'I am so happy for you!' | intone emotion --text",
    )
    parser.add_argument("files", nargs="*", metavar="AUDIO", help="recordings of one speaker, in the order spoken")
    parser.add_argument("--text", action="store_true", help="judge lines of standard input instead")
    parser.add_argument("--lang", default="", help="the language's code, instead of what is heard or the script tells")
    parser.add_argument("--voice-only", action="store_true", help="do not listen to the words")
    parser.add_argument("--no-prior", action="store_true", help="do not expect neutral; the likeliest label is given")
    parser.add_argument("--no-baseline", action="store_true", help="nor what is usual for the speaker")
    parser.add_argument(
        "--measures", metavar="FILE.npz", help="write what was measured of each voice, and its words, to train with"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object an input")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if bool(arguments.files) == arguments.text:
        raise SettingsError("emotion-input-missing")
    if arguments.text:
        return _judge_texts(arguments)
    import anyio

    return anyio.run(partial(_judge_recordings, arguments))


def _judge_texts(arguments: argparse.Namespace) -> int:
    import numpy as np

    from desktop.core.types import Transcript
    from desktop.emotion.baseline import TransientVoiceBaselines
    from desktop.emotion.detector import DetectorInputs, LocalEmotionDetector

    local = LocalEmotionDetector(
        TransientVoiceBaselines(), DetectorInputs(prior=not (arguments.no_prior or arguments.no_baseline))
    )
    silence = np.zeros(0, np.float32)
    for line in sys.stdin.buffer:
        text = decode_input(line).rstrip("\r\n")
        _print_emotion(local.detect_blocking(Transcript(text, language=arguments.lang), silence), {}, arguments.json)
    return 0


async def _judge_recordings(arguments: argparse.Namespace) -> int:
    from dataclasses import replace
    from pathlib import Path

    import numpy as np
    from anyio import to_thread

    from desktop.audio.file import iterate_frames, read_audio
    from desktop.core.paths import find_paths
    from desktop.core.types import RATE_HZ
    from desktop.emotion.baseline import TransientVoiceBaselines
    from desktop.emotion.detector import DetectorInputs, LocalEmotionDetector, measure_voice
    from desktop.emotion.voice_heads import VoiceHeads
    from desktop.settings.live import load_in_force
    from desktop.settings.schema import AUTO
    from desktop.stt.local.client import WhisperClient
    from desktop.stt.local.model_choice import find_model
    from models.store import ModelStore

    paths = find_paths()
    loaded = load_in_force(paths)
    chosen = loaded.settings.recognizer
    languages = (arguments.lang,) if arguments.lang else tuple(code for code in chosen.language if code != AUTO)
    store = ModelStore(paths.models)
    find = partial(find_model, store, chosen.model, lambda progress: None, fetch_problem=loaded.fetch_problem)
    whisper = WhisperClient(find, languages)
    inputs = DetectorInputs(not arguments.voice_only, not arguments.no_prior, not arguments.no_baseline)
    heads = VoiceHeads(paths.voice_heads)
    local = LocalEmotionDetector(TransientVoiceBaselines(), inputs, voice_heads=heads)
    failed = False
    measures = []
    try:
        for file in arguments.files:
            try:
                audio = await to_thread.run_sync(read_audio, Path(file))
                transcript = await whisper.transcribe(iterate_frames(audio), lambda partial: None)
            except UserError as problem:
                failed, error = True, str(problem.outside_dictation())
                print(error if not arguments.json else json.dumps({"file": file, "error": error}))
                continue
            if arguments.lang:
                transcript = replace(transcript, language=arguments.lang)
            emotion = await to_thread.run_sync(local.detect_blocking, transcript, audio)
            if arguments.measures and transcript.voice is not None:
                model = transcript.voice_model or transcript.model
                measures.append((file, model, transcript.text, len(audio) / RATE_HZ, measure_voice(transcript, audio)))
            _print_emotion(emotion, {"file": file}, arguments.json)
    finally:
        await whisper.close()
    if heads.problem is not None:
        print(heads.problem, file=sys.stderr)
    if arguments.measures:
        names, models, texts, seconds, values = zip(*measures, strict=True) if measures else ((), (), (), (), ())
        np.savez_compressed(
            arguments.measures,
            files=np.array(names, np.str_),
            models=np.array(models, np.str_),
            texts=np.array(texts, np.str_),
            seconds=np.array(seconds, np.float32),
            measures=np.array(values, np.float32),
        )
    return 1 if failed else 0


def _print_emotion(emotion: Emotion, fields: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps({**fields, **emotion.to_json()}, ensure_ascii=False), flush=True)
        return
    name = "".join(f"{value}: " for value in fields.values())
    sure = "nothing was likely enough" if emotion.abstained else f"{emotion.confidence:.0%}"
    print(f"{name}{emotion.label} ({sure}), valence {emotion.valence:+.2f}, arousal {emotion.arousal:+.2f}")
    if emotion.note:
        print(emotion.note, file=sys.stderr)
