"""A pen and an eraser on a paper of 32×32 cells, and the 8×8 pixels that it becomes.

The digits of `load_digits` were made like this: bitmaps of 32×32 cells, scaled so that the digit
fills the frame, and the ink of each 4×4 cells counted. Torch functions, traceable.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 32  # cells of the paper
LIMIT = 4.0  # the paper is [−4, 4]² in pixels of 8×8
RADIUS = 0.7  # of pen and eraser, in pixels
WIDTH, HEIGHT = 6.0, 8.0  # of the frame that a digit fills, in pixels


def painted(X: Tensor, label: Tensor, used: Tensor) -> Tensor:
    """What marks leave on the paper, (32, 32): 1 ink, −1 erased, 0 untouched; the last mark wins.

    Args:
        X: places (n, 2) in [−4, 4]², y upwards.
        label: 0 for the pen, 1 for the eraser, (n,).
        used: 1 for marks that are there, (n,).
    """
    centers = (torch.arange(SIDE) + 0.5) * (2 * LIMIT / SIDE) - LIMIT
    near_x = (centers[:, None] - X[:, 0]) ** 2  # (32, n)
    near_y = (-centers[:, None] - X[:, 1]) ** 2  # first row on top
    covered = ((near_y[:, None] + near_x[None]) < RADIUS**2).to(torch.float32)
    turn = covered * used * (torch.arange(len(X)) + 1.0)  # (32, 32, n)
    pen = (turn * (label < 0.5)).amax(dim=2)
    eraser = (turn * (label > 0.5)).amax(dim=2)
    return torch.sign(pen - eraser)


def fitted(points: dict[str, Tensor]) -> Tensor:
    """Places moved and scaled, without distortion, so that the pen's marks fill the frame, (n, 2).

    Args:
        points: "X", "label" and "used" as in `painted`.
    """
    X = points["X"]
    pen = ((points["used"] > 0) & (points["label"] < 0.5))[:, None]
    high = torch.where(pen, X, -LIMIT).amax(dim=0)
    low = torch.where(pen, X, LIMIT).amin(dim=0)
    extent = (high - low).clamp(min=0.5)
    room = torch.stack([torch.full((), WIDTH), torch.full((), HEIGHT)]) - 2 * RADIUS
    scale = (room / extent).amin().clamp(max=4.0)
    return (X - (high + low) / 2) * scale


def on_paper(image: Tensor, marks: Tensor) -> Tensor:
    """An image (64,) enlarged to the paper (32, 32), with the marks of pen and eraser on it."""
    size = SIDE // 8
    base = image.reshape(8, 1, 8, 1).expand(8, size, 8, size).reshape(SIDE, SIDE)
    return torch.where(marks > 0, 1.0, torch.where(marks < 0, 0.0, base))


def pixels(paper: Tensor) -> Tensor:
    """The share of ink in each 4×4 cells of the paper, (64,) in [0, 1]."""
    return F.avg_pool2d(paper[None], SIDE // 8).reshape(64)
