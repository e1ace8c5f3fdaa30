"""Speech to text: the recognizer, the services that it may use, and how they are reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.core.engine_names import ENGINE_NAMES
from desktop.settings.section import Choices, Details, ProperName, SettingsSection, Unit
from desktop.settings.values import (
    AUTO,
    MAX_DAYS,
    LanguageCodes,
    LayoutLanguages,
    LocalModelName,
    NonEmptyText,
    ServiceUrl,
)

_ADDRESS = Field(title="Address", description="Of {0}, or of one that speaks as it does.")
_MODEL = Field(title="Model", description="The name that {0} has for it.")
_MODEL_OR_AUTO = Field(title="Model", description="The name that {0} has for it; auto is the one to ask now.")


class RecognizerSettings(SettingsSection, title="Speech"):
    """Speech to text: Whisper on this machine, or a service that receives the audio (`engines`).

    `model` is the local one; `desktop.stt.fallback` implements `policy` and `deadline_ms`.
    """

    engine: Annotated[
        Literal["whisper", "openai", "openai-live", "deepgram", "deepgram-live", "compatible"],
        Field(title="Engine", description="What turns speech into words. You can change it at any time."),
        Choices(
            {engine: ProperName(name) for engine, name in ENGINE_NAMES.items()}
            | {"whisper": "On this machine", "compatible": "Own server"}
        ),
        Details(
            "Every engine but `whisper` is a service that is sent your speech. `compatible` is any server with "
            "OpenAI's transcriptions."
        ),
    ] = "whisper"
    model: Annotated[
        LocalModelName,
        Field(
            title="Model of speech",
            description="Automatic takes the best for this machine. Larger ones hear better and take longer.",
        ),
    ] = AUTO
    policy: Annotated[
        Literal["fallback", "best", "fastest"],
        Field(
            title="Of two texts",
            description="Where another machine is asked, a local model listens along if there is one.",
        ),
        Choices(
            {
                "fallback": "Local, if it fails or is late",
                "best": "The better of both",
                "fastest": "Whichever is first",
            }
        ),
        Details("`best` takes the better of what is there after `recognizer.deadline_ms`."),
    ] = "fallback"
    deadline_ms: Annotated[
        int,
        Field(
            ge=100,
            le=60_000,
            title="Late after",
            description="From the moment you let go. Without a local model it is waited for 10 s longer.",
        ),
        Unit("milliseconds"),
        Details("Where the service is late, the recording is kept."),
    ] = 1500
    language: Annotated[
        LanguageCodes,
        Field(
            title="Language",
            description=(
                "What you speak: found out, said by the keyboard's layout, or named by codes such as en, de, zh."
            ),
        ),
        Details(
            "With `layout` a dictation is in the language of the keyboard's layout at the press; the codes beside it "
            "are expected where that is not known. An application's own language is in `applications.toml`."
        ),
    ] = (AUTO,)
    layouts: Annotated[
        LayoutLanguages,
        Field(
            title="Layouts",
            description="What you speak where it is not what a layout says: de with the layout us.",
        ),
        Details(
            "Layouts are named as `intone doctor` names them. It counts where `recognizer.language` has `layout`, and "
            "`auto` stands for any language."
        ),
    ] = ()
    chinese: Annotated[
        Literal["auto", "simplified", "traditional"],
        Field(title="Chinese", description="The characters that Chinese is written in."),
        Choices({"auto": "As the system", "simplified": "Simplified", "traditional": "Traditional"}),
        Details("`auto` goes by the system's locale."),
    ] = "auto"
    unload_after_min: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_DAYS,
            title="Free the memory",
            description="After so long without a dictation. The next one loads the model while you speak.",
        ),
        Choices({"0": "Never"}),
        Unit("minutes"),
    ] = 10
    compare: Annotated[
        Literal["asked", "idle"],
        Field(
            title="Compare models",
            description="On your own recordings, on this machine. At rest: on mains, ten minutes after a dictation.",
        ),
        Choices({"asked": "When I ask for it", "idle": "At rest too"}),
        Details("At rest other programs leave most of the processor unused, too. A press of the key ends it at once."),
    ] = "asked"


class OpenAISettings(SettingsSection, title=ENGINE_NAMES["openai"]):
    """OpenAI's transcriptions; `model` auto is the currently recommended one."""

    url: Annotated[ServiceUrl, _ADDRESS] = "https://api.openai.com/v1"
    model: Annotated[NonEmptyText, _MODEL_OR_AUTO] = AUTO


class OpenAILiveSettings(SettingsSection, title=ENGINE_NAMES["openai-live"]):
    """OpenAI's Realtime transcription, over a WebSocket."""

    url: Annotated[
        ServiceUrl, _ADDRESS, Details("The path may be left out. A query of your own, such as `?model=`, is kept.")
    ] = "wss://api.openai.com/v1/realtime"
    model: Annotated[NonEmptyText, _MODEL_OR_AUTO] = AUTO


class DeepgramSettings(SettingsSection, title=ENGINE_NAMES["deepgram"]):
    """Deepgram's transcription of recorded audio."""

    url: Annotated[ServiceUrl, _ADDRESS] = "https://api.deepgram.com"
    model: Annotated[NonEmptyText, _MODEL] = "nova-3"


class DeepgramLiveSettings(SettingsSection, title=ENGINE_NAMES["deepgram-live"]):
    """Deepgram's streaming; models whose name begins with `flux` use Flux's protocol."""

    url: Annotated[ServiceUrl, _ADDRESS] = "wss://api.deepgram.com"
    model: Annotated[NonEmptyText, _MODEL, Details("A model whose name begins with `flux` is asked in Flux's way.")] = (
        "nova-3"
    )


class CompatibleSettings(SettingsSection, title=ENGINE_NAMES["compatible"]):
    """A server that implements OpenAI's transcriptions; `model` auto is the first that it lists."""

    url: Annotated[ServiceUrl, _ADDRESS, Details("A server of your own needs no key.")] = "http://127.0.0.1:8000/v1"
    model: Annotated[
        NonEmptyText,
        _MODEL_OR_AUTO,
        Details("`auto` is the first model that the server lists and that transcribes, `whisper-1` if it lists none."),
    ] = AUTO


class EnginesSettings(SettingsSection, title="Services"):
    """The services and their addresses, by the values of `recognizer.engine` with `_` for `-`."""

    openai: OpenAISettings = OpenAISettings()
    openai_live: OpenAILiveSettings = OpenAILiveSettings()
    deepgram: DeepgramSettings = DeepgramSettings()
    deepgram_live: DeepgramLiveSettings = DeepgramLiveSettings()
    compatible: CompatibleSettings = CompatibleSettings()


class NetworkSettings(SettingsSection, title="Network"):
    """How services are reached."""

    http: Annotated[
        Literal["2", "1.1"],
        Field(
            title="Offered first",
            description="HTTP/2 keeps one connection for everything. The older one is for networks that break it.",
        ),
        Choices({"2": "HTTP/2", "1.1": "HTTP/1.1"}),
    ] = "2"
    plain_keys: Annotated[
        Literal["off", "on"],
        Field(
            title="Keys without encryption",
            description="Over plain HTTP to another machine, where everybody on the way can read them.",
        ),
        Choices({"off": "Never", "on": "Allowed"}),
    ] = "off"
