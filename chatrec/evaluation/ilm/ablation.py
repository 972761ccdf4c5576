"""What each part of the Item-Language Model is worth: one part changed at a time, the same minutes and seeds for each.

The published order (ILM, arXiv 2406.02844) is Q-Former after phase 1, above Q-Former from nothing, above MLP. Every
variant is trained for the same minutes, phase 1 included where it has one, and measured on held-out items and ratings.
Measuring is kept short beside training: a sample of names and people, and a few tasks with short answers.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model

from chatrec.catalogue.interactions import later, sequences
from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.movielens import Source
from chatrec.evaluation.ilm.language import measure_language
from chatrec.evaluation.ilm.names import shares
from chatrec.evaluation.kept import keep, read_kept
from chatrec.evaluation.ranking.leave_one_out import figures, rank_of
from chatrec.evaluation.ranking.models import ilm_scores
from chatrec.ilm.alignment import TEXT_LOSSES, WEIGHTS, spelling_accuracy
from chatrec.ilm.bridge import KINDS
from chatrec.ilm.generation import read_items
from chatrec.ilm.mlp import MLPAdapter
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.qformer import QFormer
from chatrec.ilm.recipe import PREFIX_TOKENS, QUERIES, material, new_model
from chatrec.ilm.tuning import Recipe, train
from chatrec.workspace import Report, Workspace, build

TASKS = ("synopsis", "pitch", "audience")
ITEMS, NAMED, PEOPLE = 16, 96, 400
"""Items of a task, items whose names are read, and people whose next item is ranked."""
FIGURES = ("title", "year", "categories_f1", "spelling", "log_perplexity", "semantic_consistency", "ndcg@10", "hr@10")


@dataclass(frozen=True)
class Variant:
    """One way to build and train the model.

    Attributes:
        bridge: the Q-Former started from the encoder, one from nothing, or the MLP.
        losses: phase 1's losses that are kept; none for no phase 1.
        queries: query tokens.
        cf_tokens: key tokens that the collaborative vector is projected to.
        keys: kinds of key (:data:`~chatrec.ilm.bridge.KINDS`) that items offer.
        prefix: whether the learned prefix is trained.
        lora: whether LoRA is trained in the prefix's place (the LLM is not frozen then).
    """

    bridge: str = "encoder"
    losses: tuple[str, ...] = tuple(WEIGHTS)
    queries: int = QUERIES
    keys: tuple[int, ...] = (0, 1, 2, 3, 4)
    cf_tokens: int = 4
    prefix: bool = True
    lora: bool = False


FULL = Variant()
IT = Variant(losses=TEXT_LOSSES)
VARIANTS: dict[str, Variant] = {
    "ILM": FULL,
    "Q-Former from nothing (ILM-rand)": Variant(bridge="random", losses=()),
    "MLP (CoLLM)": Variant(bridge="mlp", losses=()),
    "no phase 1": Variant(losses=()),
    "phase 1: IT": IT,
    "phase 1: IT, II": replace(IT, losses=(*TEXT_LOSSES, "ii")),
    "phase 1: IT, UI": replace(IT, losses=(*TEXT_LOSSES, "ui")),
    "phase 1: IT, II, UI (no vocabulary)": replace(IT, losses=(*TEXT_LOSSES, "ii", "ui")),
    "phase 1: vocabulary alone": Variant(losses=("va",)),
    **{f"{count} query token{'s' * (count > 1)}": Variant(queries=count) for count in (1, 2, 4, 8, 16)},
    "collaborative keys alone": Variant(keys=(0, 1)),
    "one collaborative key": Variant(keys=(0,), cf_tokens=1),
    "no text key": Variant(keys=(0, 1, 2, 3)),
    "no words of the name": Variant(keys=(0, 1, 2, 4)),
    "no prefix": Variant(prefix=False),
    "LoRA in the prefix's place": Variant(prefix=False, lora=True),
}
PUBLISHED = tuple(VARIANTS)[:3]
"""The variants whose order was published, the best first."""
MIX = {"describe": 0.45, "synopsis": 0.1, "pitch": 0.05, "tell": 0.2, "next": 0.2}
"""Phase 2's steps by task: those whose figures stand in the table."""
NO_TOKENS, AS_TEXT = "no item tokens", "titles as text"
"""Rows that come with the full model: the same prompts without its soft tokens, and with names in their place."""


