"""Villages and people: by status, by generation, and by operator, the best single one and all of them together.

A generation is judged at its *basic* threshold, an operator at the *policy's*: they answer different questions, and the
words beside each figure say which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.indicators.figure import Figure, ratio
from whitesignal.indicators.stations import slug_of
from whitesignal.villages.status import STATUSES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.project import Policy

Subject = Literal["villages", "people"]
SUBJECTS: tuple[Subject, ...] = ("villages", "people")

GENERATION_SETS = (
    *((generation.lower(), (generation,)) for generation in GENERATIONS),
    ("3g_4g", ("3G", "4G")),
    ("broadband", ("3G", "4G", "5G")),
)
"""Id → the generations of which any one is enough."""


def served_by(villages: pd.DataFrame, generations: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which villages of known status have one of these generations at the centre, at the basic threshold."""
    wanted = frozenset(generations)
    here = _where(villages["basic_generations"], lambda names: not wanted.isdisjoint(names))
    return here & _known(villages)


def _known(villages: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(villages["status"] != "unknown", dtype=bool)


def _where(joined: pd.Series, holds: Callable[[frozenset[str]], bool]) -> NDArray[np.bool_]:
    """Return which rows' names, "A;B", are as wanted; there are few distinct ones."""
    answer = {text: holds(frozenset(name for name in text.split(";") if name)) for text in joined.unique()}
    return np.asarray([answer[text] for text in joined.tolist()], dtype=bool)


def village_counts(villages: pd.DataFrame, operators: Mapping[str, str]) -> dict[str, NDArray[np.float64]]:
    """Return what each village adds to each count, once as a village and once as its people."""
    known, status = _known(villages), villages["status"].to_numpy(dtype=object)
    chosen: dict[str, NDArray[np.bool_]] = {name: status == name for name in STATUSES}
    chosen["known"] = known
    for name, generations in GENERATION_SETS:
        chosen[name] = served_by(villages, generations)
    for slug in operators:
        here = _where(villages["operators"], lambda names, wanted=slug: wanted in {slug_of(name) for name in names})  # type: ignore[misc]
        chosen[f"operator.{slug}"] = known & here
    for name, least in (("any_operator", 1), ("two_or_more_operators", 2)):
        chosen[name] = known & _where(villages["operators"], lambda names, least=least: len(names) >= least)  # type: ignore[misc]
    people = villages["population"].to_numpy(dtype=float)
    counts = {"people.told": (~np.isnan(people)).astype(float)}
    for of, weight in (("villages", np.ones(len(villages))), ("people", np.nan_to_num(people))):
        counts[of] = weight
        for name, rows in chosen.items():
            counts[f"{of}.{name}"] = weight * rows
    return counts


def status_figures(of: Subject, tally: Mapping[str, float]) -> Iterator[Figure]:
    """Yield the number of each status and the share with signal; unknown stands in no share's denominator."""
    known_of, with_signal = f"{of} of known status", _counted(of, "of known status, not white")
    if of == "people" and not tally["people.told"]:
        # Nobody counted is not nobody there.
        yield Figure(of, None, of, counts=of)
        for status in STATUSES:
            yield Figure(f"{of}.{status}", None, of, counts=_counted(of, status))
        yield ratio(f"{of}.with_signal", 0, 0, of=known_of, counts=with_signal)
        return
    total = tally[of]
    yield Figure(of, total, of, counts=of)
    for status in STATUSES:
        count = tally[f"{of}.{status}"]
        yield Figure(f"{of}.{status}", count, of, count, total, of, _counted(of, status))
    known = total - tally[f"{of}.unknown"]
    yield ratio(f"{of}.with_signal", known - tally[f"{of}.white"], known, of=known_of, counts=with_signal)


def _counted(of: Subject, words: str) -> str:
    if words in STATUSES:
        return f"{words} villages" if of == "villages" else f"people in {words} villages"
    return f"villages {words}" if of == "villages" else f"people in villages {words}"


def generation_figures(of: Subject, tally: Mapping[str, float]) -> Iterator[Figure]:
    """Yield the share with a generation at the basic threshold at the centre, from any operator."""
    for name, generations in GENERATION_SETS:
        counts = _counted(
            of, f"with {' or '.join(generations)} of any operator outdoors at the centre, basic threshold"
        )
        yield ratio(f"{of}.{name}", tally[f"{of}.{name}"], tally[f"{of}.known"], of=f"{of} of known status",
                    counts=counts)  # fmt: skip


def operator_figures(
    of: Subject, tally: Mapping[str, float], operators: Mapping[str, str], policy: Policy
) -> Iterator[Figure]:
    """Yield the share with each operator at the centre, with the best single one, and with any: the union.

    The best single operator is the one that covers most in this very area; of several, the first by name.
    """
    known, known_of = tally[f"{of}.known"], f"{of} of known status"
    place = "indoors" if policy.indoors else "outdoors"
    rule = f"{place} at the centre, {policy.threshold} threshold, {'/'.join(policy.generations)}"
    covers = {slug: tally[f"{of}.operator.{slug}"] for slug in operators}
    for slug, operator in operators.items():
        counts = _counted(of, f"with {operator} {rule}")
        yield ratio(f"{of}.operator.{slug}", covers[slug], known, of=known_of, counts=counts, operator=operator)
    best = max(covers, key=covers.__getitem__, default=None)
    name = operators[best] if best is not None and covers[best] > 0 else None
    words = f"with the best single operator, {name}, {rule}" if name else f"with the best single operator {rule}"
    yield ratio(f"{of}.best_operator", covers[best] if best is not None else 0, known, of=known_of,
                counts=_counted(of, words), operator=name)  # fmt: skip
    for figure_id, words in (
        ("any_operator", "any operator (the union)"),
        ("two_or_more_operators", "two or more operators"),
    ):
        yield ratio(f"{of}.{figure_id}", tally[f"{of}.{figure_id}"], known, of=known_of,
                    counts=_counted(of, f"with {words} {rule}"))  # fmt: skip
