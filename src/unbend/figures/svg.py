"""A scene as SVG: plain elements, no scripts, no outside fonts."""

from __future__ import annotations

from html import escape

from .scene import Area, Circle, Line, Scene, Shape, head

_FONTS = "'Noto Sans', 'Noto Sans KR', NanumGothic, 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"


def to_svg(scene: Scene) -> str:
    """The text of the SVG file."""
    size = f'width="{_n(scene.width)}" height="{_n(scene.height)}" viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONTS}" role="img">',
        f"<title>{escape(scene.title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *(_element(shape) for shape in scene.shapes),
        "</svg>",
    ]
    return "\n".join(rows) + "\n"


def _element(shape: Shape) -> str:
    match shape:
        case Line():
            dash = ' stroke-dasharray="7 4"' if shape.dash else ""
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            stroke = f'stroke="{shape.colour}" stroke-width="{_n(shape.width)}" stroke-linejoin="round"'
            line = f'<polyline points="{points}" fill="none" {stroke}{dash}/>'
            if not shape.arrow:
                return line
            corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in head(shape))
            return f'{line}<polygon points="{corners}" fill="{shape.colour}"/>'
        case Area():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            return f'<polygon points="{points}" fill="{shape.fill}" stroke="{shape.edge}"/>'
        case Circle(centre=(x, y)):
            look = f'fill="{shape.fill}" stroke="{shape.edge}" stroke-width="1.5"'
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.radius)}" {look}/>'
    x, y = shape.at
    weight = ' font-weight="bold"' if shape.bold else ""
    look = f'font-size="{_n(shape.size)}" text-anchor="{shape.anchor}" fill="{shape.colour}"{weight}'
    left, top, right, bottom = shape.box
    place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" height="{_n(bottom - top)}"'
    ground = f'<rect {place} fill="#ffffff"/>' if shape.halo else ""
    # a third of the size below the middle is where the baseline lies
    return f'{ground}<text x="{_n(x)}" y="{_n(y + 0.35 * shape.size)}" {look}>{escape(shape.text)}</text>'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
