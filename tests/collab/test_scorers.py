"""What every scorer promises, and what alternating least squares adds."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item
from chatrec.collab.als import ALS
from chatrec.collab.bpr import BPR
from chatrec.collab.neighbourhood import EASE, CoOccurrence, ItemKNN, RP3beta
from chatrec.collab.sasrec import SASRec
from chatrec.collab.scorer import History, Scorer
from chatrec.collab.userknn import UserKNN
from chatrec.errors import BadInput, WorkspaceError


@pytest.fixture(scope="module")
def source():
    from small import small_source

    return small_source()


DARK = ("Heat", "Casino", "Fargo", "The Godfather")
LIGHT = ("Groundhog Day", "Toy Story", "Babe", "Duck Soup")


def rows(catalogue, titles):
    return tuple(catalogue.find(title) for title in titles)


class ScorerContract:
    """Every scorer's tests inherit from this and give a ``scorer``, not yet fitted."""

    @pytest.fixture
    def scorer(self):
        pytest.fail("a contract test names its scorer")

    @pytest.fixture
    def fitted(self, scorer, source):
        return scorer.fit(source.catalogue, source.interactions)

    def test_it_is_a_scorer_with_a_name(self, scorer):
        assert isinstance(scorer, Scorer)
        assert scorer.name

    def test_every_item_gets_a_finite_score(self, fitted, source):
        scores = fitted.score(History((0, 1), (2,)))
        assert scores.shape == (len(source.catalogue),)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    @pytest.mark.parametrize("history", [History((24,)), History((), (24,)), History((0, -1)), History((0,), (10**6,))])
    def test_a_row_outside_the_catalogue_is_bad_input(self, fitted, history):
        with pytest.raises(BadInput, match=r"no item has row (24|-1|1000000); the catalogue has 24 items"):
            fitted.score(history)

    def test_an_empty_history_gives_the_order_of_popularity(self, fitted, source):
        scores = fitted.score(History())
        liked = source.interactions[source.interactions["rating"] >= 4]
        likes = liked["item_id"].map(source.catalogue.row).value_counts().reindex(range(24), fill_value=0).to_numpy()
        assert np.isfinite(scores).all()
        assert (np.diff(likes[np.argsort(-scores, kind="stable")]) <= 0).all()
        assert scores[likes.argmax()] > scores[likes.argmin()]

    def test_saved_and_loaded_it_scores_the_same(self, fitted, tmp_path):
        fitted.save(tmp_path)
        loaded = type(fitted).load(tmp_path)
        for history in (History(), History((3, 1)), History((), (5,)), History((0, 4, 7), (2, 9))):
            assert np.array_equal(loaded.score(history), fitted.score(history))

    def test_fitted_twice_it_is_the_same(self, fitted, source):
        before = fitted.score(History((2,)))
        assert np.array_equal(fitted.fit(source.catalogue, source.interactions).score(History((2,))), before)

    def test_likes_lift_the_films_that_the_same_people_like(self, fitted, source):
        dark, light = rows(source.catalogue, DARK), rows(source.catalogue, LIGHT)
        for liked, other in ((dark, light), (light, dark)):
            scores = fitted.score(History(liked[:2]))
            assert scores[list(liked[2:])].mean() > scores[list(other[2:])].mean()

    def test_a_dislike_never_lifts_the_film(self, fitted, source):
        liked, disliked = rows(source.catalogue, DARK)[:1], rows(source.catalogue, DARK)[1:2]
        before, after = fitted.score(History(liked)), fitted.score(History(liked, disliked))
        assert after[disliked[0]] <= before[disliked[0]]

    def test_items_nobody_rated_and_people_nobody_matches_are_no_trouble(self, scorer, source):
        more = Catalogue([*source.catalogue, Item(item_id="new", title="Brand New", year=2024)])
        scores = scorer.fit(more, source.interactions).score(History((24,)))
        assert np.isfinite(scores).all()

    def test_without_any_interactions_it_still_scores(self, scorer, source):
        fitted = scorer.fit(source.catalogue, interactions_frame(source.interactions.head(0)))
        for history in (History(), History((0,), (1,))):
            scores = fitted.score(history)
            assert scores.shape == (24,)
            assert np.isfinite(scores).all()

    def test_any_history_gives_finite_scores(self, fitted):
        picks = st.permutations(range(24)).flatmap(
            lambda order: st.tuples(st.just(order), st.integers(0, 24), st.integers(0, 24))
        )

        @settings(deadline=None, max_examples=60)
        @given(picks)
        def check(pick):
            order, first, second = pick
            low, high = sorted((first, second))
            scores = fitted.score(History(tuple(order[:low]), tuple(order[low:high])))
            assert np.isfinite(scores).all()

        check()