@dataclass
class Ablations:
    """A table that grows row by row, and goes on where it was cut off.

    Args:
        workspace: to train on; its own adapter is not touched.
        minutes: of training of each variant and seed.
        seeds: numbers from 0.
        path: where finished runs are kept; what is there already is read at the start.
        report: told of each run.

    Raises:
        BadInput: if the file at ``path`` is another one, or of other minutes or another catalogue.
    """

    workspace: Workspace
    minutes: float
    seeds: int
    path: Path | None = None
    report: Report = lambda _: None
    runs: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runs = read_kept(self.path, self._settings)

    @property
    def _settings(self) -> dict[str, Any]:
        return {"minutes": self.minutes, "catalogue": self.workspace.catalogue.name}

    def run(self, names: Sequence[str] = tuple(VARIANTS)) -> dict[str, Any]:
        """Train and measure what is missing.

        Returns:
            ``minutes``, ``catalogue``, ``measured`` (how much of what); ``runs``: figures by variant and seed;
            ``table``: mean and deviation of each figure by variant, in the order of :data:`VARIANTS`;
            ``published_order``: by figure, whether it was found, empty before all its variants are there; ``seeds``:
            of these variants, at least.
        """
        for seed in range(self.seeds):
            for name in names:
                if str(seed) in self.runs.get(name, {}):
                    continue
                self.report(f"ablation: {name}, seed {seed}")
                for row, values in self._measure(name, seed).items():
                    self.runs.setdefault(row, {})[str(seed)] = values
                keep(self.path, self.result)
        return self.result

    @property
    def result(self) -> dict[str, Any]:
        """See :meth:`run`."""
        table = {
            name: {
                figure: {"mean": float(np.mean(values)), "deviation": float(np.std(values))}
                for figure in FIGURES
                if (values := [run[figure] for run in self.runs[name].values() if figure in run])
            }
            for name in (*VARIANTS, NO_TOKENS, AS_TEXT)
            if name in self.runs
        }
        measured = {"names": NAMED, "items of a task": ITEMS, "tasks": list(TASKS), "people": PEOPLE}
        order = published_order(table)
        seeds = min((len(self.runs.get(name, {})) for name in PUBLISHED), default=0)
        done = {"runs": self.runs, "table": table, "published_order": order, "seeds": seeds}
        return {**self._settings, "measured": measured, **done}

    def _measure(self, name: str, seed: int) -> dict[str, dict[str, float]]:
        model = trained(self.workspace, VARIANTS[name], self.minutes, seed, mix=MIX)
        space = copy.copy(self.workspace)
        space.__dict__["model"] = model  # the same workspace, read by this model
        beside = ("no_item", "title_as_text") if name == "ILM" else ()
        language = measure_language(space, ITEMS, tasks=TASKS, beside=beside)
        rows = {name: {**names(model), **ranking(space), **_means(language)}}
        if beside:  # two rows for nothing
            rows[NO_TOKENS] = _means(language["baselines"]["no_item"])
            rows[AS_TEXT] = _means(language["baselines"]["title_as_text"])
        return rows


def published_order(table: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, bool]:
    """Whether the means of :data:`PUBLISHED` fall from the first to the last, by figure; not where all three are the same."""
    if any(name not in table for name in PUBLISHED):
        return {}
    found = {}
    for figure in FIGURES:
        sign = -1 if figure == "log_perplexity" else 1  # less is better
        means = [sign * table[name][figure]["mean"] for name in PUBLISHED if figure in table[name]]
        if len(means) < len(PUBLISHED) or len(set(means)) == 1:
            continue
        found[figure] = all(better > worse for better, worse in pairwise(means))
    return found


