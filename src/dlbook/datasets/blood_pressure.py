"""Age and systolic blood pressure of fifteen people, one of them far from the rest."""

import torch
from torch import Tensor

# Fleuret 2019: the rows that the slide shows (its file goes on; those are not used).
AGE = (39, 47, 45, 47, 65, 46, 67, 42, 67, 56, 64, 56, 59, 34, 42)
PRESSURE = (144, 220, 138, 145, 162, 142, 170, 124, 158, 154, 162, 150, 140, 110, 128)


def blood_pressure() -> tuple[Tensor, Tensor]:
    """The ages in years and the systolic pressures in mmHg; row 1 (47, 220) is the outlier.

    Returns:
        age and pressure, both float32 (15,).

    Reference: Fleuret 2019, the example of linear regression.
    """
    return torch.tensor(AGE, dtype=torch.float32), torch.tensor(PRESSURE, dtype=torch.float32)
