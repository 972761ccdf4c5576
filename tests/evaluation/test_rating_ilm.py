"""The frozen LLM as a reader of tastes: what it is told, what it may not know, and that it learns."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.errors import BadInput
from chatrec.evaluation.rating.benchmark import evaluate_rating
from chatrec.evaluation.rating.ilm import ILM, Scorer, Weights, first_layers, item_features
from chatrec.evaluation.rating.models import Content, Events
from chatrec.evaluation.rating.packs import ASKED, NUMBERS, PAST, Pack, Told, batches, packs_of, training_packs
from chatrec.ilm import training
from chatrec.ilm.llm import load_llm

ITEMS, WIDTH = 24, 12


def people(count, seed, first=0, start=0.0):
    """People who meet twelve items each, and like those of one kind."""
    random = np.random.default_rng(seed)
    rows = []
    for user in range(first, first + count):
        for place, item in enumerate(random.permutation(ITEMS)[:12]):
            rows.append((user, item, float(random.random() < (0.9 if item % 2 else 0.1)), start + place))
    user, item, label, time = (np.array(column) for column in zip(*rows, strict=True))
    return Events(user, item, label, time.astype(float))


def columns(events):
    """As good as nothing is known of the items."""
    return {name: np.random.default_rng(0).random(len(events)) for name in NUMBERS}


@pytest.fixture(scope="module")
def llm(tiny_llm_folder):
    return load_llm(str(tiny_llm_folder), torch.float32)


@pytest.fixture(scope="module")
def content():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(ITEMS, WIDTH)) + 3 * np.eye(2)[np.arange(ITEMS) % 2] @ random.normal(size=(2, WIDTH))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return Content(vectors, np.full(ITEMS, 1990.0), np.zeros((ITEMS, 1)))


@pytest.fixture(scope="module", params=[False, True], ids=["Q-Former", "MLP"])
def scorer(request, llm, content, catalogue):
    torch.manual_seed(0)
    features = item_features(people(20, 1), content, content.vectors, catalogue, llm)
    return Scorer(llm, Weights(llm, WIDTH, mlp=request.param), features)


@pytest.fixture
def steps(monkeypatch):
    """A clock for training by which a step takes a second, however busy the machine is."""

    class Clock:
        now = 0.0

        @classmethod
        def monotonic(cls):
            cls.now += 0.5
            return cls.now

    monkeypatch.setattr(training, "time", Clock)


events_drawn = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, ITEMS - 1), st.integers(0, 1), st.integers(0, 30)),
    min_size=1,
    max_size=150,
).map(lambda rows: Events(*(np.array(column) for column in zip(*rows, strict=True))))


@given(events_drawn, events_drawn, st.integers(0, 9))
@settings(max_examples=60)
def test_nothing_is_told_that_is_not_older_and_all_is_asked_once(past, asked, seed):
    for packs, wanted in ((packs_of(past, asked), asked), (training_packs(past, np.random.default_rng(seed)), past)):
        assert sorted(np.concatenate([pack.asked for pack in packs])) == list(range(len(wanted)))
        for pack in packs:
            assert 0 < len(pack.asked) <= ASKED
            assert len(pack.past) <= PAST
            assert len({*past.user[pack.past], *wanted.user[pack.asked]}) == 1
            assert (np.diff(past.time[pack.past]) >= 0).all()
            assert past.time[pack.past].max(initial=-1) < wanted.time[pack.asked].min()


@given(events_drawn, st.integers(1, 300))
@settings(max_examples=40)
def test_batches_hold_each_pack_once_and_keep_their_size(events, tokens):
    packs = packs_of(events, Events(events.user, events.item, events.label, events.time + 5))
    made = list(batches(packs, tokens, np.random.default_rng(0)))
    assert sorted(id(pack) for batch in made for pack in batch) == sorted(id(pack) for pack in packs)
    assert all(len(batch) == 1 or max(map(len, batch)) * len(batch) <= tokens for batch in made)


def test_labels_asked_for_reach_nothing_and_labels_told_do(scorer):
    past, asked = people(6, 2), people(6, 3, start=100)
    turned = Events(asked.user, asked.item, 1 - asked.label, asked.time)
    other = Events(past.user, past.item, 1 - past.label, past.time)
    packs = packs_of(past, asked)
    found = scorer.scores(Told(past, asked, columns(past), columns(asked)), packs)
    assert np.isfinite(found).all()
    assert np.array_equal(found, scorer.scores(Told(past, turned, columns(past), columns(asked)), packs))
    assert not np.allclose(found, scorer.scores(Told(other, asked, columns(past), columns(asked)), packs))


def test_a_label_is_not_read_where_it_is_foretold(scorer):
    """In training the same events are told and asked about; an item's own logits must not know its label."""
    events = people(3, 4)
    pack = Pack(np.arange(8), np.arange(8, 12))
    turned = events.label.copy()
    turned[[7, 9]] = 1 - turned[[7, 9]]  # the last that is told, and one that is asked about
    scorer.weights.eval()
    with torch.no_grad():
        before, after = (
            scorer.logits(Told(made, made, columns(made), columns(made)), [pack])
            for made in (events, Events(events.user, events.item, turned, events.time))
        )
    assert torch.allclose(
        before[0], after[0], atol=1e-5
    )  # the last item told is asked about before its answer stands there
    assert not torch.allclose(before[1], after[1], atol=1e-5)


