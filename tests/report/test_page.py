"""The page: its figures are those of the files, its names are text, and it needs nothing but the folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from whitesignal.errors import InputError, OutputExistsError
from whitesignal.report.content import build_document
from whitesignal.report.document import Cell, Curve, Document, Section, Table
from whitesignal.report.from_results import TABLES, read_run_results
from whitesignal.report.html_report import html_page
from whitesignal.report.labels import labels
from whitesignal.report.rounding import Number, rounded
from whitesignal.report.write import write_report

Read = Callable[[Path], Any]
Figures = list[dict[str, Any]]


def as_shown(row: dict[str, Any]) -> str:
    """Return a figure as a Vietnamese page shows it, by other means than the package's."""
    if row["value"] is None:
        return "–"
    whole, _, part = row["printed"].partition(".")
    text = re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole) + (f",{part}" if part else "")
    return f"{text}\u00a0{row['unit']}" if row["unit"] in ("%", "km") else text


def is_whole(row: dict[str, Any]) -> bool:
    return (row["area_level"], row["kind"]) == ("province", "computed")


def test_every_district_s_figures_are_those_of_the_indicators(results: Path, figures: Figures, read_page: Read) -> None:
    page = read_page(write_report(results))
    by_district = {
        (row["area"], row["id"]): as_shown(row) for row in figures if row["area_level"] == "district"
    }  # fmt: skip
    ids = {
        "Thôn và người dân": ["villages", "villages.white", "villages.weak", "villages.unknown", "villages.with_signal",
                              "people", "people.white", "people.with_signal"],
        "Trạm, vị trí và khoảng cách": ["stations", "positions", "operator_sites", "sharing.position",
                                        "sharing.tenancy", "distance.nearest_station.mean",
                                        "distance.nearest_station.max"],
    }  # fmt: skip
    for caption, columns in ids.items():
        rows = page.tables[caption][2:]
        assert len(rows) == 2
        for area, *cells in rows:
            assert cells == [by_district[area, one] for one in columns]


def test_the_summary_and_the_tiles_say_what_the_province_s_figures_say(
    results: Path, figures: Figures, read_page: Read
) -> None:
    page = read_page(write_report(results))
    whole = {row["id"]: as_shown(row) for row in figures if is_whole(row)}
    assert f"có {whole['stations']} trạm" in page.text
    assert f"{whole['villages.white']} thôn trắng sóng, {whole['villages.weak']} thôn lõm sóng" in page.text
    assert f"{whole['villages.with_signal']} số thôn đã xác định" in page.text
    expected, low, high = (whole[f"villages.white.{part}"] for part in ("expected", "low", "high"))
    assert f"kỳ vọng là {expected}, khoảng 90 % từ {low} đến {high}" in page.text


def test_the_page_shows_every_white_village_with_its_commune_and_people(
    results: Path, hostile: tuple[str, ...], read_page: Read
) -> None:
    page = read_page(write_report(results))
    header, *rows = page.tables["Danh sách thôn trắng sóng, rồi lõm sóng"]
    villages = pd.read_csv(results / "villages.csv", dtype=str, keep_default_na=False)
    assert len(rows) == sum(villages["status"].isin(["white", "weak"])) >= len(hostile)
    listed = {row[-1]: row for row in rows}
    for place, name in enumerate(hostile):
        row = listed[f"D{place}"]
        assert row[:2] == [name, name]
        assert row[header.index("Số dân")] == str(100 + place)
        assert row[header.index("Căn cứ xét")] == "chỉ trung tâm"


def test_names_that_are_markup_are_shown_as_text_and_nothing_in_the_page_runs(results: Path, read_page: Read) -> None:
    page = read_page(write_report(results))
    used = {tag for tag, _ in page.tags}
    assert used.isdisjoint({"script", "img", "iframe", "object", "link", "i"})
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert sum(tag == "table" for tag, _ in page.tags) == len(page.tables)
    assert "Nguồn <b>X</b>" in page.text
    assert "{white} {0.__class__}" in page.text


