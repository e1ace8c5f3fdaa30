"""What the local engine (`desktop.stt.local.engine`) reports of itself."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.engine_names import model_title
from desktop.core.errors import UserError
from desktop.core.messages import Message, Notes
from desktop.core.state import DownloadStatus
from desktop.settings.schema import AUTO
from desktop.stt.local.engine_options import LocalEngineOptions
from models.choice import explain_choice
from models.store import ModelStore


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The state of an engine: the loaded model and its device, a download, and what is wrong.

    `engine` is its name in the settings, `device` where it computes: here, or a host. `loaded` stays true while the
    model is unloaded for idleness, since it is reloaded by itself. `note` says why `device` is not the preferred one,
    or what the engine cannot do now; `reason` why `auto` chose the model, None where the settings name it.
    """

    loaded: bool = False
    engine: str = "whisper"
    model: str = ""
    device: str = ""
    note: Notes = ()
    progress: DownloadStatus | None = None
    problem: UserError | None = None
    reason: Message | None = None


def explain_model(store: ModelStore, options: LocalEngineOptions, name: str, *, cuda: bool) -> Message | None:
    """Return why `auto` uses the model `name`; None where the settings name one."""
    if options.model != AUTO or name not in store.models:
        return None
    code = explain_choice(store.models, name, cuda=cuda, languages=options.model_languages)
    return Message(code, name=model_title(name))
