"""Recurrent cells, unrolled over a short sequence."""

import torch
from torch import nn
from torch.nn import functional as F

from zoo.training import supervised


class Unrolled(nn.Module):
    """A cell along a sequence (batch, time, 1), and a linear layer on its last state."""

    def __init__(self, cell: type):
        super().__init__()
        self.cell, self.out = cell(1, 16), nn.Linear(16, 1)

    def forward(self, x):
        hidden = memory = torch.zeros(x.shape[0], 16)
        for t in range(x.shape[1]):
            if isinstance(self.cell, nn.LSTMCell):
                hidden, memory = self.cell(x[:, t], (hidden, memory))
            else:
                hidden = self.cell(x[:, t], hidden)
        return self.out(hidden).squeeze(-1)


class WholeSequence(nn.Module):
    """nn.RNN or nn.GRU, with a linear layer on the last state."""

    def __init__(self, network: type):
        super().__init__()
        self.network, self.out = network(1, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, x):
        return self.out(self.network(x)[0][:, -1]).squeeze(-1)


def next_value(model: nn.Module):
    starts = torch.linspace(0, 6, 64)[:, None] + torch.linspace(0, 2, 7)
    x = torch.sin(starts)[..., None]
    batch = {"X": x[:, :6], "y": x[:, 6, 0]}
    return supervised(model, lambda call, b: F.mse_loss(call(b["X"]), b["y"]), batch)


EXAMPLES = {
    "rnn_cell": lambda: next_value(Unrolled(nn.RNNCell)),
    "gru_cell": lambda: next_value(Unrolled(nn.GRUCell)),
    "lstm_cell": lambda: next_value(Unrolled(nn.LSTMCell)),
    "nn_rnn": lambda: next_value(WholeSequence(nn.RNN)),
    "nn_gru": lambda: next_value(WholeSequence(nn.GRU)),
}
