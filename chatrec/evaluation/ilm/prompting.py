"""How a frozen LLM can be told of items, as one table: in words, with examples, behind a learned prompt, with LoRA, as ILM.

The questions are P5's families (arXiv 2203.13366), the same for every way: held-out ratings, texts of held-out items, and
explanations with facts drawn anew. In words an item is its name, and a person the names of the last few items they liked and did not like. Prompt tuning and
LoRA (both peft's) learn from training people and items for the same minutes, all families mixed. The ILM is there twice:
trained for these minutes, its bridge and both phases included and the families among its many tasks, and as the
workspace's own adapter, which learned for longer.
"""

import copy
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import PromptTuningConfig, TaskType, get_peft_model
from sklearn.metrics import roc_auc_score
from transformers import DynamicCache

from chatrec.catalogue.interactions import LIKED
from chatrec.catalogue.items import Catalogue
from chatrec.evaluation.ilm.ablation import FULL, trained
from chatrec.evaluation.ilm.language import consistency, held_people, log_perplexity
from chatrec.evaluation.ilm.lora import lora
from chatrec.evaluation.kept import keep, read_kept
from chatrec.ilm.bridge import Special
from chatrec.ilm.generation import say_all
from chatrec.ilm.model import PREFIX_SEED, ItemLanguageModel, Tokens
from chatrec.ilm.recipe import PREFIX_TOKENS, material
from chatrec.ilm.tasks import Place, Prompt, Record, TaskSampler
from chatrec.ilm.telling import Person, Teller, draw_people
from chatrec.ilm.training import Run, optimizer
from chatrec.workspace import Report, Workspace


@dataclass(frozen=True)
class Family:
    """One of P5's families: the task it is here, what it is called in words, and how many tokens an answer may have."""

    task: str
    instruction: str
    longest: int


RATING = "rating"
FAMILIES = {
    RATING: Family("rating", "How many stars, from 1 to 5, does this person give the {one}?", 4),
    "sequential": Family("sequential", "Which {one} comes next?", 24),
    "straightforward": Family("direct", "Name one {one} that this person will like.", 24),
    "explanation": Family("reason", "Say why, in the form that is given, with the facts in their places.", 64),
    "review summary": Family("in short", "Sum up the review in a few words: the mood, and for whom the {one} is.", 40),
}
ZERO, CONTEXT, PROMPT, LORA, SAME, ILM, BOTH = (
    "zero-shot, titles as text",
    "in-context, titles as text",
    "prompt tuning, titles as text",
    "LoRA, titles as text",
    "ILM trained in these minutes",
    "ILM of the workspace",
    "ILM of the workspace and LoRA",
)
WAYS = (ZERO, CONTEXT, PROMPT, LORA, SAME, ILM, BOTH)
SHOTS = 3
"""Solved examples in front of a question."""
LIKES, DISLIKES, WATCHED = 8, 4, 10
"""Names that tell of a person, and of a history: the last ones."""
RATINGS = 4
"""Ratings for each question of the other families: a rating takes no decoding."""
BATCH = 8
PROMPT_RATE, LORA_RATE = 1e-2, 1e-3
FIGURES = ("log_perplexity", "semantic_consistency", "auc", "rmse")

Change = Callable[[Sequence[Record]], list[Record]]
"""The same records, told in another way."""


