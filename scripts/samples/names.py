"""Invented names that sound like the mountains of northern Vietnam; any likeness to a real village is chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FIRST = (
    "Nà", "Nậm", "Khuổi", "Tả", "Sủng", "Lũng", "Pắc", "Phìn", "Sán", "Cốc", "Pà", "Mỏ", "Tân", "Minh", "Thượng",
    "Trung", "Hạ", "Phố", "Thèn", "Suối", "Hồ", "Lùng", "Khâu", "Bó", "Tát", "Xín", "Lao", "Chúng", "Vằn", "Nấm",
)  # fmt: skip
SECOND = (
    "Lìn", "Ngòi", "Pủng", "Vai", "Chải", "Sàng", "Khoang", "Thắng", "Cáng", "Luông", "Mạ", "Tiến", "Sơn", "Phong",
    "Khiêu", "Dìn", "Hẩu", "Chúa", "Giàng", "Tủng", "Vản", "Lầu", "Nhùng", "Khuông", "Đông", "Lâm", "Bình", "Thành",
    "Quý", "Hương", "Lạn", "Chì", "Páo", "Trù", "Van", "Dề", "Khún", "Mới", "Luốc", "Xám",
)  # fmt: skip
KINDS = ("Thôn", "Bản")


def distinct_names(rng: np.random.Generator, count: int, taken: Sequence[str] = ()) -> list[str]:
    """Return so many different two-syllable names, none of them taken."""
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND]
    free = [name for name in rng.permutation(pairs).tolist() if name not in set(taken)]
    if count > len(free):
        raise ValueError(f"{count} names are wanted, {len(free)} are free")
    return free[:count]


def village_names(rng: np.random.Generator, count: int, *, urban: bool) -> list[str]:
    """Return the names of one commune's villages: numbered neighbourhoods in a town, Thôn and Bản elsewhere."""
    if urban:
        return [f"Tổ {number}" for number in range(1, count + 1)]
    names = distinct_names(rng, count)
    return [f"{KINDS[int(rng.random() < 0.3)]} {name}" for name in names]
