"""What `intone bench accuracy` compares Moonshine's streaming with: the same model over a whole recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop.audio.file import read_audio
from desktop.bench.decoders import GgufBatchDecoder
from desktop.core.types import RATE_HZ
from desktop.stt.local.model_choice import LocalModel
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.support.words import error_rate

NAME = "moonshine-base"


def test_whole_recording_is_cut_at_pauses_and_joined(clips: list[Clip]) -> None:
    model = LocalModel.from_catalog(NAME, Path(MODELS / NAME))
    pause = np.zeros(RATE_HZ, np.float32)
    audio = np.concatenate([part for clip in clips[:3] for part in (read_audio(clip.path), pause)])
    text, took_s = GgufBatchDecoder(model, ()).decode(audio)
    assert error_rate([" ".join(clip.text for clip in clips[:3])], [text]) < 0.12
    assert took_s > 0
