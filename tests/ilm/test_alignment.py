"""Phase 1's losses against slow references written from their definitions."""

import math

import torch
from torch.nn import functional

from chatrec.ilm.alignment import (
    hard_negatives,
    item_item_contrastive,
    item_text_contrastive,
    text_views,
    vocabulary_alignment,
)


def unit(*shape):
    return functional.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape))), dim=-1)


def cross_entropy(row, target):
    return -row[target] + math.log(sum(math.exp(value) for value in row))


def test_item_text_contrastive_takes_the_best_query_and_both_directions():
    queries, texts = unit(4, 3, 8), unit(4, 8)
    table = [[max(float(queries[i, q] @ texts[j]) for q in range(3)) / 0.1 for j in range(4)] for i in range(4)]
    rows = sum(cross_entropy(table[i], i) for i in range(4)) / 4
    columns = sum(cross_entropy([table[i][j] for i in range(4)], j) for j in range(4)) / 4
    assert math.isclose(float(item_text_contrastive(queries, texts, 0.1)), (rows + columns) / 2, rel_tol=1e-4)


def test_item_item_contrastive_is_lower_for_true_pairs():
    items = unit(6, 8)
    assert item_item_contrastive(items, items, 0.1) < item_item_contrastive(items, items.roll(1, 0), 0.1)


def test_vocabulary_alignment_matches_its_definition_and_skips_free_tokens():
    table = torch.randn(5, 8, generator=torch.Generator().manual_seed(1))
    soft = torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(2))
    targets = torch.tensor([[-1, 2, 4], [-1, 0, -1]])
    terms = []
    for i, j, wanted in ((0, 1, 2), (0, 2, 4), (1, 1, 0)):
        row = [float(functional.cosine_similarity(soft[i, j], word, dim=0)) / 0.05 for word in table]
        distance = float((soft[i, j] - table[wanted]).pow(2).sum() / table[wanted].pow(2).sum())
        terms.append((cross_entropy(row, wanted), distance))
    slow = sum(a for a, _ in terms) / 3 + 0.5 * sum(b for _, b in terms) / 3
    assert math.isclose(float(vocabulary_alignment(soft, targets, table)), slow, rel_tol=1e-4)
    perfect = table[targets.clamp(min=0)]
    assert vocabulary_alignment(perfect, targets, table) < 0.2 < slow


def test_hard_negatives_are_never_the_item_itself_and_prefer_the_similar():
    torch.manual_seed(0)
    similarity = torch.zeros(4, 4)
    similarity[:, 2] = 8.0
    drawn = torch.stack([hard_negatives(similarity) for _ in range(50)])
    assert not (drawn == torch.arange(4)).any()
    assert (drawn[:, [0, 1, 3]] == 2).float().mean() > 0.9


def test_texts_of_a_held_out_item_are_never_shown(catalogue):
    item = catalogue[0]
    assert item.description in text_views(item, held_out=False)
    shown = " ".join(text_views(item, held_out=True))
    assert item.description not in shown and item.pitch not in shown and item.title in shown
