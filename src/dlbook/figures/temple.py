"""The photograph that several figures take apart: a temple, cut to a square."""

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from dlbook.datasets.photographs import photograph

WHOLE = 384  # pixels
CORNER = (20, 20)  # row and column of the photograph where the square begins


@lru_cache
def temple(side: int = WHOLE) -> Tensor:
    """The square with the temple, averaged down to `side` pixels, a divisor of 384.

    Returns:
        uint8 tensor (3, side, side).
    """
    row, column = CORNER
    square = photograph("china")[:, row : row + WHOLE, column : column + WHOLE]
    return avg_pool2d(square.float(), WHOLE // side).round().to(torch.uint8)
