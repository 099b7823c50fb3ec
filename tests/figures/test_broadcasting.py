import numpy as np
import pytest
import torch

from dlbook.figures.broadcasting import SHAPES_OF_A, SHAPES_OF_B, STAGES, broadcast_sum
from dlbook.figures.hidden_picture import SUBTRACTIONS, TABLES, centred_table, table
from dlbook.plots.cells import RESULT


@pytest.mark.parametrize("a", SHAPES_OF_A.values(), ids=str)
@pytest.mark.parametrize("b", SHAPES_OF_B.values(), ids=str)
def test_the_sum_that_is_shown_is_that_of_torch(a, b):
    tens = 10 * torch.arange(1, 1 + int(np.prod(a))).view(a)
    units = torch.arange(1, 1 + int(np.prod(b))).view(b)
    figure = broadcast_sum(a, b, STAGES[-1])
    texts = next(t for t in figure.data if t.type == "scatter" and len(t.text or ()) > 100)
    words = [word for word in texts.text if word != " "]
    try:
        total = (tens + units).flatten().tolist()
    except RuntimeError:
        assert "an error" in figure.layout.meta["status"]
        assert "✗" in words
        return
    assert words[-len(total) :] == [str(v) for v in total]
    painted = (np.asarray(figure.data[0].z) == RESULT).sum()
    assert painted == len(total) + max(len(a), len(b))  # the sum and its shape


def test_the_first_stage_gives_nothing_away():
    figure = broadcast_sum((4,), (4, 1), STAGES[0])
    assert "What has their sum?" in figure.layout.meta["status"]
    assert (np.asarray(figure.data[0].z) != RESULT).all()


@pytest.mark.parametrize("letter", TABLES)
def test_only_both_means_bring_the_picture_out(letter):
    x = table(letter)
    inside = x - x.mean(0, keepdim=True) - x.mean(1, keepdim=True) + x.mean()
    both = SUBTRACTIONS["the first, then the last"](x)
    torch.testing.assert_close(both, inside, atol=1e-5, rtol=0)
    assert both.std() < 0.03
    for name, subtract in SUBTRACTIONS.items():
        if name != "the first, then the last":
            assert subtract(x).std() > 0.5


@pytest.mark.parametrize("letter", TABLES)
def test_a_row_of_row_means_makes_a_square_table_worse(letter):
    x = table(letter)
    assert (x - x.mean(1)).std() > 1.05 * x.std()
    assert (x - x.mean(1, keepdim=True)).std() < 0.95 * x.std()


def test_colors_stay_within_their_range():
    z = np.asarray(centred_table("x", "A").data[0].z, dtype=float)
    assert np.abs(z).max() <= 2.2
