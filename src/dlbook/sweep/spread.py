"""The jobs of a sweep here, or spread over processes and machines by joblib.

with joblib.parallel_config(backend="dask"):   # "ray" and "loky" also want n_jobs=..., say -1
    runs = sweep(...)
"""

from collections.abc import Iterator, Sequence

import joblib

from dlbook.sweep.job import Job
from dlbook.sweep.run import Outcome
from dlbook.sweep.train import Progress, equal_pieces, train

PARTS = 3  # jobs for each worker, so that one slow job does not keep the others waiting
Done = tuple[Job, Outcome, str]  # members, what they came to, the engine


def done_jobs(jobs: Sequence[Job], progress: Progress) -> Iterator[Done]:
    """What became of each job, as one after the other is done; the last may be interrupted."""
    workers = joblib.effective_n_jobs(None)
    if workers == 1:
        yield from _here(jobs, progress)
        return
    parts = [part for job in jobs for part in _parts(job, jobs, workers)]
    backend, _ = joblib.parallel.get_active_backend()
    one_by_one = backend.supports_return_generator  # Ray's hands over all of them at the end
    results = joblib.Parallel(return_as="generator_unordered" if one_by_one else "list")(
        joblib.delayed(_elsewhere)(number, part) for number, part in enumerate(parts)
    )
    for number, outcome, name in results:
        progress(int(outcome.stopped_at.sum()))
        yield parts[number], outcome, name


def _here(jobs: Sequence[Job], progress: Progress) -> Iterator[Done]:
    for job in jobs:
        outcome, name = train(job, progress)
        yield job, outcome, name
        if outcome.interrupted.any():
            return


def _elsewhere(number: int, job: Job) -> tuple[int, Outcome, str]:
    return number, *train(job)


def _parts(job: Job, jobs: Sequence[Job], workers: int) -> list[Job]:
    """Pieces of a job, small enough that every worker gets some."""
    total = sum(len(each.members) for each in jobs)
    size = -(-total // (PARTS * workers))
    pieces = equal_pieces(len(job.members), size)
    return [job.part(rows) for rows in pieces]
