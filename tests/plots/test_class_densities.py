from dlbook.plots.class_densities import RUG_STEP, rug
from dlbook.plots.risk import CENTERS, risk_histogram


def test_equal_samples_pile_up_below_each_other():
    trace = rug([190, 180, 190, 190], 1, "", base=-0.01)
    assert list(trace["x"]) == [180, 190, 190, 190]
    depths = [round((-0.01 - y) / RUG_STEP) for y in trace["y"]]
    assert depths == [0, 0, 1, 2]


def test_histogram_shares_add_up_and_sit_on_their_values():
    trace = risk_histogram([0.1, 0.1, 0.3, 0.5], "risk", "#2b83ba")
    assert trace["y"].sum() == 1
    assert trace["y"][abs(CENTERS - 0.1).argmin()] == 0.5
