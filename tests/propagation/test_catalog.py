"""The catalogue of models."""

import pytest

from whitesignal.errors import InputError
from whitesignal.propagation import catalog, hata, p1812, tr38901


def test_every_model_a_project_may_name_is_there_under_its_own_name():
    names = ["p526", "itm", "p1812", "free-space", "hata", "tr38901-rma", "tr38901-uma", "circle"]
    assert list(catalog.MODELS) == names
    assert all(catalog.model(name).name == name for name in catalog.MODELS)
    assert catalog.DEFAULT_MODEL in catalog.MODELS


def test_every_model_says_where_it_comes_from_and_what_it_leaves_out():
    for info in catalog.MODELS.values():
        assert info.title
        assert info.citation
        assert info.leaves_out


def test_only_the_circle_is_for_comparison_and_only_three_follow_the_terrain():
    assert [name for name, info in catalog.MODELS.items() if info.for_comparison] == ["circle"]
    assert [name for name, info in catalog.MODELS.items() if info.uses_terrain] == ["p526", "itm", "p1812"]


def test_the_ranges_are_those_the_models_check():
    assert catalog.model("hata").frequency_mhz == (hata.OKUMURA_FREQUENCY.low, hata.COST231_FREQUENCY.high)
    assert catalog.model("hata").distance_km == (hata.DISTANCE.low, hata.DISTANCE.high)
    path = catalog.model("p1812")
    assert path.frequency_mhz == (1000.0 * p1812.FREQUENCY.low, 1000.0 * p1812.FREQUENCY.high)
    assert path.distance_km == (p1812.DISTANCE.low, p1812.DISTANCE.high)
    rural = tr38901.RMA_FREQUENCY
    assert catalog.model("tr38901-rma").frequency_mhz == (1000.0 * rural.low, 1000.0 * rural.high)


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(InputError, match="unknown model 'p527'; known: p526, itm, p1812, free-space, hata"):
        catalog.model("p527")


def test_the_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        catalog.MODELS["mine"] = catalog.model("p526")
