"""The data of many members at once: shared where they are the same, stacked where they differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from dlbook.sweep.grid import Member, arguments
from dlbook.training import Data, batches, steps_per_epoch

Source = Data | Callable[..., Data]


def data_of(source: Source, member: Member) -> Data:
    """X (n, ...) and y (n, ...) of one member."""
    if not callable(source):
        return source
    names = arguments(source)
    settings = {name: value for name, value in member.of("data").items() if name in names}
    return source(**settings, **({"seed": member.seed} if "seed" in names else {}))


def data_key(source: Source, member: Member) -> tuple:
    """Equal for members that have the same data."""
    if not callable(source):
        return ()
    names = arguments(source)
    seed = (member.seed,) if "seed" in names else ()
    return (*((k, v) for k, v in member.of("data").items() if k in names), *seed)


@dataclass(frozen=True)
class Stacked:
    """Data sets of members, each kept once.

    Attributes:
        X, y: (U, n, ...) for U different data sets of equal shape.
        index: which of them each member has, (members,).
    """

    X: Tensor
    y: Tensor
    index: Tensor

    @property
    def shared(self) -> bool:
        """Whether all members have the same."""
        return len(self.X) == 1

    def take(self, rows: Tensor) -> "Stacked":
        """Of some members only; `rows` are their numbers."""
        return Stacked(self.X, self.y, self.index[rows])

    def whole(self) -> tuple[Tensor, Tensor]:
        """All samples: (n, ...) if shared, else (members, n, ...)."""
        if self.shared:
            return self.X[0], self.y[0]
        return self.X[self.index], self.y[self.index]


def stack_data(source: Source, members: Sequence[Member], device: str) -> Stacked:
    """The data of `members`, which must have equal shapes; inputs alone stand for targets too."""
    keys = [data_key(source, member) for member in members]
    first = {key: number for number, key in reversed(list(enumerate(keys)))}
    unique = sorted(first, key=first.get)
    sets = [data_of(source, members[first[key]]) for key in unique]
    sets = [one if isinstance(one, tuple) else (one, one) for one in sets]
    index = torch.tensor([unique.index(key) for key in keys], device=device)
    X, y = (torch.stack([one[i] for one in sets]).to(device) for i in (0, 1))
    return Stacked(X, y, index)


@dataclass
class Feed:
    """The batch of every step, in the order in which `fit` would take it with each seed."""

    data: Stacked
    seeds: Sequence[int]
    batch_size: int | None
    drop_last: bool = False

    @cached_property
    def num_points(self) -> int:
        """Samples of a data set."""
        return self.data.X.shape[1]

    @cached_property
    def per_epoch(self) -> int:
        """Steps of an epoch."""
        return steps_per_epoch(self.num_points, self.batch_size, drop_last=self.drop_last)

    @property
    def shared(self) -> bool:
        """Whether all members see the same batch, without a member axis."""
        return self.data.shared and (self.batch_size is None or len(set(self.seeds)) == 1)

    def take(self, rows: Tensor) -> "Feed":
        """Of some members only."""
        seeds = [self.seeds[row] for row in rows.tolist()]
        return Feed(self.data.take(rows), seeds, self.batch_size, self.drop_last)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """X (b, ...) and y (b, ...), or (members, b, ...) where members differ."""
        if self.batch_size is None:
            return self._whole
        epoch, position = divmod(step, self.per_epoch)
        orders = self._orders(epoch)
        chosen = orders[position]  # (different seeds, b)
        if self.shared:
            return self.data.X[0][chosen[0]], self.data.y[0][chosen[0]]
        chosen = chosen[self._order_index]  # (members, b)
        rows = self.data.index[:, None]
        return self.data.X[rows, chosen], self.data.y[rows, chosen]

    @cached_property
    def _whole(self) -> tuple[Tensor, Tensor]:
        return self.data.whole()

    @cached_property
    def _order_index(self) -> Tensor:
        unique = list(dict.fromkeys(self.seeds))
        index = [unique.index(seed) for seed in self.seeds]
        return torch.tensor(index, device=self.data.X.device)

    def _orders(self, epoch: int) -> list[Tensor]:
        """Indices (different seeds, b) of every batch of an epoch; the last epoch's are kept."""
        if getattr(self, "_epoch", None) != epoch:
            each = [
                batches(
                    self.num_points,
                    self.batch_size,
                    epoch=epoch,
                    seed=seed,
                    drop_last=self.drop_last,
                )
                for seed in dict.fromkeys(self.seeds)
            ]
            device = self.data.X.device
            self._epoch = epoch
            self._kept = [torch.stack(part).to(device) for part in zip(*each, strict=True)]
        return self._kept
