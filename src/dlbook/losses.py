"""Losses from scratch, one number per sample.

Every function returns the loss ℓ(f, z) of each sample and leaves averaging to the caller: the
quantity that training minimises is `loss.mean()`, the empirical risk of the model. Forms are
chosen so that neither huge logits nor ties give inf or NaN in the value or in its gradient.
"""

import torch
from torch import Tensor

# Regression: the prediction y_hat and the target y are real numbers of one shape.


def squared_error(y_hat: Tensor, y: Tensor) -> Tensor:
    """(ŷ − y)², for shapes that broadcast; its mean is minimised by the conditional mean."""
    return (y_hat - y) ** 2


def absolute_error(y_hat: Tensor, y: Tensor) -> Tensor:
    """|ŷ − y|, for shapes that broadcast; its mean is minimised by the conditional median."""
    return (y_hat - y).abs()


def huber(y_hat: Tensor, y: Tensor, *, delta: float = 1.0) -> Tensor:
    """Huber's loss: r²/2 while |r| = |ŷ − y| ≤ δ, then δ(|r| − δ/2), a straight line.

    Args:
        delta: where the parabola turns into a line, in the unit of `y`, greater than 0.

    Raises:
        ValueError: `delta` is not greater than 0.

    Reference: Huber, "Robust estimation of a location parameter", 1964.
    """
    if not delta > 0:
        raise ValueError(f"delta must be greater than 0, not {delta!r}")
    distance = (y_hat - y).abs()
    return torch.where(distance <= delta, 0.5 * distance**2, delta * (distance - 0.5 * delta))


# Classification, from a decision: y_hat and y are labels.


def zero_one(y_hat: Tensor, y: Tensor) -> Tensor:
    """1 where the predicted label differs from the true one, else 0, as float32.

    Its mean is the error rate. It is flat wherever it is smooth, so it has no useful gradient.
    """
    return (y_hat != y).to(torch.float32)


# Two classes, from the margin α = y f(x) with y in {−1, +1}: positive means "right, with room".


def misclassification(margin: Tensor) -> Tensor:
    """1 where the margin α = y f(x) is at most 0, else 0: the zero-one loss as a function of α."""
    return (margin <= 0).to(margin.dtype)


def perceptron(margin: Tensor) -> Tensor:
    """max(0, −α): nothing to pay once the sign is right. Reference: Rosenblatt, 1958."""
    return torch.relu(-margin)


def hinge(margin: Tensor) -> Tensor:
    """max(0, 1 − α): nothing to pay once the sign is right by a margin of 1.

    Reference: Cortes and Vapnik, "Support-vector networks", 1995.
    """
    return torch.relu(1 - margin)


def logistic(margin: Tensor) -> Tensor:
    """log(1 + exp(−α)), in nats: −log of the probability σ(α) that f gives to the true class."""
    return torch.logaddexp(torch.zeros_like(margin), -margin)


# Two classes, y in {0, 1}.


def binary_cross_entropy(probability: Tensor, y: Tensor) -> Tensor:
    """−[y log p + (1 − y) log(1 − p)], in nats, for the probability p of class 1.

    0·log 0 counts as 0, and a certain mistake costs inf; `torch.nn.functional.
    binary_cross_entropy` stops at 100 there. Train with `binary_cross_entropy_from_logits`.

    Args:
        probability: p in [0, 1], any shape.
        y: labels 0 or 1 (or probabilities of class 1) of the same shape, floating point.
    """
    return -(torch.xlogy(y, probability) + torch.xlogy(1 - y, 1 - probability))


def binary_cross_entropy_from_logits(logit: Tensor, y: Tensor) -> Tensor:
    """Binary cross-entropy of p = σ(s), computed as log(1 + eˢ) − y s, in nats.

    Args:
        logit: s = log(p / (1 − p)), any real number, any shape.
        y: labels 0 or 1 of the same shape, floating point.

    With a two-class label in {−1, +1} the same number is `logistic(y * s)`.
    """
    return torch.logaddexp(torch.zeros_like(logit), logit) - y * logit


# C classes.


def log_softmax(logits: Tensor) -> Tensor:
    """log p with p_j = exp(s_j) / Σ_k exp(s_k) over the last axis, in nats.

    The largest logit is subtracted first: this changes nothing in p and keeps exp from overflowing.
    """
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def negative_log_likelihood(log_probs: Tensor, y: Tensor) -> Tensor:
    """−log q(y): how surprised a model with log-probabilities `log_probs` is by the true class.

    Args:
        log_probs: log q, (..., num_classes).
        y: int64 labels 0..num_classes−1, (...).

    Returns:
        (...), in nats.
    """
    return -log_probs.gather(-1, y.unsqueeze(-1)).squeeze(-1)


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """−log softmax(s)_y = log Σ_k exp(s_k) − s_y, in nats.

    Its gradient with respect to the logits is softmax(s) − onehot(y).

    Args:
        logits: s, (..., num_classes), any real numbers; not probabilities.
        y: int64 labels 0..num_classes−1, (...).

    Returns:
        (...)

    >>> cross_entropy(torch.zeros(1, 10), torch.tensor([3]))  # knows nothing: ln 10
    tensor([2.3026])
    """
    return negative_log_likelihood(log_softmax(logits), y)
