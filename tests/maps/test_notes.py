"""What a map tells every reader about the results it shows."""

from __future__ import annotations

import pytest

from whitesignal.maps.labels import labels
from whitesignal.maps.payload import payload


def notes_of(make_province, **changes):
    return payload(make_province(**changes), "en")["title"]["notes"]


@pytest.mark.parametrize(
    ("model", "key"), [("p1812", "note.map_clutter"), ("circle", "note.comparison"), ("p526", None)]
)
def test_each_model_comes_with_its_own_caution(make_province, model, key):
    cautions = {labels("en")[name] for name in ("note.map_clutter", "note.comparison")}
    found = cautions & set(notes_of(make_province, model=model))
    assert found == ({labels("en")[key]} if key else set())
