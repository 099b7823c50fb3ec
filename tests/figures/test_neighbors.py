import numpy as np
import pytest

from dlbook.figures.neighbors import errors_on_moons, neighbors_map, query_and_neighbors


def test_lines_lead_to_the_k_nearest_points_and_rings_mark_them():
    figure = query_and_neighbors(5, 0.25, -0.25)
    listed = {trace.name: trace for trace in figure.data if trace.showlegend is not False}
    links, zeros, ones = figure.data[0], listed["class 0"], listed["class 1"]
    ends = {(x, y) for x, y in zip(links.x[1::2], links.y[1::2], strict=True)}
    assert len(ends) == 5
    rings = listed["voters"]
    assert [trace.name for trace in figure.data[-3:]] == ["voters", "star", "votes"]  # on top
    assert {*zip(rings.x, rings.y, strict=True)} == ends
    points = np.array([*zip(zeros.x, zeros.y, strict=True), *zip(ones.x, ones.y, strict=True)])
    distances = np.sort(np.hypot(points[:, 0] - 0.25, points[:, 1] + 0.25))
    farthest = max(np.hypot(x - 0.25, y + 0.25) for x, y in ends)
    assert farthest == pytest.approx(distances[4], abs=1e-5)


def test_the_answer_at_the_starting_place_changes_three_times():
    answers = [
        query_and_neighbors(k, -1.25, -0.5).layout.meta["status"].split("class ")[3][0]
        for k in (1, 3, 5, 11, 21)
    ]
    assert answers == ["0", "1", "1", "0", "1"]


@pytest.mark.parametrize("points", ["moons", "blobs", "xor", "spirals"])
@pytest.mark.parametrize("label_noise", [0.0, 0.2])
def test_one_neighbor_makes_no_training_error(points, label_noise):
    figure = neighbors_map(1, points, label_noise, "votes")
    assert figure.layout.meta["status"].startswith("K = 1: 0.0%")
    assert set(np.unique(figure.data[0].z)) <= {0, 1}


def test_prediction_is_the_majority_of_the_votes():
    votes, prediction = (
        np.asarray(neighbors_map(21, "xor", 0.1, show).data[0].z)
        for show in ("votes", "prediction")
    )
    np.testing.assert_array_equal(prediction, votes > 0.5)


def test_more_votes_make_fewer_islands():
    def border(k):
        z = np.asarray(neighbors_map(k, "moons", 0.1, "prediction").data[0].z)
        return np.abs(np.diff(z, axis=0)).sum() + np.abs(np.diff(z, axis=1)).sum()

    assert border(1) > 1.5 * border(21)


def test_half_of_all_points_forget_the_spiral():
    status = neighbors_map(101, "spirals", 0.0, "votes").layout.meta["status"]
    assert float(status.split(", ")[1].split("%")[0]) > 35


def test_eleven_votes_pay_less_for_wrong_labels():
    for label_noise in (0.1, 0.2):
        errors = errors_on_moons(label_noise, [1, 11])
        assert (errors[:, 0] > errors[:, 1]).all()  # all 20 training sets
        assert errors[:, 0].median() > 1.5 * label_noise
