"""Two photographs that ship with scikit-learn, and patterns that need no file."""

import torch
from sklearn.datasets import load_sample_image
from torch import Tensor

NAMES = ("china", "flower")


def photograph(name: str = "china") -> Tensor:
    """A colour photograph: a Chinese temple ("china") or a dahlia ("flower").

    Args:
        name: "china" or "flower".

    Returns:
        uint8 tensor (3, 427, 640): red, green, blue; values 0 to 255.

    Raises:
        ValueError: there is no photograph of that name.
        ImportError: Pillow, which decodes the files, is not installed.

    Reference: scikit-learn, `datasets/images`; photographs by danielbuechele (china) and vultilion
    (flower), CC BY 2.0.
    """
    if name not in NAMES:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(map(repr, NAMES))}")
    pixels = torch.from_numpy(load_sample_image(f"{name}.jpg").copy())  # (row, column, channel)
    return pixels.permute(2, 0, 1).contiguous()


def bars(height: int = 64, width: int = 64, *, num_bars: int = 4) -> Tensor:
    """Vertical bars, white on black: edges at known places.

    Args:
        height: rows, at least 1.
        width: columns, at least 2 · num_bars.
        num_bars: white bars, at least 1; black and white bars are equally wide up to one column.

    Returns:
        uint8 tensor (3, height, width) with values 0 and 255; the first column is black.

    Raises:
        ValueError: a bar would have no column.
    """
    _check_picture(height, width, 2 * num_bars if num_bars > 0 else 0)
    stripe = torch.arange(width) * 2 * num_bars // width
    return _repeat_row(255 * (stripe % 2), height)


def gradient(height: int = 64, width: int = 64) -> Tensor:
    """A grey ramp from black at the left to white at the right.

    Args:
        height: rows, at least 1.
        width: columns, at least 2.

    Returns:
        uint8 tensor (3, height, width).

    Raises:
        ValueError: the picture is smaller than that.
    """
    _check_picture(height, width, 2)
    return _repeat_row(torch.arange(width) * 255 // (width - 1), height)


def _repeat_row(row: Tensor, height: int) -> Tensor:
    return row.to(torch.uint8).expand(3, height, -1).contiguous()


def _check_picture(height: int, width: int, min_width: int) -> None:
    if height < 1 or width < min_width or min_width < 1:
        raise ValueError(f"a picture of {height} rows and {width} columns is too small for this")
