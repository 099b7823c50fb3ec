import math

import pytest
import torch
import torch.nn.functional as F

from dlbook import losses

generator = torch.Generator().manual_seed(0)
Y_HAT = torch.randn(200, generator=generator, dtype=torch.float64) * 3
Y = torch.randn(200, generator=generator, dtype=torch.float64)
BITS = (Y > 0).double()
LOGITS = torch.randn(200, 10, generator=generator, dtype=torch.float64) * 5
LABELS = torch.randint(10, (200,), generator=generator)


@pytest.mark.parametrize(
    ("ours", "library"),
    [
        (losses.squared_error(Y_HAT, Y), F.mse_loss(Y_HAT, Y, reduction="none")),
        (losses.absolute_error(Y_HAT, Y), F.l1_loss(Y_HAT, Y, reduction="none")),
        (
            losses.huber(Y_HAT, Y, delta=0.7),
            F.huber_loss(Y_HAT, Y, delta=0.7, reduction="none"),
        ),
        (losses.hinge(Y_HAT), torch.clamp(1 - Y_HAT, min=0)),
        (losses.perceptron(Y_HAT), torch.clamp(-Y_HAT, min=0)),
        (losses.logistic(Y_HAT), F.softplus(-Y_HAT)),
        (
            losses.binary_cross_entropy(Y_HAT.sigmoid(), BITS),
            F.binary_cross_entropy(Y_HAT.sigmoid(), BITS, reduction="none"),
        ),
        (
            losses.binary_cross_entropy_from_logits(Y_HAT, BITS),
            F.binary_cross_entropy_with_logits(Y_HAT, BITS, reduction="none"),
        ),
        (losses.log_softmax(LOGITS), F.log_softmax(LOGITS, dim=-1)),
        (
            losses.negative_log_likelihood(LOGITS, LABELS),
            F.nll_loss(LOGITS, LABELS, reduction="none"),
        ),
        (
            losses.cross_entropy(LOGITS, LABELS),
            F.cross_entropy(LOGITS, LABELS, reduction="none"),
        ),
    ],
    ids=[
        "squared",
        "absolute",
        "huber",
        "hinge",
        "perceptron",
        "logistic",
        "bce",
        "bce logits",
        "log softmax",
        "nll",
        "ce",
    ],
)
def test_equals_the_library(ours, library):
    torch.testing.assert_close(ours, library, rtol=1e-12, atol=1e-12)


def test_cross_entropy_equals_the_library_in_float32():
    logits = LOGITS.float()
    difference = losses.cross_entropy(logits, LABELS) - F.cross_entropy(
        logits, LABELS, reduction="none"
    )
    assert difference.abs().max() < 1e-6 * LOGITS.abs().max()


def test_uniform_prediction_over_ten_classes_costs_log_ten():
    loss = losses.cross_entropy(torch.full((3, 10), 7.0), torch.tensor([0, 4, 9]))
    torch.testing.assert_close(loss, torch.full((3,), math.log(10)))
    assert round(loss[0].item(), 4) == 2.3026


def test_gradient_of_cross_entropy_after_softmax_is_p_minus_y():
    logits = LOGITS.clone().requires_grad_()
    losses.cross_entropy(logits, LABELS).sum().backward()
    p_minus_y = torch.softmax(LOGITS, -1) - F.one_hot(LABELS, 10)
    torch.testing.assert_close(logits.grad, p_minus_y, rtol=0, atol=1e-12)


def test_gradient_at_tied_logits():
    """A start from zero weights has nothing but ties: there max and abs have no gradient."""
    logits = torch.zeros(1, 4, requires_grad=True)
    losses.cross_entropy(logits, torch.tensor([1])).sum().backward()
    torch.testing.assert_close(logits.grad, torch.tensor([[0.25, -0.75, 0.25, 0.25]]))
    logit = torch.zeros(2, requires_grad=True)
    losses.binary_cross_entropy_from_logits(logit, torch.tensor([0.0, 1.0])).sum().backward()
    torch.testing.assert_close(logit.grad, torch.tensor([0.5, -0.5]))
    margin = torch.zeros(1, requires_grad=True)
    losses.logistic(margin).sum().backward()
    torch.testing.assert_close(margin.grad, torch.tensor([-0.5]))


