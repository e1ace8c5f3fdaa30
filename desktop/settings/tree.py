"""What a person may choose: one frozen typed tree, its defaults beside its types.

A key on the command line is its path in the tree (`polish.mode`, `engines.openai.url`), so the tree is the only list of
settings there is. `settings` reads and writes it.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from desktop.hotkey.bindings import Action, Bindings, bind
from desktop.hotkey.keys import parse
from desktop.settings.web_address import address

AUTO = "auto"
"""The value that leaves the choice to the app."""

LOCAL = "local"
"""The value that stands in an address's place for a model on this machine."""

LONGEST_DAYS = 36_500
"""A century is as good as for ever, and still a date that can be reckoned with. As many minutes are a month."""

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy
id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru
sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = tuple(_CODES.split())
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
"""The rules of polish, in the order in which a text passes them; `desktop.polish.rules` has them."""


def _split(value: object) -> object:
    """A list may be written with commas: the command line has no other way, and a file is forgiven."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_filled(value: object) -> object:
    """The same, where an empty text is an empty list."""
    parts = _split(value)
    return [part for part in parts if part] if isinstance(parts, list) else parts


def _known(languages: tuple[str, ...]) -> tuple[str, ...]:
    if languages == (AUTO,):
        return languages
    for code in languages:
        if code not in LANGUAGES:
            near = difflib.get_close_matches(code.lower(), LANGUAGES, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Use codes such as en, de or zh."
            raise ValueError(f"Give `auto` alone, or languages that Whisper knows, separated by commas. {hint}")
    return languages


def _address_or_local(url: str) -> str:
    if url == LOCAL:
        return url
    try:
        return address(url)
    except ValueError as error:
        raise ValueError(f"{error} Or give `{LOCAL}`, for a model on this machine.") from error


def _encrypted_or_none(url: str) -> str:
    if url and not address(url).startswith("https://"):
        raise ValueError("Give an address that begins with https://, or none.")
    return url


def _filled(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _rules(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in RULE_NAMES:
            raise ValueError(f"Give rules of polish, separated by commas: {', '.join(RULE_NAMES)}.")
    return names


def _percent(value: object) -> object:
    """A number in the file, or with its sign, is meant as well."""
    return str(value).strip().removesuffix("%").strip()


type Scale = Annotated[Literal["system", "100", "125", "150", "175", "200", "250", "300"], BeforeValidator(_percent)]
type Languages = Annotated[tuple[str, ...], BeforeValidator(_split), Field(min_length=1), AfterValidator(_known)]
type Names = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_filled)]
type Name = Annotated[str, Field(min_length=1)]
type Url = Annotated[str, AfterValidator(address)]
type UrlOrLocal = Annotated[str, AfterValidator(_address_or_local)]
type EncryptedUrl = Annotated[str, AfterValidator(_encrypted_or_none)]
type RuleNames = Annotated[tuple[str, ...], BeforeValidator(_split_filled), AfterValidator(_rules)]
type Key = Annotated[str, AfterValidator(lambda name: str(parse(name)))]
type Keys = Annotated[tuple[Key, ...], BeforeValidator(_split_filled)]


class Tree(BaseModel):
    """A section: frozen, and without fields of other names."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Hotkey(Tree):
    """The keys, by the names of `desktop.hotkey.keys`; what each does and which go together says `hotkey.bindings`. An
    empty list binds none. `tap` is what a short press does: lock, lock at the second, or nothing but a short
    dictation."""

    talk: Annotated[Keys, Field(min_length=1)] = ("ctrl_r",)
    send: Keys = ()
    edit: Keys = ()
    languages: Keys = ()
    paste_last: Keys = ()
    undo: Keys = ()
    swap: Keys = ()
    emotion: Keys = ()
    cancel: Key = "esc"
    tap: Literal["lock", "double", "off"] = "lock"

    @property
    def bindings(self) -> Bindings:
        """Every key and what it does. Raises `SettingsProblem` where two are in each other's way."""
        named = {str(action): getattr(self, action) for action in Action}
        return bind({**named, Action.CANCEL: (self.cancel,)})


