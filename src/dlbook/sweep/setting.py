"""Everything that the members of a job are trained with, put together."""

from dataclasses import dataclass

from dlbook.sweep.data import Feed, stack_data
from dlbook.sweep.job import Job
from dlbook.sweep.measure import Measure
from dlbook.sweep.run import Course
from dlbook.sweep.stack import Stack, stack_members
from dlbook.sweep.step import MemberStep
from dlbook.training import mean_loss


@dataclass(frozen=True)
class Setting:
    """What a run needs: see the classes of the attributes."""

    stack: Stack
    feed: Feed
    measure: Measure
    course: Course
    step: MemberStep


def setting_of(job: Job, *, stackable: bool = True) -> Setting:
    """Build the models and data of a job.

    Args:
        job: members of one architecture.
        stackable: whether the model can be evaluated for all members at once.
    """
    plan, members = job.plan, job.members
    first, device = members[0], plan.device
    optimizer = plan.optimizer_of(first)
    data = stack_data(plan.data, members, device)
    seeds = [member.seed for member in members]
    feed = Feed(data, seeds, plan.batch_size_of(first), plan.drop_last)
    X, y = feed.batch(0)
    stack = stack_members(
        plan.make_model,
        members,
        loss_fn=plan.loss_fn,
        first_batch=(X, y) if feed.shared else (X[0], y[0]),
        optimizer=optimizer,
        hyper=plan.hyper,
        device=device,
    )
    measure = Measure(
        stack.evaluated(),
        stack.layout,
        {name: stack_data(source, members, device) for name, source in plan.evaluate.items()},
        plan.metrics or {"loss": lambda y_hat, y: mean_loss(plan.loss_fn, y_hat, y)},
        {name: stack_data(inputs, members, device) for name, inputs in plan.views.items()},
        stackable,
    )
    course = Course(
        plan.length(first), plan.times(first), plan.schedule_of(first), plan.early_stopping
    )
    step = MemberStep(stack.model, stack.layout, plan.loss_fn, optimizer)
    return Setting(stack, feed, measure, course, step)
