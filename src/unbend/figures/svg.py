"""`to_svg`: shapes as the text of an SVG file: plain elements, no scripts, no external fonts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .shapes import Area, Circle, Line, Shape, Text, arrow_head

_FONTS = "'Noto Sans', 'Noto Sans KR', NanumGothic, 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"


def to_svg(shapes: Sequence[Shape], width: float, height: float, title: str) -> str:
    """The text of an SVG file of ``width`` by ``height`` pixels."""
    size = f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}"'
    elements = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONTS}" role="img">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *(_element(shape) for shape in shapes),
        "</svg>",
    ]
    return "\n".join(elements) + "\n"


def _element(shape: Shape) -> str:
    match shape:
        case Line():
            dash = ' stroke-dasharray="7 4"' if shape.dash else ""
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
            stroke = f'stroke="{shape.colour}" stroke-width="{_number(shape.width)}" stroke-linejoin="round"'
            line = f'<polyline points="{points}" fill="none" {stroke}{dash}/>'
            if not shape.arrow:
                return line
            corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in arrow_head(shape))
            return f'{line}<polygon points="{corners}" fill="{shape.colour}"/>'
        case Area():
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
            return f'<polygon points="{points}" fill="{shape.fill}" stroke="{shape.edge}"/>'
        case Circle(centre=(x, y)):
            look = f'fill="{shape.fill}" stroke="{shape.edge}" stroke-width="1.5"'
            return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(shape.radius)}" {look}/>'
    return _text(shape)


def _text(shape: Text) -> str:
    x, y = shape.at
    weight = ' font-weight="bold"' if shape.bold else ""
    look = f'font-size="{_number(shape.size)}" text-anchor="{shape.anchor}" fill="{shape.colour}"{weight}'
    left, top, right, bottom = shape.box
    frame = f'x="{_number(left)}" y="{_number(top)}" width="{_number(right - left)}" height="{_number(bottom - top)}"'
    background = f'<rect {frame} fill="#ffffff"/>' if shape.halo else ""
    # the baseline is about a third of the font size below the middle of the letters
    return f'{background}<text x="{_number(x)}" y="{_number(y + 0.35 * shape.size)}" {look}>{escape(shape.text)}</text>'


def _number(value: float) -> str:
    """At most two decimals, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
