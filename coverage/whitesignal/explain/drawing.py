"""The way of the signal in section, as a picture that needs no font, script or file beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.maps.section import bulge_m, fresnel_radius_m
from whitesignal.maps.tables import clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.explain.facts import Decisive
    from whitesignal.explain.words import Words

WIDTH, HEIGHT = 720.0, 270.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 16.0, 44.0, 40.0
"""The picture and the room around its frame, in its own units."""

MOST_SAMPLES = 400
"""Of a longer profile only so many are drawn: the picture has no more columns than these."""

GROUND, EDGE, LINE, FRESNEL, RIDGE, INK = "#cbbd9c", "#6b5d3f", "#10306b", "#1f6fb4", "#b3261e", "#22272e"


class _Frame:
    """Where kilometres along the path and metres above the sea lie in the picture."""

    def __init__(self, length_km: float, low_m: float, high_m: float) -> None:
        self.length_km, self.low_m, self.high_m = length_km, low_m, high_m

    def across(self, along_km: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return horizontal places."""
        return np.asarray(LEFT + np.asarray(along_km) / self.length_km * (WIDTH - LEFT - RIGHT))

    def down(self, height_m: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return vertical places, from the top."""
        share = (np.asarray(height_m) - self.low_m) / (self.high_m - self.low_m)
        return np.asarray(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))


def profile_svg(decisive: Decisive, words: Words, *, village: str) -> str:
    """Return the profile from the best station to the village as an SVG element; all text in it is escaped."""
    budget = decisive.budget
    along_km, kept = budget.profile.distance_km, _kept(len(budget.profile.distance_km), budget.ridge_index)
    ground_m = budget.profile.height_m + bulge_m(along_km, budget.effective_radius_km)
    ends_m = float(ground_m[0]) + budget.tx_height_m, float(ground_m[-1]) + budget.rx_height_m
    line_m = np.interp(along_km, [along_km[0], along_km[-1]], ends_m)
    radius_m = fresnel_radius_m(along_km, budget.band_mhz)
    low_m, high_m = float(ground_m.min()), float(max(ground_m.max(), (line_m + radius_m).max()))
    room_m = max(high_m - low_m, 30.0)
    frame = _Frame(float(along_km[-1]), low_m - 0.08 * room_m, high_m + 0.16 * room_m)
    zone = [*zip(along_km[kept], (line_m + radius_m)[kept], strict=True)]
    zone += [*zip(along_km[kept][::-1], (line_m - radius_m)[kept][::-1], strict=True)]
    ground = [*zip(along_km[kept], ground_m[kept], strict=True)]
    parts = [
        *_axes(frame, words),
        f'<polygon points="{_points(frame, [(0.0, frame.low_m), *ground, (frame.length_km, frame.low_m)])}" '
        f'fill="{GROUND}"/>',
        f'<polyline points="{_points(frame, ground)}" fill="none" stroke="{EDGE}" stroke-width="1.2"/>',
        f'<polygon points="{_points(frame, zone)}" fill="{FRESNEL}" fill-opacity="0.28"/>',
        *_voids(frame, along_km, ground_m, budget.profile.known),
        f'<polyline points="{_points(frame, [(0.0, ends_m[0]), (frame.length_km, ends_m[1])])}" fill="none" '
        f'stroke="{LINE}" stroke-width="1.4" stroke-dasharray="6 4"/>',
        *_mast(frame, 0.0, float(ground_m[0]), ends_m[0], f"{budget.station_id} ({words.plain(budget.tx_height_m)} m)",
               anchor="start"),
        *_mast(frame, frame.length_km, float(ground_m[-1]), ends_m[1], village, anchor="end"),
        *_ridge(frame, decisive, words),
        *_legend(words, has_void=not bool(budget.profile.known.all())),
    ]  # fmt: skip
    label = escape(clean(words.say("letter.profile")))
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg">'
        f"{''.join(parts)}</svg>"
    )


def _kept(count: int, ridge_index: int | None) -> NDArray[np.int64]:
    """Return the samples that are drawn: evenly spaced, the ends and the ridge among them."""
    kept = np.linspace(0, count - 1, min(count, MOST_SAMPLES)).round().astype(np.int64)
    return kept if ridge_index is None else np.unique(np.append(kept, ridge_index))


def _points(frame: _Frame, places: list[tuple[float, float]]) -> str:
    along_km, height_m = np.asarray(places, dtype=np.float64).T
    pairs = zip(frame.across(along_km).tolist(), frame.down(height_m).tolist(), strict=True)
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in pairs)


def _text(
    across: float, down: float, text: str, *, anchor: str = "start", colour: str = INK, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{across:.1f}" y="{down:.1f}" font-size="11" text-anchor="{anchor}" fill="{colour}"{weight} '
        f'paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round">{escape(clean(text))}</text>'
    )


def _axes(frame: _Frame, words: Words) -> list[str]:
    parts = []
    for height_m in _ticks(frame.low_m, frame.high_m, 5):
        down = float(frame.down(height_m))
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down:.1f}" y2="{down:.1f}" stroke="#e3e3e3"/>')
        parts.append(_text(LEFT - 6.0, down + 4.0, words.number(height_m, 0), anchor="end"))
    for along_km in _ticks(0.0, frame.length_km, 8):
        across = float(frame.across(along_km))
        parts.append(_text(across, HEIGHT - BOTTOM + 15.0, words.plain(along_km), anchor="middle"))
    parts.append(_text(WIDTH - RIGHT, HEIGHT - 6.0, words.say("profile.axis"), anchor="end"))
    parts.append(_text(LEFT - 46.0, 12.0, words.say("profile.height")))
    return parts


def _ticks(low: float, high: float, about: int) -> list[float]:
    """Return round numbers between two, about so many."""
    rough = (high - low) / about
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(min((size * power for size in (1.0, 2.0, 5.0, 10.0)), key=lambda size: abs(size - rough)))
    return [float(value) for value in np.arange(np.ceil(low / step) * step, high, step)]


def _mast(frame: _Frame, along_km: float, ground_m: float, top_m: float, label: str, *, anchor: str) -> list[str]:
    across, foot, top = (float(value) for value in (frame.across(along_km), frame.down(ground_m), frame.down(top_m)))
    aside = 6.0 if anchor == "start" else -6.0
    return [
        f'<line x1="{across:.1f}" x2="{across:.1f}" y1="{foot:.1f}" y2="{top:.1f}" stroke="{INK}" stroke-width="2.4"/>',
        f'<circle cx="{across:.1f}" cy="{top:.1f}" r="3" fill="{INK}"/>',
        _text(across + aside, top - 7.0, label, anchor=anchor, bold=True),
    ]


def _voids(
    frame: _Frame, along_km: NDArray[np.float64], ground_m: NDArray[np.float64], known: NDArray[np.bool_]
) -> list[str]:
    """Return a red line over every stretch without data."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~known, [False]]).astype(np.int8)))
    return [
        f'<polyline points="{_points(frame, list(zip(along_km[first:end], ground_m[first:end], strict=True)))}" '
        f'fill="none" stroke="{RIDGE}" stroke-width="4" stroke-dasharray="2 2"/>'
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def _ridge(frame: _Frame, decisive: Decisive, words: Words) -> list[str]:
    ridge, index = decisive.ridge, decisive.budget.ridge_index
    if ridge is None or index is None:
        return []
    profile = decisive.budget.profile
    top_m = float((profile.height_m + bulge_m(profile.distance_km, decisive.budget.effective_radius_km))[index])
    across, down = float(frame.across(ridge.distance_km)), float(frame.down(top_m))
    text = words.say("profile.ridge", height=words.number(ridge.height_m, 0), along=words.number(ridge.distance_km, 2))
    key = "above" if ridge.above_line_m >= 0.0 else "below"
    where = words.say(f"profile.{key}", **{key: words.number(abs(ridge.above_line_m), 0)})
    share = (across - LEFT) / (WIDTH - LEFT - RIGHT)
    anchor = "start" if share < 0.25 else "end" if share > 0.75 else "middle"
    line = float(frame.down(ridge.height_m - ridge.above_line_m + (top_m - ridge.height_m)))
    return [
        f'<line x1="{across:.1f}" x2="{across:.1f}" y1="{down:.1f}" y2="{line:.1f}" stroke="{RIDGE}" '
        'stroke-width="1.6"/>',
        f'<path d="M{across - 5:.1f} {down - 9:.1f}h10l-5 8z" fill="{RIDGE}"/>',
        _text(across, down - 26.0, text, anchor=anchor, colour=RIDGE, bold=True),
        _text(across, down - 13.0, where, anchor=anchor, colour=RIDGE, bold=True),
    ]


def _legend(words: Words, *, has_void: bool) -> list[str]:
    down = HEIGHT - 10.0
    parts = [
        f'<line x1="{LEFT}" x2="{LEFT + 22}" y1="{down}" y2="{down}" stroke="{LINE}" stroke-width="1.4" '
        'stroke-dasharray="6 4"/>',
        _text(LEFT + 27.0, down + 4.0, words.say("profile.line")),
        f'<rect x="{LEFT + 160}" y="{down - 5}" width="22" height="10" fill="{FRESNEL}" fill-opacity="0.25"/>',
        _text(LEFT + 187.0, down + 4.0, words.say("profile.fresnel")),
    ]
    if has_void:
        parts.append(
            f'<line x1="{LEFT + 320}" x2="{LEFT + 342}" y1="{down}" y2="{down}" stroke="{RIDGE}" stroke-width="4" '
            'stroke-dasharray="2 2"/>'
        )
        parts.append(_text(LEFT + 347.0, down + 4.0, words.say("profile.void")))
    return parts
