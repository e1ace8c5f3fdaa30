"""What is dictated into each program of the matrix."""

from __future__ import annotations

ASCII = "The 5 boxing wizards jump quickly: !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ and done."

MULTILINGUAL = "é ñ ß, 日本語、العربية, 😀 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽,\tand after a tab."

LINES = "\n".join(
    f"Line {number:02} of a dictation that says nothing but its own number.{'' if number % 7 else '\n'}"
    for number in range(1, 35)
)
"""2 kB in 34 lines, some of them with an empty one after it."""

TEXTS = {"ascii": ASCII, "multilingual": MULTILINGUAL, "lines": LINES}

NEXT = "The next one."
"""Dictated after each of them: a space comes between."""