type CueKind = Literal["start", "stop", "cancel", "error"]
"""What a tone says."""


class Sound(Tree):
    """Where speech comes from: the first of `device` that is there (ids as `intone devices` gives them, or names), the
    system's default where none is.

    `warm` says how long it stays open (`desktop.microphone.system`), `cue` whether tones say that it hears, that it
    has stopped, and how that ended, at `cue_volume` percent; a file stands in place of one (`desktop.microphone.cue`).
    `longest_min` is the length at which a dictation ends by itself; `others` what becomes of other sound meanwhile
    (`desktop.microphone.others`).
    """

    device: Names = ()
    warm: Literal["never", "after", "always"] = "after"
    cue: Literal["off", "on"] = "off"
    cue_volume: Annotated[int, Field(ge=0, le=100)] = 50
    cue_start: str = ""
    cue_stop: str = ""
    cue_cancel: str = ""
    cue_error: str = ""
    longest_min: Annotated[int, Field(ge=1, le=120)] = 10
    others: Literal["off", "duck", "pause"] = "off"


class Recognizer(Tree):
    """What turns speech into words: Whisper on this machine, or a service that is sent the audio (`engines`). `model`
    is the local one: a name of the catalogue, a folder, or `auto`.

    `policy` says which answer is taken where a service is chosen and the local model listens along
    (`desktop.recognizers.choice`), `deadline_ms` how long after the key's release the service is waited for.
    `unload_after_min` is after how long without a dictation the model's memory is given back, 0 for never; `chinese`
    the script that Chinese is written in, `auto` by the system's locale.
    """

    engine: Literal["whisper", "openai", "openai-live", "deepgram", "deepgram-live", "compatible"] = "whisper"
    model: Name = AUTO
    policy: Literal["fallback", "best", "fastest"] = "fallback"
    deadline_ms: Annotated[int, Field(ge=100, le=60_000)] = 1500
    language: Languages = (AUTO,)
    chinese: Literal["auto", "simplified", "traditional"] = "auto"
    unload_after_min: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 10


class OpenAI(Tree):
    """OpenAI's transcriptions; `model` auto is the one that is recommended now."""

    url: Url = "https://api.openai.com/v1"
    model: Name = AUTO


class OpenAILive(Tree):
    """OpenAI's Realtime transcription, over a WebSocket."""

    url: Url = "wss://api.openai.com/v1/realtime"
    model: Name = AUTO


class Deepgram(Tree):
    """Deepgram's recorded audio."""

    url: Url = "https://api.deepgram.com"
    model: Name = "nova-3"


class DeepgramLive(Tree):
    """Deepgram's streaming; a model whose name begins with `flux` is asked in Flux's own way."""

    url: Url = "wss://api.deepgram.com"
    model: Name = "nova-3"


class Compatible(Tree):
    """A server that speaks OpenAI's transcriptions; `model` auto is the first that it lists."""

    url: Url = "http://127.0.0.1:8000/v1"
    model: Name = AUTO


class Engines(Tree):
    """The services, and where each is."""

    openai: OpenAI = OpenAI()
    openai_live: OpenAILive = OpenAILive()
    deepgram: Deepgram = Deepgram()
    deepgram_live: DeepgramLive = DeepgramLive()
    compatible: Compatible = Compatible()


class Network(Tree):
    """How services are reached. `http` is the version that is offered first; `plain_keys` whether a key may go over
    plain HTTP to another machine, where everybody on the way can read it."""

    http: Literal["2", "1.1"] = "2"
    plain_keys: Literal["off", "on"] = "off"


class Vocabulary(Tree):
    """The user's own words: names and terms that recognition is biased towards. `notice`: a correction made in the
    field just dictated into is noticed, and may be learned (`desktop.noticing`). What is written for what is heard is
    in `vocabulary.toml` (`desktop.vocabulary.file`)."""

    words: Names = ()
    notice: Literal["off", "on"] = "off"


