"""Tables of printed percentages: one verdict for each row, and a reason where there can be none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from whitesignal.errors import InputError
from whitesignal.printed.audit import Audit, Audited, audit_table

REPORTED = Path(__file__).resolve().parents[2] / "data" / "reported" / "indicators.csv"


def table(folder: Path, *lines: str) -> Audit:
    file = folder / "t.csv"
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return audit_table(file)


def one(folder: Path, *lines: str) -> Audited:
    (row,) = table(folder, *lines).rows
    return row


def verdicts(audit: Audit) -> list[str]:
    return [row.verdict for row in audit.rows]


def test_no_row_of_the_published_figures_is_dropped() -> None:
    with REPORTED.open(encoding="utf-8-sig", newline="") as stream:
        expected = [row["value"] for row in csv.DictReader(stream)]
    audit = audit_table(REPORTED)
    assert [row.value for row in audit.rows] == expected
    assert [row.row for row in audit.rows] == list(range(2, len(expected) + 2))
    assert sum(audit.by_verdict().values()) == len(expected)
    assert all(row.reason for row in audit.rows)


def test_the_published_figures_hold_but_for_one_adjusted_and_one_wrong() -> None:
    found = {row.label: row for row in audit_table(REPORTED).rows if row.verdict != "cannot check"}
    assert {label: row.verdict for label, row in found.items()} == {
        "Quảng Ninh stations.2g.share": "both",
        "Quảng Ninh stations.3g.share": "adjusted",
        "Quảng Ninh stations.4g.share": "both",
        "Quảng Ninh stations.5g.share": "both",
        "Tuyên Quang villages.with_signal": "both",
        "Quảng Nam sharing.passive": "neither",
    }
    assert "rows 7, 8, 9, 10 sum to 100; true 32.51270" in found["Quảng Ninh stations.3g.share"].reason
    assert "true 30.58020… %, prints as 30.6 by rounding, 30.5 by truncation" in (
        found["Quảng Nam sharing.passive"].reason
    )


def test_counts_among_the_published_figures_are_not_taken_for_percentages() -> None:
    rows = {row.label: row for row in audit_table(REPORTED).rows}
    assert rows["Hà Giang white_villages.covered"].reason == "the unit is 'villages', so it is no percentage"
    assert rows["Hà Giang villages.with_signal"].reason == "neither numerator nor denominator"


def test_vietnamese_headers_decimal_commas_and_grouped_thousands_are_read(tmp_path: Path) -> None:
    audit = table(
        tmp_path, "Chỉ tiêu;Tỷ lệ (%);Tử số;Mẫu số;Chưa phủ sóng", "Dùng chung;32,7;703;2.150;", "Thôn;98,16%;;1.957;36"
    )
    assert verdicts(audit) == ["rounding", "both"]
    assert audit.rows[1].check is not None
    assert (audit.rows[1].check.numerator, audit.rows[1].check.denominator) == (1921, 1957)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",703,2150,,,", "no value"),
        ("khoảng 33,703,2150,,,", "not a printed percentage"),
        ("32.7,703,0,,,", "the denominator is 0"),
        ("32.7,,,,,", "neither numerator nor denominator"),
        ("32.7,703,,,,", "no denominator"),
        ("32.7,,2150,,,", "no numerator; of 2150 would fit 702…704 by rounding, 704…705 by truncation"),
        ("98.16,,,36,,", "with 36 uncovered would fit N = 1952…1961 by rounding, 1957…1967 by truncation"),
        ("32.7,abc,2150,,,", "numerator: 'abc' is not a whole number"),
        ("32.7,703,2150.5,,,", "denominator: '2150.5' is not a whole number"),
        ("32.7,703,2150,36,,", "703 and 36 uncovered are not 2150"),
        ("32.7,,30,36,,", "36 uncovered of 30"),
        ("32.70,703,2150,,1,", "more than the 1 decimals"),
        ("32.7,703,2150,,,,7", "more cells than the header"),
        ("0.7,703,2150,,,trạm", "the unit is 'trạm'"),
        ("0.7,703,2150,,,per 100.000 people", "the unit is 'per 100.000 people'"),
    ],
)
def test_a_row_that_cannot_be_checked_stays_and_says_why(tmp_path: Path, line: str, reason: str) -> None:
    row = one(tmp_path, "value,numerator,denominator,uncovered,decimals,unit", line)
    assert (row.row, row.verdict, row.check) == (2, "cannot check", None)
    assert reason in row.reason


def test_blank_lines_keep_the_spreadsheets_row_numbers(tmp_path: Path) -> None:
    audit = table(tmp_path, "value,numerator,denominator", "50,1,2", "", ",,", "25,1,4")
    assert [row.row for row in audit.rows] == [2, 5]


def test_decimals_that_a_row_states_are_those_it_is_judged_to(tmp_path: Path) -> None:
    head = "value,numerator,denominator,decimals"
    assert one(tmp_path, head, "30.6,448,1465,").verdict == "rounding"
    assert one(tmp_path, head, "30.6,448,1465,2").verdict == "neither"
    assert one(tmp_path, head, "30.6,448,1465,1").verdict == "rounding"
    assert one(tmp_path, head, "50,1,2,3").verdict == "both"


def test_a_value_per_100_people_is_a_percentage_too(tmp_path: Path) -> None:
    head = "value,unit,numerator,denominator"
    assert one(tmp_path, head, "88.9,subscriptions per 100 people,889,1000").verdict == "both"
    assert one(tmp_path, head, "88.9,thuê bao trên 100 dân,889,1000").verdict == "both"


def test_half_way_values_say_what_half_to_even_would_print(tmp_path: Path) -> None:
    row = one(tmp_path, "value,numerator,denominator", "13,1,8")
    assert row.verdict == "rounding"
    assert "half to even prints 12" in row.reason


def test_rows_of_a_named_group_are_judged_as_one_column(tmp_path: Path) -> None:
    shares = [("22.01", 1386), ("32.52", 2047), ("45.44", 2861), ("0.03", 2)]
    head, other = "group,value,numerator,denominator", "x,50,1,2"
    rows = [f"a,{value},{count},6296" for value, count in shares]
    audit = table(tmp_path, head, *rows[:2], other, *rows[2:])
    assert verdicts(audit) == ["both", "adjusted", "both", "both", "both"]
    assert "group 'a' sum to 100" in audit.rows[1].reason
    without = [f"a,{value},{count}," for value, count in shares]
    assert verdicts(table(tmp_path, head, *without)) == ["both", "adjusted", "both", "both"]


def test_a_group_that_cannot_be_summed_keeps_the_rows_own_verdicts_and_says_so(tmp_path: Path) -> None:
    head = "group,value,numerator,denominator"
    audit = table(tmp_path, head, "a,32.52,2047,6296", "a,?,1386,6296")
    assert verdicts(audit) == ["neither", "cannot check"]
    assert all("group 'a': not every row can be checked" in row.reason for row in audit.rows)
    audit = table(tmp_path, head, "a,32.52,2047,6296", "a,22.01,1386,6296")
    assert verdicts(audit) == ["neither", "both"]
    assert "its numerators sum to 3433" in audit.rows[0].reason
    audit = table(tmp_path, head, "a,50,1,", "a,50,x,")
    assert verdicts(audit) == ["cannot check", "cannot check"]


def test_neighbouring_rows_are_one_column_only_where_their_counts_make_the_whole(tmp_path: Path) -> None:
    head = "province,value,numerator,denominator"
    whole = ["A,16.6,1,6", "A,16.7,1,6", "A,66.7,4,6"]
    assert verdicts(table(tmp_path, head, *whole)) == ["adjusted", "rounding", "rounding"]
    part = table(tmp_path, head, *whole[:2])
    assert verdicts(part) == ["truncation", "rounding"]
    assert not any("sum" in row.reason for row in part.rows)
    apart = [whole[0], "B,16.7,1,6", whole[2]]
    assert verdicts(table(tmp_path, head, *apart))[0] == "truncation"


def workbook(file: Path, *rows: tuple[object, ...]) -> Audit:
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return audit_table(file)


def test_a_workbooks_numbers_are_numbers_and_never_grouped(tmp_path: Path) -> None:
    audit = workbook(
        tmp_path / "t.xlsx",
        ("Giá trị", "Tử số", "Mẫu số"),
        (32.7, 703, 2150),
        (32.7, 703, 2.15),
        ("32,7", "703", "2.150"),
    )
    assert verdicts(audit) == ["rounding", "cannot check", "rounding"]
    assert "'2.15' is not a whole number" in audit.rows[1].reason
    assert verdicts(workbook(tmp_path / "u.xlsx", ("value", "numerator", "denominator"), (32.7, 703, 2.071))) == [
        "cannot check"
    ]


def test_a_workbooks_computed_value_is_not_taken_for_a_printed_one(tmp_path: Path) -> None:
    audit = workbook(tmp_path / "t.xlsx", ("value", "numerator", "denominator"), (100 * 703 / 2150, 703, 2150))
    assert verdicts(audit) == ["cannot check"]
    assert "at most 9 decimals" in audit.rows[0].reason


def test_a_percent_format_of_a_workbook_is_guessed_at_and_not_assumed(tmp_path: Path) -> None:
    audit = workbook(tmp_path / "t.xlsx", ("value", "numerator", "denominator"), (0.327, 703, 2150))
    assert verdicts(audit) == ["neither"]
    assert "does the sheet show this cell as" in audit.rows[0].reason


def test_a_file_without_values_is_refused_and_one_without_rows_is_not(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"t\.csv: no column 'value'.*there are: 'a', 'b'"):
        table(tmp_path, "a,b", "1,2")
    assert table(tmp_path, "value,numerator,denominator").rows == ()
    with pytest.raises(InputError, match="cannot be read"):
        audit_table(tmp_path / "nowhere.csv")
