"""The words in the pill: one line whose end is always seen while one speaks, or two for a message and what to do about
it.

Speech that is longer than the line runs out at the left under a short fade: the newest words are the ones a speaker
checks, and cut letters with a fade disturb less than an ellipsis that jumps with every word. Messages are cut at the
right.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QTextCharFormat, QTextLayout

from desktop.ui import tokens, words
from desktop.ui.face import Face, Glyph, Offer

_SPEECH = (Glyph.RING, Glyph.BARS, Glyph.LINE, Glyph.TICK)


class Caption:
    """What the pill says, laid out. `offer_rect` is where the last painted offer can be clicked."""

    def __init__(self) -> None:
        self._face = Face(Glyph.RING)
        self.offer_rect = QRectF()

    def say(self, face: Face) -> None:
        """Have the words of `face` painted from now on."""
        self._face = face

    def natural_width(self) -> int:
        """The width in which nothing is cut."""
        face = self._face
        if face.detail:
            text = max(_width(face.settled, _title()), _width(face.detail, _small()))
        else:
            text = _width(face.settled + face.tentative, tokens.font())
        sides = ((face.tail, _small()), (_offer(face.offer), _title()))
        text += sum(_width(label, font) + tokens.VAST for label, font in sides if label)
        return round(text + 1)

    def paint(self, painter: QPainter, room: QRectF, palette: tokens.Palette) -> None:
        """Draw the words into `room`."""
        face = self._face
        room = QRectF(room)
        self.offer_rect = QRectF()
        if face.offer:
            taken = self._side(painter, room, _offer(face.offer), _title(), palette.accent)
            self.offer_rect = taken.adjusted(-tokens.PAD, 0, tokens.WIDE, 0)
        if face.tail:
            self._side(painter, room, face.tail, _small(), palette.faint)
        if face.detail:
            self._two_lines(painter, room, palette)
        elif face.glyph in _SPEECH:
            _speech(painter, room, face, palette)
        else:
            _cut(painter, room, face.settled, tokens.font(), palette.text)

    def _side(self, painter: QPainter, room: QRectF, label: str, font: QFont, colour: str) -> QRectF:
        """Write `label` at the right of `room`, take its place away from `room`, and return that place."""
        wide = _width(label, font)
        place = QRectF(room.right() - wide, room.top(), wide, room.height())
        _cut(painter, place.adjusted(0, 0, 1, 0), label, font, colour)
        room.setRight(place.left() - tokens.VAST)
        return place

    def _two_lines(self, painter: QPainter, room: QRectF, palette: tokens.Palette) -> None:
        upper = QRectF(room.left(), room.top() + tokens.UNIT, room.width(), room.height() / 2 - tokens.UNIT)
        lower = upper.translated(0, upper.height())
        _cut(painter, upper, self._face.settled, _title(), palette.text)
        _cut(painter, lower, self._face.detail, _small(), palette.quiet)


def _title() -> QFont:
    return tokens.font(heading=True)


def _small() -> QFont:
    return tokens.font(tokens.SMALL_PX, numbers=True)


def _width(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _offer(offer: Offer | None) -> str:
    match offer:
        case Offer.RETRY:
            return words.translate("pill", "Retry")
        case Offer.UNDO:
            return words.translate("pill", "Undo")
        case None:
            return ""


def _cut(painter: QPainter, room: QRectF, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _speech(painter: QPainter, room: QRectF, face: Face, palette: tokens.Palette) -> None:
    layout = QTextLayout(face.settled + face.tentative, tokens.font())
    known = len(face.settled)
    layout.setFormats([_format(0, known, palette.text), _format(known, len(face.tentative), palette.quiet)])
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return
    over = line.naturalTextWidth() - room.width()
    top = room.center().y() - line.height() / 2
    painter.save()
    painter.setClipRect(room)
    layout.draw(painter, QPointF(room.left() - max(0.0, over), top))
    if over > 0:
        fade = QLinearGradient(room.left(), 0, room.left() + tokens.PILL_FADE, 0)
        clear = QColor(palette.raised)
        clear.setAlpha(0)
        fade.setColorAt(0, QColor(palette.raised))
        fade.setColorAt(1, clear)
        height = room.height() - 2 * tokens.UNIT
        painter.fillRect(QRectF(room.left(), room.top() + tokens.UNIT, tokens.PILL_FADE, height), fade)
    painter.restore()


def _format(start: int, length: int, colour: str) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    made.format = look
    return made
