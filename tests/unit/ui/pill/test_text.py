"""The words in the pill as they are painted: whatever is said, in whatever script, none of it is lost unseen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.ui.pill.content import Glyph, PillAction, PillContent
from desktop.ui.pill.text import PillText
from desktop.ui.style import tokens
from desktop.ui.style.palettes import LIGHT

ROOM = QRectF(100, 0, 400, 100)
SIZE = (600, 100)
GROUND = QColor(LIGHT.raised)

SCRIPTS = {
    "Latin": "wonderful words ",
    "Chinese": "我们今天说的话",
    "Arabic": "كلمات كثيرة ",
    "emoji": "👩‍👩‍👧 🎉 ",
}


def painted(face: PillContent) -> QImage:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    caption = PillText()
    caption.set_content(face)
    caption.paint(painter, ROOM, LIGHT)
    painter.end()
    return image


def columns(image: QImage, left: float, right: float) -> list[int]:
    """The columns from `left` to `right` on which something is painted."""
    return [x for x in range(int(left), int(right)) if any(image.pixelColor(x, y) != GROUND for y in range(SIZE[1]))]


@pytest.mark.parametrize("many", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize(
    "wear",
    [
        lambda text: PillContent(Glyph.BARS, text, text, tail=text),
        lambda text: PillContent(Glyph.ALERT, text, detail=text, action=PillAction.RETRY, is_message=True),
        lambda text: PillContent(Glyph.CLIPBOARD, text, tail=text, is_message=True),
    ],
    ids=["speech", "a message with its remedy", "a message with a name"],
)
def test_nothing_is_painted_beyond_its_room(qapp, wear, many: str) -> None:
    image = painted(wear(many * 40))
    assert columns(image, ROOM.left(), ROOM.right())
    assert columns(image, 0, ROOM.left() - 1) == columns(image, ROOM.right() + 2, SIZE[0]) == []


@pytest.mark.parametrize("many", SCRIPTS.values(), ids=SCRIPTS)
def test_caption_long_speech_shows_newest_words(qapp, many: str) -> None:
    long = painted(PillContent(Glyph.BARS, many * 40))
    assert painted(PillContent(Glyph.BARS, many * 40, many[:3])) != long
    assert painted(PillContent(Glyph.BARS, many + many * 40)) == long


def test_caption_guesses_distinct_after_emoji(qapp) -> None:
    mixed, guessed = (
        painted(PillContent(Glyph.BARS, "🎉🎉🎉", "MMMM")),
        painted(PillContent(Glyph.BARS, "", "🎉🎉🎉MMMM")),
    )
    last = columns(guessed, ROOM.left(), ROOM.right())[-8:]
    part = (last[0], 0, len(last), SIZE[1])
    assert mixed.copy(*part) == guessed.copy(*part)


def test_a_long_name_leaves_room_for_the_words(qapp) -> None:
    caption = PillText()
    caption.set_content(PillContent(Glyph.TICK, tail="→ " + "a very long name " * 20))
    assert caption.natural_width() < tokens.PILL_WIDTH / 2
