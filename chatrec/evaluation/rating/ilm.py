"""The Item-Language Model alone on "will this user like this item": the frozen LLM reads a person's past and answers.

A past is told as one would give the LLM examples: each item as one soft token, followed by " Yes" or " No", oldest first.
The items asked about stand behind it side by side, each of which sees the past and itself (a tree mask). The answer is the
LLM's leaning to " Yes" against " No" after the item, along a direction that starts as the difference of these two words.
Trained are the bridge, the Q-Former, the projection and that direction; the LLM is not, and of its layers only the
first run.

Beside what its item is, a soft token carries a few numbers of the event (:mod:`chatrec.evaluation.rating.packs`): what the
item is worth to others, how often it is rated, how the past went. For training events they are out of fold.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor, nn
from torch.nn import functional

from chatrec.catalogue.items import Catalogue
from chatrec.evaluation.rating.models import Columns, Content, Events, components
from chatrec.evaluation.rating.packs import NUMBERS, OWN_NUMBERS, Pack, Told, batches, packs_of, training_packs
from chatrec.ilm.adapter import Adapter, AdapterConfig
from chatrec.ilm.bridge import ItemFeatures
from chatrec.ilm.llm import FrozenLLM
from chatrec.ilm.mlp import MLPAdapter
from chatrec.ilm.spelling import Spelling
from chatrec.ilm.training import Run, optimizer

OPENING = "Does this viewer like each film?"
FACTORS, NEIGHBOURS = 64, 8
WIDTH, LAYERS, HEADS = 128, 2, 4
"""Shape of the Q-Former."""
LLM_LAYERS = 12
"""Layers of the LLM that are run, from the first: 12 of SmolLM2's 30 train twice as fast (see the log)."""
BATCH = 800
"""Tokens of a training batch."""
RATE, DECAY = 1e-3, 0.05
AUXILIARY = 0.5
"""Weight in training of the items of a past, each of which is asked about after what came before it."""


@dataclass(frozen=True)
class ILM:
    """Trains a reader on the training events, for some minutes, and scores with it.

    Attributes:
        catalogue, content: the items.
        titles: (items, width) vectors of their titles.
        llm: frozen.
        minutes: of training.
        mlp: an MLP bridge in place of the Q-Former.
        seed: of weights and batches.
        quiet: show no progress.
    """

    catalogue: Catalogue
    content: Content
    titles: np.ndarray
    llm: FrozenLLM
    minutes: float
    mlp: bool = False
    seed: int = 0
    quiet: bool = False

    @property
    def name(self) -> str:
        """See :class:`~chatrec.evaluation.rating.benchmark.Reader`."""
        return "MLP bridge" if self.mlp else "ILM"

    def scores(self, train: Events, asked: Events, learned: Columns, applied: Columns) -> np.ndarray:
        """See :class:`~chatrec.evaluation.rating.benchmark.Reader`."""
        torch.manual_seed(self.seed)
        events = train.and_(self.content.others)
        features = item_features(events, self.content, self.titles, self.catalogue, self.llm)
        scorer = Scorer(self.llm, Weights(self.llm, self.titles.shape[1], self.mlp).to(self.llm.device), features)
        with first_layers(self.llm, LLM_LAYERS):
            scorer.train(Told(train, train, learned, learned), 60 * self.minutes, self.seed, self.name, self.quiet)
            return scorer.scores(Told(train, asked, learned, applied), packs_of(train, asked))


@contextmanager
def first_layers(llm: FrozenLLM, count: int) -> Iterator[None]:
    """Run the LLM's first layers only, for time: its output layer reads what they leave."""
    config = llm.model.config.get_text_config()
    before = config.num_hidden_layers
    config.num_hidden_layers = min(count, before)
    try:
        yield
    finally:
        config.num_hidden_layers = before


