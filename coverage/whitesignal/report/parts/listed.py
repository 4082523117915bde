"""The white and weak villages, and the rule that judged them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import number
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

STATUSES = ("white", "weak", "covered", "unknown")
LISTED = ("white", "weak")
SHOWN_VILLAGES = 200


def listed_section(results: RunResults, words: Words) -> Section:
    """Return the rule in words, then every white and weak village with what a planner asks of it first."""
    whole = results.whole
    counts = words.say(
        "listed.text",
        white=number(whole.get("villages.white")),
        white_people=number(whole.get("people.white")) if results.counts_people else None,
        weak=number(whole.get("villages.weak")),
        weak_people=number(whole.get("people.weak")) if results.counts_people else None,
    )
    table = _list(results, words)
    lead = counts if table.rows else words.catalog["listed.none"]
    blocks: list[Block] = [Paragraph(lead, "lead"), Paragraph(policy_words(results, words))]
    blocks += [Paragraph(text) for text in _judged(results, words)]
    policies = _policies(results, words)
    if policies is not None:
        blocks.append(policies)
    if table.rows:
        blocks.append(table)
    return Section("listed", words.catalog["listed.title"], tuple(blocks))


def policy_words(results: RunResults, words: Words) -> str:
    """Return the rule that judged the villages as a sentence."""
    policy = results.policy
    if not policy:
        return words.catalog["policy.unrecorded"]
    return words.say("policy.text", name=policy.get("name", ""), rule=_rule(policy, words))


def _rule(policy: Mapping[str, Any], words: Words) -> str:
    operators = policy.get("min_operators", 1)
    if policy.get("every_operator"):
        who = words.catalog["policy.every_operator"]
    elif operators == 1:
        who = words.catalog["policy.any_operator"]
    else:
        who = words.say("policy.operators", count=int(operators))
    where = words.catalog["policy.indoors" if policy.get("indoors") else "policy.outdoors"]
    return words.say(
        "policy.rule",
        who=who,
        generations="/".join(str(name) for name in policy.get("generations", ())),
        threshold=words.known(f"threshold.{policy.get('threshold')}", str(policy.get("threshold"))),
        where=where,
        percent=rounded(policy.get("min_people_percent", 95), 0, "%"),
    )


def _judged(results: RunResults, words: Words) -> list[str]:
    """Return by what the villages were judged: their centre alone, surveyed clusters, where people live."""
    villages = results.villages
    if "judged_by" not in villages.columns:
        return []
    found = Counter(text for text in villages["judged_by"] if text)
    split = ", ".join(f"{words.known(f'judged.{by}', by)}: {words.show(count)}" for by, count in sorted(found.items()))
    return [words.say("listed.judged", split=split)] if split else []


def _policies(results: RunResults, words: Words) -> Table | None:
    """Return how many villages have which status under each named policy, where there are several."""
    villages = results.villages
    policies: Mapping[str, Any] = results.record.get("settings", {}).get("policies") or {}
    main = results.policy.get("name")
    rows: list[list[Cell]] = []
    for name, policy in policies.items():
        column = "status" if name == main else f"policy_{name}"
        if column in villages.columns:
            count = Counter(villages[column])
            rows.append([name, _rule(policy, words), *(rounded(count[status]) for status in STATUSES)])
    if len(rows) < 2:
        return None
    columns = (words.catalog["column.policy"], words.catalog["column.rule"],
               *(words.catalog[f"status.{status}"] for status in STATUSES))  # fmt: skip
    return Table("policies", words.catalog["listed.policies"], columns, rows, "villages.csv")


def in_order(villages: pd.DataFrame) -> pd.DataFrame:
    """Return the white villages, then the weak ones, each by district, commune, name and id."""
    listed = villages[villages["status"].isin(LISTED)]
    listed = listed.assign(_order=listed["status"].map({name: place for place, name in enumerate(LISTED)}))
    return listed.sort_values(["_order", "district", "commune", "name", "village_id"], kind="stable")


def _list(results: RunResults, words: Words) -> Table:
    keys = ["village", "commune", "district", "status", "people", "certainty", "p_signal", "nearest", "grid",
            "judged_by", "declared", "village_id"]  # fmt: skip
    several = results.villages["district"].nunique() > 1
    kept = [key for key in keys if several or key != "district"]
    rows: list[list[Cell]] = []
    for village in in_order(results.villages).to_dict("records"):
        cells = {key: cell for key, cell in zip(keys, _cells(village, words), strict=True) if key in kept}
        rows.append(list(cells.values()))
    columns = [words.catalog[f"column.{key}"] for key in kept]
    return Table("villages", words.catalog["listed.table"], columns, rows, "villages.csv", limit=SHOWN_VILLAGES,
                 note=words.catalog["listed.note"])  # fmt: skip


def _cells(village: Mapping[Any, Any], words: Words) -> list[Cell]:
    def said(kind: str, column: str) -> Cell:
        code = str(village.get(column, ""))
        return words.known(f"{kind}.{code}", code) if code else None

    return [
        village["name"], village["commune"], village["district"], said("status", "status"),
        rounded(village["population"]), said("certainty", "certainty"), as_percent(village.get("p_signal")),
        rounded(village["nearest_station_km"], 1), said("value", "has_grid_power"), said("judged", "judged_by"),
        said("status", "declared_status"), village["village_id"],
    ]  # fmt: skip


def as_percent(probability: object) -> Cell:
    """Return a probability in percent with one decimal, None where there is none."""
    if rounded(probability) is None:
        return None
    return rounded(100.0 * float(str(probability)), 1, "%")
