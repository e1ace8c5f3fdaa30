"""Read from the settings what the local engine (`desktop.stt.local.engine`) is to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desktop.core.messages import Message
from desktop.settings.schema import AUTO, LAYOUT, Settings, language_codes
from models.choice import ModelChoice, choose_model
from models.store import ModelStore


@dataclass(frozen=True, slots=True)
class LocalEngineOptions:
    """The settings of the engine.

    - `model`: a model's name, `auto` or a folder.
    - `languages`: the languages to expect, none for any.
    - `unload_after_s`: seconds without a dictation after which the model is unloaded, 0 for never.
    - `words`: the user's own words.
    - `fetch`: whether a missing model is downloaded; false where a service answers and a local model is only the
      fallback.
    - `fetch_problem`: why none is downloaded although this engine answers.
    - `any_language`: a dictation may be in another language than those, as the keyboard's layout says.
    """

    model: str = AUTO
    languages: tuple[str, ...] = ()
    unload_after_s: float = 0.0
    words: tuple[str, ...] = ()
    fetch: bool = True
    fetch_problem: Message | None = None
    any_language: bool = False

    @property
    def model_languages(self) -> tuple[str, ...]:
        """Return the languages that the model should know, none for any."""
        return () if self.any_language else self.languages

    @property
    def choice(self) -> tuple[object, ...]:
        """What decides which model is used, beside the languages."""
        return self.model, self.fetch, self.fetch_problem

    def choose(self, store: ModelStore, failed: Collection[str], cuda: bool) -> ModelChoice:
        """Return what `auto` means by the languages, without the models that `failed`; nothing if a model is named."""
        if self.model != AUTO:
            return ModelChoice(None, None)
        installed = set(store.list_installed()).difference(failed)
        return choose_model(installed, store.models, cuda=cuda, languages=self.model_languages)


def local_engine_options(settings: Settings, fetch_problem: Message | None = None) -> LocalEngineOptions:
    """Return the options of the local engine."""
    recognizer_settings = settings.recognizer
    languages = language_codes(recognizer_settings.language)
    is_only_engine = recognizer_settings.engine == "whisper"
    words = settings.vocabulary.words
    return LocalEngineOptions(
        recognizer_settings.model,
        languages,
        recognizer_settings.unload_after_min * 60.0,
        words,
        fetch=is_only_engine,
        fetch_problem=fetch_problem,
        any_language=LAYOUT in recognizer_settings.language,
    )
