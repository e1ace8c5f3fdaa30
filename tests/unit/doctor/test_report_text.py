"""A report that may be shown to all: no word, no key, no home, no machine of one's own in it, and still of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.doctor.checks import Finding
from desktop.doctor.report_text import build_report

KEY = "sk-proj-A1b2C3d4E5f6G7h8"
WORD = "Zyxwvut"
HOME = "/home/margaret"
HOST = "whisper.margaret.example"

SETTINGS = f"""
[recognizer]
engine = "compatible"
language = ["en", "de"]
chinese = "nonsense"
model = "{HOME}/models/mine"
[engines.compatible]
url = "https://{HOST}:8443/v1?token={KEY}"
[vocabulary]
words = ["{WORD}"]
[history]
exclude = ["{WORD}"]
keep_audio_days = 30
[audio]
device = ["{WORD} USB"]
"""

LOG = f"""2026-11-25 18:00:00,123 +1200 ms INFO MainThread desktop.app.engine: started in 1.2 s
2026-11-25 18:00:01,000 +2200 ms WARNING engine desktop.core.tasks: {HOST} did not answer. See {HOME}/notes
2026-11-25 18:00:02,000 +3200 ms ERROR engine desktop.dictation.session: a dictation failed
Traceback (most recent call last):
  File "{HOME}/intone/desktop/dictation/session.py", line 42, in run
    paste("{WORD}")
desktop.core.errors.PasteError: {WORD} could not be pasted
2026-11-25 18:00:03,000 +4200 ms WARNING engine httpx2: GET https://{HOST}/v1/{WORD} Authorization: Bearer {KEY}
2026-11-25 18:00:04,000 +5200 ms INFO engine desktop.network.client: margaret@example.org from 192.168.1.20 with {KEY}
"""


def reported(title: str, advice: str) -> Message:
    return Message("reported-message", title=title, advice=advice)


FINDINGS = (
    Finding("microphone", True, Message("microphone-chosen", name=f"{WORD}'s AirPods", count=2), True),
    Finding("vocabulary", False, reported(f"'{WORD}' is left out", f"Mend it in {HOME}/vocabulary.toml."), False),
    Finding("settings", False, reported(f"engines.openai.url cannot be {HOST}.", f"Mend it in {HOME}."), False),
    Finding("language model", True, Message("language-model-elsewhere", url=f"https://{HOST}/v1"), False),
    Finding("model", False, Message("speech-model-missing", command="intone models pull base"), True),
)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    home = tmp_path / "margaret"
    (home / "logs").mkdir(parents=True)
    (home / "settings.toml").write_text(SETTINGS)
    (home / "logs" / "intone.log").write_text(LOG)
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.setenv("USER", "margaret")
    return build_report(Paths(config=home, data=home, state=home, runtime=home), FINDINGS)


@pytest.mark.parametrize("secret", [KEY, WORD, HOME, HOST, "margaret", "AirPods", "192.168.1.20", "example.org"])
def test_nothing_of_ones_own_is_in_it(written: str, secret: str) -> None:
    assert secret.casefold() not in written.casefold()


@pytest.mark.parametrize(
    "line",
    [
        "BAD: model: No speech model is installed.",
        "    intone models pull base",
        "ok: microphone: Found.",
        "recognizer.engine = compatible",
        "recognizer.language = en,de",
        "history.keep_audio_days = 30",
        "vocabulary.words = [1 of your own]",
        "recognizer.model = [your own]",
        "engines.compatible.url = [your own]",
        "1 lines of the file are not in force.",
        "2026-11-25 18:00:00,123 +1200 ms INFO MainThread desktop.app.engine: started in 1.2 s",
        "    session.py:42 run",
        "    desktop.core.errors.PasteError",
        "2026-11-25 18:00:03,000 +4200 ms WARNING engine httpx2: [not told]",
    ],
)
def test_what_helps_is_in_it(written: str, line: str) -> None:
    assert line in written.splitlines()


def test_where_there_is_nothing_yet_it_says_so(tmp_path: Path) -> None:
    written = build_report(Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path), ())
    assert "None were made." in written
    assert "There is none." in written


def test_the_end_of_a_long_log_is_told(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    lines = (f"2026-11-25 18:00:00,123 +{n} ms INFO MainThread desktop.app.engine: number {n}\n" for n in range(500))
    (tmp_path / "logs" / "intone.log").write_text("".join(lines))
    written = build_report(Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path), ())
    assert "number 499" in written
    assert "number 100\n" not in written
