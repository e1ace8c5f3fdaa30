"""Answer the windows' requests in the pictures: the tests' doubles, with data from `picture_data`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def create_app(folder: Path, chinese: bool) -> Any:
    """Return what the windows request, answered from files below `folder`, and the fake downloads."""
    import picture_data

    from desktop.app.trials import EngineTrial
    from desktop.audio.waveform import measure_waveform
    from desktop.credentials.store import ApiKeyLocation
    from desktop.emotion.baseline import BaselineStatus
    from desktop.emotion.voice_heads import FoundVoiceHeads
    from desktop.history.statistics import compute_statistics
    from desktop.settings import store as settings
    from desktop.ui.bridge import ListOption
    from tests.support.ui.controllers import altered
    from tests.support.ui.fake_audio import FakeAudio
    from tests.support.ui.fake_history import Kept
    from tests.support.ui.fake_models import FakeFetching
    from tests.support.ui.fake_services import FakeServices
    from tests.support.ui.fake_text import Worded, files
    from tests.unit.ui.conftest import Engine

    paths = files(folder)
    languages = "zh,en" if chinese else "en,zh"
    for key, value in (
        ("recognizer.language", languages),
        ("vocabulary.words", "Intone,Kubernetes,Whisper,Wayland,李雷"),
    ):
        settings.write_setting(paths.settings, key, value)
    paths.vocabulary.write_text(
        '[replacements]\n"get hub" = "GitHub"\n"pie side" = "PySide"\n[snippets]\n"my address" = "12 High Street"\n',
        encoding="utf-8",
    )
    kept = Kept(paths.history)
    kept.keep(picture_data.create_entries(chinese))
    waveform = measure_waveform(picture_data.create_voice())
    history = altered(
        kept,
        load_waveform=lambda path, on_result: on_result(waveform),
        load_known_voice=lambda on_result: on_result(BaselineStatus("Blue Yeti", 34)),
        load_voice_heads=lambda on_result: on_result(FoundVoiceHeads([])),
        load_statistics=lambda since, on_result: on_result(
            compute_statistics(paths.history, picture_data.NOW.date(), since)
        ),
    )
    spoken_text = (
        "今天下午三点开会，别忘了带电脑。" if chinese else "The meeting is at three, and do bring the charger."
    )
    trial = EngineTrial(spoken_text, languages[:2], 3.4, 412.0, "whisper", "small", "cpu")

    def monitor(on_level: Callable[[float], None], on_problem: object = None) -> Callable[[], None]:
        for level in (0.2, 0.5, 0.7, 0.62) * 6:
            on_level(level)
        return lambda: None

    keys = {"openai": ApiKeyLocation("the keyring", "c3f9")}
    services = altered(
        FakeServices(keys, findings=create_findings()),
        try_engine=lambda live, on_listening, on_result: on_result(trial),
    )
    automatic = ListOption("auto", "自动" if chinese else "Automatic")
    installed = "installed" if not chinese else "已安装"
    fetching = altered(
        FakeFetching(picture_data.create_model_cards()),
        list_models=lambda kind, on_result: on_result(
            [automatic, *([ListOption("small", "small", installed)] if kind == "speech" else [])]
        ),
    )
    microphones = [ListOption("", "系统默认" if chinese else "System default"), ListOption("usb", "Blue Yeti")]
    app = Engine(kept).app(
        settings=lambda: settings.load_settings(paths.settings).settings,
        set_setting=lambda key, value: settings.write_setting(paths.settings, key, value),
        history=history,
        models=fetching,
        services=services,
        text=Worded(paths),
        audio=altered(FakeAudio(), monitor=monitor),
        list_microphones=lambda on_result: on_result(microphones),
    )
    return app, fetching


def create_findings() -> list[Any]:
    """Return findings of a good machine with one thing missing."""
    from desktop.core.errors import apt_command
    from desktop.core.messages import Message
    from desktop.doctor.checks import Finding

    passed = (
        ("python", Message("python-version", version="3.13.5")),
        ("display", Message("x11-display-found", name=":0", width=2560, height=1440)),
        ("sound server", Message("sound-server-found")),
        ("microphone", Message("microphone-chosen", name="Blue Yeti", count=2)),
        ("model", Message("models-installed", names="base, small, tiny.en")),
    )
    command = apt_command("gnome-shell-extension-appindicator")
    tray = Finding("tray", False, Message("tray-missing", command=command), False)
    return [*(Finding(name, True, message, True) for name, message in passed), tray]
