"""Strings in another language: found, complete, and with their values."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.core.errors import UserError
from desktop.ui import i18n, wording
from desktop.ui.i18n import FINDINGS_CONTEXT, TsTranslator, install_language, translate_message
from desktop.ui.settings import engine_trial
from desktop.ui.settings.engine_trial import EngineTrialRow
from desktop.ui.widgets import notice
from desktop.ui.widgets.notice import NoticeBar

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "desktop/ui/translations").glob("*.ts"))


@pytest.fixture
def spoken(qapp, monkeypatch: pytest.MonkeyPatch):
    """A language of three strings."""
    known = {
        ("words", "Ready"): "就绪",
        ("sentences", "{0} did not answer in {1} s."): "{0} 在 {1} 秒内没有回答。",
        ("sentences", "Used the local text."): "用了本机的文字。",
        ("sentences", "{0} {1}."): "{0} {1}。",
    }
    monkeypatch.setattr(i18n, "_read_ts", lambda language: known)
    install_language(qapp, "zh_CN")
    yield
    install_language(qapp, "en")


def test_a_window_says_what_the_file_says(spoken) -> None:
    assert QCoreApplication.translate("words", "Ready") == "就绪"
    assert QCoreApplication.translate("words", "Not ready") == "Not ready"


def test_english_sentence_found_by_its_fixed_words(spoken) -> None:
    said = "OpenAI did not answer in 1.5 s. Used the local text."
    assert translate_message(said) == "OpenAI 在 1.5 秒内没有回答。用了本机的文字。"
    assert translate_message("OpenAI was asked.") == "OpenAI was asked.", "a pattern without a word says nothing of it"


@pytest.mark.parametrize(
    ("said", "translated"),
    [
        (
            "polish.url cannot be ftp://x. Give an address such as https://example.org/v1.",
            "polish.url 不能是 ftp://x。请给出如 https://example.org/v1 的地址。",
        ),
        ("There is no file a.wav. Check its name.", "没有文件 a.wav。请检查文件名。"),
        ("OpenAI refused the request (No. Ask A).", "OpenAI 拒绝了请求 (No. Ask A)。"),
    ],
)
def test_the_next_sentence_is_part_of_no_value(said: str, translated: str) -> None:
    assert TsTranslator("zh_CN").translate_message(said) == translated


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    told: list[str] = []
    for module in (notice, engine_trial):
        monkeypatch.setattr(module, "announce", lambda by, sentence: told.append(sentence))
    return told


def test_a_screen_reader_hears_what_is_shown(qtbot, spoken, heard) -> None:
    line = NoticeBar()
    qtbot.addWidget(line)
    line.show_message("Used the local text.")
    assert heard == [line.label.text()] == ["用了本机的文字。"]


class Silent:
    """A service that does not answer."""

    def try_engine(self, spoken, heard, then) -> None:
        then(UserError("reported-message", title="OpenAI did not answer in 1.5 s.", advice=""))


def test_a_screen_reader_hears_why_a_trial_failed(qtbot, spoken, heard) -> None:
    row = EngineTrialRow(Silent())
    qtbot.addWidget(row)
    row.recording_button.click()
    assert heard == ["OpenAI 在 1.5 秒内没有回答。"]


def test_english_needs_no_file(qapp) -> None:
    install_language(qapp, "en")
    assert translate_message("Used the local text.") == "Used the local text."
    assert "en" in i18n.list_languages()


def test_keys_and_sentences_joined_per_language(qapp) -> None:
    assert (wording.key_name("ctrl_r,f9"), wording.join_sentences("One.", "", "Two.")) == (
        "Right Ctrl or F9",
        "One. Two.",
    )
    install_language(qapp, "zh_CN")
    try:
        assert (wording.key_name("ctrl_r"), wording.join_sentences("一。", "二。")) == ("右 Ctrl", "一。二。")
        assert wording.key_name("button8") == "鼠标后退键"
        assert wording.join_sentences() == ""
        left = wording.outgoing_text({"api.openai.com": ["speech"], "api.deepgram.com": ["text"]})
        assert left.count("。") == 2
        assert "。 " not in left
    finally:
        install_language(qapp, "en")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_are_what_the_code_says_now(file: Path, tmp_path: Path) -> None:
    before = file.read_text(encoding="utf-8")
    copy = tmp_path / file.name
    copy.write_text(before, encoding="utf-8")
    subprocess.run([sys.executable, "packaging/translations.py", copy], cwd=ROOT, check=True)
    assert copy.read_text(encoding="utf-8") == before, "run `make translations`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_string_is_translated_with_its_values(file: Path) -> None:
    missing, wrong = [], []
    for message in ET.parse(file).getroot().iter("message"):
        source, made = message.findtext("source", ""), message.findtext("translation") or ""
        if not made:
            missing.append(source)
        elif sorted(re.findall(r"\{\w*\}|%n", source)) != sorted(re.findall(r"\{\w*\}|%n", made)):
            wrong.append(source)
    assert not missing
    assert not wrong


def test_doctor_working_findings_are_translated(qapp) -> None:
    install_language(qapp, "zh_CN")
    try:
        assert translate_message("Installed: base, small", FINDINGS_CONTEXT) == "已安装：base, small"
        assert translate_message("Blue Yeti, one of 2", FINDINGS_CONTEXT) == "Blue Yeti，共 2 个"
        assert translate_message("Blue Yeti, one of 2") == "Blue Yeti, one of 2", "elsewhere these are no sentences"
        assert translate_message("vmic-description", FINDINGS_CONTEXT) == "vmic-description"
    finally:
        install_language(qapp, "en")


def test_a_language_without_a_file_changes_nothing(qapp) -> None:
    assert TsTranslator("xx").isEmpty()
