import pytest

from dlbook.plots.color_numbers import see_through


def test_a_colour_with_an_opacity():
    assert see_through("#ff8000", 0.5) == "rgba(255,128,0,0.5)"
    with pytest.raises(ValueError, match="invalid literal"):
        see_through("orange", 0.5)
