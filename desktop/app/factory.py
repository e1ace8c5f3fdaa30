"""Create the dependencies of a dictation from the settings."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from anyio import to_thread

from desktop.audio.cues import DictationCues
from desktop.audio.ducking import AudioDucker, VolumeDucker
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.interfaces import EmotionDetector, Paster, Polisher, WordAligner
from desktop.core.paths import find_paths
from desktop.core.types import Target
from desktop.credentials import store
from desktop.paste.apps import load_paste_rules
from desktop.paste.request import PasteOptions
from desktop.polish import styles
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules, load_rules
from desktop.settings.schema import (
    AUTO,
    LOCAL,
    AudioSettings,
    ContextSettings,
    EmotionSettings,
    PasteSettings,
    PolishSettings,
    Settings,
    VocabularySettings,
    model_languages,
)
from desktop.vocabulary import store as vocabulary_store
from desktop.vocabulary.correction_watcher import CorrectionWatcher, FieldReader, NullFieldReader
from desktop.vocabulary.learning import Suggestion
from desktop.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from desktop.audio.calls.muter import CallMuter, CallMutes
    from desktop.audio.calls.session_calls import SessionCalls
    from desktop.core.state import DictationState
    from desktop.core.tasks import SpawnTask
    from desktop.dictation.dependencies import SpokenCorrection
    from desktop.dictation.last import LastDictation
    from desktop.dictation.voice_edit import VoiceEdit
    from desktop.emotion.detector import LocalEmotionDetector
    from desktop.history.store import HistoryStore
    from desktop.llm.client import LLMClient
    from desktop.network.client import ServiceClient
    from desktop.vocabulary.project_reader import ProjectReader

logger = logging.getLogger(__name__)


def create_microphone(audio_settings: AudioSettings, cues: DictationCues, start_delay_s: float) -> SystemMicrophone:
    """Create the microphone, with `cues` at its start, after `start_delay_s`, and at its end."""
    return SystemMicrophone(
        audio_settings.device,
        audio_settings.warm,
        on_start=cues.start,
        on_stop=cues.stop,
        start_delay_s=start_delay_s,
    )


def create_ducker(file: Path, platform: str = sys.platform) -> AudioDucker:
    """Create what ducks other audio on this system; it stores its changes in `file`."""
    if platform == "win32":
        from desktop.audio.session_ducker import SessionDucker, watch_sessions
        from desktop.platforms.windows import sound_sessions

        return AudioDucker(file, {"duck": SessionDucker(sound_sessions)}, watch_sessions)
    if platform != "linux":
        return AudioDucker(file, {"duck": VolumeDucker()})
    from desktop.audio.media_players import PlayerPauser  # the players' bus is on Linux alone

    return AudioDucker(file, {"duck": VolumeDucker(), "pause": PlayerPauser()})


def create_call_muter(
    file: Path, on_change: Callable[[CallMutes], None], platform: str = sys.platform
) -> CallMuter | None:
    """Create what mutes the user in calls on this system, None where nothing can; it stores its mutes in `file`."""
    if platform == "darwin":
        return None
    from desktop.audio.calls.muter import CallMuter, NoRestorer

    if platform == "win32":
        return CallMuter(file, _create_session_calls(), NoRestorer(), on_change)
    from desktop.audio.calls.pulse_calls import PulseCalls
    from desktop.audio.calls.restorer import CallRestorer

    return CallMuter(file, PulseCalls(), CallRestorer(file), on_change)


def _create_session_calls() -> SessionCalls:
    from desktop.audio.calls.session_calls import SessionCalls
    from desktop.platforms.windows import sound_sessions

    return SessionCalls(sound_sessions)


async def preload_rules(language: tuple[str, ...]) -> None:
    """Load the rules of `recognizer.language` before the first dictation needs them."""
    await to_thread.run_sync(load_rules, model_languages(language) or (AUTO,))


async def find_calls(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the names of the other programs that record a microphone now, as far as can be seen."""
    if platform == "darwin":
        return ()
    from desktop.audio.calls.pulse_calls import PulseCalls, find_recording_programs

    if platform == "win32":
        return await find_recording_programs(_create_session_calls())
    return await find_recording_programs(PulseCalls())


def create_llm_client(
    settings: Settings, get_http_client: Callable[[], ServiceClient], previous: LLMClient | None = None
) -> LLMClient | None:
    """Create the language model client of polish, emotions and voice edits; None where none of them needs it.

    Returns `previous` where that is the same local model, which would otherwise be loaded again.
    """
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm" and not settings.hotkey.edit:
        return None
    if settings.polish.url == LOCAL:
        return _create_local_client(settings, previous)
    from desktop.llm.client import LLMClient
    from desktop.network import services

    openai = store.is_openai_url(settings.polish.url)
    return LLMClient(
        get_http_client(), services.build_service("polish", settings), settings.polish.model, openai=openai
    )


def _create_local_client(settings: Settings, previous: LLMClient | None) -> LLMClient:
    from desktop.llm import local, local_model
    from desktop.llm.chat_completions import LLMRequest
    from desktop.llm.prompts import load_examples, load_prompt

    model, unload_after_s = settings.polish.model, settings.recognizer.unload_after_min * 60.0
    if isinstance(previous, local.LocalLLMClient) and previous.model_name == model:
        previous.unload_after_s = unload_after_s
        return previous
    polish_request = LLMRequest(load_prompt("polish"), "", 1, examples=load_examples("polish"))
    prepared_requests = (polish_request,) if settings.polish.mode == "llm" else ()
    return local.LocalLLMClient(
        local_model.language_model_store(find_paths().models), model, unload_after_s, prepared_requests
    )


