"""``whitesignal indicator``: the arithmetic of printed percentages, as a planner types it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORTED = ROOT / "data" / "reported" / "indicators.csv"


Run = Callable[..., Any]


@pytest.fixture
def run(whitesignal: Run) -> Run:
    """Return a function that runs ``whitesignal indicator`` in this process."""
    return lambda *arguments: whitesignal("indicator", *arguments)


def answer(said: Any) -> dict[str, Any]:
    assert (said.code, said.err) == (0, "")
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_every_total_that_fits_is_listed_by_each_rule(run: Run) -> None:
    said = run("98.16", "--uncovered", 36)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[1:] == [
        "rounding    N = 1952…1961 (10)", "truncation  N = 1957…1967 (11)", "both        N = 1957…1961 (5)",
    ]  # fmt: skip
    found = answer(run("98.16", "--uncovered", 36, "--json"))
    assert found["rounding"] == {"first": 1952, "last": 1961, "count": 10}
    assert found["truncation"] == {"first": 1957, "last": 1967, "count": 11}
    assert found["both"] == {"first": 1957, "last": 1961, "count": 5}
    assert (found["value"], found["decimals"], found["uncovered"], found["lists"]) == ("98.16", 2, 36, "total")


@pytest.mark.parametrize("words", [["98,16"], ["98.16%"], ["98,16 %"], ["98.16", "%"]])
def test_a_value_may_be_typed_as_it_is_printed(run: Run, words: list[str]) -> None:
    assert run(*words, "--uncovered", 36) == run("98.16", "--uncovered", 36)


def test_all_decimals_given_count(run: Run) -> None:
    assert "to 3 decimals" in run("98.160", "--uncovered", 36).out
    assert "N = 1957 (1)" in run("98.160", "--uncovered", 36).out


def test_a_total_lists_the_uncovered_that_fit(run: Run) -> None:
    found = answer(run("98.16", "--total", 2071, "--json"))
    assert (found["rounding"], found["both"], found["lists"]) == (None, None, "uncovered")
    assert found["truncation"] == {"first": 38, "last": 38, "count": 1}
    assert "truncation  N = 38 (1)" in run("98.16", "--total", 2071).out


def test_a_total_and_the_uncovered_are_checked_together(run: Run) -> None:
    found = answer(run("98.16", "--total", 2071, "--uncovered", 36, "--json"))
    assert (found["verdict"], found["numerator"], found["prints_as"]["rounding"]) == ("neither", 2035, "98.26")
    assert answer(run("98.16", "--total", 1957, "--uncovered", 36, "--json"))["verdict"] == "both"


def test_a_list_without_an_end_says_so(run: Run) -> None:
    assert "rounding    N = 1 and more: there is no largest" in run("100", "--uncovered", 0).out
    found = answer(run("100", "--uncovered", 0, "--json"))
    assert found["rounding"] == {"first": 1, "last": None, "count": None}
    assert "rounding    none" in run("99", "--uncovered", 0).out
    assert "rounding    none" in run("101", "--uncovered", 3).out


def test_half_to_even_is_named_only_where_it_differs(run: Run) -> None:
    assert "half to even would differ: none" in run("63", "--uncovered", 3).out
    assert "half to even" not in run("98.16", "--uncovered", 36).out
    assert "half to even prints 12" in run("13", "--of", "1/8").out


def test_a_printed_value_is_checked_against_its_ratio(run: Run) -> None:
    assert run("32.7", "--of", "703/2150").out.splitlines() == [
        "32.7 % of 703/2150: fits by rounding, not by truncation",
        "true        32.69767… %",
        "prints as   32.7 by rounding, 32.6 by truncation",
    ]
    found = answer(run("31.8", "--of", "448/1465", "--json"))
    assert found["verdict"] == "neither"
    assert found["true_percent"] == pytest.approx(30.580205)
    assert "466 by rounding, 466…467 by truncation" in run("31.8", "--of", "448/1465").out


def test_a_ratio_alone_prints_what_it_prints_as(run: Run) -> None:
    found = answer(run("--of", "17/53", "--json"))
    assert [row["rounding"] for row in found["prints_as"]] == ["32", "32.1", "32.08", "32.075", "32.0755"]
    assert [row["truncation"] for row in found["prints_as"]] == ["32", "32.0", "32.07", "32.075", "32.0754"]
    assert run("--of", "17/53").out.startswith("17/53 = 32.07547169… %\n")
    assert "half to even: 12\n" in run("--of", "1/8").out


def test_the_adjusted_share_of_a_column_is_named(run: Run) -> None:
    lists = ("--shares", "22.01,32.52,45.44,0.03", "--counts", "1386,2047,2861,2")
    text = run(*lists).out
    assert "adjusted 32.52 for 32.51\n" in text
    assert "sum      100 as printed, 99.99 rounded, of 6296\n" in text
    found = answer(run(*lists, "--json"))
    assert found["adjusted"] == ["32.52"]
    assert [share["verdict"] for share in found["shares"]] == ["both", "adjusted", "both", "both"]
    commas = answer(run("--shares", "22,01;32,52;45,44;0,03", "--counts", "1386;2047;2861;2", "--json"))
    assert commas == found
    assert "none; the column does not sum to 100" in run("--shares", "33.3;33.3;33.3", "--counts", "1;1;1").out


def test_the_published_table_is_audited_row_by_row(run: Run) -> None:
    said = run("audit", REPORTED)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    found = answer(run("audit", REPORTED, "--json"))
    assert len(lines) == len(found["rows"]) + 1
    assert sum(found["counts"].values()) == len(found["rows"])
    assert lines[-1].endswith(
        ", ".join(f"{count} {verdict}" for verdict, count in found["counts"].items() if count)
    )  # fmt: skip
    assert (found["counts"]["both"], found["counts"]["adjusted"], found["counts"]["neither"]) == (4, 1, 1)


def test_an_audit_ends_well_also_where_nothing_holds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("value,numerator,denominator\n31.8,448,1465\n,,\n1,1,0\n", encoding="utf-8")
    assert run("audit", tmp_path / "t.csv").code == 0
    (tmp_path / "empty.csv").write_text("value,numerator,denominator\n", encoding="utf-8")
    assert run("audit", tmp_path / "empty.csv").out == "0 rows\n"


BAD_INPUT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("abc", "--uncovered", "36"), "'abc' is not a printed percentage"),
    (("98.16", "--of", "17/0"), "divides by 0"),
    (("--of", "17"), "'17' is not a numerator and a denominator"),
    (("98.16", "--uncovered", "40", "--total", "30"), "more than the total of 30"),
    (("--shares", "22,01,32,52", "--counts", "1386,2047"), "separate the shares with ';'"),
    (("--shares", "22.01,32.52", "--counts", "1386"), "2 shares, but 1 counts"),
    (("audit", "nowhere.csv"), "nowhere.csv: cannot be read"),
)


@pytest.mark.parametrize(("arguments", "words"), BAD_INPUT)
def test_bad_input_is_one_error_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    for more in ((), ("--json",)):
        said = run(*arguments, *more)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith("Error: ")
        assert said.err.count("\n") == 1
        assert words in said.err


USAGE: tuple[tuple[str, ...], ...] = (
    (),
    ("98.16",),
    ("--uncovered", "36"),
    ("--total", "2071"),
    ("98.16", "--uncovered", "-1"),
    ("98.16", "--uncovered", "some"),
    ("98.16", "--total", "0"),
    ("98.16", "--of", "17/53", "--uncovered", "36"),
    ("--shares", "50;50"),
    ("--counts", "1;1"),
    ("98.16", "--shares", "50;50", "--counts", "1;1"),
    ("--shares", "50;50", "--counts", "1;1", "--of", "1/2"),
    ("audit",),
    ("audit", "one.csv", "two.csv"),
    ("audit", "one.csv", "--uncovered", "3"),
)


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "Usage: " in said.err


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_readme_shows_what_the_commands_print(run: Run, readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    shown = re.findall(r"^```sh\n((?:whitesignal indicator [^\n]*\n)+)```\n\n```text\n(.*?)^```", text, re.M | re.S)
    assert len(shown) == 3
    for commands, output in shown:
        first = shlex.split(commands.splitlines()[0])
        assert run(*first[2:]).out == output
