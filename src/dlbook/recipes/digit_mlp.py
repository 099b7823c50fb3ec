"""The dense network of the digit chapter: `python -m dlbook.recipes.digit_mlp --dataset mnist`.

784-64-32-10 with ReLU has 52,650 parameters. The lecture (Vérine 2024) trains it with batches of
64 images, learning rate 0.01 and 12 epochs: 11,256 updates on MNIST, 264 on the small digits, which
therefore need `--epochs 40 --lr 0.1`.

On MNIST seeds 0 to 4 end with test errors of 3.53, 3.57, 3.34, 3.94 and 3.53 %, after six to eight
seconds each on one core. After one epoch: 9.92, 10.91, 10.42, 9.99 and 10.77 %; with `--lr 0.12`
4.42, 4.95, 5.16, 4.89 and 4.56 %.
"""

from dlbook.models.image_classifiers import digit_dense
from dlbook.recipes.digit_training import Result, Settings, run

LECTURE = Settings(batch_size=64, lr=0.01, num_epochs=12)  # Vérine 2024
PUBLISHED = "curves without numbers (Vérine 2024)"


def main(arguments: list[str] | None = None) -> list[Result]:
    """Run, print, and return the results of all seeds."""
    return run(digit_dense, LECTURE, PUBLISHED, __doc__.splitlines()[0], arguments)


if __name__ == "__main__":
    main()
