"""How far what a page computes is from what torch computes."""

import torch
from machine import PAGE_DTYPE


def usable(result: dict[str, torch.Tensor]) -> bool:
    """Finite and not so large that rounding is all there is."""
    return all(v.double().abs().max() < 1e4 for v in result.values() if v.numel())


def difference(a: torch.Tensor, b: torch.Tensor) -> float:
    """The largest difference, relative to the largest number where that exceeds 1."""
    assert a.shape == b.shape
    if not b.numel():
        return 0.0
    return ((a.double() - b.double()).abs().max() / b.double().abs().max().clamp(min=1)).item()


def largest_difference(some: dict, others: dict) -> float:
    """Of all that comes out; NaN if any of it is."""
    assert some.keys() == others.keys()
    return torch.tensor([difference(some[name], others[name]) for name in others]).max().item()


def same_kinds(found: dict[str, torch.Tensor], truth: dict[str, torch.Tensor]) -> bool:
    """Whether a page gives back the kinds of numbers that torch does."""
    return all(found[name].dtype == PAGE_DTYPE[value.dtype] for name, value in truth.items())