def test_the_page_refers_to_nothing_outside_itself(results: Path, read_page: Read) -> None:
    page = read_page(write_report(results))
    targets = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src")]
    assert targets
    assert all(target.startswith("#") for target in targets)
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_the_same_results_give_the_same_page(results: Path, tmp_path: Path) -> None:
    pages = [write_report(results, tmp_path / f"{name}.html").read_bytes() for name in "ab"]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("file", sorted(TABLES))
def test_older_results_without_a_table_say_which_is_missing(results: Path, file: str, read_page: Read) -> None:
    assert "còn thiếu" not in read_page(write_report(results)).text
    (results / file).unlink()
    text = read_page(write_report(results)).text
    assert f"còn thiếu: {file}." in text
    assert f"Thư mục kết quả không có {file}" in text


def test_older_results_without_probabilities_say_so_and_list_their_villages(results: Path, read_page: Read) -> None:
    file = results / "villages.csv"
    villages = pd.read_csv(file, dtype=str, keep_default_na=False)
    villages.drop(columns=["certainty", "p_signal"]).to_csv(file, index=False, encoding="utf-8-sig")
    page = read_page(write_report(results, lang="en"))
    assert "They lack: villages.csv: p_signal; villages.csv: certainty." in page.text
    assert len(page.tables["White villages, then weak ones"]) > 5


def test_people_that_nobody_counted_are_unknown_and_not_nought(results: Path, read_page: Read) -> None:
    file = results / "villages.csv"
    villages = pd.read_csv(file, dtype=str, keep_default_na=False)
    villages.loc[:2, "population"] = ""
    villages.to_csv(file, index=False, encoding="utf-8-sig")
    assert f"3 of {len(villages)} villages have no population" in read_page(write_report(results, lang="en")).text
    villages.assign(population="").to_csv(file, index=False, encoding="utf-8-sig")
    page = read_page(write_report(results, lang="en"))
    assert "The villages have no population" in page.text
    assert "unknown people are expected without signal" in page.text
    assert len(page.tables["Counted by the verdict, and expected with its 90 % interval"]) == 2


