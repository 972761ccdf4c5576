"""The trained part of understanding: spans, how the person stands to each, and what the message does, in one pass.

The frozen text encoder with LoRA (arXiv 2106.09685) in its linear layers carries four heads on its last states: kinds as
BIO labels a token (Ramshaw and Marcus, 1995), attitudes a token (a span's is the mean of its tokens'), two marks a token
(soft, somebody else's), and intents of the whole message. Titles that are surely titles are shown as ``[MASK]``, so that
what counts is what is said about a title and not which it is. Probabilities are calibrated by a temperature a head
(Guo et al., arXiv 1706.04599), fitted on messages that were not trained on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import chatrec_data
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from chatrec.assets import resolve_model
from chatrec.dialogue.acts import Annotation, Attitude, Before, Intent, Kind
from chatrec.errors import AssetError

SHIPPED = chatrec_data.ROOT / "pretrained" / "nlu"
MASK = "[MASK]"
KINDS, ATTITUDES, INTENTS = tuple(Kind), tuple(Attitude), tuple(Intent)
LABELS = 1 + 2 * len(KINDS)
"""O, then B and I of each kind."""
HIDDEN = 192
_MET = [ATTITUDES.index(a) for a in (Attitude.LIKE, Attitude.DISLIKE, Attitude.SEEN, Attitude.MIXED)]
LONGEST = 384
"""Word pieces that are read at a time."""
RANK = 16
LINEAR = ["query", "key", "value", "dense"]
WORDS = {
    Before.NOTHING: "start",
    Before.SHOWN: "recommended some",
    Before.ASKED_WISH: "what do you want?",
    Before.ASKED_OPINION: "did you like it?",
    Before.ASKED_WHICH: "which one do you mean?",
    Before.ASKED_YESNO: "yes or no?",
    Before.ANSWERED: "answered about it",
    Before.UNKNOWN: "do not have that",
    Before.CHAT: "chatting",
}
"""How the turn before is told to the encoder, as the first of two segments."""


class Heads(nn.Module):
    """The heads on states of ``width``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.kinds = _mlp(width, LABELS)
        self.attitudes = _mlp(width, len(ATTITUDES))
        self.marks = nn.Linear(width, 2)
        self.intents = _mlp(2 * width, len(INTENTS))

    def forward(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Logits of kinds (B, T, labels), attitudes (B, T, attitudes), marks (B, T, 2), intents (B, intents).

        Args:
            states: (B, T, width).
            mask: (B, T), 1 where there is a token.
        """
        weight = mask[..., None].to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1)
        whole = torch.cat((states[:, 0], mean), -1)
        return self.kinds(states), self.attitudes(states), self.marks(states), self.intents(whole)


def _mlp(width: int, out: int) -> nn.Module:
    return nn.Sequential(nn.Dropout(0.1), nn.Linear(width, HIDDEN), nn.GELU(), nn.Dropout(0.1), nn.Linear(HIDDEN, out))


def with_lora(folder: Path) -> Any:
    """The encoder with fresh LoRA in its linear layers; all else is frozen."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModel

    model = AutoModel.from_pretrained(folder, local_files_only=True)
    return get_peft_model(model, LoraConfig(r=RANK, lora_alpha=2 * RANK, lora_dropout=0.05, target_modules=LINEAR))


@dataclass(frozen=True)
class Piece:
    """Where a word piece stands in the text: characters ``start`` to ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Tagged:
    """What the tagger says of a message.

    Attributes:
        spans: what it found, in order, not overlapping.
        intents: probability of each.
        pieces: the word pieces; the arrays below have a row for each.
        kinds: (pieces, kinds) probability that a piece is part of a span of that kind.
        attitudes: (pieces, attitudes) probabilities.
    """

    spans: tuple[Annotation, ...]
    intents: dict[Intent, float]
    pieces: tuple[Piece, ...]
    kinds: np.ndarray
    attitudes: np.ndarray
    marks: np.ndarray

    def stretches(self, kind: Kind, least: float) -> list[tuple[int, int]]:
        """Stretches of which every piece is of that kind with at least that probability."""
        likely = self.kinds[:, KINDS.index(kind)] >= least
        found: list[tuple[int, int]] = []
        for row, piece in enumerate(self.pieces):
            if likely[row] and row and likely[row - 1]:
                found[-1] = (found[-1][0], piece.end)
            elif likely[row]:
                found.append((piece.start, piece.end))
        return found

    def at(self, start: int, end: int, kind: Kind, source: str) -> Annotation:
        """What it says of a stretch that somebody else found."""
        rows = [row for row, piece in enumerate(self.pieces) if piece.start < end and start < piece.end]
        if not rows:
            return Annotation(start, end, kind, score=0.0, certainty=0.0, source=source)
        attitudes = self.attitudes[rows].mean(0)
        best = int(attitudes.argmax())
        certainty = float(self.kinds[rows, KINDS.index(kind)].mean())
        soft, other = (self.marks[rows].mean(0) > 0.5).tolist()
        met = float(attitudes[_MET].sum())
        return Annotation(
            start, end, kind, ATTITUDES[best], float(attitudes[best]), certainty, soft, other, source, met
        )


class Tagger:
    """Reads messages.

    Args:
        folder: a trained tagger, as :func:`save` wrote it.

    Raises:
        AssetError: if it cannot be read.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        from peft import set_peft_model_state_dict
        from transformers import AutoTokenizer

        try:
            self.config = json.loads((folder / "config.json").read_text("utf-8"))
            weights = load_file(folder / "model.safetensors")
        except (OSError, ValueError) as error:
            raise AssetError(f"{folder} does not hold a tagger ({error}); make one with: chatrec nlu train") from error
        if self.config.get("labels") != _labels():
            raise AssetError(
                f"the tagger in {folder} knows other labels than this version; make one with: chatrec nlu train"
            )
        encoder = resolve_model(self.config["encoder"])
        self.tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
        model = with_lora(encoder)
        set_peft_model_state_dict(
            model, {name[5:]: tensor.float() for name, tensor in weights.items() if name.startswith("lora.")}
        )
        self.encoder = model.merge_and_unload().eval()
        self.heads = Heads(self.encoder.config.hidden_size)
        self.heads.load_state_dict({n[6:]: t.float() for n, t in weights.items() if n.startswith("heads.")})
        self.heads.eval()
        self.heat = self.config["temperature"]

    @torch.inference_mode()
    def read(self, text: str, before: Before = Before.NOTHING, titles: Sequence[tuple[int, int]] = ()) -> Tagged:
        """Read one message.

        Args:
            text: the message.
            before: what the system did in the turn before.
            titles: stretches that are surely titles; they are not read, and come back as titles.
        """
        shown, places = masked(text, titles)
        encoded = self.tokenizer(
            WORDS[before], shown, truncation="only_second", max_length=LONGEST, return_tensors="pt",
            return_offsets_mapping=True,
        )  # fmt: skip
        own = [n for n, segment in enumerate(encoded.sequence_ids(0)) if segment == 1]
        offsets = encoded.pop("offset_mapping")[0].tolist()
        states = self.encoder(**encoded).last_hidden_state
        kinds, attitudes, marks, intents = self.heads(states, encoded["attention_mask"])
        pieces = tuple(Piece(places[offsets[n][0]], places[offsets[n][1] - 1] + 1) for n in own)
        labels = (kinds[0, own] / self.heat["kinds"]).softmax(-1).numpy()
        whole = {  # a piece of a masked title stands for all of it
            n: span for n, piece in enumerate(pieces) for span in titles if span[0] <= piece.start < span[1]
        }
        pieces = tuple(Piece(*whole[n]) if n in whole else piece for n, piece in enumerate(pieces))
        for n in whole:
            labels[n] = 0
            labels[n, 1 + 2 * KINDS.index(Kind.TITLE)] = 1
        tagged = Tagged(
            (),
            dict(zip(INTENTS, (intents[0] / self.heat["intents"]).sigmoid().tolist(), strict=True)),
            pieces,
            labels[:, 1::2] + labels[:, 2::2],
            (attitudes[0, own] / self.heat["attitudes"]).softmax(-1).numpy(),
            marks[0, own].sigmoid().numpy(),
        )
        stretches = decode(labels, [piece.start for piece in pieces], text)
        spans = [tagged.at(*_bare(text, pieces[a].start, pieces[b].end), kind, "tagger") for a, b, kind in stretches]
        return Tagged(tuple(spans), tagged.intents, pieces, tagged.kinds, tagged.attitudes, tagged.marks)


def masked(text: str, titles: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text with titles as ``[MASK]``, and for each of its characters where that stood before.

    Brackets of the person's own become round ones: nobody writes a mask.
    """
    text = text.replace("[", "(").replace("]", ")")
    shown, places, done = "", list[int](), 0
    for start, end in sorted(titles):
        shown += text[done:start] + MASK
        places += [*range(done, start), *([start] * len(MASK))]
        done = end
    return shown + text[done:], [*places, *range(done, len(text))]


def decode(labels: np.ndarray, starts: Sequence[int], text: str) -> list[tuple[int, int, Kind]]:
    """First piece, last piece and kind of each span, by the best sequence in which I follows B or I of its kind.

    Args:
        labels: (pieces, labels) probabilities.
        starts: where each piece starts in ``text``; a span starts and goes on at whole words only.
    """
    count = len(labels)
    if not count:
        return []
    scores = np.log(labels + 1e-9)
    inside = np.arange(2, LABELS, 2)
    opens = [n == 0 or not text[max(at - 1, 0) : at + 1].isalnum() for n, at in enumerate(starts)]
    best, back = scores[0].copy(), np.zeros((count, LABELS), dtype=int)
    best[inside] = -np.inf
    for n in range(1, count):
        top = int(best.argmax())
        step = np.full(LABELS, best[top])
        back[n] = top
        goes_on = np.maximum(best[inside - 1], best[inside])
        step[inside] = goes_on
        back[n, inside] = np.where(best[inside - 1] >= best[inside], inside - 1, inside)
        if not opens[n]:  # within a word: O after O, I after its own kind
            step[1::2] = -np.inf
            step[0], back[n, 0] = best[0], 0
        best = step + scores[n]
    path = [int(best.argmax())]
    for n in range(count - 1, 0, -1):
        path.append(int(back[n, path[-1]]))
    path.reverse()
    spans: list[tuple[int, int, Kind]] = []
    for n, label in enumerate(path):
        if label % 2 == 1:
            spans.append((n, n, KINDS[label // 2]))
        elif label and spans:
            spans[-1] = (spans[-1][0], n, spans[-1][2])
    return spans


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without marks and spaces at its ends; one of marks alone stays as it is."""
    inner = text[start:end].strip(" ,.;:!?\"'()-")
    return (start, end) if not inner else (at := text.index(inner, start), at + len(inner))


def _labels() -> list[str]:
    return [*KINDS, *ATTITUDES, *INTENTS]


def save(folder: Path, encoder: Any, heads: Heads, config: dict[str, Any]) -> None:
    """Write ``config.json`` and ``model.safetensors`` (LoRA and heads, half precision)."""
    from peft import get_peft_model_state_dict

    folder.mkdir(parents=True, exist_ok=True)
    weights = {f"lora.{name}": tensor for name, tensor in get_peft_model_state_dict(encoder).items()}
    weights |= {f"heads.{name}": tensor for name, tensor in heads.state_dict().items()}
    save_file({name: tensor.half().contiguous() for name, tensor in weights.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config | {"labels": _labels()}, indent=1) + "\n", "utf-8")


@cache
def load_tagger(folder: Path = SHIPPED) -> Tagger:
    """The tagger of a folder, loaded once a process."""
    return Tagger(folder)
