"""The answer in sentences: first what is so, then why, then what would change it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whitesignal.explain.facts import Decisive, Explanation, Fix
    from whitesignal.explain.words import Words

LIKELY_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Letter:
    """The sentences of an answer, as plain text: nothing in it is marked up."""

    answer: tuple[str, ...]
    why: tuple[str, ...]
    fix: tuple[str, ...]
    remedies: tuple[str, ...]
    after: tuple[str, ...]
    caveats: tuple[str, ...]


def letter(explained: Explanation, words: Words) -> Letter:
    """Return an explanation in sentences."""
    caveats = [words.say("caveat")]
    if explained.policy.indoors:
        caveats.append(words.say("caveat.indoors"))
    if any(fix.kind in ("share", "build") for fix in explained.remedies.fixes):
        caveats.append(words.say("caveat.fixes"))
    if explained.remedies.prices_are_estimates:
        caveats.append(words.say("caveat.prices"))
    fix, after = _fix(explained, words)
    return Letter(
        answer=_answer(explained, words),
        why=_why(explained, words),
        fix=fix,
        remedies=tuple(_priced(fix, words) for fix in explained.remedies.fixes),
        after=after,
        caveats=tuple(caveats),
    )


def _answer(explained: Explanation, words: Words) -> tuple[str, ...]:
    village, verdict = explained.village, explained.verdict
    said = {"date": words.day(explained.as_of), "name": village.name, "commune": village.commune}
    judged = [place for place in explained.places if place.state != "unknown"]
    if verdict.status == "white":
        first = words.say("answer.white", policy=explained.policy.name, **said)
    elif verdict.status == "covered":
        first = words.say("answer.covered", operators=words.listed(map(words.operator, verdict.operators)), **said)
    elif verdict.status == "unknown":
        first = words.say("answer.unknown", reason=words.name("reason", explained.why_unknown), **said)
    elif explained.judged_by == "people":
        percent = words.number(explained.people_served_percent, 1)
        first = words.say("answer.weak.people", percent=percent, **said)
    else:
        lacking = sum(place.state == "unserved" for place in judged)
        first = words.say("answer.weak.clusters", lacking=lacking, count=len(judged), **said)
    sentences = [first]
    if verdict.status != "unknown":
        sentences.append(words.say(f"judged.{explained.judged_by}", count=len(explained.places)))
    if not math.isnan(verdict.p_signal):
        p_signal = words.percent(verdict.p_signal)
        sentences.append(words.say("chance", p=p_signal, word=words.name("certainty", verdict.certainty)))
        if (verdict.status == "white") == (verdict.p_signal >= LIKELY_FROM):
            sentences.append(words.say("chance.apart"))
    return (*sentences, *_declared(explained, words))


def _declared(explained: Explanation, words: Words) -> tuple[str, ...]:
    declared = explained.declared
    if not declared.now and not declared.status:
        return (words.say("declared.none"),)
    first = words.say("declared.now", **declared_values(explained, words))
    return (first, words.say(f"declared.{declared.outcome}")) if declared.outcome else (first,)


def declared_values(explained: Explanation, words: Words) -> dict[str, str]:
    """Return what the province's list says, in words."""
    declared = explained.declared
    return {
        "status": words.name("status", declared.now or declared.status),
        "declared_on": words.iso_day(declared.declared_on),
        "covered_on": words.iso_day(declared.covered_on),
    }


def _why(explained: Explanation, words: Words) -> tuple[str, ...]:
    sentences: list[str] = []
    decisive = explained.decisive
    if decisive is not None:
        sentences += _best(decisive, words)
        sentences += _in_the_way(explained, decisive, words)
        sentences += _left(decisive, words)
    elif explained.verdict.status != "unknown":
        sentences.append(words.say("why.none"))
    if explained.nearest:
        nearest = explained.nearest[0]
        sentences.append(
            words.say(
                "why.nearest",
                position=nearest.position_id,
                distance=words.number(nearest.distance_km),
                direction=words.direction(nearest.bearing_deg),
            )
        )
    return tuple(sentences)


