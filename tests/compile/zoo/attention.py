"""Attention and transformers; word vectors."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from zoo.training import random_numbers, supervised


class TinyTransformer(nn.Module):
    """One layer, two heads, causal, from scratch."""

    def __init__(self, words: int = 12, width: int = 16, length: int = 8):
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(0.1 * torch.randn(length, width))
        self.qkv, self.hidden = nn.Linear(width, 3 * width), nn.Linear(width, 32)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.back, self.out = nn.Linear(32, width), nn.Linear(width, words)

    def forward(self, tokens):
        x = self.words(tokens) + self.places
        batch, length, width = x.shape
        q, k, v = (
            z.view(batch, length, 2, width // 2).transpose(1, 2)
            for z in self.qkv(self.norm1(x)).chunk(3, -1)
        )
        future = ~torch.ones(length, length, dtype=torch.bool).tril()
        scores = (q @ k.transpose(-1, -2) / math.sqrt(width // 2)).masked_fill(future, -1e9)
        x = x + (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width)
        return self.out(x + self.back(F.gelu(self.hidden(self.norm2(x)))))


def transformer(optimizer: str = "momentum", lr: float = 0.05):
    tokens = torch.randint(0, 12, (32, 9), generator=random_numbers())
    tokens[:, 1:] = (tokens[:, :-1] + tokens[:, :1]) % 12
    batch = {"X": tokens[:, :-1].contiguous(), "y": tokens[:, 1:].contiguous()}
    return supervised(
        TinyTransformer(),
        lambda call, b: F.cross_entropy(call(b["X"]).flatten(0, 1), b["y"].flatten()),
        batch, optimizer, lr,
    )  # fmt: skip


class CausalAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(8, 24)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, -1)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def scaled_dot_product():
    x = torch.randn(16, 6, 8, generator=random_numbers())
    return supervised(
        CausalAttention(), lambda call, b: F.mse_loss(call(b["X"]), b["X"].cumsum(1)), {"X": x}
    )


def encoder_layer():
    model = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
    x = torch.randn(16, 6, 16, generator=random_numbers())
    return supervised(model, lambda call, b: F.mse_loss(call(b["X"]), b["X"].flip(1)), {"X": x})


class WordVectors(nn.Module):
    """Skip-gram with negative sampling."""

    def __init__(self):
        super().__init__()
        self.centers, self.contexts = nn.Embedding(20, 8), nn.Embedding(20, 8)

    def forward(self, center, context, negatives):
        e = self.centers(center)
        good = (e * self.contexts(context)).sum(-1)
        return good, (e[:, None] * self.contexts(negatives)).sum(-1)


def word_vectors():
    generator = random_numbers()
    shapes = {"center": (64,), "context": (64,), "negatives": (64, 5)}
    batch = {k: torch.randint(0, 20, shape, generator=generator) for k, shape in shapes.items()}

    def loss(call, b):
        good, bad = call(b["center"], b["context"], b["negatives"])
        return -F.logsigmoid(good).mean() - F.logsigmoid(-bad).mean()

    return supervised(WordVectors(), loss, batch)


EXAMPLES = {
    "transformer": transformer,
    "transformer_adam": lambda: transformer("adamw", 0.003),
    "scaled_dot_product": scaled_dot_product,
    "encoder_layer": encoder_layer,
    "word_vectors": word_vectors,
}