def create_project_reader(folders: tuple[str, ...], spawn: SpawnTask) -> ProjectReader | None:
    """Create what reads the names of projects in these folders; None if there are none."""
    if not folders:
        return None
    from desktop.vocabulary.project_reader import ProjectReader

    return ProjectReader(folders, spawn)


def create_polisher(
    polish_settings: PolishSettings,
    llm_client: LLMClient | None,
    vocabulary: Vocabulary,
    project_reader: ProjectReader | None = None,
) -> Polisher:
    """Create the polisher."""
    find_names = project_reader.names_in if project_reader is not None else None
    rules = PolishRules(vocabulary, frozenset(polish_settings.without), polish_settings.removals, find_names=find_names)
    if polish_settings.mode == "llm" and llm_client is not None:
        from desktop.polish.llm_polisher import LLMPolisher

        return TextPolisher(
            polish_settings.mode, rules, LLMPolisher(llm_client, polish_settings.budget_ms / 1000, rules)
        )
    return TextPolisher(polish_settings.mode, rules)


def load_vocabulary(vocabulary_settings: VocabularySettings, file: Path) -> Vocabulary:
    """Load the user's words with the file of replacements and snippets. Unusable entries are counted in the log, which
    contains no words."""
    stored = vocabulary_store.load_vocabulary_file(file)
    if stored.warnings:
        logger.warning(
            "%s: %d entries are left out; `intone vocabulary list` says which", file.name, len(stored.warnings)
        )
    return Vocabulary(vocabulary_settings.words, stored.replacements, stored.snippets, stored.kept)


def add_recognition_terms(settings: Settings, vocabulary: Vocabulary) -> Settings:
    """Return the settings for recognition, with the vocabulary's replacement texts added to the words to listen for."""
    words = settings.vocabulary.model_copy(update={"words": vocabulary.terms})
    return settings.model_copy(update={"vocabulary": words})


def create_emotion_detector(
    emotion_settings: EmotionSettings, llm_client: LLMClient | None, get_local: Callable[[], LocalEmotionDetector]
) -> EmotionDetector | None:
    """Create the emotion detector; None where emotions are off, without calling `get_local`."""
    if emotion_settings.engine == "off":
        return None
    if emotion_settings.engine == "llm" and llm_client is not None:
        from desktop.emotion.llm_detector import LLMEmotionDetector

        return LLMEmotionDetector(llm_client, get_local())
    return get_local()


def create_edit_factory(
    paster: Paster, llm_client: LLMClient | None, on_replacing: Callable[[], None]
) -> Callable[[], VoiceEdit] | None:
    """Return a factory of voice edits, which call `on_replacing` before they change a text; None without a language
    model."""
    if llm_client is None:
        return None
    from desktop.dictation.voice_edit import VoiceEdit

    return partial(VoiceEdit, paster, llm_client, on_replacing=on_replacing)


class CorrectionDependencies(NamedTuple):
    """What a word that is said again needs besides the last dictation.

    `may_offer`: what was corrected twice is offered to the vocabulary. `get_aligner` returns what reads recordings.
    """

    history: HistoryStore
    get_watcher: Callable[[], CorrectionWatcher]
    spawn: SpawnTask
    may_offer: bool
    get_aligner: Callable[[], WordAligner]


def start_correction(
    polisher: Polisher,
    get_last: Callable[[], LastDictation],
    dependencies: CorrectionDependencies,
    wait_for_earlier: Callable[[], Awaitable[object]],
    shown: DictationState,
) -> SpokenCorrection:
    """Start what replaces a word of the last dictation that is said again, and offers to learn it."""
    from desktop.dictation import again, again_evidence, again_learning  # not loaded before a word is said again

    def on_corrected(correction: again.Correction) -> None:
        if dependencies.may_offer:
            propose = dependencies.get_watcher().propose
            dependencies.spawn(partial(again_learning.offer_repeated, correction, dependencies.history, propose))

    return again.SpokenAgain(
        get_last(),
        polisher,
        wait_for_earlier,
        shown,
        lambda: dependencies.get_watcher().stop(),
        on_corrected,
        again_evidence.RecordedEvidence(dependencies.get_aligner),
        dependencies.spawn,
    )


def load_paste_options(
    applications: Path, paste_settings: PasteSettings, context_settings: ContextSettings
) -> PasteOptions:
    """Load the paste options, with the user's file of applications; unreadable entries are logged."""
    apps = load_paste_rules(applications)
    for error in apps.warnings:
        logger.warning("%s", error)
    return PasteOptions(
        apps,
        paste_settings.join,
        context_settings.cursor == "on",
        context_settings.site == "on",
        paste_settings.input_method,
    )


def load_styles(path: Path) -> styles.Styles:
    """Load the styles and where they apply, with the user's file; unreadable entries are logged."""
    loaded = styles.load_styles(path)
    for error in loaded.warnings:
        logger.warning("%s", error)
    return loaded


def create_correction_watcher(
    file: Path,
    get_target: Callable[[], Awaitable[Target]],
    on_suggestion: Callable[[Suggestion], bool],
    on_learned: Callable[[], None],
    may_keep: Callable[[Target], bool],
    may_write: Callable[[], bool],
) -> CorrectionWatcher:
    """Create the correction watcher, which reads fields over accessibility on Linux, and edit controls on Windows."""
    return CorrectionWatcher(
        file, _create_field_reader(), get_target, on_suggestion, on_learned, may_keep=may_keep, may_write=may_write
    )


def _create_field_reader() -> FieldReader:
    if sys.platform == "linux":
        from desktop.paste.field import FieldTextReader

        return FieldTextReader()
    if sys.platform == "win32":
        from desktop.paste.delayed.windows_field_reader import WindowsFieldReader

        return WindowsFieldReader()
    return NullFieldReader()
