"""Heights of 24 basketball players: two classes that overlap."""

import torch
from torch import Tensor

# Fleuret 2019, slide on generative and discriminative classification.
FEMALE = (190, 182, 188, 184, 196, 173, 180, 193, 179, 186, 185, 169)
MALE = (192, 190, 183, 199, 200, 190, 195, 184, 190, 203, 205, 201)


def basketball_heights() -> tuple[Tensor, Tensor]:
    """The heights of 12 female and 12 male players in centimetres.

    Returns:
        heights_f and heights_m, both float32 (12,), with means 183.75 and 194.33.

    Reference: Fleuret 2019, the example of generative and discriminative classification.
    """
    return torch.tensor(FEMALE, dtype=torch.float32), torch.tensor(MALE, dtype=torch.float32)
