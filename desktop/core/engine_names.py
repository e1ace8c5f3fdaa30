"""How engines and local speech models are called on screen, by their names in the settings."""

from __future__ import annotations

ENGINE_NAMES = {
    "whisper": "Whisper",
    "openai": "OpenAI",
    "openai-live": "OpenAI live",
    "deepgram": "Deepgram",
    "deepgram-live": "Deepgram live",
    "compatible": "Own server",
}
"""Display names of the engines by their names in the settings."""

MODEL_TITLES = {
    "moonshine-base": "Moonshine base",
    "moonshine-small": "Moonshine small",
    "moonshine-medium": "Moonshine medium",
    "parakeet-110m": "Parakeet 110M",
    "parakeet-v2": "Parakeet v2",
    "parakeet-unified": "Parakeet Unified",
    "parakeet-v3": "Parakeet v3",
    "parakeet-ultra": "Parakeet Ultra",
    "canary-180m": "Canary 180M",
    "qwen3-asr-0.6b": "Qwen3-ASR 0.6B",
    "cohere": "Cohere Transcribe",
    "whisper-turbo-vulkan": "Whisper turbo (Vulkan)",
}
"""Display names of the local speech models that are not called Whisper and their name in the settings."""

LOCAL_ENGINES = frozenset(("whisper", "moonshine", "moonshine-streaming", "parakeet", "canary", "qwen3-asr", "cohere"))
"""The engine as transcripts name it where a local model made the text: the model's family."""


def model_title(name: str) -> str:
    """Return the display name of a local speech model, such as "Whisper base"."""
    return MODEL_TITLES.get(name, f"Whisper {name}")


def engine_name(engine: str, model: str) -> str:
    """Return the display name of an engine and its model, such as "Whisper base"."""
    if engine in LOCAL_ENGINES and model in MODEL_TITLES:
        return MODEL_TITLES[model]
    return f"{ENGINE_NAMES.get(engine, engine)} {model}".strip()
