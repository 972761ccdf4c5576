"""Proof that the soft tokens do something: the frozen LLM reads them, and nothing else explains what it says."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from chatrec.catalogue.interactions import LIKED, later, sequences
from chatrec.catalogue.items import Item
from chatrec.evaluation.ilm.added import read_added
from chatrec.evaluation.ilm.language import log_perplexity
from chatrec.evaluation.ilm.names import score_name, shares
from chatrec.ilm.generation import read_items
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Prompt, Record, question_parts, synopsis_prompt, taste_prompt, titles_only
from chatrec.ilm.tuning import questions_at
from chatrec.workspace import Report, Workspace


def prove(
    workspace: Workspace, only: str = "all", report: Report = lambda _: None, new: Sequence[Item] = ()
) -> dict[str, Any]:
    """Run the proofs.

    Args:
        workspace: with an adapter.
        only: one of the proofs, or all.
        report: told of each.
        new: items that the catalogue lacks, for ``added``; without them that proof is left out.

    Returns:
        ``names``: share of all items whose exact title, and year, the LLM gives from soft tokens alone, and the F1 of the
        categories. ``swap``: share of pairs that say each other's names once their soft tokens are swapped.
        ``perplexity``: log-perplexity of held-out synopses with the right item's soft tokens, another's, and none.
        ``likes``: accuracy and AUC of Yes–No on held-out ratings, with soft tokens and with titles in the same prompt.
        ``added``: what ``names`` measures, of items that came after training (:func:`~chatrec.evaluation.ilm.added.read_added`).
    """
    proofs = {"names": names, "swap": swap, "perplexity": perplexity, "likes": likes}
    if new:
        proofs["added"] = partial(read_added, items=new)
    result = {}
    for name, proof in proofs.items():
        if only in ("all", name):
            report(f"proof: {name}")
            result[name] = proof(workspace)
    return result


def names(workspace: Workspace) -> dict[str, Any]:
    """Title, year and categories of the whole catalogue from soft tokens alone."""
    return shares(read_items(workspace.model, range(len(workspace.catalogue))), list(workspace.catalogue))


def swap(workspace: Workspace, pairs: int = 40, seed: int = 0) -> dict[str, Any]:
    """Swap the soft tokens of pairs of items, and see whether what is said swaps too."""
    model, catalogue = workspace.model, workspace.catalogue
    rows = np.random.default_rng(seed).permutation(len(catalogue))[: 2 * pairs].tolist()
    swapped = model.table.clone()
    partner = [rows[place ^ 1] for place in range(len(rows))]
    swapped[rows] = model.table[partner]
    before, after = read_items(model, rows), read_items(model, rows, soft=swapped)
    followed = [after[place] == before[place ^ 1] for place in range(len(rows))]
    named = [score_name(after[place], catalogue[partner[place]])[0] for place in range(len(rows))]
    return {
        "items": len(rows),
        "says_what_the_other_said": float(np.mean(followed)),
        "names_the_other": float(np.mean(named)),
    }


def perplexity(workspace: Workspace, seed: int = 0) -> dict[str, Any]:
    """Log-perplexity of synopses that were never a target."""
    model, catalogue = workspace.model, workspace.catalogue
    rows = [int(row) for row in workspace.held_out if catalogue[int(row)].description]
    if not rows:
        return {"items": 0}
    mixed = np.roll(np.random.default_rng(seed).permutation(rows), 1)
    others = [int(o) if int(o) != r else rows[0] for o, r in zip(mixed, rows, strict=True)]

    def measure(prompts: Sequence[Prompt]) -> float:
        return log_perplexity(
            model,
            [
                Record("synopsis", prompt, f" {catalogue[row].description}")
                for prompt, row in zip(prompts, rows, strict=True)
            ],
        )

    nothing = [tuple(part for part in synopsis_prompt(row) if isinstance(part, str)) for row in rows]
    return {
        "items": len(rows),
        "right_item": measure([synopsis_prompt(row) for row in rows]),
        "another_item": measure([synopsis_prompt(row) for row in others]),
        "no_item": measure(nothing),
    }


@torch.no_grad()
def likes(workspace: Workspace, most: int = 943) -> dict[str, Any]:
    """Yes–No on each user's two held-out ratings, from the ratings before them."""
    from sklearn.metrics import roc_auc_score

    rows = workspace.catalogue.row
    train = sequences(workspace.split.train, rows)
    held = later(workspace.split, rows)
    model = workspace.model
    people = []
    labels: list[float] = []
    for user in sorted(held)[:most]:
        liked, disliked, _, _ = questions_at([*train.get(user, []), (0, 0.0)], len(train.get(user, [])), 1)
        people.append((liked, disliked, [row for row, _ in held[user]]))
        labels += [float(rating >= LIKED) for _, rating in held[user]]
    soft = torch.cat([model.like_logits(people[start : start + 16]) for start in range(0, len(people), 16)]).cpu()
    short = [(liked[-10:], disliked[-5:], asked) for liked, disliked, asked in people]  # names are long
    text = torch.cat([_titles(model, short[start : start + 8]) for start in range(0, len(short), 8)]).cpu()
    truth = np.array(labels)
    share = float(truth.mean())
    # A prompt without training has no scale of its own: it gets the best threshold that the labels allow.
    best = max(
        float(((text.numpy() > cut) == truth).mean()) for cut in np.quantile(text.numpy(), np.linspace(0, 1, 101))
    )
    return {
        "ratings": len(truth),
        "accuracy_soft_tokens": float(((soft.numpy() > 0) == truth).mean()),
        "accuracy_titles_only": float(((text.numpy() > 0) == truth).mean()),
        "accuracy_titles_only_best_threshold": best,
        "accuracy_majority": max(share, 1 - share),
        "auc_soft_tokens": float(roc_auc_score(truth, soft.numpy())),
        "auc_titles_only": float(roc_auc_score(truth, text.numpy())),
        "log_loss_soft_tokens": float(functional.binary_cross_entropy_with_logits(soft, torch.tensor(labels))),
    }


def _titles(model: ItemLanguageModel, people: list[tuple[list[int], list[int], list[int]]]) -> torch.Tensor:
    """The same prompts with names in place of soft tokens, without the adapter's answer scale."""
    catalogue = model.catalogue
    prompts = [
        (titles_only(taste_prompt(a, b), catalogue), [titles_only(question_parts(row), catalogue) for row in rows])
        for a, b, rows in people
    ]
    scale, offset = model.adapter.answer_scale()
    return (model.like_logits(people, prompts=prompts) - offset) / scale
