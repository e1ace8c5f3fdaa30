"""Create what a dictation session depends on, as the settings are and from the services that run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop.app import factory
from desktop.app.emotion_service import EmotionService
from desktop.app.history_service import HistoryService
from desktop.app.language_service import LanguageService
from desktop.app.llm_service import LLMService
from desktop.app.microphone_service import MicrophoneService
from desktop.core.interfaces import Paster, PasterCapability
from desktop.core.paths import Paths
from desktop.core.tasks import SpawnTask
from desktop.core.types import PasteResult, PolishedText, Target
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.last import LastDictation
from desktop.history.store import HistoryStore
from desktop.paste.apps import PasteRules
from desktop.settings.schema import Settings
from desktop.stt.recognition import WHISPER, ConfiguredRecognizer
from desktop.vocabulary.correction_watcher import CorrectionWatcher
from desktop.vocabulary.snippets import needs_clipboard
from desktop.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from desktop.vocabulary.project_reader import ProjectReader


class DependencyFactory:
    """Creates `SessionDependencies`; a dictation in progress keeps those it started with.

    `get_last` returns the last dictation, which exists once the first ones have been created, and `get_rules` how to
    paste into which application.
    """

    def __init__(
        self,
        paths: Paths,
        get_settings: Callable[[], Settings],
        get_vocabulary: Callable[[], Vocabulary],
        microphone_service: MicrophoneService,
        recognition: ConfiguredRecognizer,
        llm_service: LLMService,
        language_service: LanguageService,
        paster: Paster,
        get_rules: Callable[[], PasteRules],
        history: HistoryStore,
        history_service: HistoryService,
        emotion_service: EmotionService,
        correction_watcher: CorrectionWatcher,
        get_last: Callable[[], LastDictation],
        spawn: SpawnTask,
    ) -> None:
        self._paths = paths
        self._get_settings = get_settings
        self._get_vocabulary = get_vocabulary
        self._microphone_service = microphone_service
        self._recognition = recognition
        self._llm_service = llm_service
        self._language_service = language_service
        self._paster = paster
        self._get_rules = get_rules
        self._history = history
        self._history_service = history_service
        self._emotion_service = emotion_service
        self._correction_watcher = correction_watcher
        self._get_last = get_last
        self._spawn = spawn
        self._project_folders: tuple[str, ...] = ()
        self._project_reader: ProjectReader | None = None

    def create(self) -> SessionDependencies:
        """Create the dependencies of the dictations that begin from now on."""
        settings, vocabulary, client = self._get_settings(), self._get_vocabulary(), self._llm_service.client
        history, private = self._history_service, self._history_service.is_private
        is_polished = settings.polish.mode != "off"
        detector = None if private else self._emotion_service.create_detector(settings, client)
        reader = self._choose_project_reader(settings.vocabulary.projects)
        polisher = factory.create_polisher(settings.polish, client, vocabulary, reader)
        may_offer = settings.vocabulary.notice == "on" and not private
        correction = factory.CorrectionDependencies(
            self._history,
            lambda: self._correction_watcher,
            self._spawn,
            may_offer,
            lambda: self._recognition.aligner,
        )
        return SessionDependencies(
            self._microphone_service.microphone,
            self._recognition,
            polisher,
            self._paster,
            history.spool,
            partial(history.record, private),
            max_duration_s=settings.audio.longest_min * 60.0,
            emotion_detector=detector,
            add_emotion=history.add_emotion,
            voice_encoder=self._emotion_service.create_voice_encoder(settings),
            record_unkept=partial(history.record, True),
            record_answer=partial(history.record, private),
            is_kept=lambda target: not private and history.is_kept(target),
            is_emotion_enabled=history.is_emotion_enabled,
            styles=factory.load_styles(self._paths.styles),
            on_inserted=partial(self._on_inserted, private),
            read_clipboard=self._choose_clipboard_reader(vocabulary),
            start_edit=factory.create_edit_factory(self._paster, client, self._correction_watcher.stop),
            start_correction=partial(factory.start_correction, polisher, self._get_last, correction),
            scratch=self._scratch if is_polished else None,
            is_live=settings.paste.live == "on",
            end_silence_s=settings.dictation.effective_end_silence_s,
            is_continuous=settings.dictation.continuous == "on",
            languages=self._language_service.create_chooser(settings, self._get_rules(), self._recognition),
            recognize_in=self._recognition.transcribe_locally if settings.recognizer.engine == WHISPER else None,
            read_project=reader.begin if reader is not None else None,
        )

    def _choose_project_reader(self, folders: tuple[str, ...]) -> ProjectReader | None:
        """Return what reads projects, the one that there is where the folders are the same."""
        if folders != self._project_folders:
            self._project_folders = folders
            self._project_reader = factory.create_project_reader(folders, self._spawn)
        return self._project_reader

    async def _scratch(self, target: Target) -> PasteResult | None:
        """Undo the last insertion, as `LastDictation.scratch` says: what is said in its place corrects nothing."""
        result = await self._get_last().scratch(target)
        if result is not None:
            self._correction_watcher.stop()
        return result

    def _on_inserted(self, private: bool, polished: PolishedText, raw_text: str, target: Target) -> None:
        """Watch for corrections of the inserted text, if the setting allows it.

        Never for a dictation that began in private mode, or where nothing is kept.
        """
        if self._get_settings().vocabulary.notice == "on" and not private:
            terms = self._get_vocabulary().terms
            watch = self._correction_watcher.watch
            self._spawn(partial(watch, polished.text, target, polished.changes, raw_text, terms))

    def _choose_clipboard_reader(self, vocabulary: Vocabulary) -> Callable[[], Awaitable[str | None]] | None:
        """Return how to read the clipboard, where a snippet needs it and the paster can."""
        can_read = PasterCapability.READ_CLIPBOARD in self._paster.capabilities
        return self._paster.read_clipboard if can_read and needs_clipboard(vocabulary) else None