@dataclass
class Prompting:
    """The table, which goes on where it was cut off.

    Args:
        workspace: with an adapter.
        minutes: of training, for each way that is trained here.
        count: questions of a family; ratings are :data:`RATINGS` times as many.
        seed: of everything drawn.
        path: where finished ways are kept; what is there already is read at the start.
        report: told of each way.

    Raises:
        BadInput: if the file at ``path`` is another one, or was made with other settings.
        WorkspaceError: where there is no adapter.
    """

    workspace: Workspace
    minutes: float
    count: int = 32
    seed: int = 0
    path: Path | None = None
    report: Report = lambda _: None
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runs = read_kept(self.path, self._settings)

    def run(self, ways: Sequence[str] = WAYS) -> dict[str, Any]:
        """Train and measure what is missing.

        Returns:
            What all ways have in common; ``runs``: by way its training ``steps`` and, under ``families``, the figures of
            each family (:data:`FIGURES`: AUC of liked against not liked and error in stars are of ratings alone);
            ``item means``: AUC and error of each item's mean rating, the plain baseline.
        """
        for way in ways:
            if way not in self.runs:
                self.report(f"prompting: {way}")
                self.runs[way] = self._measured(way)
                keep(self.path, self.result)
        return self.result

    @property
    def result(self) -> dict[str, Any]:
        """See :meth:`run`."""
        questions = {name: len(records) for name, records in self._questions.items()}
        means = [self._item_means[_item(record)] for record in self._questions.get(RATING, [])]
        return {
            **self._settings,
            "questions": questions,
            "runs": {way: self.runs[way] for way in WAYS if way in self.runs},
            "item means": star_figures(means, self._questions.get(RATING, [])),
        }

    @cached_property
    def _settings(self) -> dict[str, Any]:
        _ = self.workspace.model  # which says so where there is no adapter
        adapter = hashlib.sha256((self.workspace.adapter_folder / "model.safetensors").read_bytes()).hexdigest()[:16]
        return {"minutes": self.minutes, "seed": self.seed, "count": self.count, "adapter": adapter}

    def _measured(self, way: str) -> dict[str, Any]:
        torch.manual_seed(self.seed)
        model = self.workspace.model
        bare = copy.copy(model)
        bare.speaker = None  # the LLM as it was published
        if way in (ZERO, CONTEXT):
            return self._row(bare, self._in_words if way == ZERO else self._after_examples)
        if way == PROMPT:
            tuned = PromptTuned(model)
            steps = self._train(tuned, tuned.prefix_parameters(), PROMPT_RATE, self._in_words)
            return self._row(tuned, self._in_words, steps)
        if way in (SAME, ILM):
            if way == SAME:
                model = trained(self.workspace, FULL, self.minutes, self.seed, model.adapter.config.llm)
            return self._row(model, list)
        told: Change = self._in_words if way == LORA else list
        reader = bare if way == LORA else model
        with lora(model.llm) as weights:
            steps = self._train(reader, weights, LORA_RATE, told)
            return self._row(reader, told, steps)

    def _row(self, model: ItemLanguageModel, told: Change, steps: int = 0) -> dict[str, Any]:
        """Figures of a way by family."""
        families: dict[str, dict[str, float]] = {}
        for name, drawn in self._questions.items():
            records = told(drawn)
            asked = records[: self.count]
            row = {"log_perplexity": log_perplexity(model, asked)}
            if name == RATING:
                row |= star_figures(stars(model, [record.prompt for record in records]), records)
            else:
                said = say_all(model, [record.prompt for record in asked], longest=FAMILIES[name].longest)
                lines = [text.split("\n")[0] for text in said]
                row["semantic_consistency"] = consistency(self.workspace, lines, [record.target for record in asked])
            families[name] = row
        return {"steps": steps, "families": families}

    def _train(self, model: ItemLanguageModel, weights: list[torch.nn.Parameter], rate: float, told: Change) -> int:
        """Train weights for the minutes on questions of training people and items; how many steps that were."""
        random = np.random.default_rng(self.seed + 1)
        drawn, names = self._drawn(self.seed + 2, self._people, held_out=False), list(self._questions)
        run = Run("tuning", {}, optimizer([(weights, rate, 0.0)]), 60 * self.minutes)

        def step(_: int) -> tuple[dict[str, torch.Tensor], torch.Tensor, int]:
            name = names[int(random.integers(len(names)))]
            loss, tokens = model.speech_loss(told(drawn(name, BATCH)), training=False)
            return {name: loss}, loss, tokens

        with model.llm.plain_attention():
            run.loop(step, quiet=True)
        return run.steps

    # Questions, and the same in words

    @cached_property
    def _held_people(self) -> list[Person]:
        return held_people(self.workspace)

    @cached_property
    def _people(self) -> list[Person]:
        learned = material(self.workspace)
        random = np.random.default_rng(self.seed + 3)
        return draw_people(learned.events.values(), learned.fold_in, self.workspace.model.features, random)

    @cached_property
    def _person_of(self) -> dict[int, Person]:
        """People by the identity of the special that stands for each in prompts."""
        return {id(person.special): person for person in (*self._held_people, *self._people)}

    @cached_property
    def _questions(self) -> dict[str, list[Record]]:
        drawn = self._drawn(self.seed + 3000, self._held_people, held_out=True)
        found = {name: drawn(name, self.count * (RATINGS if name == RATING else 1)) for name in FAMILIES}
        return {name: records for name, records in found.items() if records}

    def _drawn(self, seed: int, people: list[Person], held_out: bool) -> Callable[[str, int], list[Record]]:
        """What draws records of a family; item texts are those of held-out items, or of the others."""
        space = self.workspace
        hidden = space.held_out
        rows = hidden if held_out else np.setdiff1d(np.arange(len(space.catalogue)), hidden)
        teller = Teller(space.catalogue, space.model.features, rows, people, seed)
        sampler = TaskSampler(space.catalogue, hidden, space.neighbours, seed)

        def draw(name: str, count: int) -> list[Record]:
            task = FAMILIES[name].task
            return sampler.draw(task, count) if task in sampler.pools else teller.draw(task, count)

        return draw

    def _in_words(self, records: Sequence[Record]) -> list[Record]:
        asks = {family.task: family.instruction for family in FAMILIES.values()}
        catalogue = self.workspace.catalogue
        return [Record(r.task, in_words(r, asks[r.task], catalogue, self._person_of), r.target) for r in records]

    @cached_property
    def _examples(self) -> dict[str, Prompt]:
        """Solved questions of each task, in words."""
        drawn = self._drawn(self.seed + 4, self._people, held_out=False)
        solved: dict[str, Prompt] = {}
        for name in self._questions:
            shots = self._in_words(drawn(name, SHOTS))
            solved[FAMILIES[name].task] = tuple(part for shot in shots for part in (*shot.prompt, f"{shot.target}\n\n"))
        return solved

    def _after_examples(self, records: Sequence[Record]) -> list[Record]:
        return [Record(r.task, (*self._examples[r.task], *r.prompt), r.target) for r in self._in_words(records)]

    @cached_property
    def _item_means(self) -> np.ndarray:
        """Mean training rating of each item, drawn to the mean of all as if five more had given that, (items,)."""
        train = self.workspace.split.train
        rows, size = train["item_id"].map(self.workspace.catalogue.row).to_numpy(), len(self.workspace.catalogue)
        whole = float(train["rating"].mean())
        total = np.bincount(rows, train["rating"].to_numpy(), size) + 5 * whole
        means: np.ndarray = total / (np.bincount(rows, minlength=size) + 5)
        return means


