"""What a sweep is to do, and its parts that can be trained by themselves, anywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from torch import Tensor, nn

from dlbook.schedules import Schedule
from dlbook.sweep.data import Source, data_key, data_of
from dlbook.sweep.early_stopping import EarlyStopping
from dlbook.sweep.grid import Member
from dlbook.training import Compare, steps_per_epoch


@dataclass(frozen=True)
class Plan:
    """What all members of a sweep share; the arguments of `dlbook.sweep.sweep`."""

    make_model: Callable[..., nn.Module]
    data: Source
    loss_fn: Callable
    optimizer: str = "sgd"
    hyper: Mapping[str, float] = field(default_factory=dict)
    num_epochs: int | None = None
    num_steps: int | None = None
    batch_size: int | None = None
    drop_last: bool = False
    schedule: Schedule | None = None
    early_stopping: EarlyStopping | None = None
    evaluate: Mapping[str, Source] = field(default_factory=dict)
    metrics: Mapping[str, Compare] = field(default_factory=dict)
    views: Mapping[str, Tensor | Callable[..., Tensor]] = field(default_factory=dict)
    at_steps: Sequence[int] | None = None
    at_epochs: Sequence[int] | None = None
    device: str = "cpu"
    engine: str = "auto"

    def batch_size_of(self, member: Member) -> int | None:
        """Samples a step."""
        return member.of("batch_size").get("batch_size", self.batch_size)

    def optimizer_of(self, member: Member) -> str:
        """Its optimizer's name."""
        return member.of("optimizer").get("optimizer", self.optimizer)

    def schedule_of(self, member: Member) -> Schedule | None:
        """What becomes of its learning rate."""
        return member.of("schedule").get("schedule", self.schedule)

    def per_epoch(self, member: Member) -> int:
        """Steps of an epoch."""
        num_points = len(data_of(self.data, member)[0])
        return steps_per_epoch(num_points, self.batch_size_of(member), drop_last=self.drop_last)

    def length(self, member: Member) -> int:
        """How many steps there are, at most."""
        return self.num_steps or self.num_epochs * self.per_epoch(member)

    def times(self, member: Member) -> list[int]:
        """Steps after which to measure, in order."""
        if self.at_epochs is not None:
            return [epoch * self.per_epoch(member) for epoch in self.at_epochs]
        return [self.length(member)] if self.at_steps is None else list(self.at_steps)

    def coordinate(self, member: Member) -> tuple[str, list[int]]:
        """Name and values of the result's coordinate along which measurements stand."""
        if self.at_epochs is not None:
            return "at_epoch", list(self.at_epochs)
        if self.at_steps is None and self.num_epochs is not None:
            return "at_epoch", [self.num_epochs]
        return "at_step", self.times(member)


@dataclass(frozen=True)
class Job:
    """Members of one architecture, and the plan they follow."""

    plan: Plan
    members: Sequence[Member]

    def part(self, rows: Sequence[int]) -> "Job":
        """The same with some members only."""
        return replace(self, members=[self.members[row] for row in rows])


def jobs_of(plan: Plan, members: Sequence[Member]) -> list[Job]:
    """Members grouped by what must be equal in a stack: architecture, optimizer, sizes of data."""
    groups: dict[tuple, list[Member]] = {}
    shapes: dict[tuple, tuple] = {}
    for member in members:
        key = data_key(plan.data, member)
        if key not in shapes:
            shapes[key] = tuple(part.shape for part in data_of(plan.data, member))
        structure = (
            tuple((name, id(value)) for name, value in member.of("model").items()),
            plan.optimizer_of(member),
            plan.batch_size_of(member),
            plan.schedule_of(member),
            shapes[key],
        )
        groups.setdefault(structure, []).append(member)
    return [Job(plan, group) for group in groups.values()]
