"""Figures of the digit chapter: what they say is so, over seeds."""

import itertools
import math

import numpy as np
import pytest
import torch

from dlbook.figures import digit_forward, digit_layers, digit_reader, digit_reasons
from dlbook.figures.digit_training import RATES, travelled_at, updates
from dlbook.figures.digit_training import _errors as errors_of
from dlbook.models.attribution import integrated_gradients
from dlbook.models.representation import variance_share
from dlbook.plots.digit_layers import COLORS

SHORT = [(0.01, 16), (0.01, 64), (0.03, 16), (0.03, 64), (0.03, 256), (0.1, 256)]


def test_short_steps_share_a_clock():
    """Seen: half of the digits are right at η · updates of 0.99 to 1.11."""
    half = [travelled_at(0.5, lr, batch) for lr, batch in SHORT]
    assert 0.8 < min(half) <= max(half) < 1.4
    epochs = [t / lr / updates(1, b) for t, (lr, b) in zip(half, SHORT, strict=True)]
    assert max(epochs) > 10 * min(epochs)


def test_too_long_steps_leave_the_clock():
    """Seen: 0.34 to 0.76 of the digits wrong at the end; rounding moves them as seeds do."""
    assert travelled_at(0.2, 0.3, 16) == math.inf
    at_the_end = errors_of(64, 16)[RATES.index(0.3)][:, -1]
    assert at_the_end.min() > 0.3
    assert 0.4 < np.median(at_the_end) < at_the_end.max() < 0.8


def test_updates_with_and_without_the_last_batch():
    assert updates(12, 64, drop_last=False) == 264
    assert updates(12, 64) == 252


def test_clouds_keep_their_places_between_epochs_as_far_as_they_can():
    """Turned onto each other, the same digits lie nearer than they would with axes as they come."""
    late, later = digit_layers.EPOCHS[-2:]
    near = (digit_layers._planes(late)[2] - digit_layers._planes(later)[2]).norm()
    mirrored = (digit_layers._planes(late)[2] * -1 - digit_layers._planes(later)[2]).norm()
    assert near < 0.5 * mirrored
    status = digit_layers.digit_clouds(2, later).layout.meta["status"]
    assert status.startswith(f"Layer 2 after {later} epochs")


def test_digits_of_one_colour_lie_apart_once_trained():
    """Seen: their middles 2.0 standard deviations apart or more, in every layer but the pixels."""
    _, y = digit_layers._shown()
    for places in digit_layers._planes(80)[1:]:
        middles = torch.stack([places[y == c].mean(dim=0) for c in range(10)])
        for a, b in itertools.combinations(range(10), 2):
            if COLORS[a] == COLORS[b]:
                assert (middles[a] - middles[b]).norm() > 1.5


def test_the_scores_part_further_while_their_plane_shows_less():
    """Seen after 5 and 80 epochs: ratios 2.8 and 3.8, shares 0.82 and 0.69."""
    ratios = torch.tensor([digit_layers._ratios(n) for n in digit_layers.EPOCHS])
    assert (ratios[:, 2:].diff(dim=0) > 0).all()
    assert (ratios[3:].diff(dim=1) > 0.3).all()  # from three epochs on
    shares = [variance_share(digit_layers._states(n)[1][3]) for n in (5, 80)]
    assert shares[1] < shares[0] - 0.05


def test_networks_misread_the_same_images():
    """Seen: 10 to 14 of 450 wrong, 8 of them by all five networks, all with one answer."""
    answers = digit_forward.answers()
    y = digit_forward.split_enlarged_digits()[1][1]
    wrong = answers != y
    alike = (answers == answers[0]).all(dim=0)
    assert int((wrong.all(dim=0) & alike).sum()) >= 5
    assert int(wrong.sum(dim=1).max()) < 20
    hard = digit_forward.hardest()[:10]
    assert wrong[:, hard].double().mean() > 0.6


def test_the_true_digit_is_framed_even_where_it_has_no_probability():
    figure = digit_forward.way_of_an_image(1, 40)
    digit = int(digit_forward.split_enlarged_digits()[1][1][digit_forward.hardest()[0]])
    frame = figure.data[-1]
    assert figure.data[-2].y[digit] < 0.05
    assert (min(frame.x), max(frame.x), max(frame.y)) == (digit - 0.5, digit + 0.5, 1)


def test_the_average_digit_is_read_as_8_and_so_is_a_4():
    """Seen for eight seeds: 8 with 0.97 to 0.99, the 4 with 0.83 to 0.99."""
    images = torch.stack([digit_reasons.average_digit(), digit_reasons.image_of(38)[0]])
    assert digit_reasons.image_of(38)[1] == 4
    for seed in range(3):
        p = torch.softmax(digit_reasons.reader(seed)(images), 1)
        assert p.argmax(1).tolist() == [8, 8]
        assert float(p[0, 8]) > 0.9
        assert float(p[1, 8]) > 0.8


