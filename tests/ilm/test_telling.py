"""What the LLM is taught to tell: targets are true of the items, and held-out ones are never told."""

import numpy as np
import pytest

from chatrec.catalogue.interactions import sequences
from chatrec.ilm.bridge import Special
from chatrec.ilm.recipe import material, new_model
from chatrec.ilm.tasks import Place
from chatrec.ilm.telling import NAMES, TELLINGS, TOWARDS, Teller, draw_people
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def model(small_workspace, tiny_llm_folder):
    return new_model(Workspace(small_workspace), str(tiny_llm_folder), queries=6, prefix_tokens=2)


@pytest.fixture(scope="module")
def people(small_workspace, model):
    workspace = Workspace(small_workspace)
    events = sequences(workspace.split.train, workspace.catalogue.row)
    return draw_people(events.values(), material(workspace).fold_in, model.features, np.random.default_rng(0))


@pytest.fixture(scope="module")
def catalogue(catalogue):
    """The small catalogue with the texts that some tasks tell."""
    from chatrec.catalogue.items import Catalogue

    more = {"caveat": "The end comes too soon.", "audience": "adults who like slow films"}
    return Catalogue([item.model_copy(update=more) for item in catalogue], name="Small films")


@pytest.fixture
def teller(catalogue, model, people):
    return Teller(catalogue, model.features, np.arange(20), people, seed=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_task_gives_records_with_soft_tokens_and_a_whole_target(teller, model, name):
    records = teller.draw(name, 6)
    assert len(records) == 6
    for record in records:
        assert record.task == name
        assert any(not isinstance(part, str) for part in record.prompt), "soft tokens stand in every prompt"
        assert record.target.strip() and "  " not in record.target and "and ." not in record.target
        assert record.target.rstrip()[-1] in ".!?0123456789"
    loss, tokens = model.speech_loss(records, training=False)
    assert tokens > 0 and float(loss.detach()) > 0


def test_items_that_may_not_be_told_never_are(catalogue, model, people):
    teller = Teller(catalogue, model.features, [3, 4, 5, 6], people, seed=2)
    for name, telling in TELLINGS.items():
        if telling.of in ("item", "review", "pair"):
            rows = {part.row for record in teller.draw(name, 20) for part in record.prompt if isinstance(part, Place)}
            assert rows <= {3, 4, 5, 6}, name


def test_words_kept_for_evaluation_are_never_trained_on(teller):
    for name, telling in TELLINGS.items():
        seen = {record.prompt[-1] for record in teller.draw(name, 30)}
        unseen = {record.prompt[-1] for record in teller.draw(name, 5, unseen=True)}
        assert unseen == {telling.asks[-1]} and not seen & unseen, name


def test_a_film_towards_a_mood_has_that_mood_and_another_name(teller, catalogue):
    for name, (_, moods) in TOWARDS.items():
        for record in teller.draw(name, 10):
            place = next(part for part in record.prompt if isinstance(part, Place))
            found = catalogue.find(record.target.strip().rstrip("."))
            assert found is not None and found != place.row
            assert set(catalogue[found].moods) & set(moods)


def test_a_persons_taste_is_told_from_what_they_liked_before_the_moment(teller, people, catalogue):
    by_special = {id(person.special): person for person in people}
    for record in teller.draw("taste", 10):
        special = next(part for part in record.prompt if isinstance(part, Special))
        liked = [catalogue[row].name for row in by_special[id(special)].liked(past=True)]
        assert all(name in record.target for name in liked[-2:])


def test_what_comes_next_is_after_the_moment(teller, people, catalogue):
    for person in people:
        assert not {row for row, _ in person.past} & {row for row, _ in person.future}
    for record in teller.draw("sequential", 10):
        found = catalogue.find(record.target.strip().rstrip("."))
        assert found not in {part.row for part in record.prompt if isinstance(part, Place)}
