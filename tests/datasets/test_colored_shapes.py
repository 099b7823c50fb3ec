import math

import pytest
import torch

from dlbook.datasets.colored_shapes import CLASS_NAMES, colored_shapes


def test_images_have_the_shape_of_cifar10():
    X, y = colored_shapes(30)
    assert X.shape == (30, 3, 32, 32)
    assert X.dtype == torch.float32
    assert X.min() >= 0
    assert X.max() <= 1
    assert y.tolist() == [*range(10)] * 3
    assert len(CLASS_NAMES) == 10
    assert CLASS_NAMES[0] == "plain disc"
    assert CLASS_NAMES[9] == "striped ring"


@pytest.mark.parametrize("difficulty", [0.0, 0.5, 1.0])
def test_more_images_leave_the_earlier_ones_as_they_were(difficulty):
    X, _ = colored_shapes(10, seed=4, difficulty=difficulty)
    longer, _ = colored_shapes(25, seed=4, difficulty=difficulty)
    other, _ = colored_shapes(10, seed=5, difficulty=difficulty)
    assert torch.equal(longer[:10], X)
    assert not torch.equal(other, X)


def test_easy_shapes_fill_the_area_of_their_formula():
    X, y = colored_shapes(10, 0.0, difficulty=0.0)
    contrast = (X - X[:, :, :1, :1]).sum(dim=1)  # to the corner, which no shape reaches
    area = contrast.sum(dim=(1, 2)) / contrast.amax(dim=(1, 2)) / 100  # radius is 10 pixels
    formula = {0: math.pi, 2: 1.6**2, 4: 3 * math.sqrt(3) * 0.55**2, 6: 2.64 - 0.66**2, 8: 2.356}
    for c, expected in formula.items():
        assert area[y == c].item() == pytest.approx(expected, rel=0.03)


def test_stripes_are_inside_the_shape_and_change_about_half_of_it():
    plain, _ = colored_shapes(9, 0.0, difficulty=0.0)
    brightness = plain.mean(dim=1)
    for striped, smooth in ((1, 0), (3, 2), (5, 4), (7, 6)):
        inside = brightness[striped][10:20, 12:20]
        assert inside.std() > 0.08
        assert brightness[smooth][14:18, 14:18].std() < 1e-4


def test_difficulty_moves_turns_inverts_and_dims():
    easy, _ = colored_shapes(200, 0.0, seed=1, difficulty=0.0)
    hard, _ = colored_shapes(200, 0.0, seed=1, difficulty=1.0)
    column = torch.arange(32.0)

    def centres(images):
        weight = (images - images.flatten(2).median(dim=2).values[:, :, None, None]).abs().sum(1)
        return (weight.sum(1) * column).sum(1) / weight.sum((1, 2))

    assert centres(easy).std() < 0.5
    assert centres(hard).std() > 2.5
    assert (easy[:, :, 0, 0].mean(1) < 0.36).all()
    assert 0.35 < (hard[:, :, 0, 0].mean(1) > 0.5).float().mean() < 0.65
    assert hard.std() < easy.std()


def test_noise_is_added_to_every_pixel():
    clean, _ = colored_shapes(20, 0.0, difficulty=1.0)
    noisy, _ = colored_shapes(20, 0.02, difficulty=1.0)
    assert (noisy - clean).std().item() == pytest.approx(0.02, rel=0.03)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: colored_shapes(0), "num_images is 0"),
        (lambda: colored_shapes(5, -0.1), "noise is -0.1"),
        (lambda: colored_shapes(5, difficulty=1.5), "difficulty is 1.5"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
