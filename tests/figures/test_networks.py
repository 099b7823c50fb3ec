"""Figures of chapter pages on neurons, activations and folds say in words what they show."""

import ast
import math
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from dlbook.figures.activations import activation_and_slope, outputs_together
from dlbook.figures.digit_network import CHECKPOINTS, IMAGES, network_state
from dlbook.figures.folding import FOLDS, fold_step_by_step, folded_plane
from dlbook.figures.layer_stack import ring_through_layers
from dlbook.figures.network_drawing import network_drawing, neuron_graph
from dlbook.models.activations import ACTIVATIONS

ROOT = Path(__file__).resolve().parents[2]


def status(figure) -> str:
    return figure.layout.meta["status"]


def trace(figure, name: str, place: int = 0):
    return [t for t in figure.data if t.name == name][place]


def test_solution_of_the_lecture_in_the_figure():
    figure = folded_plane(45, 0, 1.0)
    assert "0.00, 1.00, 1.00, 0.00" in status(figure)
    assert "XOR, exactly" in status(figure)
    ones = trace(figure, "target 1", 1)
    assert ones.x == pytest.approx([1, 1])
    assert ones.y == pytest.approx([0, 0])
    assert "01 = 10" in figure.data[-1].text


def test_unfolded_cut_is_the_line_of_one_half():
    """At the parallel solution o = 0.5 on x1 + x2 = 0.5 and on x1 + x2 = 1.5."""
    cut = trace(folded_plane(45, 0, 1.0), "o = 0.5")
    sums = np.round((cut.x + cut.y)[~np.isnan(cut.x)], 9)
    assert set(sums) == {0.5, 1.5}


def test_every_crease_that_crosses_the_square_is_drawn():
    for place in ((45, 0, 1.0), (-45, 180, 0.0), (0, 30, 0.5), (30, 90, -0.25)):
        figure = folded_plane(*place)
        for name in ("crease of h₁", "crease of h₂"):
            assert len(trace(figure, name).x) == 3


def test_no_side_is_taken_where_the_corners_cannot_be_told_apart():
    figure = folded_plane(60, 120, -0.5)
    assert "no side taken" in status(figure)
    for name in ("answer 0", "answer 1", "o = 0.5"):
        shown = [*trace(figure, name).x, *trace(figure, name, 1).x]
        assert not any(math.isfinite(x) for x in shown)


def test_folded_grid_lies_where_both_units_are_not_negative():
    for place in ((45, 0, 1.0), (30, 30, 0.5), (-60, 120, -0.5)):
        grid = trace(folded_plane(*place), "grid", 1)
        assert np.nanmin(grid.x) >= 0
        assert np.nanmin(grid.y) >= 0


def test_affine_part_keeps_lines_straight_and_relu_breaks_them():
    def bend(step: int) -> float:
        grid = trace(fold_step_by_step(next(iter(FOLDS)), step), "grid")
        lines = np.stack([grid.x, grid.y], axis=1).reshape(-1, 5, 2)[:, :4]
        chord, inner = lines[:, 3:] - lines[:, :1], lines[:, 1:3] - lines[:, :1]
        return float(np.abs(chord[..., 0] * inner[..., 1] - chord[..., 1] * inner[..., 0]).max())

    assert max(bend(step) for step in range(11)) < 1e-9
    assert bend(15) > 0.1
    assert bend(20) > bend(15)


def test_which_folds_solve_xor():
    verdicts = [status(fold_step_by_step(fold, 20)) for fold in FOLDS]
    assert ["exactly" in verdict for verdict in verdicts] == [True, True, False, False]
    assert "4 of 4" in verdicts[3]


def test_ring_stays_on_the_single_layer_without_activation_only():
    for seed in (1, 11, 13):
        for num_layers in (1, 5, 10):
            straight = ring_through_layers(num_layers, 1.0, seed)
            assert "exactly the same" in status(straight)
        assert "off by" in status(ring_through_layers(10, 0.9, seed))