class PromptTuned(ItemLanguageModel):
    """The LLM behind peft's prompt tuning: learned embeddings before every prompt, which hold no items.

    Their keys and values are computed once a batch and stand where the ILM's learned prefix would.
    """

    def __init__(self, model: ItemLanguageModel) -> None:
        self.__dict__.update(model.__dict__)
        llm = model.llm
        config = PromptTuningConfig(
            task_type=TaskType.CAUSAL_LM, num_virtual_tokens=PREFIX_TOKENS, prompt_tuning_init="RANDOM"
        )
        self.speaker = get_peft_model(llm.model, config)
        encoder: Any = self.speaker.prompt_encoder["default"]
        start = llm.tokens(PREFIX_SEED)[:PREFIX_TOKENS]  # as good a beginning as the prefix has
        encoder.embedding.weight.data = llm.embeddings[start].detach().float()

    def prefix_cache(self, batch: int) -> DynamicCache | None:
        """Keys and values of the learned embeddings for a batch."""
        speaker: Any = self.speaker
        embedded = speaker.prompt_encoder["default"].embedding.weight[None].to(self.llm.embeddings.dtype)
        cache: DynamicCache = self.llm.body(inputs_embeds=embedded, use_cache=True).past_key_values
        cache.batch_repeat_interleave(batch)
        return cache


def in_words(record: Record, instruction: str, catalogue: Catalogue, people: dict[int, Person]) -> Prompt:
    """A record's prompt as text alone, an instruction before it.

    Args:
        record: whose facts, in an explanation, have their names beside the soft tokens already.
        instruction: with a place for the word for one item.
        catalogue: of the items.
        people: by the identity of the special that stands for each.
    """
    places = [part for part in record.prompt if isinstance(part, Place)]
    told = set(map(id, places[-WATCHED:]))
    parts = [f"{instruction.format(one=catalogue.words.one)}\n"]
    for part in record.prompt:
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, Special):
            parts.append(_person(people[id(part)], catalogue))
        elif record.task != "reason" and id(part) in told:
            parts.append(f" {catalogue[part.row].name},")
    return ("".join(parts),)


def _person(person: Person, catalogue: Catalogue) -> str:
    def names(liked: bool, most: int) -> str:
        rows = [row for row, rating in person.past if (rating >= LIKED) == liked][-most:]
        return ", ".join(catalogue[row].name for row in rows) or "nothing yet"

    return f" liked {names(True, LIKES)}; did not like {names(False, DISLIKES)}."


@torch.no_grad()
def stars(model: ItemLanguageModel, prompts: Sequence[Prompt], batch: int = 16) -> list[float]:
    """The rating that the LLM expects after each prompt: the mean of 1 to 5 by its probabilities of the five numbers."""
    words = [model.llm.tokens(f" {number}") for number in range(1, 6)]
    before, last = words[0][:-1], [word[-1] for word in words]
    found: list[float] = []
    for start in range(0, len(prompts), batch):
        asked = [model.sequence(prompt) for prompt in prompts[start : start + batch]]
        embedded = model.embed([Tokens([*tokens.ids, *before], tokens.soft) for tokens in asked])
        cache = model.prefix_cache(len(asked))
        output = model.llm.body(inputs_embeds=embedded, past_key_values=cache, use_cache=cache is not None)
        ends = [len(tokens.ids) + len(before) - 1 for tokens in asked]
        logits = model.llm.model.get_output_embeddings()(output.last_hidden_state[list(range(len(asked))), ends])
        shares = logits[:, last].float().softmax(-1)
        found += (shares @ torch.arange(1.0, 6.0, device=shares.device)).tolist()
    return found


def star_figures(expected: Sequence[float], records: Sequence[Record]) -> dict[str, float]:
    """AUC of what is expected, for liked against not liked, and its error in stars; no AUC where all are of one kind."""
    true = np.array([int(record.target) for record in records], dtype=float)
    if not len(true):
        return {}
    row = {"rmse": float(np.sqrt(np.mean((np.array(expected) - true) ** 2)))}
    liked = true >= LIKED
    return {**row, "auc": float(roc_auc_score(liked, expected))} if len(set(liked.tolist())) == 2 else row


def _item(record: Record) -> int:
    return next(part.row for part in record.prompt if isinstance(part, Place))
