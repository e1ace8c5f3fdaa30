"""The settings: one frozen typed tree, defaults beside the types.

A key on the command line is its path in the tree (`polish.mode`, `engines.openai.url`), so this is the only list of
settings. `settings.store` reads and writes it.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from desktop.core.keys import Action, Bindings, build_bindings, parse_binding
from desktop.settings.urls import validate_url

AUTO = "auto"
"""The value that leaves the choice to the app."""

LOCAL = "local"
"""The value in place of an address that selects the model on this machine."""

MAX_DAYS = 36_500
"""Longest retention in days: a century, which dates can still represent. As minutes it is almost a month."""

_LANGUAGE_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy
id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru
sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = tuple(_LANGUAGE_CODES.split())
"""The languages that Whisper knows, by its own codes (`jw` is its name for Javanese; `yue` came with large-v3)."""


RULE_NAMES = (
    "repairs",
    "repeats",
    "fillers",
    "spoken",
    "replacements",
    "numbers",
    "lists",
    "spacing",
    "sentences",
)
"""The rules of polish in the order of their application; `polish.rules` implements them."""


def _split(value: object) -> object:
    """Split a list written with commas: the only form on the command line, and accepted in the file."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_nonempty(value: object) -> object:
    """Split likewise, where an empty text is an empty list."""
    parts = _split(value)
    return [part for part in parts if part] if isinstance(parts, list) else parts


