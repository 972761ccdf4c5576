"""The Q-Former and its bridge: what may see what."""

from dataclasses import replace

import pytest
import torch

from chatrec.assets import resolve_model
from chatrec.ilm.bridge import Bridge
from chatrec.ilm.llm import load_llm
from chatrec.ilm.qformer import QFormer, TextBranch
from chatrec.ilm.spelling import PLACES
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def parts(small_workspace, tiny_llm_folder):
    torch.manual_seed(0)
    llm = load_llm(str(tiny_llm_folder))
    features = Workspace(small_workspace).features(llm, queries=6)
    folder = str(resolve_model("all-minilm-l6-v2"))
    qformer = QFormer.from_encoder(folder, queries=6).eval()
    bridge = Bridge(features.cf.shape[1], features.text.shape[1], llm.width, 384).eval()
    return features, folder, qformer, bridge


def test_the_taste_token_is_the_same_alone_and_among_the_others(parts):
    features, _, qformer, bridge = parts
    keys, mask = bridge(torch.arange(5), features)
    alone, together = qformer(keys, mask, taste_only=True), qformer(keys, mask)
    assert together.shape == (5, 6, 384)
    torch.testing.assert_close(alone[:, 0], together[:, 0], rtol=1e-4, atol=1e-4)


def test_other_queries_do_see_each_other(parts):
    features, _, qformer, bridge = parts
    keys, mask = bridge(torch.arange(2), features)
    before = qformer(keys, mask)
    kept = qformer.queries.detach().clone()
    with torch.no_grad():
        qformer.queries[5] = torch.randn(384)
        after = qformer(keys, mask)
        qformer.queries.copy_(kept)
    assert not torch.allclose(before[:, 1], after[:, 1], atol=1e-3)
    torch.testing.assert_close(before[:, 0], after[:, 0], rtol=1e-4, atol=1e-4)


def test_an_item_offers_many_keys_and_masked_ones_do_not_matter(parts):
    features, _, qformer, bridge = parts
    keys, mask = bridge(torch.arange(3), features)
    assert keys.shape[1] == 4 + features.neighbours.shape[1] + 1 + PLACES + 1
    assert not mask.all(), "titles have fewer word pieces than places"
    noise = torch.where(mask[..., None], keys, torch.randn_like(keys) * 5)
    torch.testing.assert_close(qformer(keys, mask), qformer(noise, mask), rtol=1e-3, atol=1e-3)


def test_an_item_without_ratings_offers_its_text_alone(parts):
    features, _, _, bridge = parts
    known = features.known.clone()
    known[:, :2] = False
    cold = replace(features, known=known)
    _, mask = bridge(torch.tensor([0]), cold)
    assert not mask[0, : 4 + features.neighbours.shape[1]].any() and mask[0].any()


def test_kinds_of_keys_are_dropped_in_training_but_never_all(parts):
    features = parts[0]
    torch.manual_seed(0)
    dropping = Bridge(features.cf.shape[1], features.text.shape[1], features.table.shape[1], 384, drop=0.7).train()
    masks = torch.cat([dropping(torch.arange(20), features)[1] for _ in range(10)])
    assert masks.any(1).all()
    assert (~masks[:, 0]).float().mean() > 0.3


def test_grounded_generation_cannot_look_ahead_and_queries_see_no_text(parts):
    features, folder, qformer, bridge = parts
    text = TextBranch(folder, qformer).eval()
    keys, mask = bridge(torch.tensor([0]), features)
    ids, seen = text.tokenize(["a cowboy doll is jealous of a space ranger"])
    changed = ids.clone()
    changed[0, -2] = ids[0, 1]
    one = text.together(ids, seen, keys, mask, causal=True)
    two = text.together(changed, seen, keys, mask, causal=True)
    place = 6 + ids.shape[1] - 2
    torch.testing.assert_close(one[:, :place], two[:, :place], rtol=1e-4, atol=1e-4)
    assert not torch.allclose(one[:, place], two[:, place], atol=1e-3)


def test_the_text_branch_starts_as_the_encoders_own_layers(parts):
    _, folder, qformer, _ = parts
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    own = qformer.transformer.encoder.layer[0]
    torch.testing.assert_close(own.intermediate.dense.weight, bert.encoder.layer[0].intermediate.dense.weight)
    torch.testing.assert_close(own.attention.attention.query.weight, bert.encoder.layer[0].attention.self.query.weight)
