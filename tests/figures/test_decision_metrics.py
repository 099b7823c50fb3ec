"""Figures of a threshold: areas, counts and both curves tell one story; costs pick a point."""

import pytest

from dlbook.figures.decision_metrics import cheapest_threshold, threshold_on_scores

DISTANCES, PREVALENCES = (0, 0.5, 1, 2, 3), (0.01, 0.1, 0.5)


def red_dots(figure):
    """(x, y) of the markers: on the ROC curve, on the precision-recall curve."""
    return [(t.x[0], t.y[0]) for t in figure.data if t.type == "scatter" and t.mode == "markers"]


def test_the_roc_point_ignores_prevalence_and_precision_does_not():
    (roc_common, pr_common), (roc_rare, pr_rare) = (
        red_dots(threshold_on_scores(1.0, 2, prevalence)) for prevalence in (0.5, 0.01)
    )
    assert roc_common == roc_rare
    assert roc_common == pytest.approx((0.159, 0.841), abs=1e-3)
    assert pr_common == pytest.approx((0.841, 0.841), abs=1e-3)
    assert pr_rare == pytest.approx((0.841, 0.051), abs=1e-3)


def test_counts_of_the_page():
    status = threshold_on_scores(1.0, 2, 0.01).layout.meta["status"]
    assert "84 of 100 sick" in status
    assert "1,571 of 9,900 healthy" in status
    assert "Accuracy 0.841" in status


@pytest.mark.parametrize("prevalence", PREVALENCES)
@pytest.mark.parametrize("distance", DISTANCES)
def test_words_in_the_table_add_up(distance, prevalence):
    for threshold in (-3.0, 0.0, 1.2, 5.0):
        table = next(t for t in threshold_on_scores(threshold, distance, prevalence).data
                     if t.type == "scatter" and t.mode == "text")  # fmt: skip
        counts = {w.split()[0]: int(w.split()[1].replace(",", "")) for w in table.text}
        assert counts["TP"] + counts["FN"] == round(10_000 * prevalence)
        assert sum(counts.values()) == 10_000
        # each word stands in its cell: sick above, called sick on the left
        places = dict(zip((w.split()[0] for w in table.text), zip(table.x, table.y, strict=True),
                          strict=True))  # fmt: skip
        assert places == {"TP": (0, 1), "FN": (1, 1), "FP": (0, 0), "TN": (1, 0)}


def test_trivial_thresholds_are_the_corners_and_only_distance_leaves_the_diagonal():
    (fpr, tpr), _ = red_dots(threshold_on_scores(-3.0, 3, 0.5))
    assert min(fpr, tpr) > 0.998
    (fpr, tpr), _ = red_dots(threshold_on_scores(5.0, 0, 0.5))
    assert max(fpr, tpr) < 0.001
    for threshold in (-1.0, 0.4, 2.0):
        (fpr, tpr), _ = red_dots(threshold_on_scores(threshold, 0, 0.1))
        assert fpr == pytest.approx(tpr)


def test_dearer_misses_move_the_point_up():
    points = [red_dots(cheapest_threshold(miss, 2, 0.1))[1] for miss in (0.1, 1, 10, 100, 1000)]
    assert points == sorted(points)


@pytest.mark.parametrize("prevalence", PREVALENCES)
@pytest.mark.parametrize("miss", [0.1, 1, 30, 1000])
def test_the_cheapest_point_is_the_lowest_of_the_curve(miss, prevalence):
    figure = cheapest_threshold(miss, 1, prevalence)
    lowest, _ = (t for t in figure.data if t.type == "scatter" and t.mode == "markers")
    assert lowest.y[0] <= min(figure.data[0].y) + 1e-9
    assert lowest.y[0] <= 1 + 1e-9  # never dearer than the cheaper trivial rule
