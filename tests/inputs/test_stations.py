"""Registers of stations."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError
from whitesignal.inputs.stations import STATION_TABLE_COLUMNS, StationTable, read_stations
from whitesignal.project import Project

Make = Callable[..., Project]
HEAD = "station_id,operator,generation,longitude,latitude"


def read(make_project: Make, text: str, **more: object) -> StationTable:
    return read_stations(make_project(stations=text, **more))


def messages(table: StationTable, severity: str | None = None) -> str:
    return "\n".join(f.message for f in table.findings if severity in (None, f.severity))


def test_a_plain_register_arrives_whole_and_in_order(make_project: Make) -> None:
    table = read_stations(make_project())
    assert tuple(table.rows.columns) == STATION_TABLE_COLUMNS
    assert table.rows["station_id"].tolist() == ["S1", "S2", "S3"]
    assert table.rows["row"].tolist() == [2, 3, 4]
    assert set(table.rows["file"]) == {"stations.csv"}
    assert table.rows["counted"].all()
    assert table.set_aside.empty


def test_vietnamese_headers_in_either_unicode_form_with_semicolons_and_decimal_commas(make_project: Make) -> None:
    text = "Mã trạm;Tên doanh nghiệp;Công nghệ;Kinh độ;Vĩ độ;Độ cao anten (m)\n"
    text += "A;VNPT VinaPhone;WCDMA;105,05;22,55;42,5\n"
    for form in ("NFC", "NFD"):
        table = read(make_project, b"\xef\xbb\xbf".decode() + unicodedata.normalize(form, text))
        row = table.rows.iloc[0]
        assert (row["operator"], row["generation"]) == ("VinaPhone", "3G")
        assert (row["longitude"], row["latitude"], row["antenna_height_m"]) == (105.05, 22.55, 42.5)


def test_every_missing_column_is_listed_with_those_that_are_there(make_project: Make) -> None:
    with pytest.raises(InputError, match=r"no columns generation, latitude; there are: 'id', 'Kinh độ'") as caught:
        read(make_project, "id,Kinh độ\n1,105\n")
    assert "[columns.stations]" in str(caught.value)


def test_project_toml_may_say_which_column_is_which(make_project: Make) -> None:
    toml = '[columns.stations]\ngeneration = "Loại"\nlongitude = "X"\nlatitude = "Y"\n'
    table = read(make_project, "Loại,X,Y\nLTE,105.05,22.55\n", toml=toml)
    assert table.rows["generation"].tolist() == ["4G"]


def test_a_mapped_column_that_no_file_has_is_refused(make_project: Make) -> None:
    toml = '[columns.stations]\nlongitude = "Kinh do"\nowner = "Ower"\n'
    with pytest.raises(InputError, match=r"no column 'Ower', which \[columns.stations\] names for owner"):
        read(make_project, "Công nghệ;Kinh độ;Vĩ độ\nLTE;105,05;22,55\n", toml=toml)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A,Viettel,4G,,22.5", "no longitude"), ("A,Viettel,4G,105.1,", "no latitude"),
        ("A,Viettel,4G,,", "no coordinates"), ("A,Viettel,4G,0,0", "(0, 0)"),
        ("A,Viettel,4G,abc,22.5", "longitude is not a number"), ("A,Viettel,4G,22.5,105.1", "swapped"),
        ("A,Viettel,4G,1058366,22.5", "outside"), ("A,Viettel,6G,105.1,22.5", "unknown generation '6G'"),
        ("A,Viettel,,105.1,22.5", "no generation"), ("A,Viettel,LTE/NR,105.1,22.5", "names several"),
        ("A,Viettel,4G,105.1,22.5,surplus", "more values than there are columns"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_set_aside_with_its_number_and_reason(
    make_project: Make, line: str, reason: str
) -> None:
    table = read(make_project, f"{HEAD}\nB,Viettel,4G,105.1,22.5\n{line}\n")
    assert table.rows["station_id"].tolist() == ["B"]
    aside = table.set_aside.iloc[0]
    assert (aside["file"], aside["row"]) == ("stations.csv", 3)
    assert reason in aside["reason"]
    assert aside["station_id"] == "A"
    errors = [finding for finding in table.findings if finding.severity == "error"]
    assert [finding.row for finding in errors] == [3]
    assert reason in errors[0].message


def test_what_a_register_does_not_say_is_filled_in_and_flagged(make_project: Make) -> None:
    table = read(make_project, f"{HEAD}\nA,Viettel,2G,105.1,22.5\nB,Viettel,5G,105.2,22.5\n")
    first, second = table.rows.iloc[0], table.rows.iloc[1]
    assert (first["band_mhz"], first["power_dbm"], first["antenna_height_m"]) == (900.0, 43.0, 30.0)
    assert (first["gain_dbi"], second["gain_dbi"]) == (14.0, 20.0)
    assert math.isnan(first["tilt_deg"])
    assert first["azimuth_deg"] == ""
    assert set(first["defaults"].split(";")) == {
        "band_mhz", "bandwidth_mhz", "antenna_height_m", "power_dbm", "beamwidth_deg", "gain_dbi", "azimuth_deg",
        "status",
    }  # fmt: skip
    for name in ("band_mhz", "power_dbm", "gain_dbi", "azimuth_deg", "antenna_height_m"):
        assert f"{name}: 2 of 2 rows have none" in messages(table, "warning")


def test_the_projects_own_band_defaults_are_the_ones_used(make_project: Make) -> None:
    toml = "[bands.4G]\nband_mhz = 2100\ngain_dbi = 18\n"
    table = read(make_project, f"{HEAD}\nA,Viettel,4G,105.1,22.5\n", toml=toml)
    assert table.rows.loc[0, ["band_mhz", "gain_dbi"]].tolist() == [2100.0, 15.0]


@pytest.mark.parametrize(
    ("azimuth", "gain", "kept", "used"),
    [("0/120/240", "", "0/120/240", 17.0), ("omni", "", "omni", 11.0), ("", "", "", 14.0),
     ("30;150;270", "16", "30/150/270", 16.0), ("", "16", "", 16.0), ("N/A", "", "", 14.0)],
)  # fmt: skip
def test_the_gain_follows_what_is_known_of_the_antenna(
    make_project: Make, azimuth: str, gain: str, kept: str, used: float
) -> None:
    table = read(make_project, f"{HEAD},azimuth,gain\nA,Viettel,4G,105.1,22.5,{azimuth},{gain}\n")
    row = table.rows.iloc[0]
    assert (row["azimuth_deg"], row["gain_dbi"]) == (kept, used)
    assert ("azimuth_deg" in row["defaults"]) == (kept == "")
    assert ("gain_dbi" in row["defaults"]) == (gain == "")


@pytest.mark.parametrize(
    ("header", "value", "column", "meaning"),
    [("Độ cao anten (ft)", "100", "antenna_height_m", 30.48), ("Độ cao anten (m)", "100", "antenna_height_m", 100.0),
     ("Tần số [GHz]", "1,8", "band_mhz", 1800.0), ("Công suất (W)", "20", "power_dbm", 43.0103),
     ("Công suất (dBW)", "13", "power_dbm", 43.0), ("Công suất (W)", "0", "power_dbm", 46.0)],
)  # fmt: skip
def test_a_header_that_names_another_unit_is_obeyed(
    make_project: Make, header: str, value: str, column: str, meaning: float
) -> None:
    table = read(make_project, f"Công nghệ;Kinh độ;Vĩ độ;{header}\nLTE;105,1;22,5;{value}\n")
    assert table.rows.loc[0, column] == pytest.approx(meaning, abs=1e-4)
    assert (f"{column}: '{header}' is in" in messages(table)) == ("(m)" not in header)


def test_an_absurd_value_is_found_by_row_and_taken_as_not_given(make_project: Make) -> None:
    table = read(make_project, f"{HEAD},antenna_height\nA,Viettel,4G,105.1,22.5,4200\nB,Viettel,4G,105.2,22.5,abc\n")
    assert table.rows["antenna_height_m"].tolist() == [30.0, 30.0]
    found = [(f.row, f.value) for f in table.findings if f.column == "antenna_height_m" and f.row]
    assert sorted(found) == [(2, "4200"), (3, "abc")]


@pytest.mark.parametrize(
    ("status", "because"),
    [("on-air", ""), ("Đang hoạt động", ""), ("", ""), ("planned", "status planned"), ("Quy hoạch", "status planned"),
     ("tắt sóng", "status off"), ("đã tháo dỡ", "status dismantled"), ("lạ", "status unrecognised")],
)  # fmt: skip
def test_only_a_station_on_air_counts(make_project: Make, status: str, because: str) -> None:
    table = read(make_project, f"{HEAD},status\nA,Viettel,4G,105.1,22.5,{status}\n")
    row = table.rows.iloc[0]
    assert (row["counted"], row["not_counted_because"]) == (because == "", because)
    assert ("not a word that is known" in messages(table, "warning")) == (status == "lạ")


@pytest.mark.parametrize(
    ("on", "off", "because"),
    [("2023-03-01", "", ""), ("01/07/2023", "", "on air after as_of"), ("2023-06-30", "", ""),
     ("2020-01-01", "2023-01-01", "off air before as_of"), ("", "2024-01-01", ""), ("soon", "", "")],
)  # fmt: skip
def test_a_station_counts_from_its_first_day_to_its_last(make_project: Make, on: str, off: str, because: str) -> None:
    text = f"{HEAD},on_air_on,off_air_on\nA,Viettel,4G,105.1,22.5,{on},{off}\n"
    table = read(make_project, text, toml="[project]\nas_of = 2023-06-30\n")
    assert table.rows.loc[0, "not_counted_because"] == because
    assert ("not a date" in messages(table)) == (on == "soon")


def test_without_a_date_the_status_alone_decides(make_project: Make) -> None:
    table = read(make_project, f"{HEAD},on_air_on\nA,Viettel,4G,105.1,22.5,2099-01-01\n")
    assert table.rows["counted"].tolist() == [True]


def test_an_exact_repetition_is_set_aside_and_a_second_cell_is_not(make_project: Make) -> None:
    text = f"{HEAD},azimuth\nA,Viettel,4G,105.1,22.5,0\nA,Viettel,4G,105.1,22.5,120\nA,Viettel,4G,105.1,22.5,0\n"
    table = read(make_project, text)
    assert table.rows["azimuth_deg"].tolist() == ["0", "120"]
    assert table.set_aside["reason"].tolist() == ["repeats row 2"]


@pytest.mark.parametrize(
    ("line", "what"),
    [("A,Viettel,2G,105.1,22.5", "another generation"), ("A,MobiFone,4G,105.1,22.5", "another operator"),
     ("A,Viettel,4G,105.3,22.5", "a place more than 1 km away")],
)  # fmt: skip
def test_a_row_that_contradicts_its_station_is_set_aside(make_project: Make, line: str, what: str) -> None:
    others = "".join(f"B{at},Viettel,4G,105.1,22.{at}\n" for at in range(20, 40))
    table = read(make_project, f"{HEAD}\nA,Viettel,4G,105.1,22.5\n{line}\n{others}")
    assert len(table.rows) == 21
    assert table.set_aside["reason"].tolist() == [f"same station_id as row 2 with {what}"]


def test_two_files_of_one_operator_may_each_hold_cells_of_a_station(make_project: Make) -> None:
    line = "A,Viettel,4G,105.1,22.5,{}\n"
    table = read_stations(make_project(stations={
        "one.csv": f"{HEAD},azimuth\n{line.format(0)}", "two.csv": f"{HEAD},azimuth\n{line.format(120)}",
    }))  # fmt: skip
    assert table.rows["station_id"].tolist() == ["A", "A"]
    assert table.set_aside.empty


def test_a_site_code_in_place_of_a_station_id_does_not_cost_two_thirds_of_a_register(make_project: Make) -> None:
    lines = "".join(f"TQG{at},Viettel,{g},105.1,22.{at}\n" for at in range(10, 20) for g in ("2G", "3G", "4G"))
    table = read(make_project, f"{HEAD}\n{lines}")
    assert len(table.rows) == 30
    assert table.rows["station_id"].nunique() == 30
    assert "as a site code does" in messages(table, "warning")


def test_operators_that_number_alike_keep_their_stations_and_share_no_mast(make_project: Make) -> None:
    text = "station_id,position_id,generation,longitude,latitude\n1,1,4G,{0},22.5\n2,2,4G,{0},22.4\n"
    project = make_project(
        stations={"v.csv": text.format("105.1"), "m.csv": text.format("105.2")},
        entries='{file="v.csv", operator="Viettel"}, {file="m.csv", operator="MobiFone"}',
    )
    table = read_stations(project)
    assert table.rows["station_id"].tolist() == ["1-Viettel", "2-Viettel", "1-MobiFone", "2-MobiFone"]
    assert table.rows["position_id"].nunique() == 4
    assert "2 are used by several operators' files" in messages(table, "warning")
    assert "4 rows lie more than 1 km from the others of their position" in messages(table, "warning")


def test_a_wrong_coordinate_does_not_move_its_mast(make_project: Make) -> None:
    text = f"{HEAD},position_id\nA,Viettel,4G,115.2,22.5,P\nB,MobiFone,4G,105.1,22.5,P\nC,VNPT,4G,105.1001,22.5,P\n"
    table = read(make_project, text)
    assert table.rows["position_id"].tolist() == ["P@P115.20000_22.50000", "P", "P"]
    assert "(row 2)" in messages(table, "warning")


def test_stations_at_one_place_share_a_derived_position_and_the_register_is_told(make_project: Make) -> None:
    table = read(make_project, f"{HEAD}\nA,Viettel,4G,105.1,22.5\nB,MobiFone,4G,105.1,22.5\nC,MobiFone,4G,105.2,22.5\n")
    first, second, third = table.rows["position_id"]
    assert first == second != third
    assert "lower bound" in messages(table, "warning")


def test_a_row_without_a_position_takes_that_of_its_place(make_project: Make) -> None:
    text = f"{HEAD},position_id\nA,Viettel,4G,105.1,22.5,P9\nB,MobiFone,4G,105.1,22.5,\n"
    assert read(make_project, text).rows["position_id"].tolist() == ["P9", "P9"]


def test_station_ids_are_made_where_a_register_has_none(make_project: Make) -> None:
    table = read(make_project, "operator,generation,longitude,latitude\nViettel,4G,105.1,22.5\nViettel,3G,105.1,22.5\n")
    assert table.rows["station_id"].nunique() == 2
    assert "station_id: 2 rows have none" in messages(table, "warning")


def test_an_operator_per_file_stands_for_its_rows(make_project: Make) -> None:
    text = "station_id,generation,longitude,latitude\n{}1,4G,105.1,22.5\n"
    project = make_project(
        stations={"v.csv": text.format("V"), "m.csv": text.format("M")},
        entries='{file="v.csv", operator="VIETTEL "}, {file="m.csv", operator="452-01"}',
    )
    assert read_stations(project).rows["operator"].tolist() == ["Viettel", "MobiFone"]


def test_a_register_without_operators_says_so(make_project: Make) -> None:
    table = read(make_project, "station_id,generation,longitude,latitude\nA,4G,105.1,22.5\n")
    assert table.rows["operator"].tolist() == ["unknown"]
    assert "operator: 1 rows have none" in messages(table, "warning")


def test_network_codes_name_operators(make_project: Make) -> None:
    table = read(make_project, "radio,mcc,net,lon,lat\nLTE,452,4,105.1,22.5\nGSM,651,1,105.2,22.5\n")
    assert table.rows["operator"].tolist() == ["Viettel", "651-01"]


def test_the_same_register_twice_under_two_names_counts_once(make_project: Make) -> None:
    first = f"{HEAD}\nA,Viettel,4G,105.1,22.5\n"
    second = "Mã trạm;Nhà mạng;Công nghệ;Kinh độ;Vĩ độ\nA;VIETTEL;LTE;105,1;22,5\nB;VIETTEL;LTE;105,2;22,5\n"
    table = read_stations(make_project(stations={"one.csv": first, "two.csv": second}))
    assert table.rows["station_id"].tolist() == ["A", "B"]
    assert table.set_aside["reason"].tolist() == ["repeats row 2 of one.csv"]
    assert table.set_aside["Mã trạm"].tolist() == ["A"]


def test_a_workbook_is_read_like_a_text_file(make_project: Make, tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("BTS")
        sheet.write_row(0, 0, ["Mã trạm", "Công nghệ", "Kinh độ", "Vĩ độ", "Băng tần"])
        sheet.write_row(1, 0, [424, "LTE", 105.348, 22.629, 1800])
    project = make_project(entries='{file = "register.xlsx", sheet = "BTS", operator = "Viettel"}')
    row = read_stations(project).rows.iloc[0]
    assert (row["station_id"], row["longitude"], row["band_mhz"]) == ("424", 105.348, 1800.0)


def test_an_empty_register_is_an_empty_table(make_project: Make) -> None:
    table = read(make_project, HEAD + "\n")
    assert table.rows.empty
    assert tuple(table.rows.columns) == STATION_TABLE_COLUMNS
    assert table.set_aside.empty


CELL = st.text(alphabet="ab12345.,-° \"'/ĐđộG", max_size=6)
LINE = st.tuples(
    st.sampled_from(["A", "B", "", "C-1"]),
    st.sampled_from(["Viettel", "VNPT", "", "x"]) | CELL,
    st.sampled_from(["2G", "LTE", "6G", ""]) | CELL,
    st.sampled_from(["105.1", "105,2", "0", "", "22.5"]) | CELL,
    st.sampled_from(["22.5", "22,4", "0", "", "105.1"]) | CELL,
    st.sampled_from(["30", "", "abc", "98,4 ft"]) | CELL,
    st.sampled_from(["on-air", "planned", ""]) | CELL,
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, max_size=12))
def test_accepted_and_set_aside_rows_are_all_the_rows_there_are(
    make_project: Make, lines: list[tuple[str, ...]]
) -> None:
    frame = pd.DataFrame(lines, columns=[*HEAD.split(","), "antenna_height", "status"], dtype=object)
    table = read_stations(make_project(stations=frame.to_csv(index=False)))
    blank = sum(not "".join(cell.strip() for cell in line) for line in lines)
    assert len(table.rows) + len(table.set_aside) == len(lines) - blank
    rows = table.rows["row"].tolist() + table.set_aside["row"].tolist()
    assert len(set(rows)) == len(rows)
    assert table.rows["row"].is_monotonic_increasing
    assert (table.set_aside["reason"] != "").all()
    assert sum(finding.severity == "error" for finding in table.findings) == len(table.set_aside)


@pytest.mark.shared
def test_the_invented_register_of_thai_nguyen_is_read_whole(make_project: Make, shared: Path) -> None:
    table = read_stations(make_project(entries=f"'{shared}/cases/thai_nguyen/stations_invented.csv'"))
    assert (len(table.rows), len(table.set_aside)) == (1266, 0)
    assert int((~table.rows["counted"]).sum()) == 17
    assert table.rows["position_id"].nunique() == 420
    operators = table.rows.groupby("position_id")["operator"].nunique()
    assert int((operators > 1).sum()) == 118


@pytest.mark.shared
def test_the_dirty_register_of_thai_nguyen_is_accounted_for_row_by_row(make_project: Make, shared: Path) -> None:
    table = read_stations(make_project(entries=f"'{shared}/cases/thai_nguyen/stations_dirty.csv'"))
    assert len(table.rows) + len(table.set_aside) == 1272
    reasons = table.set_aside.set_index("row")["reason"]
    assert reasons[37] == "coordinates are (0, 0)"
    assert reasons[86] == "longitude and latitude look swapped"
    assert reasons[1272] == "repeats row 482"
    assert set(table.rows["operator"]) == {"Viettel", "VinaPhone", "MobiFone", "Vietnamobile"}


@pytest.mark.shared
def test_cells_of_lesotho_are_read_from_opencellids_columns(make_project: Make, shared: Path) -> None:
    project = make_project(entries=f"'{shared}/registers/lesotho_opencellid/LesothoCellTowersData.csv'")
    table = read_stations(project)
    assert len(table.rows) + len(table.set_aside) == 1936
    assert table.rows["operator"].nunique() == 2


@pytest.mark.shared
def test_the_itu_platforms_register_of_ibiza_is_read(make_project: Make, shared: Path) -> None:
    table = read_stations(make_project(entries=f"'{shared}/registers/itu_ibiza/cell-sites.csv'"))
    assert table.set_aside.empty
    assert table.rows["station_id"].is_unique
    assert set(table.rows["operator"]) == {"unknown"}
    assert table.rows["antenna_height_m"].between(10, 60).all()
