"""A curve as an inline SVG: no script, no font of its own, readable in black and white."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from whitesignal.maps.tables import clean
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whitesignal.report.document import Curve
    from whitesignal.report.labels import Words

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 14, 46
STEPS = 5
"""About so many lines across, at round values."""

LEAST_SPAN = 5.0
"""The ordinate shows at least so much, so that a curve that hardly moves looks as flat as it is."""


def curve_svg(curve: Curve, words: Words) -> str:
    """Return the curve as one ``<svg>``; every text in it is escaped."""
    first, last = curve.points[0][0], curve.points[-1][0]
    low, high = _range([up for _, up in curve.points] + ([curve.level] if curve.level is not None else []))

    def place(across: float, up: float) -> tuple[float, float]:
        wide = (across - first) / (last - first) if last > first else 0.5
        return (LEFT + wide * (WIDTH - LEFT - RIGHT), TOP + (high - up) / (high - low) * (HEIGHT - TOP - BOTTOM))

    parts = [
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{_text(curve.title)}">',
    ]
    for value in _ticks(low, high):
        _, y_px = place(first, value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_px:.1f}" y2="{y_px:.1f}"/>')
        label = words.show(rounded(value, 1))
        parts.append(f'<text x="{LEFT - 6}" y="{y_px + 4:.1f}" text-anchor="end">{_text(label)}</text>')
    for across, _ in curve.points:
        x_px, _ = place(across, low)
        label = words.show(rounded(across))
        parts.append(f'<text x="{x_px:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_text(label)}</text>')
    if curve.level is not None:
        _, y_px = place(first, curve.level)
        parts.append(f'<line class="level" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_px:.1f}" y2="{y_px:.1f}"/>')
        label = f"{curve.level_name}: {words.show(rounded(curve.level, 2, '%'))}"
        parts.append(f'<text x="{WIDTH - RIGHT}" y="{y_px - 6:.1f}" text-anchor="end">{_text(label)}</text>')
    places = [place(*point) for point in curve.points]
    line = " ".join(f"{x_px:.1f},{y_px:.1f}" for x_px, y_px in places)
    parts.append(f'<polyline class="line" points="{line}"/>')
    parts += [f'<circle cx="{x_px:.1f}" cy="{y_px:.1f}" r="3"/>' for x_px, y_px in places]
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{_text(curve.across)}</text>'
    )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(
        f'<text transform="translate(14 {middle:.0f}) rotate(-90)" text-anchor="middle">{_text(curve.up)}</text></svg>'
    )
    return "".join(parts)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = max(LEAST_SPAN - (high - low), (high - low) * 0.2) / 2
    return max(0.0, low - spare), high + spare


def _ticks(low: float, high: float) -> list[float]:
    """Return round values between two bounds, 1, 2 or 5 times a power of ten apart."""
    power = 10.0 ** math.floor(math.log10((high - low) / STEPS))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * STEPS >= high - low)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _text(text: str) -> str:
    return escape(clean(text))
