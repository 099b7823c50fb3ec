import numpy as np
import pytest

from dlbook.plots.error_curves import curve_with_spread, level, translucent


def test_line_is_the_median_and_the_band_the_quartiles():
    runs = np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 3.0], [3.0, 4.0], [4.0, 5.0]])
    band, median = curve_with_spread([1, 10], runs, "error", "#2b83ba")
    assert list(median["y"]) == [2, 3]
    assert list(band["x"]) == [1, 10, 10, 1]
    assert list(band["y"]) == [3, 4, 2, 1]  # upper quartile forth, lower quartile back
    assert band["showlegend"] is False


def test_second_panel():
    traces = curve_with_spread([1], [[1.0]], "error", "#000000", panel=2)
    assert all(trace["yaxis"] == "y2" for trace in traces)


def test_level_and_colour():
    assert level(0.1, [1, 5], "least")["y"] == [0.1, 0.1]
    assert translucent("#ff8000", 0.5) == "rgba(255,128,0,0.5)"
    with pytest.raises(ValueError, match="invalid literal"):
        translucent("orange")