class OrderFree:
    """Scorers that ask only what is in a history, not in which order."""

    def test_the_order_of_the_history_does_not_change_what_is_known(self, fitted):
        assert np.allclose(
            fitted.score(History((1, 5, 9), (2, 3))), fitted.score(History((9, 1, 5), (3, 2))), atol=1e-5
        )


class Recent:
    """Scorers for which the last likes count most."""

    def test_the_last_like_counts_most(self, fitted, source):
        dark, light = rows(source.catalogue, DARK), rows(source.catalogue, LIGHT)
        turned_dark = fitted.score(History((*light[:2], *dark[:2])))
        turned_light = fitted.score(History((*dark[:2], *light[:2])))
        assert turned_dark[list(dark[2:])].mean() > turned_light[list(dark[2:])].mean()


class KeptInOneFile:
    @pytest.mark.parametrize("data", [None, b"", b"junk junk junk", b"\xff" * 64])
    def test_a_file_that_is_missing_or_damaged_asks_for_a_new_fit(self, scorer, tmp_path, data):
        if data is not None:
            (tmp_path / scorer.file).write_bytes(data)
        with pytest.raises(WorkspaceError, match=rf"{scorer.file} .*fit the scorer again"):
            type(scorer).load(tmp_path)

    def test_options_are_kept(self, fitted, tmp_path):
        fitted.save(tmp_path)
        kept = {name: value for name, value in vars(fitted).items() if isinstance(value, int | float | None)}
        loaded = vars(type(fitted).load(tmp_path))
        assert kept
        assert {name: loaded[name] for name in kept} == kept


