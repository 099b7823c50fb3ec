"""Reinforcement learning, graphs, differential equations."""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from dlbook.optimizers import adamw
from zoo.training import (
    Example,
    arguments_of,
    gradients_of,
    parameters_of,
    random_numbers,
    supervised,
    with_gradients,
)


def q_learning():
    """Q-learning with a slowly following target network."""
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 4))
    params, generator = parameters_of(model), random_numbers()
    batch = {
        "state": torch.rand(64, 2, generator=generator),
        "action": torch.randint(0, 4, (64,), generator=generator),
        "reward": torch.rand(64, generator=generator),
        "next": torch.rand(64, 2, generator=generator),
        "done": (torch.rand(64, generator=generator) < 0.1).float(),
    }

    def step(params, state, batch, hyper):
        leaves = with_gradients(params)
        values = functional_call(model, leaves, (batch["state"],))
        chosen = values.gather(1, batch["action"][:, None]).squeeze(1)
        best = functional_call(model, state["target"], (batch["next"],)).max(1).values
        loss = F.smooth_l1_loss(chosen, batch["reward"] + 0.9 * (1 - batch["done"]) * best)
        params, memory = adamw(params, gradients_of(loss, leaves), state["memory"], hyper)
        target = {k: 0.99 * state["target"][k] + 0.01 * params[k] for k in params}
        state = {"memory": memory, "target": target}
        return {"params": params, "state": state, "loss": loss.detach()}

    arguments = arguments_of(params, batch, "adamw", 0.003)
    target = {k: p.clone() for k, p in params.items()}
    arguments["state"] = {"memory": arguments["state"], "target": target}
    return Example(step, arguments, "adamw")


class GraphNetwork(nn.Module):
    """Two graph convolutions with a normalised adjacency matrix."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(5, 16), nn.Linear(16, 3)

    def forward(self, adjacency, X):
        return adjacency @ self.last(torch.relu(adjacency @ self.first(X)))


def graph_network():
    links = torch.eye(20) + (torch.rand(20, 20, generator=random_numbers()) < 0.2)
    batch = {
        "adjacency": links / links.sum(1, keepdim=True),
        "X": torch.randn(20, 5, generator=random_numbers(1)),
        "y": torch.randint(0, 3, (20,), generator=random_numbers(2)),
    }
    return supervised(
        GraphNetwork(), lambda call, b: F.cross_entropy(call(b["adjacency"], b["X"]), b["y"]), batch
    )


def differential_equation():
    """u'' = -u, u(0) = 1: second derivatives of the network inside the loss."""
    model = nn.Sequential(
        nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1)
    )

    def loss(call, b):
        x = b["X"].detach().requires_grad_()
        u = call(x)
        (slope,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True)
        return ((bend + u) ** 2).mean() + (call(torch.zeros(1, 1)) - 1).pow(2).mean()

    return supervised(model, loss, {"X": torch.linspace(0, 3, 64)[:, None]}, "adamw", 0.003)


EXAMPLES = {
    "q_learning": q_learning,
    "graph_network": graph_network,
    "differential_equation": differential_equation,
}