def item_features(
    events: Events, content: Content, titles: np.ndarray, catalogue: Catalogue, llm: FrozenLLM
) -> ItemFeatures:
    """What the bridge reads. The collaborative vectors are of who rated an item, not how: no label is in them."""
    items = len(catalogue)
    people, person = np.unique(events.user, return_inverse=True)
    met = csr_matrix((np.ones(len(events)), (person, events.item)), shape=(len(people), items))
    rated, count = np.bincount(person), np.bincount(events.item, minlength=items)
    balanced = met.multiply(1 / np.sqrt(rated)[:, None]).multiply(1 / np.sqrt(count + 5)[None])
    vectors = components(csr_matrix(balanced).T, FACTORS) * (count > 0)[:, None]
    vectors = np.pad(vectors, ((0, 0), (0, FACTORS - vectors.shape[1])))
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    near = np.argsort(2 * np.eye(items) - unit @ unit.T, axis=1)[:, :NEIGHBOURS]
    return ItemFeatures.from_arrays(vectors, near, titles, content.vectors, Spelling.of(catalogue, llm, 1))


class Weights(nn.Module):
    """All that is trained, from items and numbers to soft tokens and from hidden states to logits.

    Args:
        llm: frozen; its embeddings say how long a soft token is, its output vectors where the reading begins.
        text_width: of the encoder's vectors.
        mlp: the MLP bridge in place of the Q-Former.
    """

    def __init__(self, llm: FrozenLLM, text_width: int, mlp: bool = False) -> None:
        super().__init__()
        config = AdapterConfig(
            llm=llm.name,
            llm_width=llm.width,
            encoder="",
            text_width=text_width,
            factors=FACTORS,
            queries=1,
            neighbours=NEIGHBOURS,
            embedding_scale=llm.embedding_scale,
            qformer={
                "vocab_size": 1,
                "hidden_size": WIDTH,
                "num_hidden_layers": LAYERS,
                "num_attention_heads": HEADS,
                "intermediate_size": 2 * WIDTH,
                "encoder_hidden_size": WIDTH,
                "cross_attention_frequency": 1,
                "attention_probs_dropout_prob": 0.0,
                "hidden_dropout_prob": 0.05,
                "use_qformer_text_input": False,
            },
        )
        self.adapter = MLPAdapter(config) if mlp else Adapter(config)
        self.numbers = nn.Linear(len(NUMBERS) + OWN_NUMBERS, WIDTH)
        table = llm.model.get_output_embeddings().weight
        self.words = [llm.tokens(word)[-1] for word in (" No", " Yes")]
        leaning = (table[self.words[1]] - table[self.words[0]]).float()
        self.leaning = nn.Parameter(leaning / leaning.norm())
        self.offset = nn.Parameter(torch.zeros(1))

    def soft(self, rows: Tensor, numbers: Tensor, features: ItemFeatures) -> Tensor:
        """Soft tokens (events, LLM width) of items ``rows`` (events,) with their ``numbers`` (events, numbers)."""
        unique, where = torch.unique(rows, return_inverse=True)
        read = self.adapter.outputs(unique, features, taste_only=True)[:, 0]
        return self.adapter.to_soft(read[where] + self.numbers(numbers))

    def logits(self, hidden: Tensor) -> Tensor:
        """Leaning to Yes of hidden states (places, LLM width)."""
        return 4 * hidden.float() @ self.leaning / hidden.shape[1] ** 0.5 + 10 * self.offset


