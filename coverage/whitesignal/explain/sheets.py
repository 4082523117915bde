"""The facts for the engineer: tables of text, the same for the terminal and for the page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.explain.letter import declared_values, sentence

if TYPE_CHECKING:
    from whitesignal.explain.facts import Decisive, Explanation, Hearing, StationPath
    from whitesignal.explain.words import Words

NONE = "–"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; ``head`` is empty where the first column names what the second says."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(explained: Explanation, words: Words) -> tuple[Sheet, ...]:
    """Return the tables of an explanation; those that would be empty are left out."""
    found = [
        Sheet(words.say("section.village"), (), tuple(_village(explained, words))),
        _signal(explained, words),
        _stations("section.best", explained.best, explained, words),
        _stations("section.nearest", explained.nearest, explained, words),
        _places(explained, words),
        *([_path(explained.decisive, words)] if explained.decisive is not None else []),
        _fixes(explained, words),
        _without(explained, words),
        _stored(explained, words),
    ]
    return tuple(sheet for sheet in found if sheet.rows)


def _village(explained: Explanation, words: Words) -> Iterator[tuple[str, str]]:
    village, verdict, policy = explained.village, explained.verdict, explained.policy

    def row(name: str, value: str) -> tuple[str, str]:
        return words.say(f"village.{name}"), value

    yield row("id", words.text(village.village_id))
    yield row("name", words.text(village.name))
    yield row("where", ", ".join(words.text(name) for name in (village.commune, village.district, village.province)))
    yield row("place", f"{words.number(village.longitude, 5)}; {words.number(village.latitude, 5)}")
    yield row("status", words.name("status", verdict.status))
    for name, p in (("p_signal", verdict.p_signal), ("p_covered", verdict.p_covered)):
        yield row(name, _percent(p, words))
    yield row("missing", NONE if math.isnan(explained.remedies.missing_db)
              else f"{words.number(explained.remedies.missing_db)} dB")  # fmt: skip
    yield row("operators", words.listed(map(words.operator, verdict.operators)) if verdict.operators else NONE)
    yield row("population", words.number(village.population, 0))
    yield row("households", words.number(village.households, 0))
    power = {True: "yes", False: "no", None: "unknown"}[village.has_grid_power]
    yield row("power", words.say(power))
    said = explained.declared.status or explained.declared.now
    yield row("declared", words.say("village.declared_text", **declared_values(explained, words)) if said else NONE)
    rule = words.say(
        "village.rule_text",
        name=policy.name,
        generations="+".join(policy.generations),
        threshold=words.name("threshold", policy.threshold),
        count=policy.min_operators,
        indoors=words.say("village.indoors") if policy.indoors else "",
    )
    yield row("rule", rule)
    yield row("model", explained.model)


def _percent(share: float, words: Words) -> str:
    return words.say("unknown") if math.isnan(share) else f"{words.percent(share)} %"


def _signal(explained: Explanation, words: Words) -> Sheet:
    """Return what arrives: a row for each operator, a column for each generation."""
    found = {(hearing.operator, hearing.generation): hearing for hearing in explained.hearings}
    operators = dict.fromkeys(hearing.operator for hearing in explained.hearings)
    generations = ("", *(name for name in GENERATIONS))
    head = (words.say("column.operator"), words.say("any_generation"), *GENERATIONS)
    rows = tuple(
        (words.operator(operator) if operator else words.say("any_operator"),
         *(_arrives(found[operator, generation], words) for generation in generations))
        for operator in operators
    )  # fmt: skip
    return Sheet(words.say("section.signal"), head, rows)


def _arrives(hearing: Hearing, words: Words) -> str:
    if hearing.verdict.status == "unknown":
        return words.say("unknown")
    if not hearing.station_id:
        return NONE
    p = "" if math.isnan(hearing.verdict.p_signal) else f" · {words.percent(hearing.verdict.p_signal)} %"
    return f"{words.number(hearing.level_dbm, 0)} dBm · {words.number(hearing.margin_db, 0)} dB{p}"


def _stations(section: str, stations: tuple[StationPath, ...], explained: Explanation, words: Words) -> Sheet:
    columns = ("station", "position", "operator", "system", "height", "distance", "azimuth", "level", "margin", "sight",
               "serves")  # fmt: skip
    rows = tuple(
        (
            words.text(path.station_id),
            words.text(path.position_id),
            words.operator(path.operator),
            f"{path.generation} {words.plain(path.band_mhz)} MHz",
            words.plain(path.antenna_height_m),
            words.number(path.distance_km, 2),
            words.number(path.azimuth_deg, 0),
            words.number(path.level_dbm),
            words.number(path.margin_db),
            _sight(path, words),
            _serves(path, words),
        )
        for path in stations
    )
    title = words.say(section)
    if explained.decisive is not None and explained.decisive.point:
        title = words.say("section.seen_from", title=title, point=explained.decisive.point)
    return Sheet(title, tuple(words.say(f"column.{name}") for name in columns), rows)


def _sight(path: StationPath, words: Words) -> str:
    if not path.terrain_known:
        return words.say("sight.void")
    return words.say({True: "yes", False: "no", None: "unknown"}[path.line_of_sight])


def _serves(path: StationPath, words: Words) -> str:
    if path.distance_km > path.limit_km:
        return words.say("sight.too_far", limit=words.plain(path.limit_km))
    if not path.terrain_known and not path.margin_db < 0.0:
        return words.say("unknown")
    return words.say("yes" if path.serves else "no")


def _places(explained: Explanation, words: Words) -> Sheet:
    columns = ("cluster", "state", "people", "margin")
    rows = tuple(
        (words.text(place.name), words.name("state", place.state),
         NONE if math.isnan(place.people) else words.number(place.people, 0),
         NONE if math.isnan(place.margin_db) else words.number(place.margin_db))
        for place in explained.places
    )  # fmt: skip
    return Sheet(words.say("section.places"), tuple(words.say(f"column.{name}") for name in columns), rows)


def _path(decisive: Decisive, words: Words) -> Sheet:
    budget = decisive.budget
    rows = [(words.say("path.eirp"), f"{words.number(budget.eirp_dbm)} dBm")]
    rows += [(words.name("term", name), f"{words.number(-value)} dB") for name, value in budget.terms_db.items()]
    rows.append((words.say("path.level"), f"{words.number(budget.level_dbm)} dBm"))
    if not decisive.point:
        rows.append((words.say("path.median"), f"{words.number(decisive.station.level_dbm)} dBm"))
    rows.append((words.say("path.departure"), f"{words.number(budget.departure_deg, 2)}°"))
    title = words.say("section.path", station=budget.station_id)
    return Sheet(title, (words.say("column.term"), words.say("column.value")), tuple(rows))


def _fixes(explained: Explanation, words: Words) -> Sheet:
    rows = tuple(
        (
            words.name("kind", fix.kind),
            sentence(fix, words),
            words.number(fix.margin_db),
            words.say("unknown") if fix.cost_million_vnd is None else words.number(fix.cost_million_vnd, 0),
        )
        for fix in explained.remedies.fixes
    )
    head = tuple(words.say(f"column.{name}") for name in ("kind", "what", "margin", "cost"))
    return Sheet(words.say("section.fixes"), head, rows)


def _without(explained: Explanation, words: Words) -> Sheet:
    rows = tuple(
        (
            " + ".join(without.generations),
            words.name("status", without.verdict.status),
            _percent(without.verdict.p_signal, words),
            words.listed(map(words.operator, without.verdict.operators)) if without.verdict.operators else NONE,
        )
        for without in explained.without
    )
    head = tuple(words.say(f"column.{name}") for name in ("without", "status", "probability", "operators"))
    return Sheet(words.say("section.without"), head, rows)


def _stored(explained: Explanation, words: Words) -> Sheet:
    """Return the stored figures as they are written in their file beside those of now."""
    head = tuple(words.say(f"column.{name}") for name in ("figure", "stored", "computed"))
    if explained.stored is None:
        return Sheet("", head, ())
    now = stored_now(explained)
    rows = tuple(
        (words.name("stored", name), words.text(value), words.text(now.get(name, "")))
        for name, value in explained.stored.items()
    )
    return Sheet(words.say("section.stored"), head, rows)


def stored_now(explained: Explanation) -> dict[str, str]:
    """Return the figures of now under the names of the stored ones, as a table's file writes them."""
    best = next((hearing for hearing in explained.hearings if not hearing.operator and not hearing.generation), None)
    figures = {
        "level_dbm": best.level_dbm if best else math.nan,
        "margin_db": best.margin_db if best else math.nan,
        "p_signal": explained.verdict.p_signal,
        "p_covered": explained.verdict.p_covered,
        "nearest_station_km": explained.nearest_km,
    }
    return {
        "as_of": explained.as_of.isoformat() if explained.as_of else "",
        "model": explained.model,
        "status": explained.verdict.status,
        "best_station": best.station_id if best else "",
        "operators": ";".join(explained.verdict.operators),
        **{name: "" if math.isnan(value) else f"{value:.3f}" for name, value in figures.items()},
    }