@pytest.mark.parametrize("image", [38, 12])
def test_shares_of_a_figure_are_complete(image):
    x, _ = digit_reasons.image_of(image)
    gained = digit_reasons.scores(x[None])[0] - digit_reasons.scores(
        digit_reasons.background()
    ).mean(dim=0)
    shares = digit_reasons.shapley_shares(image).sum(dim=0)
    torch.testing.assert_close(shares, gained, atol=1e-3, rtol=0)


def test_blank_on_blank_hides_nothing():
    x, _ = digit_reasons.image_of(38)
    assert (x.reshape(8, 8)[6:, 5:7] == 0).all()
    figure = digit_reasons.hidden_square(38, 6, 5, "blank paper")
    p = f"{digit_reasons.probabilities(x)[8]:.2f}"
    assert figure.layout.meta["status"].count(p) == 3
    assert abs(figure.data[1].z[0, 5]) < 1e-5  # row 6 of the map, counted from below


def test_hiding_where_two_strokes_meet_makes_the_4_a_0_and_no_square_makes_it_a_4():
    status = digit_reasons.hidden_square(38, 3, 3, "blank paper").layout.meta["status"]
    assert status.endswith("the answer is 0 (0.93).")
    for fill in digit_reasons.FILLS:
        assert 4 not in digit_reasons._all_squares(38, fill)[1].argmax(dim=2)
    shown = digit_reasons.hidden_square(38, 3, 3, "blank paper").data[5]
    assert shown.text.count(" ") == int(
        (digit_reasons._all_squares(38, "blank paper")[1].argmax(dim=2) == 8).sum()
    )


def test_the_average_digit_can_be_looked_at():
    status = digit_reasons.hidden_square(digit_reasons.AVERAGE, 3, 3, "blank paper")
    assert status.layout.meta["status"].startswith("The average digit, read as 8")


def test_missing_ink_speaks_for_one_digit_and_against_the_other():
    """Seen: 1.5 to 3.0, in both accounts."""
    path = torch.stack([digit_reasons.path_shares(38, digit) for digit in range(10)], dim=1)
    for shares in (path, digit_reasons.shapley_shares(38)):
        eight, four = shares[:, 8].reshape(8, 8), shares[:, 4].reshape(8, 8)
        assert min(eight[4, 5], -four[4, 5], four[6, 5], -eight[6, 5]) > 1
        assert digit_reasons.image_of(38)[0].reshape(8, 8)[[4, 6], 5].sum() == 0


@pytest.mark.parametrize("image", digit_reasons.IMAGES.values())
def test_shares_on_the_straight_path_are_complete(image):
    both = torch.stack([digit_reasons.image_of(image)[0], digit_reasons.average_digit()])
    now, before = digit_reasons.scores(both)
    for digit in range(10):
        gained = float(digit_reasons.path_shares(image, digit).sum())
        assert gained == pytest.approx(float(now[digit] - before[digit]), abs=0.01)


def test_the_readers_map_is_that_of_the_package():
    """Gradients by hand in the reader, by autograd in `models.attribution`."""
    run = digit_reader.trained(100, image=12, target=3)
    params, view = run.tensors["params"], run.view()
    x = run.tensors["batch"]["X_test"][12]
    mean = run.tensors["batch"]["X"].mean(dim=0)

    def score(X):
        return digit_reader.centred_logits(params, X, torch.tensor(3))

    truth = integrated_gradients(score, x, mean, num_steps=digit_reader.PATH)
    own = digit_reader.integrated_gradients(params, x, mean, torch.tensor(3))
    torch.testing.assert_close(own, truth, atol=1e-4, rtol=1e-4)
    gained = float(view["score"] - view["score_of_baseline"])
    assert float(view["sum_of_votes"]) == pytest.approx(gained, abs=0.2)


def test_with_blank_paper_only_ink_has_a_share():
    view = digit_reader.trained(100, image=12, baseline=1).view()
    assert (view["votes"][view["ink"].reshape(8, 8)[::-1] == 0] == 0).all()


def circle(x: float, y: float, radius: float, count: int) -> list[tuple[float, float, int]]:
    """Marks of the pen on a circle, from its top."""
    turns = [2 * math.pi * k / count for k in range(count)]
    return [(x + radius * math.sin(a), y + radius * math.cos(a), 0) for a in turns]


def test_it_reads_what_one_draws():
    """A ring and a bar, small and out of the middle: 0 and 1, for three seeds."""
    drawings = {
        0: [(0.6 * x, y, ink) for x, y, ink in circle(1.0, 0.5, 2.0, 24)],
        1: [(-1.0, -2 + 0.25 * k, 0) for k in range(17)],
    }
    for seed in range(3):
        run = digit_reader.trained(600, seed=seed)
        assert float(run.view()["test_error"]) < 0.06
        for digit, marks in drawings.items():
            run.set_points(marks)
            assert int(run.view()["answer"]) == digit
