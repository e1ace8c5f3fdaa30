"""The data in the pictures: two weeks of dictations in two languages, and what else the windows show.

Written by hand, and the same each time. Spoken text becomes written text by the rules of polish.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from desktop.app.model_cards import ModelCard
from desktop.core.messages import Message
from desktop.core.types import RATE_HZ, Audio, Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.polish.polisher import style_named, try_rules
from desktop.polish.styles import load_styles
from desktop.settings.schema import PolishSettings
from desktop.vocabulary.vocabulary import Vocabulary
from models.catalog import load_catalog

NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
MB = 1_000_000

ENGLISH = (
    ("Slack", "casual", "Um, let's move the review to to Thursday, no wait, Friday at three thirty p.m.", "neutral"),
    ("thunderbird", "formal", "Dear Maria, thank you for the quick answer. I will send the the contract today.", "joy"),
    ("Code", "code", "This falls back to the local model when the service is late.", "neutral"),
    ("firefox", "", "What is the difference between a worktree and a second clone?", "neutral"),
    (
        "obsidian",
        "notes",
        "Ideas for the talk: first show the pill, then the history, then turn off the network.",
        "joy",
    ),
    ("Slack", "casual", "Oh, it works! I really did not expect that on the first try.", "surprise"),
    ("kitty", "terminal", "git rebase onto main", "neutral"),
    ("libreoffice-writer", "", "The meeting took, uh, forty five minutes and twelve people came.", "neutral"),
    (
        "thunderbird",
        "formal",
        "I am sorry to hear that the parcel was lost again. We will send another one.",
        "sadness",
    ),
    ("Slack", "casual", "The build is red for the third time today and nobody has looked at it.", "anger"),
    ("firefox", "", "Please book two seats on the train at nine fifteen, by the window if you can.", "neutral"),
    ("obsidian", "notes", "Remember to water the plants and and call Grandma on Sunday.", "joy"),
    ("Code", "code", "Returns the newest rows first, at most as many as the caller asked for.", "neutral"),
    ("Slack", "casual", "I'm not sure the numbers add up. Could you look at them once more?", "fear"),
    ("thunderbird", "formal", "Could you let me know by, um, Wednesday whether the room is free?", "unsure"),
    ("libreoffice-writer", "", "Chapter two begins where the rain stops, and not a minute earlier.", "neutral"),
    ("Slack", "casual", "Lunch at half past twelve? I'd like to try the new place.", "joy"),
    ("firefox", "", "Thanks, that was exactly what I was looking for.", "joy"),
    ("Code", "code", "Add a test that fails when the clipboard is not given back.", "neutral"),
    ("obsidian", "notes", "Read the paper on typing speed before the weekend.", "neutral"),
    ("thunderbird", "formal", "Attached you will find the minutes of yesterday's meeting.", "neutral"),
    ("Slack", "casual", "Great, then we ship it tomorrow morning.", "joy"),
)
CHINESE = (
    ("Slack", "casual", "嗯，我们把会议改到明天下午三点吧。", "neutral"),
    ("thunderbird", "formal", "王老师您好，附件是修改后的合同，请您过目。", "neutral"),
    ("obsidian", "notes", "周末记得去图书馆还书，再给妈妈打个电话。", "joy"),
    ("firefox", "", "从上海到杭州的高铁最早一班是几点？", "neutral"),
    ("Slack", "casual", "太好了，第一次运行就通过了！", "surprise"),
    ("Code", "code", "这个函数先返回最新的记录。", "neutral"),
    ("libreoffice-writer", "", "第二章从雨停的那一刻开始，一分钟也不早。", "neutral"),
    ("Slack", "casual", "那个那个数据好像不太对，你能再看一遍吗？", "fear"),
    ("thunderbird", "formal", "很抱歉听说包裹又丢了，我们会再寄一份。", "sadness"),
    ("Slack", "casual", "中午一起吃饭吗？我想试试新开的那家面馆。", "joy"),
    ("firefox", "", "谢谢，这正是我要找的内容。", "joy"),
    ("obsidian", "notes", "演讲的思路：先展示悬浮条，再看历史，最后断开网络。", "joy"),
    ("Slack", "casual", "构建今天第三次失败了，还没有人处理。", "anger"),
    ("thunderbird", "formal", "请在星期三之前告诉我会议室是否可用。", "unsure"),
    ("Code", "code", "服务超时的时候使用本地模型的结果。", "neutral"),
    ("obsidian", "notes", "周末之前读完那篇关于打字速度的论文。", "neutral"),
    ("Slack", "casual", "好的，那我们明天早上发布。", "joy"),
    ("firefox", "", "明天会下雨吗？我要不要带伞？", "neutral"),
)
EMOTIONS = {  # confidence, valence, arousal
    "neutral": (0.72, 0.05, -0.10),
    "joy": (0.81, 0.62, 0.35),
    "surprise": (0.68, 0.40, 0.60),
    "sadness": (0.64, -0.50, -0.40),
    "anger": (0.70, -0.55, 0.50),
    "fear": (0.58, -0.35, 0.30),
}


def create_entries(chinese: bool) -> list[HistoryEntry]:
    """Return about forty dictations, the oldest first; most in the language of the windows."""
    own, other = (CHINESE, ENGLISH) if chinese else (ENGLISH, CHINESE)
    entries = []
    samples = _mix(own, other)
    start_times = _create_start_times(len(samples))
    rng = random.Random(8)
    styles = load_styles(Path("nowhere.toml"))
    for place, ((app, style, raw, emotion_label), at) in enumerate(zip(samples, start_times, strict=True)):
        language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in raw) else "en"
        duration_s = len(raw) / 4.2 if language == "zh" else len(raw.split()) / 2.7
        decode = 0.18 + 0.02 * duration_s
        text = try_rules(raw, PolishSettings(), Vocabulary(), style_named(styles, style)).text
        entries.append(
            HistoryEntry(
                started_at=at,
                app=app,
                raw_text=raw,
                text=text,
                language=language,
                duration_s=round(duration_s * rng.uniform(0.92, 1.1) + 0.6, 2),
                engine="whisper",
                model="small",
                release_to_text_ms=round(1000 * decode + rng.uniform(60, 220)),
                decode_s=round(decode, 3),
                paste_ms=round(rng.uniform(24, 52)),
                device="cpu",
                delivery=Outcome.COPIED if place == len(samples) - 6 else Outcome.INSERTED,
                style=style,
                emotion=_create_emotion(emotion_label, rng),
                audio_path=Path(f"{place}.flac"),
                emotion_user="joy" if place == len(samples) - 9 else None,
            )
        )
    return entries


def create_voice(seconds: float = 6.0) -> Audio:
    """Return sound that looks like speech: syllables, with pauses between phrases."""
    noise = np.random.default_rng(8).standard_normal(round(seconds * RATE_HZ)).astype(np.float32)
    at = np.arange(len(noise)) / RATE_HZ
    syllables = np.abs(np.sin(at * math.pi * 2.3)) ** 1.5 * (0.55 + 0.45 * np.sin(at * 1.7 + 1) ** 2)
    phrases = np.clip(np.sin(at * 2.1 + 0.4) * 4 + 2.6, 0.02, 1)
    return (noise * syllables * phrases * 0.12).astype(np.float32)


def create_model_cards() -> list[ModelCard]:
    """Return model cards of a user who is downloading a better model."""

    def card(name: str, megabytes: int, memory: int, accuracy: int, **more: object) -> ModelCard:
        fields = {"kind": "speech", "languages": (), "licence": "MIT", "host": "huggingface.co"} | more
        return ModelCard(name=name, bytes=megabytes * MB, memory_mb=memory, accuracy=accuracy, **fields)  # type: ignore[arg-type]

    used = Message("speech-model-in-use", name="Whisper small")
    offer = Message("offer-european", name="Parakeet v3")
    parakeet = load_catalog()["parakeet-v3"]
    return [
        card("tiny.en", 78, 300, 1, languages=("en",), has_package_mirror=True, installed=True, speed=21.4),
        card("base", 145, 400, 2, has_package_mirror=True, installed=True, speed=9.8),
        card("small", 486, 1000, 3, installed=True, in_use=True, speed=3.6, removal_blocker=used),
        card("medium", 1530, 2600, 4),
        card("large-v3-turbo", 1620, 2500, 5, recommended=True),
        card(
            "parakeet-v3",
            740,
            900,
            5,
            languages=parakeet.languages,
            licence="CC-BY-4.0",
            family="parakeet",
            attribution=parakeet.attribution,
            is_proved=False,
            offer=offer,
        ),
        card("qwen2.5-1.5b", 1120, 1700, 3, kind="language", licence="Apache-2.0"),
    ]


def _mix(own: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Return all of `own` with `other` mixed in, so that the newest are the first of `own`."""
    chosen: list[tuple[str, ...]] = []
    for place, one in enumerate(own):
        chosen.append(one)
        if 1 < place < len(other):
            chosen.append(other[place])
    return chosen[::-1]


