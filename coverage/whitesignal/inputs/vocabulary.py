"""Words of registers → our codes: operators, generations, status, azimuths, dates, yes and no.

Every list here is data: a new spelling is one more entry, compared without marks, case and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from whitesignal.bands import Generation
from whitesignal.text import fold, nfc

_NOT_WORD = re.compile(r"[\W_]+")

UNKNOWN_OPERATOR = "unknown"
OMNI = "omni"

OPERATOR_BY_CODE: Mapping[str, str] = MappingProxyType(
    {"45201": "MobiFone", "45202": "VinaPhone", "45204": "Viettel", "45205": "Vietnamobile", "45207": "Gmobile"}
)
"""MCC and MNC, its leading zero kept (ITU-T E.212)."""

OPERATOR_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Viettel": ("viettel", "vtl", "vtnet", "quan doi"),
        "VinaPhone": ("vinaphone", "vina phone", "vnpt", "vina", "vnp"),
        "MobiFone": ("mobifone", "mobi fone", "mobiphone", "mobi", "vms", "mbf"),
        "Vietnamobile": ("vietnamobile", "vietnam mobile", "vnm", "vnmobile", "ha noi telecom", "hanoi telecom"),
        "Gmobile": ("gmobile", "g mobile", "gtel", "gtel mobile", "beeline"),
    }
)
"""Canonical name → words any of which, standing alone in a name, mean that operator."""

GENERATION_WORDS: Mapping[Generation, tuple[str, ...]] = MappingProxyType(
    {
        "2G": ("2g", "2", "gsm", "dcs", "gprs", "edge", "bts2g"),
        "3G": ("3g", "3", "wcdma", "umts", "hspa", "hsdpa", "utra", "nodeb"),
        "4G": ("4g", "4", "lte", "eutra", "enodeb", "enb"),
        "5G": ("5g", "5", "nr", "gnodeb", "gnb"),
    }
)

Status = Literal["on-air", "planned", "off", "dismantled", "unrecognised"]

STATUS_WORDS: Mapping[Status, tuple[str, ...]] = MappingProxyType(
    {
        "on-air": (
            "on air", "onair", "on", "active", "in service", "in use", "operational", "operating", "live", "working",
            "hoạt động", "đang hoạt động", "phát sóng", "đang phát sóng", "đã phát sóng", "đang sử dụng",
            "đang khai thác", "bình thường", "đang phát",
        ),
        "planned": (
            "planned", "plan", "planning", "proposed", "under construction", "quy hoạch", "kế hoạch", "dự kiến",
            "theo kế hoạch", "đang xây dựng", "đang triển khai", "chưa phát sóng", "đề xuất", "chưa xây dựng",
        ),
        "off": (
            "off", "off air", "offair", "inactive", "down", "out of service", "suspended", "tắt", "tắt sóng",
            "đã tắt sóng", "ngừng", "ngừng hoạt động", "dừng hoạt động", "tạm dừng", "tạm ngừng", "không hoạt động",
            "mất liên lạc", "đã tắt",
        ),
        "dismantled": (
            "dismantled", "decommissioned", "removed", "retired", "tháo dỡ", "đã tháo dỡ", "thu hồi", "đã thu hồi",
            "thanh lý", "đã thanh lý",
        ),
    }
)  # fmt: skip

DECLARED_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "white": ("white", "trắng", "trắng sóng", "vùng trắng", "chưa có sóng", "không có sóng", "chưa phủ sóng",
                  "không", "chưa"),
        "weak": ("weak", "lõm", "lõm sóng", "vùng lõm", "sóng yếu", "yếu", "sóng chập chờn"),
        "covered": ("covered", "phủ sóng", "đã phủ sóng", "có sóng", "đã có sóng", "có", "tốt"),
    }
)  # fmt: skip

YES_WORDS = frozenset({"true", "yes", "y", "1", "x", "co", "da co", "dung", "co dien", "co dien luoi"})
NO_WORDS = frozenset({"false", "no", "n", "0", "khong", "chua", "chua co", "khong co", "sai", "chua co dien",
                      "khong co dien", "chua co dien luoi"})  # fmt: skip
OMNI_WORDS = frozenset({"omni", "omnidirectional", "vo huong", "dang huong", "0 360", "toan huong"})

_SLASHED_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:\s.*)?")


def word_key(text: str) -> str:
    """Return a text as a key: no marks, case or punctuation."""
    return " ".join(_NOT_WORD.sub(" ", fold(text)).split())


def canonical_operator(name: str) -> str:
    """Return an operator's usual spelling; a name that is not known, or that means several, as it was given.

    Examples
    --------
    >>> canonical_operator("VNPT VinaPhone"), canonical_operator("452-04"), canonical_operator("Unitel ")
    ('VinaPhone', 'Viettel', 'Unitel')
    """
    key = word_key(name)
    by_code = OPERATOR_BY_CODE.get(key.replace(" ", ""))
    if by_code is not None:
        return by_code
    padded = f" {key} "
    meant = {operator for operator, words in OPERATOR_WORDS.items() if any(f" {word} " in padded for word in words)}
    return meant.pop() if len(meant) == 1 else nfc(name)


def operator_of_codes(mcc: str, mnc: str) -> str:
    """Return the operator that a country code and a network code mean: its name, or "MCC-MNC" where not known.

    Examples
    --------
    >>> operator_of_codes("452", "4"), operator_of_codes("651", "1"), operator_of_codes("", "")
    ('Viettel', '651-01', '')
    """
    if not mcc.strip() or not mnc.strip():
        return ""
    code = f"{mcc.strip()}-{mnc.strip().zfill(2)}"
    return OPERATOR_BY_CODE.get(code.replace("-", ""), code)


def generations_in(text: str) -> tuple[Generation, ...]:
    """Return the generations that a text names: one where it is clear, none or several where it is not.

    Examples
    --------
    >>> generations_in("4G LTE"), generations_in("LTE 1800"), generations_in("LTE/NR"), generations_in("6G")
    (('4G',), ('4G',), ('4G', '5G'), ())
    """
    tokens = word_key(text).split()
    bare = {re.sub(r"(?<=[a-z])\d+$", "", token) for token in tokens} | set(tokens)
    alone = len(tokens) == 1
    return tuple(
        generation
        for generation, words in GENERATION_WORDS.items()
        if any(word in bare and (alone or not word.isdigit()) for word in words)
    )


def _lookup(text: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    key = word_key(text)
    return next((code for code, spelled in words.items() if any(word_key(word) == key for word in spelled)), None)


def status_of(text: str) -> str:
    """Return a station's status; "on-air" where none is given, "unrecognised" where the word is not known."""
    if not text.strip():
        return "on-air"
    found = _lookup(text, STATUS_WORDS)  # type: ignore[arg-type]
    return found or "unrecognised"


