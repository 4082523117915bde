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
    """Return key → label of a map in a language; every language has the same keys: see ``catalogue``."""
    return catalogue("whitesignal.maps", lang)


def catalogue(room: str, lang: Language) -> Mapping[str, str]:
    """Return key → words in a language, of a package's own ``words/LANGUAGE.json``.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    if lang not in get_args(Language):
        raise InputError(f"language {lang!r} is not one of {', '.join(get_args(Language))}")
    text = files(room).joinpath("words", f"{lang}.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))