def _create_start_times(count: int) -> list[datetime]:
    """Return start times: more of them recently, none at night."""
    rng = random.Random(24)
    found: list[datetime] = []
    for day in _recent_days():
        for _ in range(rng.choice((2, 3, 3, 4)) if day.weekday() < 5 else 1):
            at = time(rng.choice((8, 9, 9, 10, 11, 11, 13, 14, 15)), rng.randrange(60))
            found.append(datetime.combine(day, at, UTC))
    today = [at.replace(hour=min(at.hour, 15)) for at in found if at.date() == NOW.date()]
    found = [at for at in found if at.date() != NOW.date()] + today
    found.sort()
    while len(found) < count:
        found.insert(0, found[0] - timedelta(hours=5))
    return sorted(found[-count:])


def _recent_days() -> Iterator[date]:
    return (NOW.date() - timedelta(days=ago) for ago in range(13, -1, -1))


def _create_emotion(label: str, rng: random.Random) -> Emotion:
    if label == "unsure":
        return Emotion("neutral", 0.31, 0.0, 0.0, abstained=True, engine="local")
    confidence, valence, arousal = EMOTIONS[label]
    return Emotion(
        label,
        round(confidence + rng.uniform(-0.08, 0.08), 2),
        round(valence + rng.uniform(-0.15, 0.15), 2),
        round(arousal + rng.uniform(-0.15, 0.15), 2),
        engine="local",
    )
