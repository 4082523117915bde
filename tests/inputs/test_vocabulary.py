"""Words of registers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.inputs import vocabulary
from whitesignal.inputs.vocabulary import (
    azimuths,
    canonical_operator,
    declared_status_of,
    generations_in,
    iso_date,
    operator_of_codes,
    status_of,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("name", "operator"),
    [
        ("VIETTEL ", "Viettel"), ("Tập đoàn Công nghiệp - Viễn thông Quân đội", "Viettel"), ("45204", "Viettel"),
        ("452-04", "Viettel"), ("VNPT", "VinaPhone"), ("VNPT VinaPhone", "VinaPhone"), ("Vinaphone", "VinaPhone"),
        ("VNPT Hà Giang", "VinaPhone"), ("452 02", "VinaPhone"), ("Mobifone", "MobiFone"), ("VMS", "MobiFone"),
        ("452-01", "MobiFone"), ("Vietnamobile", "Vietnamobile"), ("Hanoi Telecom", "Vietnamobile"),
        ("GTEL Mobile", "Gmobile"), ("452-07", "Gmobile"), ("Unitel ", "Unitel"), ("", ""),
        ("MobiFone - Viettel", "MobiFone - Viettel"),
    ],
)  # fmt: skip
def test_an_operator_has_one_spelling(name: str, operator: str) -> None:
    assert canonical_operator(name) == operator
    assert canonical_operator(unicodedata.normalize("NFD", name)) == operator


def test_an_unknown_operator_keeps_its_name_composed() -> None:
    assert canonical_operator(unicodedata.normalize("NFD", "Đông Dương")) == "Đông Dương"


@pytest.mark.parametrize(
    ("mcc", "mnc", "operator"),
    [("452", "01", "MobiFone"), ("452", "1", "MobiFone"), ("452", "04", "Viettel"), ("651", "10", "651-10"),
     ("452", "", "")],
)  # fmt: skip
def test_network_codes_keep_their_leading_zero(mcc: str, mnc: str, operator: str) -> None:
    assert operator_of_codes(mcc, mnc) == operator


@pytest.mark.parametrize(
    ("text", "generations"),
    [
        ("GSM", "2G"), ("gsm900", "2G"), ("DCS 1800", "2G"), ("WCDMA", "3G"), ("UMTS 2100", "3G"), ("NodeB", "3G"),
        ("LTE", "4G"), ("4G LTE", "4G"), ("LTE-A", "4G"), ("eNodeB", "4G"), ("TD-LTE", "4G"), ("4", "4G"),
        ("NR", "5G"), ("5G NSA", "5G"), ("gNodeB", "5G"), ("Trạm 3G", "3G"), ("2g", "2G"),
        ("LTE/NR", "4G 5G"), ("2G, 3G", "2G 3G"), ("6G", ""), ("wimax", ""), ("CDMA", ""), ("", ""), ("1800", ""),
    ],
)  # fmt: skip
def test_a_technology_means_its_generation(text: str, generations: str) -> None:
    assert generations_in(text) == tuple(generations.split())


def test_a_status_is_what_its_word_says() -> None:
    assert status_of("") == status_of("ĐANG HOẠT ĐỘNG") == status_of("On-Air") == "on-air"
    assert status_of("Không hoạt động") == status_of("off-air") == "off"
    assert status_of("đang xây dựng") == status_of("chưa phát sóng") == "planned"
    assert status_of("Đã tháo dỡ") == "dismantled"
    assert status_of("???") == "unrecognised"


def test_no_word_means_two_things() -> None:
    for table in (vocabulary.STATUS_WORDS, vocabulary.DECLARED_WORDS, vocabulary.OPERATOR_WORDS,
                  vocabulary.GENERATION_WORDS):  # fmt: skip
        keys = [vocabulary.word_key(word) for words in table.values() for word in words]
        assert len(keys) == len(set(keys))


def test_a_declared_status_is_white_weak_or_covered() -> None:
    assert [declared_status_of(word) for word in ("Trắng sóng", "lõm sóng", "Phủ sóng", "", "?")] == [
        "white", "weak", "covered", "", None,
    ]  # fmt: skip


def test_yes_and_no_are_read_and_a_doubt_is_neither() -> None:
    assert [yes_or_no(word) for word in ("Có", "x", "1", "Không", "chưa", "0", "", "?")] == [
        True, True, True, False, False, False, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("0/120/240", "0/120/240"), ("0-120-240", "0/120/240"), ("0,120,240", "0/120/240"), ("0 120 240", "0/120/240"),
     ("10,5; 130,5", "10.5/130.5"), ("360", "0"), ("45°", "45"), ("omni", "omni"), ("Vô hướng", "omni"), ("", ""),
     ("400", None), ("-20", None), ("bắc", None), ("/", None)],
)  # fmt: skip
def test_azimuths_are_a_list_of_bearings_or_omni(text: str, meaning: str | None) -> None:
    assert azimuths(text) == meaning


@settings(deadline=None)
@given(bearings=st.lists(st.integers(0, 359), min_size=1), separator=st.sampled_from(["/", ";", " / ", "|"]))
def test_bearings_come_back_whatever_separates_them(bearings: list[int], separator: str) -> None:
    assert azimuths(separator.join(map(str, bearings))) == "/".join(map(str, bearings))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("2023-06-30", "2023-06-30"), ("30/6/2023", "2023-06-30"), ("5/1/2023", "2023-01-05"),
     ("30.06.2023", "2023-06-30"), ("2023-06-30 00:00:00", "2023-06-30"),
     ("", ""), ("31/2/2023", None), ("2023", None), ("soon", None)],
)  # fmt: skip
def test_a_date_is_read_day_first(text: str, meaning: str | None) -> None:
    assert iso_date(text) == meaning


@settings(deadline=None)
@given(text=st.text(max_size=20))
def test_no_word_whatever_makes_them_stumble(text: str) -> None:
    for read in (canonical_operator, generations_in, status_of, declared_status_of, yes_or_no, azimuths, iso_date):
        read(text)