def test_huge_logits_stay_finite():
    logits = torch.tensor([[1e4, -1e4, 0.0]], requires_grad=True)
    loss = losses.cross_entropy(logits, torch.tensor([1]))
    loss.sum().backward()
    assert loss.item() == 2e4
    assert torch.isfinite(logits.grad).all()
    assert losses.logistic(torch.tensor([-1e4, 1e4])).tolist() == [1e4, 0.0]
    assert losses.binary_cross_entropy_from_logits(torch.tensor(1e4), torch.tensor(0.0)) == 1e4


def test_softmax_does_not_feel_a_shift():
    torch.testing.assert_close(losses.log_softmax(LOGITS), losses.log_softmax(LOGITS + 100))


def test_logistic_is_binary_cross_entropy_with_labels_of_plus_and_minus_one():
    sign = 2 * BITS - 1
    torch.testing.assert_close(
        losses.logistic(sign * Y_HAT), losses.binary_cross_entropy_from_logits(Y_HAT, BITS)
    )


def test_binary_cross_entropy_of_certain_predictions():
    certain = torch.tensor([0.0, 1.0, 0.0, 1.0])
    loss = losses.binary_cross_entropy(certain, torch.tensor([0.0, 1.0, 1.0, 0.0]))
    assert loss.tolist() == [0.0, 0.0, math.inf, math.inf]


def test_binary_cross_entropy_without_its_minus_sign_is_least_at_the_wrong_label():
    """E-16: as printed in the deck, y log p + (1 − y) log(1 − p) falls without end."""
    p = torch.linspace(0.01, 0.99, 99)
    loss = losses.binary_cross_entropy(p, torch.ones_like(p))
    assert p[loss.argmin()].item() == pytest.approx(0.99)
    assert p[(-loss).argmin()].item() == pytest.approx(0.01)


def test_surrogates_lie_above_the_errors_they_stand_for():
    margin = torch.linspace(-3, 3, 121)
    errors = losses.misclassification(margin)
    assert (losses.hinge(margin) >= errors).all()
    assert (losses.logistic(margin) / math.log(2) >= errors - 1e-6).all()
    assert not (losses.perceptron(margin) >= errors).all()


def test_accuracy_has_no_gradient_and_its_surrogate_has():
    """E-34: the error rate does not change when the weights do, almost everywhere."""
    weight = torch.tensor(0.3, requires_grad=True)
    scores = weight * Y_HAT
    assert not losses.zero_one(scores > 0, Y > 0).requires_grad
    losses.logistic((2 * BITS - 1) * scores).mean().backward()
    assert weight.grad.abs() > 0.1


def test_zero_one_counts_mistakes():
    y_hat, y = torch.tensor([0, 1, 2, 1]), torch.tensor([0, 2, 2, 0])
    assert losses.zero_one(y_hat, y).tolist() == [0.0, 1.0, 0.0, 1.0]
    margin = torch.tensor([-1.0, 0.0, 2.0])
    assert losses.misclassification(margin).tolist() == [1.0, 1.0, 0.0]


def test_absolute_error_is_least_at_the_median_and_squared_error_at_the_mean():
    y = torch.tensor([1.0, 2.0, 3.0, 4.0, 90.0])
    guess = torch.linspace(0, 100, 1001).unsqueeze(1)
    assert guess[losses.absolute_error(guess, y).mean(1).argmin()].item() == pytest.approx(3)
    assert guess[losses.squared_error(guess, y).mean(1).argmin()].item() == pytest.approx(20)


def test_huber_refuses_a_delta_of_zero():
    with pytest.raises(ValueError, match="delta"):
        losses.huber(Y_HAT, Y, delta=0.0)
