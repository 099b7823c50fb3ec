"""Where tensors live and where the arithmetic happens: the processor or an NVIDIA GPU."""

import os

import torch

DEVICES = ("cpu", "cuda")


def select_device(name: str | None = None) -> torch.device:
    """The device to compute on: `name`, else the variable DLBOOK_DEVICE, else CUDA if it is there.

    Args:
        name: "cpu", "cuda" or None.

    Raises:
        ValueError: another name is asked for.
        RuntimeError: CUDA is asked for and this machine has none; nothing falls back in silence.

    Example:
        >>> select_device("cpu")
        device(type='cpu')
    """
    wanted = name or os.environ.get("DLBOOK_DEVICE") or None
    if wanted is None:
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    if wanted not in DEVICES:
        raise ValueError(f"the device must be one of {', '.join(DEVICES)}, not {wanted!r}")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise RuntimeError(
            "the device 'cuda' was asked for, but torch sees no CUDA device here; "
            "set DLBOOK_DEVICE=cpu, or leave it unset to take what there is"
        )
    return torch.device(wanted)
