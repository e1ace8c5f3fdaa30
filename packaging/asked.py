"""Answer the windows' requests in the pictures: the tests' doubles, with data from `pictured`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any


def create_actions(folder: Path, chinese: bool) -> Any:
    """Return the windows' actions, answered from files below `folder`, and the fake downloads."""
    import pictured

    from desktop.app.trials import EngineTrial
    from desktop.audio.waveform import measure_waveform
    from desktop.emotion.baseline import BaselineStatus
    from desktop.history.statistics import compute_statistics
    from desktop.settings import store as settings
    from desktop.ui.bridge import ListOption
    from desktop.ui.controllers.audio import AudioActions
    from desktop.ui.controllers.services import ApiKeyLocation, DoctorActions, ServiceActions
    from desktop.ui.i18n import translate_message
    from tests.support.ui.fake_fetching import FakeFetching
    from tests.support.ui.kept import Kept
    from tests.support.ui.worded import Worded, files
    from tests.unit.ui.conftest import Engine

    here = files(folder)
    spoken = "zh,en" if chinese else "en,zh"
    for key, value in (("recognizer.language", spoken), ("vocabulary.words", "Intone,Kubernetes,Whisper,Wayland,李雷")):
        settings.write_setting(here.settings, key, value)
    here.vocabulary.write_text(
        '[replacements]\n"get hub" = "GitHub"\n"pie side" = "PySide"\n[snippets]\n"my address" = "12 High Street"\n',
        encoding="utf-8",
    )
    kept = Kept(here.history)
    kept.keep(pictured.create_entries(chinese))
    waveform = measure_waveform(pictured.create_voice())
    rows = replace(
        kept.rows(), load_waveform=lambda path, then: then(waveform), correct_emotion=lambda id, label, then: then(None)
    )
    spoken_text = (
        "今天下午三点开会，别忘了带电脑。" if chinese else "The meeting is at three, and do bring the charger."
    )
    trial = EngineTrial(spoken_text, spoken[:2], 3.4, 412.0, "whisper", "small", "cpu")

    def monitor(on_level: Callable[[float], None], on_problem: object = None) -> Callable[[], None]:
        for level in (0.2, 0.5, 0.7, 0.62) * 6:
            on_level(level)
        return lambda: None

    def examine(on_finding: Callable[[Any], None], on_finished: Callable[[None], None]) -> None:
        for one in create_findings():
            on_finding(one)
        on_finished(None)

    nothing: Callable[..., None] = lambda *_: None  # noqa: E731
    fetching = FakeFetching(pictured.create_model_cards())
    engine = Engine(kept)
    installed = translate_message("installed") if not chinese else "已安装"
    actions = replace(
        engine.with_repairs(),
        settings=lambda: settings.load_settings(here.settings).settings,
        set_setting=lambda key, value: settings.write_setting(here.settings, key, value),
        history_actions=rows,
        list_speech_models=lambda then: then(
            [ListOption("auto", "自动" if chinese else "Automatic"), ListOption("small", "small", installed)]
        ),
        list_microphones=lambda then: then(
            [ListOption("", "系统默认" if chinese else "System default"), ListOption("usb", "Blue Yeti")]
        ),
        list_language_models=lambda then: then([ListOption("auto", "自动" if chinese else "Automatic")]),
        show_statistics=nothing,
        show_doctor=nothing,
        show_onboarding=nothing,
        switch_emotion=nothing,
        pause_keys=nothing,
        forget_emotions=nothing,
        apply_autostart=lambda then: then(None),
        load_known_voice=lambda then: then(BaselineStatus("Blue Yeti", 34)),
        text_actions=Worded(here).wording(),
        model_actions=fetching.fetching(),
        audio_actions=AudioActions(
            monitor,
            lambda *_: lambda: None,
            nothing,
            nothing,
            lambda kind, then: then(None),
            lambda kind, then: then(None),
        ),
        service_actions=ServiceActions(
            find_key=lambda name, then: then(
                ApiKeyLocation("the keyring", "c3f9") if name == "openai" else ApiKeyLocation()
            ),
            store_key=nothing,
            remove_key=nothing,
            try_engine=lambda spoken, heard, then: then(trial),
        ),
        doctor_actions=DoctorActions(examine, nothing, nothing),
        load_statistics=lambda since, then: then(compute_statistics(here.history, pictured.NOW.date(), since)),
        find_missing=lambda then: then([]),
    )
    return actions, fetching


def create_findings() -> list[Any]:
    """Return findings of a good machine with one thing missing."""
    from desktop.doctor.checks import Finding

    well = (
        ("python", "Python 3.13.5"),
        ("display", "X11 display :0, 2560 × 1440"),
        ("sound server", "PulseAudio or PipeWire answers"),
        ("microphone", "Blue Yeti, one of 2"),
        ("model", "Installed: base, small, tiny.en"),
    )
    tray = Finding(
        "tray",
        False,
        "No tray is here to show the icon.",
        "In GNOME: sudo apt-get install -y gnome-shell-extension-appindicator. Elsewhere add a tray to the panel.",
        False,
    )
    return [*(Finding(name, True, detail, "", True) for name, detail in well), tray]
