"""The settings: one frozen typed tree, defaults and texts beside the types.

A key on the command line is its path in the tree (`polish.mode`, `engines.openai.url`), so this is the only list of
settings. `desktop.settings.store` reads and writes it. Everything else imports sections and values from here.
"""

from __future__ import annotations

from desktop.settings.section import SettingsSection
from desktop.settings.sections.appearance import LookSettings, StartupSettings, UpdatesSettings
from desktop.settings.sections.audio import AudioSettings, CueKind
from desktop.settings.sections.dictation import DictationSettings
from desktop.settings.sections.history import EmotionSettings, HistorySettings
from desktop.settings.sections.hooks import HooksSettings
from desktop.settings.sections.hotkeys import HotkeySettings
from desktop.settings.sections.speech import (
    CompatibleSettings,
    DeepgramLiveSettings,
    DeepgramSettings,
    EnginesSettings,
    NetworkSettings,
    OpenAILiveSettings,
    OpenAISettings,
    RecognizerSettings,
)
from desktop.settings.sections.text import ContextSettings, PasteSettings, PolishSettings, VocabularySettings
from desktop.settings.values import AUTO, LANGUAGES, LAYOUT, LOCAL, RULE_NAMES, language_codes, model_languages

__all__ = [
    "AUTO",
    "LANGUAGES",
    "LAYOUT",
    "LOCAL",
    "RULE_NAMES",
    "AudioSettings",
    "CompatibleSettings",
    "ContextSettings",
    "CueKind",
    "DeepgramLiveSettings",
    "DeepgramSettings",
    "DictationSettings",
    "EmotionSettings",
    "EnginesSettings",
    "HistorySettings",
    "HooksSettings",
    "HotkeySettings",
    "LookSettings",
    "NetworkSettings",
    "OpenAILiveSettings",
    "OpenAISettings",
    "PasteSettings",
    "PolishSettings",
    "RecognizerSettings",
    "Settings",
    "SettingsSection",
    "StartupSettings",
    "UpdatesSettings",
    "VocabularySettings",
    "language_codes",
    "model_languages",
]


class Settings(SettingsSection):
    """All settings. Fields are read as `settings.polish.mode`."""

    hotkey: HotkeySettings = HotkeySettings()
    audio: AudioSettings = AudioSettings()
    dictation: DictationSettings = DictationSettings()
    recognizer: RecognizerSettings = RecognizerSettings()
    engines: EnginesSettings = EnginesSettings()
    network: NetworkSettings = NetworkSettings()
    vocabulary: VocabularySettings = VocabularySettings()
    polish: PolishSettings = PolishSettings()
    paste: PasteSettings = PasteSettings()
    context: ContextSettings = ContextSettings()
    emotion: EmotionSettings = EmotionSettings()
    history: HistorySettings = HistorySettings()
    hooks: HooksSettings = HooksSettings()
    look: LookSettings = LookSettings()
    startup: StartupSettings = StartupSettings()
    updates: UpdatesSettings = UpdatesSettings()