class TestEASE(ScorerContract, OrderFree, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return EASE(regularization=5.0)

    def test_each_item_is_regressed_on_all_others(self, fitted, source):
        likes = np.zeros((40, 24))
        for row in source.interactions.itertuples():
            likes[int(row.user_id[1:]), source.catalogue.row[row.item_id]] = row.rating >= 4
        for item in (0, 7, 15):  # Steck's closed form against ridge regression, one item at a time
            others = np.delete(np.arange(24), item)
            left = likes[:, others].T @ likes[:, others] + 5.0 * np.eye(23)
            expected = np.linalg.solve(left, likes[:, others].T @ likes[:, item])
            assert np.allclose(fitted.matrix[others, item], expected, atol=1e-4)
            assert fitted.matrix[item, item] == 0


class TestRecencyEASE(ScorerContract, Recent, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return EASE(regularization=5.0, half_life=1.5)


class TestItemKNN(ScorerContract, OrderFree, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return ItemKNN(neighbours=10)

    def test_only_the_nearest_items_have_a_vote(self, fitted):
        assert (np.count_nonzero(fitted.matrix, axis=1) <= 10).all()
        assert not fitted.matrix.diagonal().any()


class TestRP3beta(ScorerContract, OrderFree, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return RP3beta()

    def test_a_score_is_the_chance_of_the_walk_over_popularity(self, catalogue):
        events = pd.DataFrame({"user_id": list("aabbb"), "item_id": list("12123"), "rating": 5, "timestamp": range(5)})
        fitted = RP3beta(alpha=1, beta=0.5).fit(catalogue, interactions_frame(events))
        # from item 1: to a or b by half each; from a to 2 by half, from b to 2 or 3 by a third each
        assert fitted.matrix[0, 1] == pytest.approx((1 / 4 + 1 / 6) / 2**0.5)
        assert fitted.matrix[0, 2] == pytest.approx(1 / 6)
        assert not fitted.matrix[3:].any() and not fitted.matrix[:, 3:].any()


class TestUserKNN(ScorerContract, OrderFree, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return UserKNN(neighbours=10)

    def test_only_the_nearest_people_have_a_vote(self, catalogue):
        events = pd.DataFrame(
            {"user_id": list("aabbbb"), "item_id": list("121345"), "rating": 5, "timestamp": range(6)}
        )
        one = UserKNN(neighbours=1).fit(catalogue, interactions_frame(events)).score(History((0,)))
        assert np.flatnonzero(one).tolist() == [0, 1]  # a has fewer other likes than b, so that a is nearer
        both = UserKNN(neighbours=2).fit(catalogue, interactions_frame(events)).score(History((0,)))
        assert np.flatnonzero(both).tolist() == [0, 1, 2, 3, 4]
        assert both[1] == pytest.approx(1 / 2**0.5)


class TestSASRec(ScorerContract, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return SASRec(width=16, window=8, steps=60, batch=16)

    def test_it_reads_the_order(self, catalogue):
        ring = [[str(1 + (start + step) % 12) for step in range(6)] for start in range(12)]
        events = [(f"u{user}", item, 5.0, time) for user, items in enumerate(ring) for time, item in enumerate(items)]
        frame = interactions_frame(pd.DataFrame(events, columns=["user_id", "item_id", "rating", "timestamp"]))
        fitted = SASRec(width=16, window=5, dropout=0.0, steps=150, batch=12).fit(catalogue, frame)
        found = [int(fitted.score(History((row, (row + 1) % 12))).argmax()) for row in range(12)]
        assert np.mean([item == (row + 2) % 12 for row, item in enumerate(found)]) > 0.8

    def test_a_history_longer_than_its_window_is_cut_to_the_last(self, fitted):
        long, short = History(tuple(range(20))), History(tuple(range(12, 20)))
        assert np.array_equal(fitted.score(long), fitted.score(short))

    def test_another_shape_is_kept_whole(self, source, tmp_path):
        fitted = SASRec(width=8, layers=3, heads=1, steps=2).fit(source.catalogue, source.interactions)
        fitted.save(tmp_path)
        assert np.array_equal(SASRec.load(tmp_path).score(History((1, 2))), fitted.score(History((1, 2))))

    def test_training_leaves_the_callers_random_numbers_alone(self, scorer, source):
        torch.manual_seed(5)
        expected = torch.rand(1)
        torch.manual_seed(5)
        scorer.fit(source.catalogue, source.interactions)
        assert torch.rand(1) == expected


class TestCoOccurrence(ScorerContract, Recent, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return CoOccurrence(window=8, reach=4, forward=0, half_life=1.0)

    @pytest.mark.parametrize(
        ("forward", "expected"),
        [(1, {(0, 1): 1, (1, 2): 1, (0, 2): 0.5}), (-1, {(1, 0): 1, (2, 1): 1, (2, 0): 0.5})],
    )
    def test_pairs_count_by_gap_and_direction(self, catalogue, forward, expected):
        events = pd.DataFrame(
            {"user_id": "u", "item_id": ["1", "2", "3", "4"], "rating": [5, 5, 5, 1], "timestamp": range(4)}
        )
        fitted = CoOccurrence(window=2, reach=1, forward=forward, prior=0).fit(catalogue, interactions_frame(events))
        assert {(a, b): fitted.matrix[a, b] for a, b in np.argwhere(np.nan_to_num(fitted.matrix))} == expected


class TestBPR(ScorerContract, OrderFree, KeptInOneFile):
    @pytest.fixture
    def scorer(self):
        return BPR(factors=8)

    def test_what_is_liked_is_lifted_above_the_average_item(self, fitted):
        liked = [3, 6]
        scores = fitted.score(History(tuple(liked)))
        assert scores[liked].min() > scores.mean()


class TestALS(ScorerContract, OrderFree):
    @pytest.fixture
    def scorer(self):
        return ALS()

    def test_a_person_is_folded_in_by_the_least_squares_of_the_training(self, fitted):
        liked, disliked = (1, 2), (7,)
        items = fitted.item_vectors.astype(np.float64)
        left, right = items.T @ items + fitted.regularization * np.eye(fitted.factors), np.zeros(fitted.factors)
        for row in liked:  # Hu, Koren and Volinsky: confidence c at preference 1
            left += (fitted.like - 1) * np.outer(items[row], items[row])
            right += fitted.like * items[row]
        for row in disliked:  # the same confidence at preference 0
            left += (fitted.aversion - 1) * np.outer(items[row], items[row])
        assert np.allclose(fitted.fold_in(History(liked, disliked)), np.linalg.solve(left, right), atol=1e-4)

    def test_a_dislike_in_a_conversation_lowers_the_film_and_its_like(self, source):
        fitted = ALS().fit(source.catalogue, source.interactions)
        dark = rows(source.catalogue, DARK)
        before, after = fitted.score(History(dark[:1])), fitted.score(History(dark[:1], dark[1:2]))
        assert after[dark[1]] < before[dark[1]]
        assert after[list(dark[2:])].mean() < before[list(dark[2:])].mean()

    def test_nobody_is_a_zero_vector(self, fitted):
        assert not fitted.fold_in(History()).any()

    def test_an_item_nobody_rated_has_a_zero_vector(self, scorer, source):
        more = Catalogue([*source.catalogue, Item(item_id="new", title="Brand New")])
        fitted = scorer.fit(more, source.interactions)
        assert not fitted.item_vectors[-1].any()
        assert np.linalg.norm(fitted.item_vectors[fitted.popularity > 0], axis=1).min() > 0

    def test_options_are_kept_with_the_vectors(self, source, tmp_path):
        fitted = ALS(factors=8, regularization=3.5, like=4.0, dislike=2.0, iterations=3, seed=1).fit(
            source.catalogue, source.interactions
        )
        fitted.save(tmp_path)
        loaded = ALS.load(tmp_path)
        for name in ("factors", "regularization", "like", "dislike", "iterations", "seed"):
            assert getattr(loaded, name) == getattr(fitted, name)

    def test_neighbours_are_the_nearest_by_cosine_without_the_item_itself(self, fitted):
        nearest, similarity = fitted.neighbours(5)
        unit = fitted.item_vectors / np.maximum(np.linalg.norm(fitted.item_vectors, axis=1, keepdims=True), 1e-9)
        assert nearest.shape == similarity.shape == (24, 5)
        for row in np.flatnonzero(unit.any(axis=1)):
            cosines = unit @ unit[row]
            cosines[row] = -np.inf
            assert row not in nearest[row]
            assert np.allclose(np.sort(cosines)[::-1][:5], similarity[row], atol=1e-5)
            assert np.allclose(cosines[nearest[row]], similarity[row], atol=1e-5)

    def test_neighbours_share_an_audience(self, fitted, source):
        nearest, _ = fitted.neighbours(3)
        crime = {
            row
            for row, item in enumerate(source.catalogue)
            if {"Crime", "Thriller", "Film Noir"} & set(item.categories)
        }
        comedy = {
            row for row, item in enumerate(source.catalogue) if {"Comedy", "Romance", "Children"} & set(item.categories)
        }
        found = nearest[list(rows(source.catalogue, DARK))].ravel().tolist()
        assert len(crime & set(found)) > len(comedy & set(found))

    def test_an_item_without_ratings_is_its_own_neighbour(self, scorer, source):
        more = Catalogue([*source.catalogue, Item(item_id="new", title="Brand New")])
        nearest, similarity = scorer.fit(more, source.interactions).neighbours(4)
        assert nearest[-1].tolist() == [24] * 4
        assert similarity[-1].tolist() == [0.0] * 4
        assert 24 not in nearest[:-1]

    @pytest.mark.parametrize("size", [1, 2])
    def test_more_neighbours_than_items_are_as_many_as_there_are(self, source, size):
        few = Catalogue(source.catalogue[:size])
        nearest, similarity = ALS(factors=4).fit(few, source.interactions).neighbours(8)
        assert nearest.shape == (size, 1)
        assert np.isfinite(similarity).all()

    @pytest.mark.parametrize("data", [None, b"", b"junk junk junk", b"\xff" * 64])
    def test_vectors_that_are_missing_or_damaged_ask_for_a_new_build(self, tmp_path, data):
        if data is not None:
            (tmp_path / "collab.safetensors").write_bytes(data)
        with pytest.raises(WorkspaceError, match=r"collab\.safetensors .*build the workspace again"):
            ALS.load(tmp_path)
