"""Activations and their derivatives: what stands between two layers, and at the end of a network.

Every function acts on each number alone, whatever the shape, except `softmax`, which acts on the
last axis, and `maxout`, which takes the largest of several affine functions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Activation:
    """A function σ(z, parameter) with its derivative.

    Attributes:
        function, derivative: (z, parameter) -> tensor of z's shape; those without a parameter
            ignore it.
        parameter: what the parameter is called, "α", "β" or "".
    """

    function: Callable[..., Tensor]
    derivative: Callable[..., Tensor]
    parameter: str = ""

    def __call__(self, z: Tensor, parameter: float = 1.0) -> Tensor:
        """σ(z)."""
        return self.function(z, parameter) if self.parameter else self.function(z)

    def slope(self, z: Tensor, parameter: float = 1.0) -> Tensor:
        """σ'(z), by the formula."""
        return self.derivative(z, parameter) if self.parameter else self.derivative(z)


def linear(z: Tensor) -> Tensor:
    """z itself."""
    return z


def sigmoid(z: Tensor, beta: float = 1.0) -> Tensor:
    """1 / (1 + exp(−βz)), between 0 and 1; β is its steepness."""
    return torch.sigmoid(beta * z)  # the quotient's gradient is NaN where exp(−βz) overflows


def sigmoid_derivative(z: Tensor, beta: float = 1.0) -> Tensor:
    """β σ(βz) (1 − σ(βz)), at most β/4."""
    s = sigmoid(z, beta)
    return beta * s * (1 - s)


def tanh(z: Tensor, beta: float = 1.0) -> Tensor:
    """(e^βz − e^−βz) / (e^βz + e^−βz) = 2 σ(2βz) − 1, between −1 and 1."""
    return 2 * sigmoid(z, 2 * beta) - 1


def tanh_derivative(z: Tensor, beta: float = 1.0) -> Tensor:
    """β (1 − tanh²(βz)), at most β."""
    return beta * (1 - tanh(z, beta) ** 2)


def relu(z: Tensor) -> Tensor:
    """max(0, z)."""
    return z.clamp(min=0)


def relu_derivative(z: Tensor) -> Tensor:
    """1 where z > 0, else 0; at the kink 0, as in torch."""
    return (z > 0).to(z.dtype)


def leaky_relu(z: Tensor, alpha: float | Tensor = 0.1) -> Tensor:
    """z where z > 0, else αz; max(αz, z) for α <= 1. With a learned α: parametric ReLU.

    Reference: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, section 2.1.
    """
    return torch.where(z > 0, z, alpha * z)


def leaky_relu_derivative(z: Tensor, alpha: float | Tensor = 0.1) -> Tensor:
    """1 where z > 0, else α."""
    return torch.where(z > 0, torch.ones_like(z), alpha * torch.ones_like(z))


def elu(z: Tensor, alpha: float = 1.0) -> Tensor:
    """z where z > 0, else α (exp(z) − 1), which levels out at −α.

    Reference: Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by
    exponential linear units", ICLR 2016, equation 15.
    """
    return torch.where(z > 0, z, alpha * torch.expm1(z.clamp(max=0)))


def elu_derivative(z: Tensor, alpha: float = 1.0) -> Tensor:
    """1 where z > 0, else α exp(z)."""
    return torch.where(z > 0, torch.ones_like(z), alpha * torch.exp(z.clamp(max=0)))


def swish(z: Tensor, beta: float = 1.0) -> Tensor:
    """z σ(βz); SiLU for β = 1. Between z/2 (β → 0) and ReLU (β → ∞).

    Reference: Ramachandran, Zoph, Le, "Searching for activation functions", 2017, section 4.
    """
    return z * sigmoid(z, beta)


def swish_derivative(z: Tensor, beta: float = 1.0) -> Tensor:
    """σ(βz) + βz σ(βz) (1 − σ(βz)); negative left of −1.27846/β."""
    s = sigmoid(z, beta)
    return s + beta * z * s * (1 - s)


def softplus(z: Tensor, beta: float = 1.0) -> Tensor:
    """log(1 + exp(βz)) / β, a ReLU with a rounded corner."""
    return z.clamp(min=0) + torch.log1p(torch.exp(-beta * z.abs())) / beta


def softplus_derivative(z: Tensor, beta: float = 1.0) -> Tensor:
    """σ(βz)."""
    return sigmoid(z, beta)


def gelu(z: Tensor) -> Tensor:
    """z Φ(z), with the normal distribution function Φ.

    Reference: Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2.
    """
    return z * _normal_cdf(z)


def gelu_derivative(z: Tensor) -> Tensor:
    """Φ(z) + z φ(z), with the normal density φ."""
    return _normal_cdf(z) + z * torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def _normal_cdf(z: Tensor) -> Tensor:
    return (1 + torch.erf(z / math.sqrt(2))) / 2


ACTIVATIONS = {
    "linear": Activation(linear, torch.ones_like),
    "sigmoid": Activation(sigmoid, sigmoid_derivative, "β"),
    "tanh": Activation(tanh, tanh_derivative, "β"),
    "ReLU": Activation(relu, relu_derivative),
    "leaky ReLU": Activation(leaky_relu, leaky_relu_derivative, "α"),
    "ELU": Activation(elu, elu_derivative, "α"),
    "swish": Activation(swish, swish_derivative, "β"),
    "softplus": Activation(softplus, softplus_derivative, "β"),
    "GELU": Activation(gelu, gelu_derivative),
}


def softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """p_k = exp(z_k / T) / Σ_j exp(z_j / T) along the last axis: positive, with sum 1.

    Adding one number to all logits changes nothing; the largest is subtracted before the
    exponential, so that nothing overflows.

    Args:
        logits: (..., classes).
        temperature: T > 0; a small one sharpens, a large one levels.
    """
    scaled = (logits - logits.amax(-1, keepdim=True)) / temperature
    exponentials = scaled.exp()
    return exponentials / exponentials.sum(-1, keepdim=True)


def softmax_jacobian(p: Tensor) -> Tensor:
    """∂p_k/∂z_j = p_k (1[k = j] − p_j) = diag(p) − p pᵀ, for p (classes,) at temperature 1."""
    return p.diag() - torch.outer(p, p)


def maxout(x: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """The largest of several affine functions, max_j (w_j · x + b_j): convex and piecewise affine.

    Args:
        x: (n, inputs).
        weights: (pieces, inputs).
        biases: (pieces,).

    Returns:
        (n,).

    Reference: Goodfellow, Warde-Farley, Mirza, Courville, Bengio, "Maxout networks", ICML 2013.
    """
    return (x @ weights.T + biases).amax(1)