def test_drawing_counts_lines_and_parameters():
    figure = network_drawing(2, 3, 8, 1)
    assert "= 177 parameters, 152 lines and 25 biases" in status(figure)
    assert np.isnan(figure.data[0].x).sum() == 152
    assert [len(t.x) for t in figure.data[1:]] == [2, 24, 1]
    assert "= 57 parameters" in status(network_drawing(2, 3, 4, 1))
    assert [len(t.x) for t in network_drawing(3, 0, 5, 2).data[1:]] == [3, 0, 2]


def test_values_on_the_graph_of_a_neuron():
    figure = neuron_graph([2.0, -1.0], [1.0, 3.0], 1.5)
    shown = list(figure.data[-1].text)
    assert shown == ["2", "1", "−1", "3", "2", "−3", "−1", "1.5", "0.5", "0.622"]


def test_network_state_says_who_wins():
    figure = network_state(IMAGES["a 2 learned late"], 30, 2)
    assert "answer 3, wrong" in status(figure)
    assert "answer 2, right" in status(network_state(IMAGES["a 2 learned late"], 60, 2))
    for image in (IMAGES[f"a {digit}"] for digit in range(4)):
        assert "right" in status(network_state(image, CHECKPOINTS[-1], 0))
    assert "wrong" in status(network_state(IMAGES["a 3 never learned"], CHECKPOINTS[-1], 3))


def test_the_pixels_of_the_digit_are_square():
    layout = network_state(IMAGES["a 0"], 0, 0).layout
    assert layout.yaxis2.scaleanchor == "x2"
    assert layout.xaxis2.constrain == layout.yaxis2.constrain == "domain"


def test_slopes_at_the_inputs():
    assert "nearly flat (slope below 0.05) at all of 60" in status(
        activation_and_slope("ReLU", 1.0, -4)
    )
    assert "none of 60" in status(activation_and_slope("ReLU", 1.0, 4))
    assert "none of 60" in status(activation_and_slope("leaky ReLU", 0.1, -4))
    for name in ACTIVATIONS:
        figure = activation_and_slope(name, 0.5, 1)
        assert len(figure.data[2].x) == 60
        assert torch.isfinite(torch.tensor(figure.data[3].y)).all()


def explorer_parameters():
    """The values of α and β that the page's explorer offers."""
    page = nbformat.read(ROOT / "book" / "networks" / "activations.ipynb", as_version=4)
    source = next(c.source for c in page.cells if "parameter=Steps(" in c.source)
    return ast.literal_eval(re.search(r"parameter=Steps\((\[.*?\])", source)[1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_dots_lie_inside_their_panels(name):
    """All slopes, and all outputs but of a leaky ReLU steeper than 1 and a softplus near z/2."""
    beyond = {"leaky ReLU": [2.0], "softplus": [0.1]}
    for parameter in explorer_parameters():
        for bias in range(-4, 5):
            figure = activation_and_slope(name, parameter, bias)
            panels = [(figure.data[3], figure.layout.xaxis2, figure.layout.yaxis2)]
            if parameter not in beyond.get(name, []):
                panels.append((figure.data[2], figure.layout.xaxis, figure.layout.yaxis))
            for points, x, y in panels:
                assert x.range[0] < min(points.x) <= max(points.x) < x.range[1]
                assert y.range[0] < min(points.y) <= max(points.y) < y.range[1]


def test_which_bars_move():
    def bars(*settings):
        return [np.asarray(t.y) for t in outputs_together(*settings).data]

    softmax, sigmoids = bars(2.0, 0, 1.0)
    assert softmax.sum() == pytest.approx(1)
    raised = bars(3.0, 0, 1.0)
    assert (np.abs(raised[0] - softmax) > 0.01).tolist() == [True, True, True]
    assert (np.abs(raised[1] - sigmoids) > 0.01).tolist() == [True, False, False]
    shifted = bars(2.0, 2, 1.0)
    np.testing.assert_allclose(shifted[0], softmax, atol=1e-6)
    assert (np.abs(shifted[1] - sigmoids) > 0.05).all()
