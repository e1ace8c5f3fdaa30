"""Lay out and draw the pill's text: one line of speech whose end is visible, or a message with its remedy.

Speech longer than the line is cut at its beginning under a short fade: the newest words matter, and a fade disturbs
less than an ellipsis that moves with each word. A message wraps to a second line, because a cut remedy is useless;
longer text ends in an ellipsis, as does a name wider than a third of the pill.
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QTextCharFormat, QTextLayout

from desktop.ui import wording as words
from desktop.ui.pill.content import Face, Glyph, Offer
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens

_MOST_LINES = 2
_MOST_SIDE = tokens.PILL_WIDTH // 3


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    font: QFont
    quiet: bool


class Caption:
    """The pill's text layout. `offer_rect` is where the last painted action can be clicked."""

    def __init__(self) -> None:
        self._face = Face(Glyph.RING)
        self.offer_rect = QRectF()

    def say(self, face: Face) -> None:
        """Paint the text of `face` from now on."""
        self._face = face

    def natural_width(self) -> int:
        """Return the width in which nothing is cut and no message wraps."""
        face = self._face
        if face.message:
            text = max(_width(face.settled, self._heading()), _width(face.detail, _small()))
        else:
            text = _width(face.settled + face.tentative, tokens.font())
        return round(text + self._sides() + 1)

    def height(self, width: int) -> int:
        """Return the pill's height for text of this `width`."""
        lines = self._lines(width - self._sides()) if self._face.message else []
        return tokens.PILL_HEIGHT + max(0, len(lines) - 2) * tokens.PILL_LINE

    def paint(self, painter: QPainter, room: QRectF, palette: tokens.Palette) -> None:
        """Draw the text into `room`."""
        face = self._face
        room = QRectF(room)
        self.offer_rect = QRectF()
        if face.offer:
            taken = self._side(painter, room, _offer(face.offer), _title(), palette.accent)
            before, behind = (tokens.WIDE, tokens.PAD) if sides.mirrored() else (tokens.PAD, tokens.WIDE)
            self.offer_rect = taken.adjusted(-before, 0, behind, 0)
        if face.tail:
            self._side(painter, room, face.tail, _small(), palette.faint)
        if face.message:
            self._message(painter, room, palette)
        else:
            _speech(painter, room, face, palette)

    def _sides(self) -> float:
        """Return the width of the texts at the end and the space before them."""
        sides = ((self._face.tail, _small()), (_offer(self._face.offer), _title()))
        return sum(_side_width(label, font) + tokens.VAST for label, font in sides if label)

    def _side(self, painter: QPainter, room: QRectF, label: str, font: QFont, colour: str) -> QRectF:
        """Draw `label` at the end of `room`, remove its space from `room`, and return that space."""
        wide = _side_width(label, font)
        place = sides.flip(QRectF(room.right() - wide, room.top(), wide, room.height()), room)
        sides.line(painter, place.adjusted(0, 0, 1, 0), label, font, colour)
        if sides.mirrored():
            room.setLeft(place.right() + tokens.VAST)
        else:
            room.setRight(place.left() - tokens.VAST)
        return place

    def _message(self, painter: QPainter, room: QRectF, palette: tokens.Palette) -> None:
        lines = self._lines(room.width())
        place = QRectF(room.left(), 0, room.width(), tokens.PILL_LINE)
        place.moveTop(room.center().y() - len(lines) * tokens.PILL_LINE / 2)
        for line in lines:
            sides.line(painter, place, line.text, line.font, palette.quiet if line.quiet else palette.text)
            place.translate(0, tokens.PILL_LINE)

    def _lines(self, width: float) -> list[_Line]:
        said = [_Line(text, self._heading(), False) for text in _wrapped(self._face.settled, self._heading(), width)]
        return said + [_Line(text, _small(), True) for text in _wrapped(self._face.detail, _small(), width)]

    def _heading(self) -> QFont:
        return _title() if self._face.detail else tokens.font()


def _title() -> QFont:
    return tokens.font(heading=True)


def _small() -> QFont:
    return tokens.font(tokens.SMALL_PX, numbers=True)


def _width(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _side_width(label: str, font: QFont) -> float:
    return min(_MOST_SIDE, _width(label, font))


def _wrapped(text: str, font: QFont, width: float) -> list[str]:
    """Wrap `text` to `width`, at most `_MAX_LINES` lines; the last holds the rest."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < _MOST_LINES - 1 and _width(rest, font) > width:
        first, rest = _broken(rest, font, width)
        lines.append(first)
    return [*lines, rest] if rest else lines


def _broken(text: str, font: QFont, width: float) -> tuple[str, str]:
    """Split `text` into the part that fits `width`, broken by the rules of its script, and the rest."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    data = text.encode("utf-16-le")
    first, rest = data[: 2 * line.textLength()], data[2 * line.textLength() :]
    return first.decode("utf-16-le").strip(), rest.decode("utf-16-le").strip()


def _offer(offer: Offer | None) -> str:
    match offer:
        case Offer.RETRY:
            return words.translate("pill", "Retry")
        case Offer.UNDO:
            return words.translate("pill", "Undo")
        case Offer.LEARN:
            return words.translate("pill", "Learn")
        case None:
            return ""


def _speech(painter: QPainter, room: QRectF, face: Face, palette: tokens.Palette) -> None:
    text = face.settled + face.tentative
    layout = QTextLayout(text, tokens.font())
    known, guessed = _units(face.settled), _units(face.tentative)
    formats = [_format(0, known, palette.text), _format(known, guessed, palette.quiet)]
    for start, end in face.marked:
        from_unit = _units(text[:start])
        formats.append(_format(from_unit, _units(text[start:end]), palette.text, under=palette.faint))
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return
    over = line.naturalTextWidth() - room.width()
    leftwards = _leftwards(text)
    # Keep the newest word visible; text that fits starts where its script does.
    left = room.left() - (min(0.0, over) if leftwards else max(0.0, over))
    painter.save()
    painter.setClipRect(room)
    layout.draw(painter, QPointF(left, room.center().y() - line.height() / 2))
    if over > 0:
        _fade(painter, room, room.right() if leftwards else room.left(), palette)
    painter.restore()


def _fade(painter: QPainter, room: QRectF, edge: float, palette: tokens.Palette) -> None:
    """Fade the text out at `edge`, the left or right edge of `room`."""
    inner = edge + tokens.PILL_FADE if edge == room.left() else edge - tokens.PILL_FADE
    fade = QLinearGradient(edge, 0, inner, 0)
    clear = QColor(palette.raised)
    clear.setAlpha(0)
    fade.setColorAt(0, QColor(palette.raised))
    fade.setColorAt(1, clear)
    height = room.height() - 2 * tokens.UNIT
    painter.fillRect(QRectF(min(edge, inner), room.top() + tokens.UNIT, tokens.PILL_FADE, height), fade)


def _leftwards(text: str) -> bool:
    """Return whether `text` runs right to left, decided like Qt by its first letter with a direction."""
    directions = (bidirectional(letter) for letter in text)
    return next((way for way in directions if way in ("L", "R", "AL")), "L") != "L"


def _units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, as Qt counts: two for an emoji."""
    return len(text.encode("utf-16-le")) // 2


def _format(start: int, length: int, colour: str, under: str = "") -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    if under:
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(QColor(under))
    made.format = look
    return made
