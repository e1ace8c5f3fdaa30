"""Strings in another language: found, complete, and with their values."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.core.errors import HistoryError, SettingsError, UserError
from desktop.core.keys import Action, build_bindings
from desktop.core.messages import AND, OR, Message, PartList
from desktop.core.state import Health
from desktop.history.import_ import import_history
from desktop.history.store import HistoryStore
from desktop.settings.schema import LANGUAGES
from desktop.ui import i18n, wording
from desktop.ui.i18n import install_language, message_text, title_text, translate_template
from desktop.ui.settings import engine_trial
from desktop.ui.settings.engine_trial import EngineTrialRow
from desktop.ui.widgets import notice
from desktop.ui.widgets.notice import NoticeBar
from desktop.ui.widgets.ranking import RankedList
from models.catalog import ModelError
from models.store import ModelStore
from tests.support.other_systems import DBUS, only_on_linux

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "desktop/ui/translations").glob("*.ts"))


@pytest.fixture
def spoken(qapp):
    """Chinese."""
    install_language(qapp, "zh_CN")
    yield
    install_language(qapp, "en")


def test_a_window_says_what_the_file_says(spoken) -> None:
    assert QCoreApplication.translate("words", "Listening") == "正在聆听"
    assert QCoreApplication.translate("words", "Not in the file") == "Not in the file"


def test_remedy_names_a_key_as_the_desktop_shows_it(spoken) -> None:
    only_on_linux(DBUS)
    from desktop.hotkeys.shortcuts import describe_actions

    name = describe_actions(translate_template)[Action.TALK]
    assert name == "按住说话"
    assert name in message_text(Message("portal-key-empty", key="F9"))


def test_a_message_is_translated_with_its_values(spoken) -> None:
    notes = Message("service-late", service="OpenAI", seconds="1.5"), Message("local-text-used")
    assert message_text(notes) == "OpenAI 在 1.5 秒内没有回答。用了本机的文字。"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            Message("voice-heads-unreadable", path="/a/emotion", reason="I/O error"),
            "无法读取语音情绪文件的文件夹 /a/emotion（I/O error）。请检查它的所有者和磁盘。",
        ),
        (
            Message("history-line-invalid", field="emotion.mixed", reason=Message("history-field-no-boolean")),
            "emotion.mixed：它不是 true 或 false",
        ),
        (
            Message("openai-recording-unsendable"),
            "语音会实时发送，但未得到回答的内容无法再次发送：Intone 中负责再次发送的部分无法加载。"
            "请重新安装 Intone。日志中有原因。",
        ),
        (
            Message("x11-keys-heard", names=PartList(("Right Ctrl", "F9"), AND)),
            "XInput 2 可以听到 Right Ctrl、F9",
        ),
        (
            Message("rule-edits-refused", rules=PartList(("numbers", "spoken"), AND)),
            "numbers、spoken 会改动数字或否定，没有采用。",
        ),
    ],
)
def test_a_message_is_whole_in_chinese(spoken, message: Message, said: str) -> None:
    assert message_text(message) == said


def test_what_a_host_gets_is_listed_in_chinese(spoken) -> None:
    assert wording.outgoing_text({"api.openai.com": ["speech", "text"]}) == "api.openai.com 会得到您说的话、文字。"


@pytest.mark.parametrize(
    ("codes", "said"), [(("de", "yue"), "德语 或 粤语"), (("jw",), "爪哇语"), (("gsw", "xx"), "Swiss German 或 xx")]
)
def test_languages_are_named_in_the_language_of_the_windows(spoken, codes: tuple[str, ...], said: str) -> None:
    assert wording.language_names(codes) == said


def test_every_language_has_a_name_in_the_windows(spoken) -> None:
    assert [code for code in LANGUAGES if wording.language_names((code,)).isascii()] == []


def test_why_a_history_cannot_be_imported_is_translated(spoken, tmp_path: Path) -> None:
    file = tmp_path / "words.jsonl"
    file.write_text('{"delivery": "inserted"}')
    with pytest.raises(HistoryError) as raised:
        import_history(HistoryStore(tmp_path / "history.db"), file)
    assert message_text(raised.value).endswith("started_at：缺少该字段")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (PartList(("base", "small")), "已安装：base、small"),
        (PartList(("base", "small"), AND), "已安装：base、small"),
        (PartList(("base", "small"), OR), "已安装：base 或 small"),
        (
            PartList(("base", Message("value-alternatives", others=PartList(("a", "b")), last="c"))),
            "已安装：base、a、b 或 c",
        ),
    ],
)
def test_lists_are_joined_by_the_language(spoken, parts: PartList, said: str) -> None:
    assert message_text(Message("models-installed", names=parts)) == said


def test_lists_of_models_errors_are_joined_by_the_language(spoken, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        ModelStore(tmp_path).resolve_folder(str(tmp_path))
    said = message_text(UserError.from_coded(raised.value))
    assert "config.json、" in said
    assert "vocabulary.json 或 vocabulary.txt" in said
    assert ", " not in said


def test_lists_in_windows_are_joined_by_the_language(spoken, qtbot) -> None:
    ranking = RankedList("none")
    qtbot.addWidget(ranking)
    assert ranking.label_for("a,b") == "a、b"


def test_dates_are_in_the_language_of_the_windows(spoken) -> None:
    assert wording.date_and_time(datetime(2026, 11, 28, 13, 30).astimezone()) == "11月28日 星期六 13:30"


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
    line.show_message((Message("local-text-used"),))
    assert heard == [line.label.text()] == ["用了本机的文字。"]


class Silent:
    """A service that does not answer."""

    def try_engine(self, spoken, heard, then) -> None:
        then(UserError("service-late", service="OpenAI", seconds="1.5"))


def test_a_screen_reader_hears_why_a_trial_failed(qtbot, spoken, heard) -> None:
    row = EngineTrialRow(Silent())
    qtbot.addWidget(row)
    row.recording_button.click()
    assert heard == ["OpenAI 在 1.5 秒内没有回答。"]


def test_english_needs_no_file(qapp) -> None:
    install_language(qapp, "en")
    assert message_text(Message("local-text-used")) == "Used the local text."
    assert "en" in i18n.list_languages()


def test_keys_and_sentences_joined_per_language(qapp) -> None:
    assert (wording.key_name("ctrl_r,f9"), wording.join_sentences("One.", "", "Two.")) == (
        "Right Ctrl or F9",
        "One. Two.",
    )
    install_language(qapp, "zh_CN")
    try:
        assert (wording.key_name("ctrl_r"), wording.join_sentences("一。", "二。")) == ("右 Ctrl", "一。二。")
        assert wording.key_name("button8,ctrl+button12") == "鼠标后退键 或 Ctrl+鼠标按键 12"
        assert wording.talk_key_name(Health(talk_key="Right Ctrl or Ctrl+F9"), ()) == "右 Ctrl 或 Ctrl+F9"
        with pytest.raises(SettingsError) as refused:
            build_bindings({Action.UNDO: ("alt_r",)})
        assert title_text(refused.value).startswith("右 Alt ")
        assert wording.join_sentences() == ""
        left = wording.outgoing_text({"api.openai.com": ["speech"], "api.deepgram.com": ["text"]})
        assert left.count("。") == 2
        assert "。 " not in left
    finally:
        install_language(qapp, "en")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_are_what_the_code_says_now(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    copy.write_bytes(file.read_bytes())
    subprocess.run([sys.executable, "packaging/translations.py", copy], cwd=ROOT, check=True)
    assert copy.read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), "run `make translations`"
    assert copy.with_suffix(".qm").read_bytes() == file.with_suffix(".qm").read_bytes(), "run `make translations`"


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


def test_a_language_without_a_file_changes_nothing(qapp) -> None:
    install_language(qapp, "xx")
    assert QCoreApplication.translate("words", "Listening") == "Listening"
