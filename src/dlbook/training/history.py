"""What a training leaves behind: its losses and what was measured on the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class History:
    """What happened in a training.

    Attributes:
        steps: 0, 1, ...: how many steps had been made when a loss was measured, (num_steps,).
        losses: the loss of the batch that the next step was made with, (num_steps,).
        evaluated: steps made before each evaluation, (num_evaluations,); starts with 0.
        metrics: "name metric", such as "test error" -> its values, (num_evaluations,).
    """

    steps: Tensor
    losses: Tensor
    evaluated: Tensor
    metrics: Mapping[str, Tensor]

    def to_dict(self) -> dict:
        """The same as lists of plain numbers, for a file."""
        metrics = {name: values.tolist() for name, values in self.metrics.items()}
        fields = ("steps", "losses", "evaluated")
        return {name: getattr(self, name).tolist() for name in fields} | {"metrics": metrics}
