import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from dlbook.models.nearest_neighbors import NearestNeighbors


def random_set(num_points, *, seed, num_classes=3, dimension=2):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(num_points, dimension, generator=generator)
    return X, torch.randint(num_classes, (num_points,), generator=generator)


@pytest.mark.parametrize("k", [1, 3, 10, 51])
@pytest.mark.parametrize("p", [1.0, 2.0, float("inf")])
def test_equals_scikit_learn(k, p):
    X, y = random_set(120, seed=k)
    queries, _ = random_set(200, seed=100 + k)
    model = NearestNeighbors(X, y, num_classes=3, p=p)
    metric = {"metric": "chebyshev"} if p == float("inf") else {"p": p}
    reference = KNeighborsClassifier(k, **metric).fit(X.numpy(), y.numpy())
    expected = reference.predict_proba(queries.numpy())
    np.testing.assert_allclose(model.votes(queries, k).numpy(), expected, atol=1e-6)
    assert (model.predict(queries, k).numpy() == reference.predict(queries.numpy())).all()


@pytest.mark.parametrize("seed", range(5))
def test_one_neighbor_knows_its_training_set_by_heart(seed):
    X, y = random_set(200, seed=seed)  # the labels are pure chance
    model = NearestNeighbors(X, y, num_classes=3)
    assert model.errors(X, y, [1]).item() == 0


def test_all_neighbors_vote_for_the_majority():
    X = torch.randn(9, 2, generator=torch.Generator().manual_seed(0))
    y = torch.tensor([0, 0, 0, 1, 1, 1, 1, 1, 0])
    model = NearestNeighbors(X, y)
    assert model.predict(X, 9).tolist() == [1] * 9
    torch.testing.assert_close(model.votes(X, 9)[0], torch.tensor([4 / 9, 5 / 9]))


def test_errors_equal_predictions_one_k_at_a_time():
    X, y = random_set(80, seed=0)
    queries, labels = random_set(60, seed=1)
    model = NearestNeighbors(X, y, num_classes=3)
    ks = [1, 2, 7, 40]
    alone = [(model.predict(queries, k) != labels).float().mean() for k in ks]
    torch.testing.assert_close(model.errors(queries, labels, ks), torch.stack(alone))


def test_ties_go_to_the_earlier_sample_and_the_lower_class():
    X = torch.tensor([[1.0], [-1.0], [3.0]])
    model = NearestNeighbors(X, torch.tensor([1, 0, 1]))
    query = torch.zeros(1, 1)
    assert model.neighbors(query, 2).tolist() == [[0, 1]]
    assert model.predict(query, 1).item() == 1
    assert model.predict(query, 2).item() == 0


@pytest.mark.parametrize("k", [0, 4])
def test_k_out_of_range_is_named(k):
    model = NearestNeighbors(torch.zeros(3, 1), torch.tensor([0, 1, 1]))
    with pytest.raises(ValueError, match="k must be 1 to 3"):
        model.neighbors(torch.zeros(1, 1), k)


def test_digits_accuracy():
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = (
        torch.tensor(part)
        for part in train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
    )
    assert (len(X), len(X_test)) == (1347, 450)
    model = NearestNeighbors(X, y, num_classes=10)
    accuracy = 1 - model.errors(X_test, y_test, [1, 3, 51, 201])
    assert accuracy.tolist() == pytest.approx([0.982, 0.987, 0.947, 0.887], abs=5e-4)