def test_questions_behind_one_past_do_not_see_one_another(scorer):
    past, asked = people(4, 5), people(4, 6, start=100)
    told = Told(past, asked, columns(past), columns(asked))
    packs = packs_of(past, asked)
    alone = [Pack(pack.past, np.array([one])) for pack in packs for one in pack.asked]
    assert np.allclose(scorer.scores(told, packs), scorer.scores(told, alone), atol=1e-4)


def test_what_people_like_is_learned_and_the_llm_stays_as_it_is(scorer, steps):
    train, later = people(40, 7), people(40, 8, start=100)
    told = Told(train, train, columns(train), columns(train))
    before = scorer.llm.weights_hash()
    run = scorer.train(told, seconds=40, quiet=True)
    assert run.steps > 20
    assert scorer.llm.weights_hash() == before
    found = scorer.scores(Told(train, later, columns(train), columns(later)), packs_of(train, later))
    assert found[later.item % 2 == 1].mean() > found[later.item % 2 == 0].mean() + 1


def test_only_the_first_layers_run_and_all_run_again_afterwards(llm):
    whole, ids = len(llm.body.layers), torch.tensor([[5, 6, 7]])
    before = llm.body(input_ids=ids).last_hidden_state
    with first_layers(llm, whole - 1):
        assert not torch.allclose(llm.body(input_ids=ids).last_hidden_state, before)
    with first_layers(llm, whole + 7):
        assert torch.equal(llm.body(input_ids=ids).last_hidden_state, before)
    assert torch.equal(llm.body(input_ids=ids).last_hidden_state, before)


def test_the_table_has_rows_for_the_ilm_and_its_blend(llm, content, catalogue, steps):
    train, valid, test = people(30, 9), people(30, 10, start=100), people(30, 11, start=200)
    readers = [ILM(catalogue, content, content.vectors, llm, 0.05, mlp, quiet=True) for mlp in (False, True)]
    result = evaluate_rating(train, valid, test, content, readers)
    assert result["model"] == "stacked + ILM"
    assert {"ILM", "MLP bridge", "stacked", "stacked + MLP bridge"} <= set(result["baselines"])


@pytest.mark.parametrize("minutes", ["-1", "nan", "inf"])
def test_minutes_that_are_none_are_one_line_before_anything_is_read(minutes):
    files = [part for name in ("train", "valid", "test", "items") for part in (f"--{name}", "nowhere.csv")]
    result = CliRunner().invoke(app, ["evaluate", "rating", *files, "--minutes", minutes])
    assert isinstance(result.exception, BadInput)
    assert str(result.exception) == f"--minutes {minutes}: give a number from 0 to 600"
