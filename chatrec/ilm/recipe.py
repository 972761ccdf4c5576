"""From a workspace to a trained adapter in it: the one place that puts the parts of training together."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chatrec.assets import resolve_model
from chatrec.catalogue.interactions import sequences
from chatrec.collab.scorer import History
from chatrec.config import settings
from chatrec.errors import BadInput
from chatrec.ilm.adapter import Adapter, AdapterConfig
from chatrec.ilm.calibration import calibrate
from chatrec.ilm.devices import processes
from chatrec.ilm.llm import load_llm
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.qformer import QFormer
from chatrec.ilm.tuning import Material, Recipe, train
from chatrec.workspace import NEIGHBOURS, Report, Workspace

PREFIX_TOKENS = 24
RATES, FURTHER = ("align_rate", "rate", "prefix_rate"), 0.6
"""Learning rates, and what a run that goes on from a trained adapter takes of them."""
QUERIES = 20
"""Query tokens: one for taste, three for categories, three for the year; the titles of 99.6% of MovieLens 100K fit the rest."""


def new_model(
    workspace: Workspace,
    llm: str = "",
    queries: int = QUERIES,
    prefix_tokens: int = PREFIX_TOKENS,
    seed: int = 0,
    cf_tokens: int = 4,
) -> ItemLanguageModel:
    """An untrained Item-Language Model for a workspace, its Q-Former with a text branch for phase 1."""
    torch.manual_seed(seed)
    frozen = load_llm(llm or settings().llm)
    qformer = QFormer.from_encoder(str(resolve_model(workspace.manifest.encoder)), queries)
    config = AdapterConfig(
        llm=frozen.name,
        llm_width=frozen.width,
        encoder=workspace.manifest.encoder,
        text_width=workspace.vectors["text"].shape[1],
        factors=workspace.collab.factors,
        queries=queries,
        cf_tokens=cf_tokens,
        neighbours=NEIGHBOURS,
        prefix_tokens=prefix_tokens,
        embedding_scale=frozen.embedding_scale,
        qformer=_shape(qformer),
    )
    return ItemLanguageModel(frozen, Adapter(config, qformer), workspace.features(frozen, queries), workspace.catalogue)


def material(workspace: Workspace) -> Material:
    """What a workspace has to learn from: its training ratings, and the texts of items that are not held out."""
    return Material(
        sequences(workspace.split.train, workspace.catalogue.row),
        workspace.neighbours,
        workspace.held_out,
        lambda liked, disliked: workspace.collab.fold_in(History(tuple(liked), tuple(disliked))),
        Path(resolve_model(workspace.manifest.encoder)),
    )


def train_workspace(
    workspace: Workspace,
    phases: tuple[int, ...],
    minutes: float,
    llm: str,
    queries: int,
    seed: int,
    fresh: bool,
    command: str,
    report: Report = lambda _: None,
    further: bool = False,
) -> dict[str, Any]:
    """Train an adapter for a workspace and save it there; see :func:`chatrec.ilm.tuning.train`.

    Checkpoints are kept in the workspace until the run is whole; phase 2 alone starts from the last phase 1. With
    ``further`` it starts from the trained adapter (its LLM and its queries), and no step is as large. Of several
    processes the main one writes.
    """
    if len(workspace.catalogue) < 4:
        raise BadInput(f"the catalogue has {len(workspace.catalogue)} items; training needs at least 4")
    crew = processes()
    folder = workspace.path / "training"
    if fresh and crew.is_main_process:
        shutil.rmtree(folder, ignore_errors=True)
    crew.wait_for_everyone()
    recipe = Recipe(minutes=minutes, phases=phases, seed=seed)
    before = ""
    if further:
        model = workspace.model
        before = (workspace.adapter_folder / "README.md").read_text(encoding="utf-8")
        recipe = replace(recipe, phases=(2,), **{name: getattr(recipe, name) * FURTHER for name in RATES})
    else:
        model = new_model(workspace, llm, queries, seed=seed)
    report(
        f"training {sum(p.numel() for p in model.adapter.parameters()) / 1e6:.1f} M parameters "
        f"for {minutes:g} minutes; the LLM stays as it is"
    )
    result = train(model, material(workspace), recipe, folder)
    if crew.is_main_process:
        _keep(workspace, model, folder, _card(workspace, model, result, command, before), report)
    crew.wait_for_everyone()
    return result


def _keep(workspace: Workspace, model: ItemLanguageModel, training: Path, card: str, report: Report) -> None:
    """Save a trained adapter in its workspace, and calibrate it."""
    prefix = model.prefix_values
    model.adapter.save_pretrained(workspace.adapter_folder, {"prefix": prefix} if prefix is not None else None, card)
    shutil.rmtree(training, ignore_errors=True)
    workspace.__dict__.pop("model", None)  # of an earlier adapter
    report("calibrating the match score")
    calibrate(workspace.model, workspace.split.train, workspace.split.valid, workspace.adapter_folder)


def _shape(qformer: QFormer) -> dict[str, object]:
    names = (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "hidden_act",
        "layer_norm_eps",
        "hidden_dropout_prob",
        "attention_probs_dropout_prob",
        "encoder_hidden_size",
        "cross_attention_frequency",
        "use_qformer_text_input",
    )
    return {name: getattr(qformer.config, name) for name in names}


def _card(
    workspace: Workspace, model: ItemLanguageModel, result: dict[str, Any], command: str, before: str = ""
) -> str:
    """The model card; that of the run ``before``, where this one went on from it, stands below."""
    lines = [
        f"# Adapter for {workspace.manifest.name}",
        "",
        f"Soft tokens of {len(workspace.catalogue):,} items for the frozen `{model.llm.name}`; "
        f"{model.adapter.config.queries} query tokens, {model.adapter.config.prefix_tokens} prefix positions.",
        f"Made by `{command}`.",
        "",
        f"LLM's hash before and after training: `{result['llm_hash_before'][:16]}` and `{result['llm_hash_after'][:16]}`.",
    ]
    for phase in ("phase_1", "phase_2"):
        if phase in result:
            lines += ["", f"## {phase.replace('_', ' ').capitalize()}", ""]
            lines += [f"- {name}: {value:.4g}" for name, value in result[phase].items()]
    return "\n".join([*lines, *(["", "# The run before this one", "", before] if before else [])]) + "\n"
