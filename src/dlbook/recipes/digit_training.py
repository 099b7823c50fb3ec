"""Trains a classifier of handwritten digits with several seeds and prints what it gets wrong.

What `dlbook.recipes.digit_mlp` and `dlbook.recipes.digit_cnn` share: the images, the options of the
command line, the loop over seeds, and the table.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm import tqdm

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.datasets.mnist import load_mnist
from dlbook.losses import cross_entropy
from dlbook.training import fit, steps_per_epoch

Pair = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Settings:
    """How a lecture trained its network."""

    batch_size: int
    lr: float
    num_epochs: int


@dataclass(frozen=True)
class Result:
    """One training: errors are shares of the images, one entry an epoch from epoch 0 on."""

    seed: int
    train_errors: list[float]
    test_errors: list[float]
    seconds: float


def digit_images(dataset: str) -> tuple[Pair, Pair]:
    """Training and test images (n, 1, 28, 28), scaled by the training pixels' mean and sd.

    Args:
        dataset: "digits" for the 8×8 digits enlarged to 28×28, "mnist" for MNIST.
    """
    if dataset == "digits":
        return split_enlarged_digits()
    (X_train, y_train), (X_test, y_test) = load_mnist()
    X_train, X_test = X_train.float(), X_test.float()
    mean, sd = X_train.mean(), X_train.std()
    return ((X_train - mean) / sd, y_train), ((X_test - mean) / sd, y_test)


def error_share(logits: Tensor, y: Tensor) -> Tensor:
    """The share of the rows whose largest logit is not that of class y, a 0-d tensor."""
    return (logits.argmax(1) != y).double().mean()


def train_once(
    make_model: Callable[..., nn.Module],
    train: Pair,
    test: Pair,
    settings: Settings,
    *,
    seed: int = 0,
    device: str = "cpu",
    progress: bool = False,
) -> Result:
    """Train one network with plain SGD, the last batch of an epoch smaller than the others.

    Args:
        make_model: of the keyword `seed`; (n, 1, 28, 28) -> logits (n, 10).
        train, test: images and labels.
        settings: batch size, learning rate and epochs.
        seed: of the first weights and of the order of the images.
        device: "cpu" or "cuda".
        progress: show a bar.
    """
    start = time.perf_counter()
    with tqdm(desc=f"seed {seed}", unit="step", disable=not progress, leave=False) as bar:
        history = fit(
            make_model(seed=seed),
            train,
            loss_fn=cross_entropy,
            lr=settings.lr,
            num_epochs=settings.num_epochs,
            batch_size=settings.batch_size,
            seed=seed,
            evaluate={"train": train, "test": test},
            metrics={"error": error_share},
            device=device,
            progress=lambda done, total: _advance(bar, done, total),
        )
    errors = [history.metrics[f"{part} error"].tolist() for part in ("train", "test")]
    return Result(seed, *errors, time.perf_counter() - start)


def run(
    make_model: Callable[..., nn.Module],
    lecture: Settings,
    published: str,
    description: str,
    arguments: list[str] | None = None,
) -> list[Result]:
    """The whole command: read the options, train every seed, print, and return the results.

    Args:
        make_model: as for `train_once`.
        lecture: the settings that hold where no option says otherwise.
        published: what the lecture reports about MNIST.
        description: of the command.
        arguments: of the command line; None takes those of the process.
    """
    options = _options(lecture, description, arguments)
    settings = Settings(options.batch_size, options.lr, options.epochs)
    torch.set_num_threads(options.threads)
    train, test = digit_images(options.dataset)
    num_steps = settings.num_epochs * steps_per_epoch(len(train[0]), settings.batch_size)
    num_params = sum(p.numel() for p in make_model(seed=0).parameters())
    print(f"{options.dataset}: {len(train[0]):,} training and {len(test[0]):,} test images")
    print(f"{num_params:,} parameters, {settings}, {num_steps:,} updates")
    results = []
    for seed in range(options.seeds):
        result = train_once(
            make_model, train, test, settings, seed=seed, device=options.device, progress=True
        )
        results.append(result)
        print(
            f"seed {seed}: training error {result.train_errors[-1]:.2%}, test error "
            f"{result.test_errors[-1]:.2%}, {result.seconds:.1f} s",
            flush=True,
        )
    last = [result.test_errors[-1] for result in results]
    print(f"test error: median {statistics.median(last):.2%}, {min(last):.2%} to {max(last):.2%}")
    if options.dataset == "mnist":
        print(f"the lecture: {published}")
    return results


def _options(lecture: Settings, description: str, arguments: list[str] | None):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--dataset", choices=("digits", "mnist"), default="digits")
    parser.add_argument("--seeds", type=int, default=1, help="how many: 0, 1, ... (default 1)")
    parser.add_argument("--epochs", type=int, default=lecture.num_epochs)
    parser.add_argument("--lr", type=float, default=lecture.lr, help="learning rate")
    parser.add_argument("--batch-size", type=int, default=lecture.batch_size)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="of torch on the processor")
    return parser.parse_args(arguments)


def _advance(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
