"""The judge of `mine`, on clips made up of words: what is better is found so, and what is alike is not."""

from __future__ import annotations

import random

from tests.prove.mine import IN_USE, HeardClip, judge, swap


def make_clips(count: int, odds: float) -> list[HeardClip]:
    """Clips of which the model in use has every fifth word wrong, and another so many as the odds say."""
    draw = random.Random(1)
    clips = []
    for _ in range(count):
        said = tuple(draw.choices("abcdefgh", k=10))
        words = {"said": said}
        for name, wrong in ((IN_USE, 0.2), ("base", odds)):
            words[name] = tuple("x" if draw.random() < wrong else word for word in said)
        clips.append(HeardClip(words, {IN_USE: 200.0, "base": 250.0}))
    return clips


def test_a_better_model_is_claimed_and_held() -> None:
    found = judge(make_clips(60, 0.02), 1, histories=4)
    assert found["bars"] == {"held": True, "no_claim_against": True, "same_order": True, "equal": True}
    sampled = found["users"]["a drawn sample of 40, half of the other mistakes"]["base"]
    assert (sampled["verdicts"], sampled["same_order"]) == ({"worth-it": 4}, 1)
    assert not any("worse" in user["base"]["verdicts"] for user in found["users"].values())


def test_swapped_models_have_each_others_words() -> None:
    (clip,) = make_clips(1, 0.5)
    other = swap(clip, (IN_USE, "base"))
    assert (other.words[IN_USE], other.words["base"]) == (clip.words["base"], clip.words[IN_USE])
    assert other.words["said"] == clip.words["said"]
