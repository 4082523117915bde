"""``whitesignal indicator``: whether a printed percentage is one of what it is said to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whitesignal.cli import options

if TYPE_CHECKING:
    from whitesignal.printed.audit import Audit
    from whitesignal.printed.percent import Check, Fit, Percentage, Span
    from whitesignal.printed.shares import Column

MORE_DECIMALS = 4
"""How many decimals more than the printed value a true one is shown to."""

SHOWN_DECIMALS = range(5)
"""To how many decimals a ratio is shown where no printed value says it."""


@click.command("indicator")
@click.argument("words", metavar="[VALUE | audit FILE]", nargs=-1)
@click.option("--uncovered", metavar="N", type=click.IntRange(min=0), help="How many are left: lists the totals.")
@click.option("--total", metavar="N", type=click.IntRange(min=1), help="How many there are: lists how many are left.")
@click.option("--of", "ratio", metavar="N/D", help="What VALUE is a percentage of, such as 703/2150.")
@click.option("--shares", metavar="LIST", help="Shares that should sum to 100: 22.01,32.52 or 22,01;32,52.")
@click.option("--counts", metavar="LIST", help="What the shares are shares of, in the same order.")
@options.AS_JSON
def command(
    words: tuple[str, ...],
    uncovered: int | None,
    total: int | None,
    ratio: str | None,
    shares: str | None,
    counts: str | None,
    as_json: bool,
) -> None:
    """Check the arithmetic of the printed percentage VALUE, or of a table of them (audit FILE).

    Every decimal of VALUE counts: 98.16 has two, 98.160 three. Rounding is half up, truncation cuts.
    `--of` needs no VALUE, `--shares` with `--counts` takes none. The table has the columns value, numerator,
    denominator, and where needed uncovered, decimals, group, unit.
    """
    asked = {"--uncovered": uncovered, "--total": total, "--of": ratio, "--shares": shares, "--counts": counts}
    given = {name for name, value in asked.items() if value is not None}
    if words[:1] == ("audit",):
        data, text = _audit(words[1:], given)
    elif given & {"--shares", "--counts"}:
        data, text = _shares(words, given, shares or "", counts or "")
    elif "--of" in given:
        data, text = _ratio(words, given, ratio or "")
    else:
        data, text = _value(words, uncovered, total)
    click.echo(json.dumps(data, ensure_ascii=False, indent=1) if as_json else text)


Answer = tuple[dict[str, Any], str]


def _audit(words: tuple[str, ...], given: set[str]) -> Answer:
    if len(words) != 1 or given:
        raise click.UsageError("audit takes one FILE and no option but --json")
    from whitesignal.printed.audit import audit_table

    audit = audit_table(Path(words[0]))
    return audit_dict(audit), audit_text(audit)


def _shares(words: tuple[str, ...], given: set[str], shares: str, counts: str) -> Answer:
    if given != {"--shares", "--counts"} or words:
        raise click.UsageError("--shares and --counts go together, without VALUE or another option")
    from whitesignal.printed.shares import judge_shares, parse_counts, parse_shares

    column = judge_shares(parse_shares(shares), parse_counts(counts))
    return column_dict(column), column_text(column)


def _ratio(words: tuple[str, ...], given: set[str], ratio: str) -> Answer:
    if given != {"--of"}:
        raise click.UsageError("--of goes with VALUE or alone, not with --uncovered or --total")
    from whitesignal.printed.percent import Check, parse_percentage, parse_ratio

    numerator, denominator = parse_ratio(ratio)
    if not words:
        return _forms(numerator, denominator)
    check = Check(parse_percentage(" ".join(words)), numerator, denominator)
    return check_dict(check), check_text(check)


def _value(words: tuple[str, ...], uncovered: int | None, total: int | None) -> Answer:
    if not words:
        raise click.UsageError("give VALUE, such as 98.16 --uncovered 36, or --of N/D, or --shares with --counts")
    if uncovered is None and total is None:
        raise click.UsageError("give what VALUE is to be checked against: --uncovered, --total or --of")
    from whitesignal.errors import InputError
    from whitesignal.printed.percent import Check, parse_percentage, totals_that_fit, uncovered_that_fit

    printed = parse_percentage(" ".join(words))
    if uncovered is None and total is not None:
        return _fit(printed, "total", total, uncovered_that_fit(printed, total))
    if total is None and uncovered is not None:
        return _fit(printed, "uncovered", uncovered, totals_that_fit(printed, uncovered))
    covered, of = (total or 0) - (uncovered or 0), total or 0
    if covered < 0:
        raise InputError(f"{uncovered} uncovered are more than the total of {total}")
    check = Check(printed, covered, of)
    return check_dict(check), check_text(check)


def span_dict(span: Span | None) -> dict[str, int | None] | None:
    """Return a span for JSON; null where nothing fits, ``last`` and ``count`` null where it has no end."""
    return None if span is None else {"first": span.first, "last": span.last, "count": span.count}


def _fit(printed: Percentage, given: str, number: int, fit: Fit) -> Answer:
    """Return which whole numbers fit: totals where the uncovered are given, uncovered where the total is."""
    from whitesignal.printed.words import span_words

    spans = {"rounding": fit.rounding, "truncation": fit.truncation, "both": fit.both}
    lists = "total" if given == "uncovered" else "uncovered"
    data: dict[str, Any] = {"value": str(printed), "decimals": printed.decimals, given: number, "lists": lists}
    data |= {name: span_dict(span) for name, span in spans.items()}
    data["half_even"] = span_dict(fit.half_even)
    asked = f"{number} uncovered: (N - {number}) / N" if given == "uncovered" else f"{number} in all, N uncovered"
    lines = [f"{printed} % to {_decimals(printed)}, {asked}; rounding is half up"]
    lines += [f"{name:<11} {_counted(span)}" for name, span in spans.items()]
    if fit.half_even != fit.rounding:
        lines.append(f"half to even would differ: {span_words(fit.half_even)}")
    return data, "\n".join(lines)


def _counted(span: Span | None) -> str:
    from whitesignal.printed.words import span_words

    if span is None:
        return "none"
    return f"N = {span_words(span)}" + (f" ({span.count})" if span.count is not None else ": there is no largest")


def _decimals(printed: Percentage) -> str:
    return "1 decimal" if printed.decimals == 1 else f"{printed.decimals} decimals"


def _forms(numerator: int, denominator: int) -> Answer:
    """Return what a ratio prints as, to several decimals, by each rule."""
    from fractions import Fraction

    from whitesignal.printed.percent import RULES, digits, print_percent

    percent = Fraction(100 * numerator, denominator)
    rows = {
        decimals: {rule: str(print_percent(percent, decimals=decimals, rule=rule)) for rule in RULES}
        for decimals in SHOWN_DECIMALS
    }
    data = {
        "numerator": numerator,
        "denominator": denominator,
        "true_percent": float(percent),
        "prints_as": [{"decimals": decimals, **row} for decimals, row in rows.items()],
    }
    lines = [f"{numerator}/{denominator} = {digits(percent, decimals=SHOWN_DECIMALS[-1] + MORE_DECIMALS)} %"]
    lines.append(f"decimals {'rounding':>10} {'truncation':>11}")
    for decimals, row in rows.items():
        differs = f"   half to even: {row['half_even']}" if row["half_even"] != row["rounding"] else ""
        lines.append(f"{decimals:<8} {row['rounding']:>10} {row['truncation']:>11}{differs}")
    return data, "\n".join(lines)


def check_dict(check: Check) -> dict[str, Any]:
    """Return a checked value for JSON."""
    from whitesignal.printed.percent import RULES

    return {
        "value": str(check.printed),
        "decimals": check.printed.decimals,
        "numerator": check.numerator,
        "denominator": check.denominator,
        "true_percent": float(check.true_percent),
        "prints_as": {rule: str(check.prints_as(rule)) for rule in RULES},
        "verdict": check.verdict,
    }


def check_text(check: Check) -> str:
    """Return a checked value as a person reads it; where it fits neither rule, the numerators that would."""
    from whitesignal.printed.percent import digits, numerators_that_fit
    from whitesignal.printed.words import fit_words, half_way_words, prints_as_words, verdict_words

    printed, of = check.printed, f"{check.numerator}/{check.denominator}"
    lines = [
        f"{printed} % of {of}: {verdict_words(check.verdict)}",
        f"true        {digits(check.true_percent, decimals=printed.decimals + MORE_DECIMALS)} %",
        f"prints as   {prints_as_words(check)}",
    ]
    if half_way_words(check):
        lines.append(half_way_words(check))
    if check.verdict == "neither":
        fit = numerators_that_fit(printed, check.denominator)
        lines.append(f"would fit   {fit_words(fit)}, of {check.denominator}")
    return "\n".join(lines)


def column_dict(column: Column) -> dict[str, Any]:
    """Return a column of shares for JSON."""
    largest = column.largest_remainder
    return {
        "total": column.total,
        "printed_sum": float(column.printed_sum),
        "rounded_sum": float(column.rounded_sum),
        "adjusted": [str(share.check.printed) for share in column.adjusted],
        "largest_remainder": None if largest is None else [str(share) for share in largest],
        "shares": [
            {**check_dict(share.check), "verdict": share.verdict, "off_points": float(share.off)}
            for share in column.shares
        ],
    }


def column_text(column: Column) -> str:
    """Return a column of shares as a person reads it."""
    from whitesignal.printed.percent import digits
    from whitesignal.printed.words import half_way_words, verdict_words

    lines = [f"{'printed':>8} {'count':>8}  {'true':<12} {'rounds to':>9}  verdict"]
    for share in column.shares:
        check = share.check
        true = digits(check.true_percent, decimals=check.printed.decimals + MORE_DECIMALS)
        rounded = check.prints_as("rounding")
        verdict = "; ".join(filter(None, (verdict_words(share.verdict), half_way_words(check))))
        lines.append(f"{check.printed!s:>8} {check.numerator:>8}  {true:<12} {rounded!s:>9}  {verdict}")
    sums = (digits(one, decimals=9) for one in (column.printed_sum, column.rounded_sum))
    lines.append("sum      {} as printed, {} rounded, of {}".format(*sums, column.total))
    lines.append(f"adjusted {_adjusted_words(column)}")
    if column.adjusted and column.largest_remainder is not None:
        lines.append(f"largest remainder would print {', '.join(map(str, column.largest_remainder))}")
    return "\n".join(lines)


def _adjusted_words(column: Column) -> str:
    words = [f"{share.check.printed} for {share.check.prints_as('rounding')}" for share in column.adjusted]
    if words:
        return ", ".join(words)
    return "none" if column.printed_sum == 100 else "none; the column does not sum to 100"


def audit_dict(audit: Audit) -> dict[str, Any]:
    """Return an audit for JSON; what a row does not give is null."""
    rows = []
    for row in audit.rows:
        check = row.check
        rows.append({
            "row": row.row,
            "label": row.label,
            "value": row.value,
            "numerator": check.numerator if check else None,
            "denominator": check.denominator if check else None,
            "true_percent": float(check.true_percent) if check else None,
            "verdict": row.verdict,
            "reason": row.reason,
        })  # fmt: skip
    return {"file": str(audit.file), "counts": audit.by_verdict(), "rows": rows}


def audit_text(audit: Audit) -> str:
    """Return an audit as a person reads it: one line per row, then how many of each verdict."""
    lines = []
    for row in audit.rows:
        of = f" of {row.check.numerator}/{row.check.denominator}" if row.check else ""
        what = f"{row.label}: " if row.label else ""
        lines.append(f"row {row.row:<4} {row.verdict:<12} {what}{row.value or '(blank)'}{of}: {row.reason}")
    counts = ", ".join(f"{count} {verdict}" for verdict, count in audit.by_verdict().items() if count)
    lines.append(f"{len(audit.rows)} rows" + (f" = {counts}" if counts else ""))
    return "\n".join(lines)