def declared_status_of(text: str) -> str | None:
    """Return a village's declared status, "" where none is given, None where the word is not known."""
    return _lookup(text, DECLARED_WORDS) if text.strip() else ""


def yes_or_no(text: str) -> bool | None:
    """Return what a yes-no cell says; None where it is blank or says something else."""
    key = word_key(text)
    if key in YES_WORDS:
        return True
    return False if key in NO_WORDS else None


def azimuths(text: str) -> str | None:
    """Return azimuths as "0/120/240", "omni" where declared, "" where blank, None where unreadable. [°]

    Examples
    --------
    >>> azimuths("0; 120; 240"), azimuths("360°"), azimuths("Vô hướng"), azimuths("120,5"), azimuths("N/A")
    ('0/120/240', '0', 'omni', '120.5', None)
    """
    if not text.strip():
        return ""
    if word_key(text) in OMNI_WORDS:
        return OMNI
    bare = text.replace("°", " ").strip()
    if re.fullmatch(r"\d{1,3},\d", bare) or re.search(r"[/;|]", bare):
        bare = re.sub(r"(?<=\d),(?=\d)", ".", bare)
    parts = [part for part in re.split(r"[/;|,\s]+|(?<=\d)-(?=\d)", bare) if part]
    if not parts or any(re.fullmatch(r"\d+(\.\d+)?", part) is None or float(part) > 360.0 for part in parts):
        return None
    return "/".join(f"{float(part) % 360.0:g}" for part in parts)


def iso_date(text: str) -> str | None:
    """Return a date as ISO text, "" where blank, None where unreadable; 5/1/2023 is the fifth of January.

    Examples
    --------
    >>> iso_date("2023-06-30"), iso_date("5/1/2023"), iso_date("soon")
    ('2023-06-30', '2023-01-05', None)
    """
    bare = text.strip()
    if not bare:
        return ""
    slashed = _SLASHED_DATE.fullmatch(bare)
    try:
        if slashed is not None:
            day, month, year = (int(part) for part in slashed.groups())
            return date(year, month, day).isoformat()
        return datetime.fromisoformat(bare).date().isoformat()
    except ValueError:
        return None
