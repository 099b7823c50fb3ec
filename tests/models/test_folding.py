import itertools

import pytest
import torch

from dlbook.models.folding import (
    CORNERS,
    XOR,
    clip,
    creases,
    decision_pieces,
    exact_xor_network,
    fit_readout,
    is_exact,
    num_right,
)
from dlbook.models.mlp import linears, states
from dlbook.random import uniform

SQUARE = torch.tensor([[-0.5, -0.5], [1.5, -0.5], [1.5, 1.5], [-0.5, 1.5]], dtype=torch.float64)
GRID = list(itertools.product(range(-90, 91, 15), range(0, 181, 30), [k / 4 for k in range(-4, 5)]))


def area(polygon: torch.Tensor) -> float:
    x, y = polygon.T
    return float((x * y.roll(-1) - y * x.roll(-1)).sum().abs() / 2)


def test_two_relu_units_solve_xor_exactly():
    model = exact_xor_network()
    assert model(CORNERS)[:, 0].tolist() == [0.0, 1.0, 1.0, 0.0]
    hidden = states(model, CORNERS)[1]
    assert hidden.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]  # 01 and 10 are one place


def test_the_best_readout_of_the_parallel_units_is_the_exact_one():
    model = fit_readout(*creases(45, 0, 1.0))
    for ours, exact in zip(model.parameters(), exact_xor_network().parameters(), strict=True):
        torch.testing.assert_close(ours, exact.double(), rtol=0, atol=1e-12)


def test_opposite_units_fold_along_the_diagonal():
    model = fit_readout(*creases(-45, 180, 0.0))
    points = 3 * uniform((200, 2), seed=0).double() - 1
    expected = (points[:, 0] - points[:, 1]).abs()
    torch.testing.assert_close(model(points)[:, 0], expected, rtol=0, atol=1e-12)


def test_exact_solutions_lay_corners_of_one_class_onto_each_other():
    """30 of the 819 positions of the page's figure are exact; 29 of these merge two corners."""
    exact = [m for m in (fit_readout(*creases(*place)) for place in GRID) if is_exact(m)]
    assert len(GRID) == 819
    assert len(exact) == 30
    merged = []
    for model in exact:
        h = states(model, CORNERS.double())[1]
        merged.append([bool((h[i] - h[j]).abs().max() < 1e-9) for i, j in ((1, 2), (0, 3))])
    assert sum(map(any, merged)) == 29
    assert [sum(column) for column in zip(*merged, strict=True)] == [9, 20]


def test_no_single_unit_solves_xor():
    for angle in range(0, 360, 5):
        for offset in torch.linspace(-2, 2, 17).tolist():
            W, _ = creases(angle, 0, 0.0)
            b = torch.tensor([-offset, -offset], dtype=torch.float64)  # one unit, twice
            assert num_right(fit_readout(W, b)) < 4


def test_fit_readout_is_least_squares():
    for place in GRID[::37]:
        model = fit_readout(*creases(*place))
        h = states(model, CORNERS.double())[1]
        design = torch.nn.functional.pad(h, (0, 1), value=1.0)
        target = XOR.double()
        best = design @ torch.linalg.pinv(design, rtol=1e-9) @ target
        torch.testing.assert_close(model(CORNERS.double())[:, 0], best, rtol=0, atol=1e-9)


@pytest.mark.parametrize("level", [-1.0, 0.2, 0.7, 5.0])
def test_clipping_cuts_the_area_in_two(level):
    normal = torch.tensor([1.0, 0.5], dtype=torch.float64)
    kept, rest = clip(SQUARE, normal, level), clip(SQUARE, -normal, -level)
    assert sum(area(part) for part in (kept, rest) if len(part)) == pytest.approx(4)
    assert ((kept @ normal) >= level - 1e-12).all()


@pytest.mark.parametrize("place", [(45, 0, 1.0), (-45, 180, 0.0), (30, 30, 0.5), (75, 120, -0.25)])
def test_decision_pieces_are_where_the_output_is_at_least_one_half(place):
    model = fit_readout(*creases(*place))
    below, pieces = decision_pieces(model, SQUARE)
    points = 2 * uniform((4000, 2), seed=1).double() - 0.5
    share = float((model(points)[:, 0] >= 0.5).double().mean())
    assert sum(map(area, pieces)) / 4 == pytest.approx(share, abs=0.03)  # seen 0.01
    assert sum(map(area, below + pieces)) == pytest.approx(4)
    for half, side in ((pieces, 1), (below, -1)):
        for piece in half:
            assert side * (model(piece.mean(0, keepdim=True)).item() - 0.5) >= 0


def test_network_is_affine_in_a_cell_and_not_across():
    model = fit_readout(*creases(45, 0, 1.0))
    first, _ = linears(model)
    a, b = torch.tensor([[0.9, 0.9], [1.4, 1.2]], dtype=torch.float64)
    assert (first(torch.stack([a, b])) > 0).all()  # both units on
    assert torch.allclose(model((a + b)[None] / 2), (model(a[None]) + model(b[None])) / 2)
    c = torch.tensor([0.1, 0.1], dtype=torch.float64)
    gap = model((a + c)[None] / 2) - (model(a[None]) + model(c[None])) / 2
    assert gap.abs() > 0.3