def _validate_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    if languages == (AUTO,):
        return languages
    for code in languages:
        if code not in LANGUAGES:
            near = difflib.get_close_matches(code.lower(), LANGUAGES, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Use codes such as en, de or zh."
            raise ValueError(f"Give `auto` alone, or languages that Whisper knows, separated by commas. {hint}")
    return languages


def _validate_url_or_local(url: str) -> str:
    if url == LOCAL:
        return url
    try:
        return validate_url(url)
    except ValueError as error:
        raise ValueError(f"{error} Or give `{LOCAL}`, for a model on this machine.") from error


def _validate_https_or_empty(url: str) -> str:
    if url and not validate_url(url).startswith("https://"):
        raise ValueError("Give an address that begins with https://, or none.")
    return url


def _drop_empty(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _validate_rules(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in RULE_NAMES:
            raise ValueError(f"Give rules of polish, separated by commas: {', '.join(RULE_NAMES)}.")
    return names


def _strip_percent(value: object) -> object:
    """Accept a number, and a percent sign."""
    return str(value).strip().removesuffix("%").strip()


type Scale = Annotated[
    Literal["system", "100", "125", "150", "175", "200", "250", "300"], BeforeValidator(_strip_percent)
]
type LanguageCodes = Annotated[
    tuple[str, ...], BeforeValidator(_split), Field(min_length=1), AfterValidator(_validate_languages)
]
type TextList = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_drop_empty)]
type NonEmptyText = Annotated[str, Field(min_length=1)]
type ServiceUrl = Annotated[str, AfterValidator(validate_url)]
type UrlOrLocal = Annotated[str, AfterValidator(_validate_url_or_local)]
type HttpsUrl = Annotated[str, AfterValidator(_validate_https_or_empty)]
type RuleNames = Annotated[tuple[str, ...], BeforeValidator(_split_nonempty), AfterValidator(_validate_rules)]
type HotkeyName = Annotated[str, AfterValidator(lambda name: str(parse_binding(name)))]
type HotkeyNames = Annotated[tuple[HotkeyName, ...], BeforeValidator(_split_nonempty)]


class SettingsSection(BaseModel):
    """A section: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class HotkeySettings(SettingsSection):
    """Hotkeys, by the names of `core.keys`, which also defines their actions and conflicts.

    An empty list binds none. `tap` is the effect of a short press: lock, lock at the second, or only a short dictation.
    """

    talk: Annotated[HotkeyNames, Field(min_length=1)] = ("ctrl_r",)
    send: HotkeyNames = ()
    edit: HotkeyNames = ()
    languages: HotkeyNames = ()
    paste_last: HotkeyNames = ()
    undo: HotkeyNames = ()
    swap: HotkeyNames = ()
    emotion: HotkeyNames = ()
    cancel: HotkeyName = "esc"
    tap: Literal["lock", "double", "off"] = "lock"

    @property
    def bindings(self) -> Bindings:
        """Return every key and its action. Raises `SettingsError` where two conflict."""
        named = {str(action): getattr(self, action) for action in Action}
        return build_bindings({**named, Action.CANCEL: (self.cancel,)})


type CueKind = Literal["start", "stop", "cancel", "error"]
"""The events that a tone signals."""


class AudioSettings(SettingsSection):
    """The microphone: the first of `device` that is present (ids as `intone devices` lists them, or names), else the
    system's default.

    `warm` is how long it stays open (`audio.microphone.microphone`), `cue` whether tones signal start, stop and
    outcome, at `cue_volume` percent; a file replaces a tone (`audio.cues`). `longest_min` is the length in minutes at
    which a dictation ends by itself; `others` what happens to other programs' audio meanwhile (`audio.ducking`).
    """

    device: TextList = ()
    warm: Literal["never", "after", "always"] = "after"
    cue: Literal["off", "on"] = "off"
    cue_volume: Annotated[int, Field(ge=0, le=100)] = 50
    cue_start: str = ""
    cue_stop: str = ""
    cue_cancel: str = ""
    cue_error: str = ""
    longest_min: Annotated[int, Field(ge=1, le=120)] = 10
    others: Literal["off", "duck", "pause"] = "off"


class RecognizerSettings(SettingsSection):
    """Speech to text: Whisper on this machine, or a service that receives the audio (`engines`).

    `model` is the local one: a name of the catalog, a folder, or `auto`. `policy` selects the answer where a service is
    chosen and the local model runs alongside (`stt.fallback`), `deadline_ms` how long to wait for the service after the
    key's release. `unload_after_min` is the idle time after which the model's memory is released, 0 for never;
    `chinese` the script of Chinese text, `auto` by the system's locale.
    """

    engine: Literal["whisper", "openai", "openai-live", "deepgram", "deepgram-live", "compatible"] = "whisper"
    model: NonEmptyText = AUTO
    policy: Literal["fallback", "best", "fastest"] = "fallback"
    deadline_ms: Annotated[int, Field(ge=100, le=60_000)] = 1500
    language: LanguageCodes = (AUTO,)
    chinese: Literal["auto", "simplified", "traditional"] = "auto"
    unload_after_min: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 10


class OpenAISettings(SettingsSection):
    """OpenAI's transcriptions; `model` auto is the currently recommended one."""

    url: ServiceUrl = "https://api.openai.com/v1"
    model: NonEmptyText = AUTO


class OpenAILiveSettings(SettingsSection):
    """OpenAI's Realtime transcription, over a WebSocket."""

    url: ServiceUrl = "wss://api.openai.com/v1/realtime"
    model: NonEmptyText = AUTO


class DeepgramSettings(SettingsSection):
    """Deepgram's transcription of recorded audio."""

    url: ServiceUrl = "https://api.deepgram.com"
    model: NonEmptyText = "nova-3"


class DeepgramLiveSettings(SettingsSection):
    """Deepgram's streaming; models whose name begins with `flux` use Flux's protocol."""

    url: ServiceUrl = "wss://api.deepgram.com"
    model: NonEmptyText = "nova-3"


class CompatibleSettings(SettingsSection):
    """A server that implements OpenAI's transcriptions; `model` auto is the first that it lists."""

    url: ServiceUrl = "http://127.0.0.1:8000/v1"
    model: NonEmptyText = AUTO


class EnginesSettings(SettingsSection):
    """The services and their addresses."""

    openai: OpenAISettings = OpenAISettings()
    openai_live: OpenAILiveSettings = OpenAILiveSettings()
    deepgram: DeepgramSettings = DeepgramSettings()
    deepgram_live: DeepgramLiveSettings = DeepgramLiveSettings()
    compatible: CompatibleSettings = CompatibleSettings()


class NetworkSettings(SettingsSection):
    """How services are reached.

    `http` is the version offered first; `plain_keys` allows a key over plain HTTP to another machine, where everyone on
    the way can read it.
    """

    http: Literal["2", "1.1"] = "2"
    plain_keys: Literal["off", "on"] = "off"


class VocabularySettings(SettingsSection):
    """The user's own words: names and terms that recognition is biased towards.

    `notice`: a correction in the field just dictated into is detected, and may be learned
    (`vocabulary.correction_watcher`). Replacements are in `vocabulary.toml` (`vocabulary.store`).
    """

    words: TextList = ()
    notice: Literal["off", "on"] = "off"


class PolishSettings(SettingsSection):
    """How much the text is polished, and without which rules (`without`, of `polish.rules`).

    The rest is for `llm`: a server that implements OpenAI's chat completions, or `local` for a model on this machine
    (`llm.local`); the model (`auto`: a small one that is recommended now, locally the first installed one); and how
    long the text may wait for it.
    """

    mode: Literal["off", "rules", "llm"] = "rules"
    without: RuleNames = ()
    url: UrlOrLocal = "https://api.openai.com/v1"
    model: NonEmptyText = AUTO
    budget_ms: Annotated[int, Field(ge=100, le=3000)] = 1200


class PasteSettings(SettingsSection):
    """How text is pasted.

    `join`: a space between two dictations into one window, "auto" where the user touched nothing in between. Rules for
    single applications are in `applications.toml` (`paste.apps`).
    """

    join: Literal["auto", "space", "none"] = "auto"


class ContextSettings(SettingsSection):
    """What may be read around the insertion point, where accessibility provides it.

    `cursor`: the text on either side of the cursor, which decides case and spaces. `site`: the site of the page, for
    its style. Neither is stored.
    """

    cursor: Literal["off", "on"] = "off"
    site: Literal["off", "on"] = "off"


class EmotionSettings(SettingsSection):
    """The engine that detects the emotion of a dictation."""

    engine: Literal["off", "local", "llm"] = "local"


class HistorySettings(SettingsSection):
    """What the history stores.

    Recordings stay beside their text for `keep_audio_days` (0 stores none) and while all of them take no more than
    `max_audio_mb` (0: no limit), texts for `keep_text_days` (0: until deleted). `private`: nothing of a dictation is
    stored, neither row, recording nor emotion. `exclude` names applications that are always private; so are, unless
    `sensitive` is on, password managers and private browser windows (`history.privacy`). `encrypted`: the history is
    readable only with the key in the keyring (`history.encryption`).
    """

    keep_audio_days: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 7
    keep_text_days: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 0
    max_audio_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    private: Literal["off", "on"] = "off"
    exclude: TextList = ()
    sensitive: Literal["off", "on"] = "off"
    encrypted: Literal["off", "on"] = "off"


class LookSettings(SettingsSection):
    """Appearance of the windows. `theme`, `contrast` and `motion` follow the system unless chosen; `scale` is in
    percent.

    `pill` is what the overlay shows: everything, its glyph and what needs the user, or only the latter. `pill_place` is
    its place: an edge of the screen, or where it was last dragged to. `tray`: whether the tray icon shows dictations
    and problems by colour, or by shape alone.
    """

    theme: Literal["system", "light", "dark"] = "system"
    contrast: Literal["system", "high"] = "system"
    motion: Literal["system", "off"] = "system"
    language: Literal["auto", "en", "zh_CN"] = "auto"
    scale: Scale = "system"
    pill: Literal["live", "compact", "off"] = "live"
    pill_place: Literal["bottom", "top", "dragged"] = "bottom"
    tray: Literal["colour", "monochrome"] = "colour"


class StartupSettings(SettingsSection):
    """Whether the app starts with the session (`platforms.autostart`)."""

    autostart: Literal["off", "on"] = "off"


class UpdatesSettings(SettingsSection):
    """Whether to check once a day for a newer version, at `url`; empty: no check (`app.updates`)."""

    check: Literal["off", "daily"] = "off"
    url: HttpsUrl = ""


class Settings(SettingsSection):
    """All settings. Fields are read as `settings.polish.mode`."""

    hotkey: HotkeySettings = HotkeySettings()
    audio: AudioSettings = AudioSettings()
    recognizer: RecognizerSettings = RecognizerSettings()
    engines: EnginesSettings = EnginesSettings()
    network: NetworkSettings = NetworkSettings()
    vocabulary: VocabularySettings = VocabularySettings()
    polish: PolishSettings = PolishSettings()
    paste: PasteSettings = PasteSettings()
    context: ContextSettings = ContextSettings()
    emotion: EmotionSettings = EmotionSettings()
    history: HistorySettings = HistorySettings()
    look: LookSettings = LookSettings()
    startup: StartupSettings = StartupSettings()
    updates: UpdatesSettings = UpdatesSettings()
