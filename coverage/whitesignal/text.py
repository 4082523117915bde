"""Text as people write it: Vietnamese in NFC or NFD, with and without marks."""

from __future__ import annotations

import unicodedata

_D_WITH_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def nfc(text: str) -> str:
    """Return the text in Unicode's composed form, without surrounding white space."""
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """Return the text as a key for comparing: no marks, no case, single spaces.

    Examples
    --------
    >>> fold("Kinh độ ")
    'kinh do'
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
