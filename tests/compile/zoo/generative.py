"""Generative models: a variational autoencoder, a GAN, a flow, diffusion."""

import math

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from dlbook.optimizers import adamw
from zoo.training import (
    Example,
    arguments_of,
    digits,
    gradients_of,
    moons,
    parameters_of,
    random_numbers,
    supervised,
    with_gradients,
)


class VariationalAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 4))
        self.decoder = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 64))

    def forward(self, X, noise):
        mean, log_var = self.encoder(X).chunk(2, -1)
        return self.decoder(mean + noise * torch.exp(0.5 * log_var)), mean, log_var


def variational_autoencoder():
    def loss(call, b):
        logits, mean, log_var = call(b["X"], b["noise"])
        fit = F.binary_cross_entropy_with_logits(logits, b["X"], reduction="sum") / 128
        return fit - 0.5 * (1 + log_var - mean**2 - log_var.exp()).sum(1).mean()

    noise = torch.randn(128, 2, generator=random_numbers())
    batch = {"X": digits(128)["X"].flatten(1), "noise": noise}
    return supervised(VariationalAutoencoder(), loss, batch, lr=0.001)


def network(size_in: int, size_out: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(size_in, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, size_out)
    )


def adversarial():
    """Generator and critic in one step, each with its own loss."""
    both = nn.ModuleDict({"G": network(2, 2), "D": network(2, 1)})
    params = parameters_of(both)

    def step(params, state, batch, hyper):
        leaves = with_gradients(params)
        parts = {n: {k[2:]: p for k, p in leaves.items() if k[0] == n} for n in "GD"}
        fake = functional_call(both["G"], parts["G"], (batch["noise"],))

        def critic(X):
            return functional_call(both["D"], parts["D"], (X,)).squeeze(-1)

        loss = F.binary_cross_entropy_with_logits
        one, zero = torch.ones(len(fake)), torch.zeros(len(fake))
        critic_loss = loss(critic(batch["X"]), one) + loss(critic(fake.detach()), zero)
        generator_loss = loss(critic(fake), one)
        split = {n: {k: p for k, p in leaves.items() if k[0] == n} for n in "GD"}
        gradients = gradients_of(critic_loss, split["D"]) | gradients_of(generator_loss, split["G"])
        params, state = adamw(params, gradients, state, hyper)
        return {"params": params, "state": state, "loss": (critic_loss + generator_loss).detach()}

    noise = torch.randn(128, 2, generator=random_numbers())
    batch = {"X": moons(128)["X"], "noise": noise}
    return Example(step, arguments_of(params, batch, "adamw", 1e-3), "adamw")


class Coupling(nn.Module):
    """An affine coupling layer of two coordinates."""

    def __init__(self, flip: bool):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 2))

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        scale, shift = self.net(a).chunk(2, -1)
        scale = torch.tanh(scale)
        b = b * scale.exp() + shift
        return torch.cat([b, a] if self.flip else [a, b], -1), scale.squeeze(-1)


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(4))

    def forward(self, x):
        log_det = 0
        for layer in self.layers:
            x, d = layer(x)
            log_det = log_det + d
        return x, log_det


def flow():
    def loss(call, b):
        z, log_det = call(b["X"])
        return (0.5 * (z**2).sum(1) + math.log(2 * math.pi) - log_det).mean()

    return supervised(Flow(), loss, {"X": moons()["X"]}, "adamw", 0.005)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(10, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 2)
        )

    def forward(self, x, t):
        waves = t[:, None] * torch.tensor([1.0, 2.0, 4.0, 8.0]) * math.pi
        return self.net(torch.cat([x, waves.sin(), waves.cos()], 1))


def diffusion():
    generator = random_numbers()
    batch = {
        "X": moons(128)["X"],
        "t": torch.rand(128, generator=generator),
        "noise": torch.randn(128, 2, generator=generator),
    }

    def loss(call, b):
        a = torch.cos(b["t"] * math.pi / 2)[:, None]
        return F.mse_loss(call(a * b["X"] + (1 - a * a).sqrt() * b["noise"], b["t"]), b["noise"])

    return supervised(Denoiser(), loss, batch, "adamw", 0.003)


EXAMPLES = {
    "variational_autoencoder": variational_autoencoder,
    "adversarial": adversarial,
    "flow": flow,
    "diffusion": diffusion,
}
