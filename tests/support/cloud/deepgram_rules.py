"""What Deepgram accepts in a query, as strictly as is known: from the protocol's description and deepgram-sdk 7.17.
Where those leave open what happens, the request is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_hex

from starlette.responses import JSONResponse, Response

NOVA = {"nova-3", "nova-3-general", "nova-3-medical", "nova-2", "nova-2-general"}
FLUX = {"flux-general-en", "flux-general-multi"}

FLAGS = {
    "diarize", "dictation", "filler_words", "interim_results", "mip_opt_out", "multichannel", "numerals", "paragraphs",
    "profanity_filter", "punctuate", "smart_format", "utterances", "vad_events", "detect_language",
}  # fmt: skip
BOTH = {"model", "language", "keyterm", "keywords", "tag", "version", "redact", "replace", "search", "language_hint"}
FILE = BOTH | FLAGS - {"interim_results", "vad_events"}
STREAM = BOTH | FLAGS - {"paragraphs", "utterances", "detect_language", "filler_words"}
STREAM |= {"encoding", "sample_rate", "channels", "endpointing", "utterance_end_ms"}
TURNS = {
    "model", "encoding", "sample_rate", "eager_eot_threshold", "eot_threshold", "eot_timeout_ms", "keyterm",
    "language_hint", "profanity_filter", "numerals", "redact", "mip_opt_out", "tag",
}  # fmt: skip

KEYTERM_TOKENS = 500

RANGES = {"eager_eot_threshold": (0.3, 0.9), "eot_threshold": (0.5, 1.0), "eot_timeout_ms": (500, 60000)}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something is refused."""

    message: str
    code: str = "INVALID_QUERY_PARAMETER"
    status: int = 400

    def answer(self) -> Response:
        """The refusal, before a socket is one too."""
        request = token_hex(16)
        body = {"err_code": self.code, "err_msg": self.message, "request_id": request}
        return JSONResponse(body, self.status, {"dg-error": self.message, "dg-request-id": request})


def wrong_query(fields: Iterable[tuple[str, str]], names: set[str]) -> Wrong | None:
    """What is wrong with a query, of those `FILE`, `STREAM` or `TURNS` may have."""
    given = list(fields)
    one = dict(given)
    for name, value in given:
        if name not in names:
            return Wrong(f"Unknown query parameter: {name}.")
        if name in FLAGS and value not in ("true", "false"):
            return Wrong(f"Invalid value of {name}: {value}.")
    model = one.get("model", "nova-3")
    if model not in (FLUX if names is TURNS else NOVA):
        return Wrong(f"No such model/language/tier combination found: {model}.", "INVALID_QUERY_PARAMETER")
    if "language" in one and not re.fullmatch(r"multi|[a-z]{2}(-[A-Za-z0-9]{2,4})?", one["language"]):
        return Wrong(f"Invalid language: {one['language']}.")
    terms = [value for name, value in given if name == "keyterm"]
    if terms and not model.startswith(("nova-3", "flux")):
        return Wrong("keyterm needs nova-3.")
    if sum(len(term) for term in terms) / 4 > KEYTERM_TOKENS:
        return Wrong("Keyterm limit exceeded: 500 tokens.")
    if "keywords" in one and model.startswith("nova-3"):
        return Wrong("Keywords are not supported by nova-3: use keyterm.")
    if names is not FILE and (one.get("encoding") != "linear16" or not one.get("sample_rate", "").isdigit()):
        return Wrong("Only encoding=linear16 with a sample_rate is built here.")
    if one.get("channels", "1") != "1":
        return Wrong("Only one channel is built here.")
    for name, (least, most) in RANGES.items():
        if name in one and not least <= float(one[name]) <= most:
            return Wrong(f"Invalid value of {name}: {one[name]}.")
    return None


def plain(text: str, formatted: bool) -> str:
    """`text` as it comes where formatting was not asked for: small letters and no punctuation."""
    return text if formatted else re.sub(r"[^\w\s']", "", text).lower()


def words(text: str, start_s: float, duration_s: float) -> list[dict[str, object]]:
    """The words of a text spread over their time."""
    said = text.split()
    step = duration_s / max(1, len(said))
    return [
        {
            "word": plain(word, formatted=False),
            "start": round(start_s + index * step, 3),
            "end": round(start_s + (index + 1) * step, 3),
            "confidence": 0.98,
            "punctuated_word": word,
        }
        for index, word in enumerate(said)
    ]