def best_known(workspace: Workspace, count: int, out: Path, report: Report = lambda _: None) -> Workspace:
    """A workspace of the items with the most ratings alone, built anew: few items are learned in few minutes."""
    ratings = workspace.interactions["item_id"].value_counts()
    chosen = set(ratings.sort_index(kind="stable").sort_values(ascending=False, kind="stable").index[:count])
    old = workspace.catalogue
    catalogue = Catalogue([item for item in old if item.item_id in chosen], old.words, f"{old.name}, {count:,} items")
    events = workspace.interactions
    return build(Source(catalogue, events[events["item_id"].isin(chosen)]), catalogue.name, out, report=report)


def trained(
    workspace: Workspace,
    variant: Variant,
    minutes: float,
    seed: int,
    llm: str = "",
    mix: dict[str, float] | None = None,
) -> ItemLanguageModel:
    """A model of a variant, trained on a workspace for some minutes; around the LLM of the settings if none is named."""
    prefix = PREFIX_TOKENS if variant.prefix else 0
    model = new_model(workspace, llm, variant.queries, prefix, seed, variant.cf_tokens)
    if variant.bridge == "mlp":
        model.adapter = MLPAdapter(model.adapter.config)
    elif variant.bridge == "random":
        shape = model.adapter.qformer.config
        model.adapter.qformer = QFormer(variant.queries, shape)
    model.adapter.to(model.llm.device)
    known = model.features.known.clone()
    known[:, [kind for kind in range(known.shape[1]) if kind not in variant.keys]] = False
    model.features = replace(model.features, known=known)
    weights = {name: weight for name, weight in WEIGHTS.items() if name in variant.losses}
    phases = (1, 2) if variant.losses else (2,)
    recipe = Recipe(minutes=minutes, phases=phases, losses=weights, mix=mix or Recipe().mix, seed=seed)
    if variant.bridge == "mlp" or KINDS.index("words") not in variant.keys:  # a name is all that a made-up item has
        recipe = replace(recipe, invented=0.0)
    extra: list[torch.nn.Parameter] = []
    if variant.lora:
        config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
        adapted = get_peft_model(model.llm.model, config)
        extra = [parameter for name, parameter in adapted.named_parameters() if "lora_" in name]
        for parameter in extra:
            parameter.data = parameter.data.to(model.llm.embeddings.dtype)
    train(model, material(workspace), recipe, quiet=True, extra=extra)
    return model


def names(model: ItemLanguageModel, count: int = NAMED) -> dict[str, float]:
    """Titles, years and categories said of ``count`` items from their soft tokens alone, and how these are spelled.

    ``spelling`` is the share of all items' soft tokens whose nearest word is the one they are drawn to: it is there long
    before a whole title can be said, and is left out where there are no such tokens.
    """
    rows = np.random.default_rng(0).permutation(len(model.catalogue))[:count].tolist()
    found = shares(read_items(model, rows), [model.catalogue[row] for row in rows])
    values = {name: value for name, value in found.items() if name in FIGURES}
    spelling = model.features.spelling
    if (spelling.targets >= 0).any():
        values["spelling"] = spelling_accuracy(model.table.float(), spelling)
    return values


def ranking(workspace: Workspace, count: int = PEOPLE) -> dict[str, float]:
    """The next-item head on the first held-out rating of ``count`` users, all items ranked."""
    rows = workspace.catalogue.row
    held = later(workspace.split, rows)
    seen = sequences(workspace.split.train, rows)
    asked = sorted(user for user in held if seen.get(user))
    asked = [asked[number] for number in np.random.default_rng(0).permutation(len(asked))[:count]]
    histories = [[row for row, _ in seen[user]] for user in asked]
    ranks = rank_of(ilm_scores(workspace.model, histories), histories, [held[user][0][0] for user in asked])
    return {name: value for name, value in figures(ranks).items() if name in FIGURES}


def _means(block: dict[str, Any]) -> dict[str, float]:
    return {name: float(np.mean(list(block[name].values()))) for name in ("log_perplexity", "semantic_consistency")}
