"""The words of a map, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from whitesignal.errors import InputError

Language = Literal["vi", "en"]


def labels(lang: Language) -> Mapping[str, str]:
    """Return key → label in a language; every language has the same keys.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    if lang not in get_args(Language):
        raise InputError(f"language {lang!r} is not one of {', '.join(get_args(Language))}")
    text = files("whitesignal.maps").joinpath("words", f"{lang}.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))
