"""The mirrored network: every number appears at its step and equals autograd's."""

import pytest
import torch

from dlbook import losses
from dlbook.figures.two_passes import MOVES, PLACES, all_numbers, two_passes


def status(figure):
    return figure.layout.meta["status"]


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("trained", [0, 200])
def test_numbers_equal_autograd(activation, trained):
    for sample in range(6):
        numbers = all_numbers(sample, trained, activation)
        W = [numbers[f"W{k}"].clone().requires_grad_() for k in (1, 2, 3)]
        x, kept = numbers["x0"], {}
        for k in (1, 2, 3):
            bias = numbers[f"s{k}"] - (W[k - 1] @ x).detach()
            s = W[k - 1] @ x + bias
            x = getattr(torch, activation)(s)
            kept |= {f"d{k}": s, f"dx{k}": x}
            s.retain_grad()
            x.retain_grad()
        kept.pop("dx3")  # the last activation is softmax
        losses.cross_entropy(s[None], numbers["y"].argmax()[None]).sum().backward()
        for name, tensor in kept.items():
            assert (tensor.grad - numbers[name]).abs().max() < 1e-12
        for k in (1, 2, 3):
            assert (W[k - 1].grad - numbers[f"dW{k}"]).abs().max() < 1e-12


def test_boxes_face_a_gradient_of_the_same_shape():
    numbers = all_numbers(0, 0, "tanh")
    for k in (1, 2, 3):
        assert numbers[f"dW{k}"].shape == numbers[f"W{k}"].shape
        assert numbers[f"d{k}"].shape == numbers[f"s{k}"].shape


def test_the_question_of_the_page():
    assert all_numbers(0, 0, "tanh")["p"][all_numbers(0, 0, "tanh")["y"].argmax()] == (
        pytest.approx(0.37, abs=0.005)
    )


def test_each_step_writes_one_box_from_boxes_that_are_there():
    known = {"W1", "W2", "W3", "x0", "y"}
    for step, move in enumerate(MOVES, start=1):
        assert set(move.reads) <= known, step
        assert move.writes not in known
        known.add(move.writes)
    assert known == set(PLACES)


def test_words_appear_as_the_steps_go():
    counts = [
        sum(bool(w.strip()) for w in two_passes(step, 0, 0, "tanh").data[2].text)
        for step in range(15)
    ]
    assert counts == sorted(counts)
    assert counts[0] == 6 + 9 + 6 + 2 + 2
    assert counts[-1] - counts[-2] == 6
    assert "from δ² and x¹" in status(two_passes(11, 0, 0, "tanh"))


def test_where_the_slope_is_zero_a_row_of_gradients_is():
    for sample in range(6):
        numbers = all_numbers(sample, 20, "relu")
        for k in (1, 2):
            assert not numbers[f"dW{k}"][numbers[f"s{k}"] <= 0].any()


def test_relu_lets_nothing_of_two_samples_pass_layer_2():
    for sample in (0, 4):
        numbers = all_numbers(sample, 0, "relu")
        assert (numbers["s2"] < 0).all()
        assert not any(numbers[name].any() for name in ("dW2", "dx1", "dW1"))


def test_relu_takes_rows_of_the_gradients_of_the_other_samples():
    lost = {}
    for sample in (1, 2, 3, 5):
        numbers = all_numbers(sample, 0, "relu")
        lost[sample] = [int((numbers[f"dW{k}"] == 0).all(dim=1).sum()) for k in (1, 2, 3)]
    assert lost == {1: [0, 1, 0], 2: [1, 2, 0], 3: [1, 2, 0], 5: [0, 2, 0]}


def test_a_confident_point_sends_hardly_anything_back():
    for sample in range(6):
        numbers = all_numbers(sample, 200, "tanh")
        right = numbers["p"][numbers["y"].argmax()]
        largest = max(numbers[f"dW{k}"].abs().max() for k in (1, 2, 3))
        assert largest < 0.01 if right > 0.99 else largest > 0.05


def test_frames_are_not_cut_at_the_edge_of_the_figure():
    for step in range(1, 15):
        figure = two_passes(step, 0, 0, "tanh")
        low, high = figure.layout.xaxis.range
        bottom, top = figure.layout.yaxis.range
        for frame in figure.data[-4:]:
            if frame.x[0] > -1:  # the others wait outside
                assert low + 0.05 < min(frame.x) < max(frame.x) < high - 0.05
                assert top + 0.05 < min(frame.y) < max(frame.y) < bottom - 0.05
