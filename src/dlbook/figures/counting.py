"""Counting in a narrow number type: integers wrap around, floats stand still or skip."""

from functools import lru_cache

import torch

from dlbook.plots import Figure
from dlbook.plots.panels import axis, line, one_panel
from dlbook.plots.theme import BLUE, GRAY, with_status

NUM_ADDITIONS = 400
DTYPES = {
    name: getattr(torch, name)
    for name in ("uint8", "int8", "int16", "bfloat16", "float16", "float32")
}


def counted(dtype: str, step: int) -> Figure:
    """Start at 0 and add `step` 400 times in that number type; values are shown in steps.

    Args:
        dtype: a key of `DTYPES`.
        step: a whole number that the type holds exactly.
    """
    values = count(dtype, step)
    ends = [0, NUM_ADDITIONS]
    shares = [value / step for value in values]
    figure = one_panel(
        [
            line(ends, ends, "exact", GRAY, line={"dash": "dash"}),
            line(list(range(NUM_ADDITIONS + 1)), shares, "counted", BLUE),
        ],
        axis("number of additions", *ends),
        axis("value of the counter ÷ step", -340, 450),
    )
    return with_status(figure, _sentence(dtype, step, values))


@lru_cache
def count(dtype: str, step: int) -> tuple[float, ...]:
    """The counter after 0, 1, ..., 400 additions of `step`, as Python numbers."""
    counter = torch.zeros((), dtype=DTYPES[dtype])
    values = [counter.item()]
    for _ in range(NUM_ADDITIONS):
        counter = counter + torch.tensor(step, dtype=counter.dtype)
        values.append(counter.item())
    return tuple(values)


def _sentence(dtype: str, step: int, values: tuple[float, ...]) -> str:
    wrong = next((n for n, value in enumerate(values) if value != n * step), None)
    total = f"After 400 additions of {step} the {dtype} holds {values[-1]:g}"
    if wrong is None:
        return f"{total}: exact."
    return f"{total} instead of {NUM_ADDITIONS * step}; first wrong after {wrong} additions."
