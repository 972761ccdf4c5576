"""The shipped adapter around the real frozen LLM: what it reads, what it says, and a conversation."""

import numpy as np
import pytest
import torch

from chatrec.dialogue.tracking.store import Sessions
from chatrec.evaluation.dialogue.grounding import run_grounding
from chatrec.evaluation.ilm.injection import perplexity
from chatrec.evaluation.ilm.names import score_name
from chatrec.ilm.generation import read_items
from chatrec.recommender import Recommender

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    made = Recommender.open(sessions=Sessions("sqlite://"))
    assert (made.workspace.adapter_folder / "config.json").is_file(), "the pretrained adapter ships"
    return made


def test_the_frozen_llm_reads_years_and_genres_from_soft_tokens_alone(recommender):
    model, catalogue = recommender.workspace.model, recommender.catalogue
    rows = np.random.default_rng(1).permutation(len(catalogue))[:40].tolist()
    scores = [score_name(said, catalogue[row]) for said, row in zip(read_items(model, rows), rows, strict=True)]
    title, year, f1 = np.mean(np.array(scores, dtype=float), axis=0)
    assert title > 0.5 and year > 0.7 and f1 > 0.7
    strangers = torch.roll(model.table, 1, 0)
    mixed = [
        score_name(said, catalogue[row])[0]
        for said, row in zip(read_items(model, rows[:10], soft=strangers), rows, strict=False)
    ]
    assert not any(mixed), "another item's soft tokens say another name"


def test_the_right_items_soft_tokens_explain_unseen_synopses_best(recommender):
    measured = perplexity(recommender.workspace)
    assert measured["right_item"] < measured["another_item"]
    assert measured["right_item"] < measured["no_item"]


def test_a_conversation_is_grounded_and_faithful(recommender):
    result = run_grounding(recommender, turns=10)
    assert result["grounded"] == 1.0 and result["faithful"] == 1.0 and result["repeats"] == 0
    assert result["reasons"] > 5
