"""One window that Whisper decodes beside the model: what stays in doubt, and which model the row names."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import Audio, Transcript
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.verification import decode_verified
from tests.support.guided_model import ENGLISH, beside_whisper, start

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "worse", ["", "ja", "das ist ein ein ein ein ein ein ein ein ein ein ein", ENGLISH, "ich glaube das nicht"]
)
async def test_foreign_text_stays_in_doubt_where_whisper_has_no_better(window: tuple[Audio, str], worse: str) -> None:
    engine = beside_whisper("parakeet-v3", "parakeet", ("de",), "de")
    engine.say = lambda request: ENGLISH
    assert engine.guide is not None
    engine.guide.say = lambda request: worse
    decoder = await start(engine)
    result = await decode_verified(decoder, window[0], DecodeRequest(window[1], "de", ("de",)))
    assert (result.text, result.language, result.sure, result.guard) == (ENGLISH, "de", False, "language")
    assert decoder.name_decoder(Transcript(ENGLISH, engine="parakeet"), [result]).engine == "parakeet"


@pytest.mark.parametrize("murmur", [False, True])
async def test_doubt_of_whisper_stays(window: tuple[Audio, str], murmur: bool) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("de",), "de")
    assert engine.guide is not None
    engine.guide.answer = DecodeResult("", "", "echo", sure=False)
    engine.guide.say = lambda request: "eins zwei drei vier"
    request = DecodeRequest(window[1], "de", ("de",), murmur=murmur)
    result = await decode_verified(await start(engine), window[0], request)
    assert (result.text, result.sure, result.guard) == ("eins zwei drei vier", False, "echo")
    assert len(engine.guide.asked) == 1


async def test_row_names_the_model_of_most_words(window: tuple[Audio, str]) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "de"), "de")
    decoder = await start(engine)
    engine.last_language = "de"
    german = await decoder.decode(window[0], DecodeRequest(window[1], "de", ("en", "de")))
    decoder.last_language = "en"
    english = await decoder.decode(window[0], DecodeRequest(window[1], "en", ("en", "de")))
    assert (german.model, english.model) == ("base", "")
    said = Transcript("x", engine="moonshine", model="moonshine-base", device="gpu", voice=np.zeros(2, np.float32))

    def name(*results: DecodeResult) -> tuple[str, str, str, tuple[str, ...]]:
        row = decoder.name_decoder(said, results)
        return row.engine, row.model, row.voice_model, row.guards

    assert name(english) == ("moonshine", "moonshine-base", "", ())
    assert name(english, english, german) == ("moonshine", "moonshine-base", "base", ("language",))
    assert name(english, german, german) == ("whisper", "base", "", ("language",))
    assert decoder.name_decoder(said, [german]).device == "cpu"


async def test_row_names_whisper_though_it_failed_afterwards(window: tuple[Audio, str]) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("de",), "de")
    assert engine.guide is not None
    guide, decoder = engine.guide, await start(engine)
    request = DecodeRequest(window[1], "de", ("de",))
    first = await decode_verified(decoder, window[0], request)
    guide.is_broken = True
    second = await decode_verified(decoder, window[0], request)
    assert (second.text[:14], second.language, second.sure) == ("moonshine-base", "de", False)
    said = Transcript("x", engine="moonshine", model="moonshine-base")
    row = decoder.name_decoder(said, [first])
    assert (row.engine, row.model, row.guards) == ("whisper", "base", ("language", "unguided"))
    row = decoder.name_decoder(said, [second])
    assert (row.engine, row.model, row.guards) == ("moonshine", "moonshine-base", ("unguided",))
