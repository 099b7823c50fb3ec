import pytest
import torch

from dlbook.models.equal_budget import ARCHITECTURES, matched_mlp, matched_widths
from dlbook.models.mlp import num_parameters


@pytest.mark.parametrize(
    ("inputs", "outputs", "budget", "share"),
    [(4, 1, 500, 0.01), (1, 1, 505, 0.01), (2, 2, 435, 0.01), (64, 10, 1_350, 0.01)],
)
def test_models_have_close_to_the_same_number_of_parameters(inputs, outputs, budget, share):
    for depth in range(1, 6):
        widths = matched_widths(inputs, outputs, depth, budget)
        assert len(widths) == depth
        assert max(widths) - min(widths) <= 1
        count = num_parameters([inputs, *widths, outputs])
        assert abs(count - budget) <= share * budget
        model = matched_mlp(inputs, outputs, depth, budget)
        assert sum(p.numel() for p in model.parameters()) == count


def test_architectures_are_matched_within_two_percent():
    counts = [sum(p.numel() for p in make(0).parameters()) for make in ARCHITECTURES.values()]
    assert counts == [3_010, 3_070, 3_017]
    assert max(counts) <= 1.02 * min(counts)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_architectures_classify_small_images(name):
    make = ARCHITECTURES[name]
    model = make(0)
    outputs = model(torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0)))
    assert outputs.shape == (3, 10)
    outputs.sum().backward()
    assert all((p.grad != 0).any() for p in model.parameters())
    again, other = make(0), make(1)
    pairs = zip(model.parameters(), again.parameters(), other.parameters(), strict=True)
    assert all(torch.equal(p, q) and not torch.equal(p, r) for p, q, r in pairs)


def test_too_small_a_budget_is_refused():
    with pytest.raises(ValueError, match="more than 5"):
        matched_widths(4, 1, 2, 5)
