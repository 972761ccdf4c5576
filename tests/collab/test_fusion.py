"""One score from many: what standardising and learning promise."""

import numpy as np
import pytest

from chatrec.collab.fusion import learn_weights, standardise


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_scores_are_standardised_over_what_is_not_known(random):
    histories = [[0, 3], [5]]
    scores = random.normal(4, 9, size=(2, 30))
    scores[0, 3] = 1e9  # a known item has no say
    parts = standardise(scores, histories)
    for person, known in enumerate(histories):
        rest = np.delete(parts[person], known)
        assert rest.mean() == pytest.approx(0, abs=1e-5)
        assert rest.std() == pytest.approx(1, abs=1e-4)
        assert not parts[person, known].any()


def test_a_part_without_differences_is_no_trouble():
    assert not standardise(np.full((1, 5), 7.0), [[1]]).any()


def test_the_weights_follow_what_foretells_the_choice(random):
    histories = [[0]] * 300
    good, noise = random.normal(size=(2, 300, 20))
    chance = np.exp(1.5 * good)
    chance[:, 0] = 0
    targets = [int(random.choice(20, p=row / row.sum())) for row in chance]
    weights = learn_weights(np.stack([good, noise]), histories, targets, penalty=0.0)
    assert weights == pytest.approx([1.5, 0.0], abs=0.2)
    small = learn_weights(np.stack([good, noise]), histories, targets, penalty=1.0)
    assert abs(small[0]) < abs(weights[0])


def test_the_weights_are_where_the_loss_is_least(random):
    parts = random.normal(size=(3, 40, 12)).astype(np.float32)
    histories, targets = [[1, 2]] * 40, [3 + n % 9 for n in range(40)]

    def loss(weights):  # written out
        total = 0.05 * float(np.sum(weights**2))
        for person, target in enumerate(targets):
            scores = np.delete(np.array(weights) @ parts[:, person], histories[person])
            total += (np.log(np.exp(scores).sum()) - np.array(weights) @ parts[:, person, target]) / len(targets)
        return total

    learned = learn_weights(parts, histories, targets, penalty=0.05)
    for step in 0.05 * np.vstack([np.eye(3), -np.eye(3)]):
        assert loss(learned) < loss(learned + step)
