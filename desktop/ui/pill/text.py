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

from desktop.ui import wording
from desktop.ui.pill.content import Glyph, PillAction, PillContent
from desktop.ui.style import painting, tokens
from desktop.ui.style.palettes import Palette

_MAX_LINES = 2
_MAX_SIDE_WIDTH = tokens.PILL_WIDTH // 3


@dataclass(frozen=True, slots=True)
class _TextLine:
    text: str
    font: QFont
    is_quiet: bool


class PillText:
    """The pill's text layout. `action_rect` is where the last painted action can be clicked."""

    def __init__(self) -> None:
        self._content = PillContent(Glyph.RING)
        self.action_rect = QRectF()

    def set_content(self, content: PillContent) -> None:
        """Paint the text of `content` from now on."""
        self._content = content

    def natural_width(self) -> int:
        """Return the width in which nothing is cut and no message wraps."""
        content = self._content
        if content.is_message:
            width = max(_text_width(content.settled, self._heading_font()), _text_width(content.detail, _small_font()))
        else:
            width = _text_width(content.settled + content.tentative, tokens.font())
        return round(width + self._sides_width() + 1)

    def height(self, width: int) -> int:
        """Return the pill's height for text of this `width`."""
        lines = self._wrap_lines(width - self._sides_width()) if self._content.is_message else []
        return tokens.PILL_HEIGHT + max(0, len(lines) - 2) * tokens.PILL_LINE

    def paint(self, painter: QPainter, room: QRectF, palette: Palette) -> None:
        """Draw the text into `room`."""
        content = self._content
        room = QRectF(room)
        self.action_rect = QRectF()
        if content.action:
            rect = self._draw_side(painter, room, _action_label(content.action), _title_font(), palette.accent)
            self.action_rect = rect.adjusted(-tokens.PAD, 0, tokens.WIDE, 0)
        if content.tail:
            self._draw_side(painter, room, content.tail, _small_font(), palette.faint)
        if content.is_message:
            self._draw_message(painter, room, palette)
        else:
            _draw_speech(painter, room, content, palette)

    def _sides_width(self) -> float:
        """Return the width of the texts at the end and the space before them."""
        sides = ((self._content.tail, _small_font()), (_action_label(self._content.action), _title_font()))
        return sum(_side_width(label, font) + tokens.VAST for label, font in sides if label)

    def _draw_side(self, painter: QPainter, room: QRectF, label: str, font: QFont, colour: str) -> QRectF:
        """Draw `label` at the end of `room`, remove its space from `room`, and return that space."""
        width = _side_width(label, font)
        rect = QRectF(room.right() - width, room.top(), width, room.height())
        painting.draw_text_line(painter, rect.adjusted(0, 0, 1, 0), label, font, colour)
        room.setRight(rect.left() - tokens.VAST)
        return rect

    def _draw_message(self, painter: QPainter, room: QRectF, palette: Palette) -> None:
        lines = self._wrap_lines(room.width())
        rect = QRectF(room.left(), 0, room.width(), tokens.PILL_LINE)
        rect.moveTop(room.center().y() - len(lines) * tokens.PILL_LINE / 2)
        for line in lines:
            painting.draw_text_line(
                painter, rect, line.text, line.font, palette.quiet if line.is_quiet else palette.text
            )
            rect.translate(0, tokens.PILL_LINE)

    def _wrap_lines(self, width: float) -> list[_TextLine]:
        heading = [
            _TextLine(text, self._heading_font(), False)
            for text in _wrap_text(self._content.settled, self._heading_font(), width)
        ]
        return heading + [
            _TextLine(text, _small_font(), True) for text in _wrap_text(self._content.detail, _small_font(), width)
        ]

    def _heading_font(self) -> QFont:
        return _title_font() if self._content.detail else tokens.font()


def _title_font() -> QFont:
    return tokens.font(heading=True)


def _small_font() -> QFont:
    return tokens.font(tokens.SMALL_PX, numbers=True)


