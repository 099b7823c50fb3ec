import numpy as np

from dlbook.plots.error_curves import curve_with_spread, level


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


def test_a_level_is_one_height():
    assert level(0.1, [1, 5], "least")["y"] == [0.1, 0.1]