class Scorer:
    """The frozen LLM with what it reads items by.

    Args:
        llm: frozen.
        weights: trained, or to be.
        features: of the items.
    """

    def __init__(self, llm: FrozenLLM, weights: Weights, features: ItemFeatures) -> None:
        self.llm, self.weights, self.features = llm, weights, features
        start = llm.tokenizer.bos_token_id
        self.opening = [*([] if start is None else [int(start)]), *llm.tokens(OPENING)]

    def logits(self, told: Told, packs: Sequence[Pack]) -> tuple[Tensor, Tensor]:
        """Logits of all items of the packs' pasts, in order, and of all that are asked about."""
        opening = len(self.opening)
        longest = opening + max(len(pack) for pack in packs)
        ids = torch.full((len(packs), longest), self.llm.end_of_text)
        mask = torch.eye(longest, dtype=torch.bool).repeat(len(packs), 1, 1)
        positions = torch.zeros(len(packs), longest, dtype=torch.long)
        past: list[tuple[int, int]] = []
        asked: list[tuple[int, int]] = []
        for number, pack in enumerate(packs):
            end = opening + 2 * len(pack.past)
            answers = torch.from_numpy(told.past.label[pack.past]).long()
            ids[number, :opening] = torch.tensor(self.opening)
            ids[number, opening + 1 : end : 2] = torch.tensor(self.weights.words)[answers]
            mask[number, :end, :end] = torch.ones(end, end, dtype=torch.bool).tril()
            mask[number, end : end + len(pack.asked), :end] = True
            positions[number, :end] = torch.arange(end)
            positions[number, end:] = end
            past += [(number, place) for place in range(opening, end, 2)]
            asked += [(number, place) for place in range(end, end + len(pack.asked))]
        device = self.llm.device
        rows, numbers = (part.to(device) for part in told.tokens(packs))
        soft = self.weights.soft(rows, numbers, self.features)
        number, place = self.llm.tensor(past + asked).T
        embedded = functional.embedding(ids.to(device), self.llm.embeddings).index_put(
            (number, place), soft.to(self.llm.embeddings.dtype)
        )
        bias = embedded.new_zeros(mask.shape).masked_fill(~mask.to(device), torch.finfo(embedded.dtype).min)
        hidden = self.llm.body(
            inputs_embeds=embedded, attention_mask=bias[:, None], position_ids=positions.to(device), use_cache=False
        ).last_hidden_state
        found = self.weights.logits(hidden[number, place])
        return found[: len(past)], found[len(past) :]

    @torch.no_grad()
    def scores(self, told: Told, packs: Sequence[Pack], batch: int = 8) -> np.ndarray:
        """Logits of the asked events, (asked,)."""
        self.weights.eval()
        found = np.full(len(told.asked), np.nan)
        ordered = sorted(packs, key=len)
        for start in range(0, len(ordered), batch):
            part = ordered[start : start + batch]
            found[np.concatenate([pack.asked for pack in part])] = self.logits(told, part)[1].cpu().numpy()
        return found

    def train(self, told: Told, seconds: float, seed: int = 0, name: str = "ILM", quiet: bool = False) -> Run:
        """Train for a budget of seconds on the training events, which are what is told and what is asked about."""
        random = np.random.default_rng(seed)
        labels = self.llm.tensor(told.past.label).float()
        reading = [self.weights.leaning, self.weights.offset]
        rest = [p for p in self.weights.parameters() if all(p is not other for other in reading)]
        run = Run(name, {"weights": self.weights}, optimizer([(rest, RATE, DECAY), (reading, RATE, 0.0)]), seconds)
        waiting: list[list[Pack]] = []

        def step(_: int) -> tuple[dict[str, Tensor], Tensor, int]:
            if not waiting:
                waiting.extend(batches(training_packs(told.past, random), BATCH, random))
            packs = waiting.pop()
            found = torch.cat(self.logits(told, packs))
            past, asked = (np.concatenate([getattr(pack, part) for pack in packs]) for part in ("past", "asked"))
            losses = functional.binary_cross_entropy_with_logits(
                found, labels[self.llm.tensor(np.concatenate([past, asked]))], reduction="none"
            )
            earlier, later = losses.split([len(past), len(asked)])
            total = (AUXILIARY * earlier.sum() + later.sum()) / len(losses)
            return {"loss": later.mean()}, total, sum(len(pack) for pack in packs)

        self.weights.train()
        with self.llm.plain_attention():
            run.loop(step, quiet)
        return run