def test_a_folder_that_no_run_wrote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no results here"):
        write_report(tmp_path)
    with pytest.raises(InputError, match="no results here"):
        write_report(tmp_path, tmp_path / "out.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["", "[]", "{", '[{"id": 1}]'])
def test_damaged_figures_get_one_clear_error(results: Path, damage: str) -> None:
    (results / "indicators.json").write_text(damage, encoding="utf-8")
    with pytest.raises(InputError, match="incomplete or damaged"):
        write_report(results)


def test_another_s_file_is_replaced_only_when_asked_and_another_ending_refused(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.html"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError):
        write_report(results, out)
    assert out.read_text(encoding="utf-8") == "mine"
    assert write_report(results, out, overwrite=True) == out
    with pytest.raises(InputError, match=r"\.html, \.docx or \.xlsx"):
        write_report(results, tmp_path / "report.pdf")


def test_a_difference_is_taken_only_where_both_count_the_same(results: Path, read_page: Read) -> None:
    tables = read_page(write_report(results, lang="en")).tables
    published = {caption: rows for caption, rows in tables.items() if caption.startswith("Unit:")}
    with_difference = {caption for caption, rows in published.items() if any("Difference" in one for one in rows[0])}
    same = (
        "Unit: %; published as a share of: villages of known status; computed as a share of: villages of known status"
    )
    assert with_difference == {"Unit: stations", same}
    assert "Unit: %; published as a share of: villages; computed as a share of: villages of known status" in published
    assert "Unit: %; published as a share of: (not said); computed as a share of: positions" in published
    fibre = published["Unit: %; published as a share of: households"]
    assert "Computed" not in fibre[0]
    assert fibre[1][2] == "89.13\u00a0%"


def test_targets_are_sentences_and_say_reached_or_not(results: Path, read_page: Read) -> None:
    text = read_page(write_report(results, lang="en")).text
    assert re.search(r"signal: Villages with signal at the centre, asked for at least 99\s% by 2023-12-31\. Now", text)
    assert "not reached yet" in text
    assert re.search(r"few_white: White villages, asked for at most 100 by 2023-12-31\..*: reached\.", text)


def test_flows_stand_in_their_own_part_by_period(results: Path, read_page: Read) -> None:
    tables = read_page(write_report(results, lang="en")).tables
    assert tables["This year: 2023-01-01 – 2023-06-30"][1][1:] == ["1", "2"]
    assert tables["Period “half”: 2023-01-01 – 2023-03-31"][1][1:] == ["1", "2"]


def test_several_policies_are_set_side_by_side(results: Path, read_page: Read) -> None:
    rows = read_page(write_report(results, lang="en")).tables["Villages by status under each policy"]
    assert [row[0] for row in rows[1:]] == ["official", "two"]
    assert "at least 2 operators" in rows[2][1]
    assert int(rows[2][2]) >= int(rows[1][2])


def test_where_list_and_model_disagree_the_village_is_to_be_surveyed(results: Path, read_page: Read) -> None:
    rows = read_page(write_report(results, lang="en")).tables["Villages to survey again, in order"]
    assert [row[-1] for row in rows[1:]] == ["D0"]
    assert rows[1][5:7] == ["covered", "white"]


def test_a_feeder_named_in_the_register_is_among_what_may_fail(results: Path, read_page: Read) -> None:
    tables = read_page(write_report(results, lang="en")).tables
    header, row = tables["If a power group fails"]
    dependency = pd.read_csv(results / "dependency.csv", dtype=str, keep_default_na=False)
    group = dependency[dependency["kind"] == "power_group"].iloc[0]
    assert row[0] == "=EVN"
    assert row[header.index("Villages left dark")] == group["villages_dark"]
    assert "If a transmission group fails" not in tables


def test_the_line_of_the_interval_says_whether_the_count_lies_within(results: Path, read_page: Read) -> None:
    assert "lies within" in read_page(write_report(results, lang="en")).text
    file = results / "indicators.json"
    text = file.read_text(encoding="utf-8")
    bound = re.compile(r'("id": "villages.white.(low|high)".*?"value": )\d+(.*?"printed": )"\d+"', re.DOTALL)
    file.write_text(bound.sub(r'\g<1>0\g<3>"0"', text), encoding="utf-8")
    assert "lies outside that interval; that is no mistake" in read_page(write_report(results, lang="en")).text


def test_a_long_table_is_cut_and_says_how_much_more_there_is(tmp_path: Path, read_page: Read) -> None:
    rows: list[list[Cell]] = [[Number(str(place)), "x"] for place in range(1500)]
    table = Table("t", "Bảng", ("n", "text"), rows, "FILE.csv", limit=60)
    document = Document("T", "S", "", (), (Section("s", "S", (table,)),), labels("en"))
    file = tmp_path / "page.html"
    file.write_text(html_page(document), encoding="utf-8")
    page = read_page(file)
    assert len(page.tables["Bảng"]) == 61
    assert "The first 60 rows; and 1,440 more in FILE.csv." in page.text


def test_a_flat_curve_and_a_single_point_are_drawn(tmp_path: Path, read_page: Read) -> None:
    curves = [Curve("<C>", "a", "u", points, 3.0, "l") for points in ([(20.0, 3.0), (40.0, 3.0)], [(20.0, 0.0)])]
    document = Document("T", "S", "", (), (Section("s", "S", curves),), labels("vi"))
    file = tmp_path / "page.html"
    file.write_text(html_page(document), encoding="utf-8")
    page = read_page(file)
    assert sum(tag == "circle" for tag, _ in page.tags) == 3
    assert next(a for tag, a in page.tags if tag == "svg")["aria-label"] == "<C>"
    assert "nan" not in file.read_text(encoding="utf-8")


def test_the_document_of_either_language_has_the_same_tables_with_the_same_numbers(results: Path) -> None:
    read = read_run_results(results)
    documents = [build_document(read, lang="vi"), build_document(read, lang="en")]
    shapes = []
    for document in documents:
        tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
        shapes.append(
            [
                (table.key, [[cell for cell in row if isinstance(cell, Number)] for row in table.rows])
                for table in tables
            ]
        )
    assert shapes[0] == shapes[1]


def test_rounding_is_half_up_and_knows_no_nan() -> None:
    assert rounded("0.125", 2) == Number("0.13")
    assert rounded("-0.001", 2) == Number("0.00")
    assert [rounded(text) for text in ("", "nan", "inf", "text", None)] == [None] * 5
