"""What becomes of the memory of arrays that are no longer needed."""

import torch

LARGEST = 31 << 20  # bytes; glibc learns from arrays below 32 MiB


def keep_freed_memory() -> None:
    """Have the memory of freed arrays handed out again, as long as the process lives.

    glibc may give it back to the system, which clears every page that it is asked for anew: 64
    convolutional networks stepped by `torch.vmap` need 8,000 pages a step so, and take 0.8 instead
    of 0.5 ms each. After it has seen a large array freed, glibc keeps up to twice its size
    (mallopt(3), M_TRIM_THRESHOLD): it is shown one here, which nobody touches, so that it takes no
    memory. Other C libraries do as they always do.
    """
    torch.empty(LARGEST, dtype=torch.uint8)
