"""Will this user like this item: figures against slow references, no label where none may be, files, the command's parts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from chatrec.catalogue.items import Catalogue, Item
from chatrec.errors import BadInput
from chatrec.evaluation.rating.benchmark import (
    ALONE,
    auc,
    blend,
    cells,
    difference,
    evaluate_rating,
    out_of_fold,
    per_user,
    read_events,
    with_intervals,
)
from chatrec.evaluation.rating.models import Content, Events, ItemMean, LogisticMF, TasteProcess, UserItemMean

ITEMS = 60


@pytest.fixture(scope="module")
def content():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(ITEMS, 16))
    categories = np.eye(4)[np.arange(ITEMS) % 4]
    return Content(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 1950.0 + np.arange(ITEMS) % 50, categories)


def people(count, seed, first=0):
    """People who like one of four categories, and some items more than others; oldest first."""
    random = np.random.default_rng(seed)
    rows = []
    for user in range(first, first + count):
        favourite = user % 4
        for place, item in enumerate(random.permutation(ITEMS)[:25]):
            chance = 1 / (1 + np.exp(-(2.5 * (item % 4 == favourite) - 1.2 + 1.0 * (item % 5 == 0))))
            rows.append((user, item, float(random.random() < chance), 1e6 + 1000 * place + user))
    user, item, label, time = zip(*sorted(rows, key=lambda row: row[3]), strict=True)
    return Events(np.array(user), np.array(item), np.array(label), np.array(time))


@pytest.fixture(scope="module")
def events():
    return people(80, 1)


@pytest.fixture(scope="module")
def split(events):
    late = events.time > np.quantile(events.time, 0.75)
    return events.take(~late), events.take(late).and_(people(10, 2, first=500))  # some users are new


def models(content):
    return [ItemMean(ITEMS), UserItemMean(ITEMS), LogisticMF(ITEMS), TasteProcess(content)]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3), st.integers(0, 3)), min_size=2, max_size=40))
@settings(deadline=None, max_examples=60)
def test_auc_is_scikit_learns(rows):
    labels, scores, weights = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    counted = {label for label, weight in zip(labels, weights, strict=True) if weight}
    if len(counted) < 2:
        assert np.isnan(auc(labels, scores, weights))
    else:
        assert auc(labels, scores, weights) == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights))


def test_uauc_is_the_mean_over_users_with_both_labels():
    user, label = np.array([1, 1, 1, 2, 2, 3, 3]), np.array([1, 0, 0, 1, 1, 0, 1])
    events = Events(user, np.zeros(7, int), label, np.zeros(7))
    users, own = per_user(events, np.array([2, 1, 3, 9, 8, 1, 1]))
    assert users.tolist() == [1, 3]
    assert own.tolist() == [0.5, 0.5]


def test_every_training_event_is_asked_once_and_its_label_never_known(events):
    asked_times = np.zeros(len(events), dtype=int)
    for known, asked in cells(events):
        asked_times += asked
        assert not (known & asked).any()
        for user in np.unique(events.user[asked]):  # nor are a user's own labels from then on
            own = known & (events.user == user)
            assert events.time[own].max(initial=0) < events.time[asked & (events.user == user)].min()
    assert (asked_times == 1).all()


@pytest.mark.parametrize("number", range(4))
def test_no_model_reads_the_labels_that_are_asked_for(content, split, number):
    model = models(content)[number]
    train, test = split
    hidden = Events(test.user, test.item, np.full(len(test), np.nan), test.time)
    found = model.columns(train, hidden)
    shown = model.columns(train, test)
    assert model.name in found
    for name, values in found.items():
        assert values.shape == (len(test),)
        assert np.isfinite(values).all()
        assert np.array_equal(values, shown[name])


def test_out_of_fold_columns_do_not_change_with_the_label_they_foretell(content, events):
    known, asked = next(cells(events))
    before = out_of_fold(TasteProcess(content), events)
    turned = Events(events.user, events.item, np.where(asked, 1 - events.label, events.label), events.time)
    after = out_of_fold(TasteProcess(content), turned)
    assert known.any()
    for name, values in before.items():
        assert np.isfinite(values).all()
        assert np.allclose(values[asked], after[name][asked])
    assert not np.allclose(before["worth"][~asked], after["worth"][~asked])


def test_a_taste_is_the_posterior_mean_of_the_process(content, split):
    train, test = split
    model = TasteProcess(content, variance=(("user", 0.04), ("categories", 0.03)), noise=0.3)
    found = model.columns(train, test)
    worth, _, _ = model._items(train)
    user = int(test.user[0])
    own, places = train.user == user, test.user == user
    rows = [*train.item[own], *test.item[places]]
    same = content.categories[rows] @ content.categories[rows].T
    covariance = 0.04 + 0.03 * same  # of all items together; conditioned on the known labels below
    k = int(own.sum())
    precision = np.linalg.inv(covariance[:k, :k] + 0.3 * np.eye(k))
    expected = covariance[k:, :k] @ precision @ (train.label[own] - worth[train.item[own]])
    assert np.allclose(found["taste process"][places] - found["worth"][places], expected)


def test_new_users_get_what_items_are_worth(content, split):
    train, test = split
    found = TasteProcess(content).columns(train, test)
    new = test.user >= 500
    assert new.any()
    assert np.array_equal(found["taste process"][new], found["worth"][new])


def test_people_of_another_source_teach_what_an_item_is_worth_and_what_goes_together(content, split):
    train, test = split
    some = train.take(train.user < 20)
    told = people(60, 9)
    others = Events(-1 - told.user, told.item, told.label, told.time)
    alone, helped = (TasteProcess(known).columns(some, test) for known in (content, replace(content, others=others)))
    assert auc(test.label, helped["worth"]) > auc(test.label, alone["worth"])
    assert auc(test.label, helped["taste process"]) > auc(test.label, alone["taste process"])
    same = Events(others.user, others.item, 1 - others.label, others.time)
    turned = TasteProcess(replace(content, others=same)).columns(some, test)
    assert auc(test.label, turned["worth"]) < auc(test.label, alone["worth"])


def test_reception_foretells_what_nobody_here_has_rated(content, split):
    train, test = split
    unrated = test.item % 3 == 0
    known = train.take(train.item % 3 != 0)
    good = (np.arange(ITEMS) % 5 == 0).astype(float)[:, None]  # items that people() makes better
    alone, told = (TasteProcess(c).columns(known, test) for c in (content, replace(content, reception=good)))
    found, before = (auc(test.label[unrated], c["worth"][unrated]) for c in (told, alone))
    assert found > before + 0.02


def test_a_row_from_the_files_alone_stands_beside(content, split):
    told = people(60, 9)
    others = Events(-1 - told.user, told.item, told.label, told.time)
    small = split[0].take(split[0].user < 30)
    result = evaluate_rating(small, split[1], split[1], replace(content, others=others), alone=content)
    expected = evaluate_rating(small, split[1], split[1], content)
    assert result["baselines"][ALONE]["auc"] == pytest.approx(expected["auc"])
    assert result["baselines"]["taste process"]["auc"] > expected["baselines"]["taste process"]["auc"]


def test_tastes_are_found_and_the_table_has_every_figure(content, split):
    result = evaluate_rating(split[0], split[1], split[1], content)
    assert {"item mean", "user mean + item mean", "logistic MF", "taste process", "gradient boosting"} == set(
        result["baselines"]
    )
    for row in (result, *result["baselines"].values()):
        for name in ("auc", "uauc"):
            low, high = row[f"{name}_95"]
            assert low < row[name] < high
    assert result["uauc"] > result["baselines"]["item mean"]["uauc"] + 0.05
    assert result["users"] == len(per_user(split[1], np.zeros(len(split[1])))[0])


class Oracle:
    """Knows who likes what, and looks at what it was told."""

    name = "oracle"

    def scores(self, train, asked, learned, applied):
        assert np.isnan(asked.label).all()
        assert all(len(learned[name]) == len(train) and len(applied[name]) == len(asked) for name in learned)
        return 2.5 * (asked.item % 4 == asked.user % 4) - 1


@pytest.mark.parametrize("apart", [True, False])
def test_a_reader_has_a_row_and_a_blend_with_the_stack(content, split, apart):
    train, test = split
    valid = people(30, 3, first=900) if apart else test
    result = evaluate_rating(train, valid, test, content, readers=[Oracle()])
    rows = result["baselines"]
    assert result["model"] == "stacked + oracle"
    assert {"oracle", "stacked"} <= set(rows)
    assert result["auc"] > max(rows["stacked"]["auc"], rows["oracle"]["auc"])
    assert result["gain"]["over"] == "stacked"
    assert result["gain"]["auc"] == pytest.approx(result["auc"] - rows["stacked"]["auc"])


def test_labels_of_the_test_events_change_no_score(content, split):
    train, test = split
    valid, turned = people(30, 3, first=900), Events(test.user, test.item, 1 - test.label, test.time)
    shown, hidden = (evaluate_rating(train, valid, events, content, readers=[Oracle()]) for events in (test, turned))
    for name, row in shown["baselines"].items():
        assert row["auc"] == pytest.approx(1 - hidden["baselines"][name]["auc"])
    assert shown["auc"] == pytest.approx(1 - hidden["auc"])


def test_a_blend_takes_what_helps_and_no_label_scores_itself():
    random = np.random.default_rng(0)
    valid = people(60, 4)
    truth, noise = 4 * valid.label - 2, random.normal(size=len(valid))
    assert np.array_equal(blend(truth, noise, valid), truth)
    assert np.array_equal(blend(noise, truth, valid), truth)
    turned = np.where(valid.user == valid.user[0], 1 - valid.label, valid.label)
    other = blend(noise, truth, Events(valid.user, valid.item, turned, valid.time))
    own = valid.user == valid.user[0]
    assert np.array_equal(other[own], truth[own])  # of the other half, whose labels are as they were


def test_intervals_of_a_difference_are_paired(events):
    random = np.random.default_rng(0)
    scores = random.normal(size=len(events)) + events.label
    same = difference(events, scores, 3 * scores)
    assert same["auc"] == same["uauc"] == 0
    assert same["auc_95"] == [0.0, 0.0]
    better = difference(events, scores, scores + 0.3 * events.label)
    wide = with_intervals(events, scores)["auc_95"]
    assert better["auc_95"][0] > 0
    assert better["auc_95"][1] - better["auc_95"][0] < wide[1] - wide[0]


def test_the_history_column_is_not_read(tmp_path):
    catalogue = Catalogue([Item(item_id="7", title="Heat", year=1995), Item(item_id="9", title="Fargo", year=1996)])
    path = tmp_path / "train.csv.gz"
    import gzip

    path.write_bytes(
        gzip.compress(b"user_id,item_id,label,timestamp,not_cold,history\n3,9,1,50,1,\n3,7,0,60,1,9 junk\n")
    )
    events = read_events(path, catalogue)
    assert events.user.tolist() == [3, 3]
    assert events.item.tolist() == [1, 0]
    assert events.label.tolist() == [1.0, 0.0]
    assert events.time.tolist() == [50.0, 60.0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "cannot be read as a table"),
        ("user_id,item_id,label\n1,7,1\n", "no column 'timestamp'"),
        ("user_id,item_id,label,timestamp\n", "holds no events"),
        ("user_id,item_id,label,timestamp\n1,7,1,5\n1,8,1,5\n", "row 3: item_id is '8', not an item of --items"),
        ("user_id,item_id,label,timestamp\n1,7,2,5\n", "row 2: label is '2', not 0 or 1"),
        ("user_id,item_id,label,timestamp\nx,7,1,5\n", "row 2: user_id is 'x', not a whole number"),
        ("user_id,item_id,label,timestamp\n1,7,1,late\n", "row 2: timestamp is 'late', not a number"),
    ],
)
def test_a_file_that_is_no_use_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "events.csv"
    path.write_text(content)
    with pytest.raises(BadInput, match=message):
        read_events(path, Catalogue([Item(item_id="7", title="Heat")]))