def _text_width(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _side_width(label: str, font: QFont) -> float:
    return min(_MAX_SIDE_WIDTH, _text_width(label, font))


def _wrap_text(text: str, font: QFont, width: float) -> list[str]:
    """Wrap `text` to `width`, at most `_MAX_LINES` lines; the last holds the rest."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < _MAX_LINES - 1 and _text_width(rest, font) > width:
        first, rest = _break_line(rest, font, width)
        lines.append(first)
    return [*lines, rest] if rest else lines


def _break_line(text: str, font: QFont, width: float) -> tuple[str, str]:
    """Split `text` into the part that fits `width`, broken by the rules of its script, and the rest."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    data = text.encode("utf-16-le")
    first, rest = data[: 2 * line.textLength()], data[2 * line.textLength() :]
    return first.decode("utf-16-le").strip(), rest.decode("utf-16-le").strip()


def _action_label(action: PillAction | None) -> str:
    match action:
        case PillAction.RETRY:
            return wording.translate("pill", "Retry")
        case PillAction.UNDO:
            return wording.translate("pill", "Undo")
        case PillAction.LEARN:
            return wording.translate("pill", "Learn")
        case PillAction.MUTE_CALLS:
            return wording.translate("pill", "Mute")
        case PillAction.REPLACE:
            return wording.translate("pill", "Replace")
        case PillAction.SHOW_SETTINGS:
            return wording.translate("pill", "Show")
        case PillAction.RESTART:
            return wording.translate("pill", "Restart")
        case None:
            return ""


def _draw_speech(painter: QPainter, room: QRectF, content: PillContent, palette: Palette) -> None:
    text = content.settled + content.tentative
    layout = QTextLayout(text, tokens.font())
    settled_length, tentative_length = _utf16_length(content.settled), _utf16_length(content.tentative)
    formats = [
        _create_format(0, settled_length, palette.text),
        _create_format(settled_length, tentative_length, palette.quiet),
    ]
    for start, end in content.changed_ranges:
        start_unit = _utf16_length(text[:start])
        formats.append(_create_format(start_unit, _utf16_length(text[start:end]), palette.text, under=palette.faint))
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return
    over = line.naturalTextWidth() - room.width()
    leftwards = _is_right_to_left(text)
    # Keep the newest word visible; text that fits starts where its script does.
    left = room.left() - (min(0.0, over) if leftwards else max(0.0, over))
    painter.save()
    painter.setClipRect(room)
    layout.draw(painter, QPointF(left, room.center().y() - line.height() / 2))
    if over > 0:
        _draw_fade(painter, room, room.right() if leftwards else room.left(), palette)
    painter.restore()


def _draw_fade(painter: QPainter, room: QRectF, edge: float, palette: Palette) -> None:
    """Fade the text out at `edge`, the left or right edge of `room`."""
    inner = edge + tokens.PILL_FADE if edge == room.left() else edge - tokens.PILL_FADE
    fade = QLinearGradient(edge, 0, inner, 0)
    clear = QColor(palette.raised)
    clear.setAlpha(0)
    fade.setColorAt(0, QColor(palette.raised))
    fade.setColorAt(1, clear)
    height = room.height() - 2 * tokens.UNIT
    painter.fillRect(QRectF(min(edge, inner), room.top() + tokens.UNIT, tokens.PILL_FADE, height), fade)


def _is_right_to_left(text: str) -> bool:
    """Return whether `text` runs right to left, decided like Qt by its first letter with a direction."""
    directions = (bidirectional(letter) for letter in text)
    return next((way for way in directions if way in ("L", "R", "AL")), "L") != "L"


def _utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 units, as Qt counts: two for an emoji."""
    return len(text.encode("utf-16-le")) // 2


def _create_format(start: int, length: int, colour: str, under: str = "") -> QTextLayout.FormatRange:
    format_range = QTextLayout.FormatRange()
    format_range.start = start
    format_range.length = length
    char_format = QTextCharFormat()
    char_format.setForeground(QColor(colour))
    if under:
        char_format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        char_format.setUnderlineColor(QColor(under))
    format_range.format = char_format
    return format_range