def _left(decisive: Decisive, words: Words) -> list[str]:
    """Return what arrives of the signal, and whether it suffices."""
    station, budget = decisive.station, decisive.budget
    sentences = [words.say("why.level", level=words.number(station.level_dbm))]
    if station.margin_db < 0.0:
        sentences.append(words.say("why.missing", missing=words.number(-station.margin_db)))
        if budget.uplink_margin_db < budget.level_dbm - budget.threshold_dbm:
            sentences.append(words.say("why.uplink"))
    elif station.distance_km > station.limit_km:
        sentences.append(words.say("why.too_far", limit=words.plain(station.limit_km)))
    else:
        sentences.append(words.say("why.spare", spare=words.number(station.margin_db)))
    if not station.terrain_known:
        sentences.append(words.say("why.void"))
    return sentences


def _best(decisive: Decisive, words: Words) -> list[str]:
    station = decisive.station
    key = "why.best.cluster" if decisive.point else "why.best"
    return [
        words.say(
            key,
            point=decisive.point,
            station=station.station_id,
            operator=words.operator(station.operator),
            generation=station.generation,
            band=words.plain(station.band_mhz),
            distance=words.number(station.distance_km),
            direction=words.direction(station.bearing_deg),
        )
    ]


def _in_the_way(explained: Explanation, decisive: Decisive, words: Words) -> list[str]:
    ridge = decisive.ridge
    if not explained.terrain_model:
        return [words.say("why.no_terrain", model=explained.model)]
    if ridge is None:
        return [words.say("why.sight" if decisive.station.line_of_sight else "why.hidden")]
    height, along = words.number(ridge.height_m, 0), words.number(ridge.distance_km, 2)
    if ridge.above_line_m >= 0.0:
        return [words.say("why.ridge", height=height, along=along, above=words.number(ridge.above_line_m, 0))]
    return [words.say("why.grazes", height=height, along=along, below=words.number(-ridge.above_line_m, 0))]


def _fix(explained: Explanation, words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is said before the remedies and after them."""
    remedies, after = explained.remedies, []
    if explained.verdict.status not in ("white", "weak"):
        return (), ()
    before = [words.say("fix.intro")] if remedies.fixes else []
    if remedies.operators_missing > 1:
        before.append(words.say("fix.operators_missing", count=remedies.operators_missing))
    listed = {fix.kind for fix in remedies.fixes}
    failed = [words.say(f"tried.{kind}", count=count) for kind, count in remedies.tried.items()
              if kind not in listed and count]  # fmt: skip
    if failed:
        after.append(words.say("fix.not_enough" if listed else "fix.none", tried="; ".join(failed)))
    if remedies.cheapest is not None and len(remedies.fixes) > 1:
        cost = words.number(remedies.cheapest.cost_million_vnd or 0.0, 0)
        after.append(words.say("fix.cheapest", kind=words.name("kind", remedies.cheapest.kind), cost=cost))
    if explained.village.has_grid_power is False:
        after.append(words.say("fix.power.priced" if remedies.power_is_priced else "fix.power"))
    after += [
        words.say(
            "without.sentence",
            generations=words.listed(without.generations),
            status=words.name("status", without.verdict.status),
        )
        for without in explained.without
        if without.verdict.status != explained.verdict.status
    ]
    return tuple(before), tuple(after)


def _priced(fix: Fix, words: Words) -> str:
    if fix.cost_million_vnd is None:
        return words.say("fix.unpriced", fix=sentence(fix, words))
    return words.say("fix.priced", fix=sentence(fix, words), cost=words.number(fix.cost_million_vnd, 0))


def sentence(fix: Fix, words: Words) -> str:
    """Return a remedy as part of a sentence."""
    said: dict[str, object] = {
        "station": fix.station_id, "position": fix.position_id, "generation": fix.generation,
        "operator": words.listed(map(words.operator, fix.operators)), "band": words.plain(fix.band_mhz),
        "operators": words.listed(map(words.operator, fix.operators)), "distance": words.number(fix.distance_km),
        "height": words.plain(fix.antenna_height_m),
    }  # fmt: skip
    if fix.kind == "raise":
        change = fix.changes[0]
        more = words.plain(change.after - change.before)
        said |= {"before": words.plain(change.before), "after": words.plain(change.after), "more": more}
    elif fix.kind == "retune":
        said["changes"] = ", ".join(
            words.say(f"change.{change.name}", before=words.plain(change.before), after=words.plain(change.after))
            for change in fix.changes
        )
    elif fix.kind == "build":
        said["line"] = words.number(fix.changes[0].after)
    else:
        said["azimuth"] = words.plain(fix.changes[0].after)
    return words.say(f"fix.{fix.kind}", **said)