class Polish(Tree):
    """How far the words are put into shape, and by which rules not (`without`, of `desktop.polish.rules`). The rest is
    for `llm`: a server that speaks OpenAI's chat completions, or `local` for a model on this machine
    (`desktop.chat.local`); the model (`auto`: a small one that is recommended now, here the first that is installed);
    and how long the text may wait for it."""

    mode: Literal["off", "rules", "llm"] = "rules"
    without: RuleNames = ()
    url: UrlOrLocal = "https://api.openai.com/v1"
    model: Name = AUTO
    budget_ms: Annotated[int, Field(ge=100, le=3000)] = 1200


class Pasting(Tree):
    """How text is put into windows. `join`: a space between two dictations into one window, "auto" where nothing was
    touched in between. What single applications need is in `applications.toml` (`desktop.paste.applications`)."""

    join: Literal["auto", "space", "none"] = "auto"


class Surroundings(Tree):
    """What may be known of the place that the words go to, where accessibility tells: the text on either side of the
    `cursor`, by which case and spaces are put, and the `site` whose page it is, for its style. Neither is kept."""

    cursor: Literal["off", "on"] = "off"
    site: Literal["off", "on"] = "off"


class Mood(Tree):
    """What reads the mood of a dictation."""

    engine: Literal["off", "local", "llm"] = "local"


class Keeping(Tree):
    """What the history keeps. Recordings stay beside their text for `keep_audio_days` (0 keeps none) and as long as all
    take no more than `max_audio_mb` (0: without limit), the text for `keep_text_days` (0: until it is deleted).

    `private`: nothing is kept of what is dictated now, neither row, recording nor emotion. `exclude` names the
    applications of which that is always so; so it is, unless `sensitive` is on, of password managers and private
    browser windows (`desktop.keeping.sensitive`). `encrypted`: what is kept is readable with the key in the keyring
    alone (`desktop.sealing.turning`).
    """

    keep_audio_days: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 7
    keep_text_days: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 0
    max_audio_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    private: Literal["off", "on"] = "off"
    exclude: Names = ()
    sensitive: Literal["off", "on"] = "off"
    encrypted: Literal["off", "on"] = "off"


class Look(Tree):
    """How the windows look. `theme`, `contrast` and `motion` are the system's unless chosen; `scale` is in percent.

    `pill` is how much the overlay says: all, its glyph and what needs a person, or the latter alone. `pill_place` is
    where it stands: at an edge of the screen, or where it was last dragged to. `tray`: whether its icon there has a
    colour while one speaks and where something is wrong, or tells it by shape alone.
    """

    theme: Literal["system", "light", "dark"] = "system"
    contrast: Literal["system", "high"] = "system"
    motion: Literal["system", "off"] = "system"
    language: Literal["auto", "en", "zh_CN"] = "auto"
    scale: Scale = "system"
    pill: Literal["live", "compact", "off"] = "live"
    pill_place: Literal["bottom", "top", "dragged"] = "bottom"
    tray: Literal["colour", "monochrome"] = "colour"


class Startup(Tree):
    """Whether the app starts with the session (`desktop.autostart`)."""

    autostart: Literal["off", "on"] = "off"


class Updates(Tree):
    """Whether it is asked once a day if there is a newer version, at `url`; an empty one asks nobody
    (`desktop.updates`)."""

    check: Literal["off", "daily"] = "off"
    url: EncryptedUrl = ""


class Settings(Tree):
    """All of it. Fields are read as `settings.polish.mode`."""

    hotkey: Hotkey = Hotkey()
    audio: Sound = Sound()
    recognizer: Recognizer = Recognizer()
    engines: Engines = Engines()
    network: Network = Network()
    vocabulary: Vocabulary = Vocabulary()
    polish: Polish = Polish()
    paste: Pasting = Pasting()
    context: Surroundings = Surroundings()
    emotion: Mood = Mood()
    history: Keeping = Keeping()
    look: Look = Look()
    startup: Startup = Startup()
    updates: Updates = Updates()
