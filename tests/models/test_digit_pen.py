"""Pen and eraser: what marks leave on the paper, and the frame that a drawing fills."""

import torch

from dlbook.models.digit_pen import HEIGHT, RADIUS, fitted, on_paper, painted, pixels


def marks(*rows, room: int = 6) -> dict[str, torch.Tensor]:
    """Marks (x, y, label) with free places behind them."""
    table = torch.zeros(room, 4)
    for number, row in enumerate(rows):
        table[number] = torch.tensor([*row, 1.0])
    return {"X": table[:, :2], "label": table[:, 2], "used": table[:, 3]}


def paint(points):
    return painted(points["X"], points["label"], points["used"])


def test_a_dot_covers_a_disc_and_free_places_nothing():
    paper = paint(marks((1.0, 2.0, 0)))
    area = float(paper.sum()) / 16  # sixteen cells a pixel
    assert abs(area - 3.14159 * RADIUS**2) < 0.2
    rows, columns = paper.nonzero().float().mean(dim=0)
    assert abs(rows - (32 / 2 - 2 * 4 - 0.5)) < 0.3  # first row on top
    assert abs(columns - (32 / 2 + 1 * 4 - 0.5)) < 0.3
    assert not paint(marks()).any()


def test_the_last_mark_wins():
    both = paint(marks((0, 0, 0), (0, 0, 1)))
    assert float(both.min()) == -1
    assert float(both.max()) == 0
    again = paint(marks((0, 0, 0), (0, 0, 1), (0, 0, 0)))
    assert float(again.min()) == 0
    assert float(again.max()) == 1


def test_marks_lie_on_the_image():
    image = torch.full((64,), 0.5)
    paper = on_paper(image, paint(marks((0, 0, 0), (3, 3, 1))))
    assert paper.unique().tolist() == [0.0, 0.5, 1.0]
    torch.testing.assert_close(pixels(on_paper(image, torch.zeros(32, 32))), image)


def test_a_small_drawing_anywhere_fills_the_frame():
    line = [(x, y) for x, y in ((2.0, 1.0), (2.0, 2.0), (2.5, 3.0))]
    X = fitted(marks(*[(*p, 0) for p in line]))[:3]
    assert abs(float(X[:, 1].max() - X[:, 1].min()) - (HEIGHT - 2 * RADIUS)) < 1e-5
    torch.testing.assert_close(X[:, 0].max() + X[:, 0].min(), torch.tensor(0.0), atol=1e-5, rtol=0)
    slope = (X[2] - X[1]) / (X[1, 1] - X[0, 1])
    torch.testing.assert_close(slope, torch.tensor([0.5, 1.0]))  # nothing is distorted


def test_without_marks_nothing_is_moved_out_of_the_numbers():
    assert torch.isfinite(fitted(marks())).all()
