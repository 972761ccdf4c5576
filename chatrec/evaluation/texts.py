"""The item texts, measured: coverage, vocabulary, facts, originality, usefulness, language."""

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import chatrec_data
import numpy as np

from chatrec.catalogue.encoder import load_encoder
from chatrec.catalogue.items import natural_title, split_title, title_key
from chatrec.catalogue.texts import ItemText, read_texts
from chatrec.config import settings
from chatrec.errors import BadInput
from chatrec.ranking.ranker import WORDS
from chatrec.retrieval.words import StoryWords
from chatrec.sources import ML_100K, TEXTS, read_source
from chatrec.workspace import Report

BANDS = ((0, 200), (200, 700), (700, 1300), (1300, 10_000))
"""Ranks by number of ratings."""


def check_texts(
    file: Path | None = None, reference: Path | None = None, usefulness: bool = True, report: Report = lambda _: None
) -> dict[str, Any]:
    """Measure a file of item texts; without one, those that ship.

    Args:
        file: JSON lines.
        reference: folder with ``ml-1m-text/movies.csv`` and ``redial/items.jsonl``; without it facts and originality
            against plots are left out.
        usefulness: whether to search for the films behind the paraphrases (loads the encoder).
        report: told of each step.
    """
    path = file or TEXTS
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    texts = list(read_texts(path))
    result: dict[str, Any] = {"coverage": coverage(texts), "language": language(texts)}
    if reference:
        report("facts and originality")
        known = references(reference)
        result["facts"] = facts(texts, known)
        result["originality"] = originality(texts, [plot for _, _, plot in known.values()])
    else:
        result["originality"] = originality(texts, [])
    if usefulness:
        report("usefulness: searching for paraphrases")
        result["usefulness"] = find_paraphrases(texts)
    return result


def coverage(texts: list[ItemText]) -> dict[str, Any]:
    """Records by confidence and rank band; schema and vocabulary errors are refused on reading, so there are none here."""
    source = read_source(ML_100K)
    counts = source.interactions["item_id"].value_counts()
    ranked = sorted(source.catalogue, key=lambda item: (-int(counts.get(item.item_id, 0)), int(item.item_id)))
    by_id = {record.item_id: record for record in texts}
    block: dict[str, Any] = {
        "records": len(texts),
        "errors": 0,
        **{f"confidence_{k}": v for k, v in Counter(t.confidence for t in texts).items()},
    }
    for low, high in BANDS:
        band = [by_id.get(item.item_id) for item in ranked[low:high]]
        name = f"rank_{low + 1}_to_{min(high, len(ranked))}"
        block[f"{name}_synopsis"] = float(np.mean([bool(r and r.synopsis) for r in band]))
        block[f"{name}_pitch"] = float(np.mean([bool(r and r.pitch) for r in band]))
    return block


def language(texts: list[ItemText]) -> dict[str, Any]:
    """Openings that recur, and phrases of four words by the share of pitches that have them."""
    openings = Counter(
        (name, " ".join(words[:5]))
        for t in texts
        for name in ("synopsis", "pitch", "caveat")
        if (words := _words(getattr(t, name)))
    )
    pitches = [set(_grams(_words(t.pitch), 4)) for t in texts if t.pitch]
    phrases = Counter(gram for grams in pitches for gram in grams)
    top, times = phrases.most_common(1)[0] if phrases else ((), 0)
    return {
        "same_opening": sum(1 for count in openings.values() if count > 1),
        "commonest_phrase": " ".join(top),
        "commonest_phrase_share": times / max(len(pitches), 1),
    }


def references(folder: Path) -> dict[tuple[str, int], tuple[set[str], set[str], str]]:
    """Directors, actors and plot by title key and year; both sources merged."""
    found: dict[tuple[str, int], tuple[set[str], set[str], str]] = {}

    def add(name: str, year: str, directors: str, actors: str, plot: str) -> None:
        title, own, aliases = split_title(name)
        when = own or (int(year) if year.isdigit() else 0)
        for form in (title, *aliases):
            old = found.get((title_key(natural_title(form)), when), (set(), set(), ""))
            names = [{_fold(part) for part in re.split(r"[,|;]", text) if part.strip()} for text in (directors, actors)]
            found[title_key(natural_title(form)), when] = (
                old[0] | names[0],
                old[1] | names[1],
                f"{old[2]} {plot}".strip(),
            )

    path = folder / "ml-1m-text" / "movies.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                low = {key.lower(): value or "" for key, value in row.items() if key}
                add(
                    low.get("title") or low.get("name", ""),
                    low.get("year", ""),
                    low.get("director", ""),
                    low.get("actors") or low.get("stars", ""),
                    low.get("plot") or low.get("description", ""),
                )
    path = folder / "redial" / "items.jsonl"
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            low = {str(key).lower(): value for key, value in row.items()}
            flat = {
                key: ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
                for key, value in low.items()
            }
            add(
                flat.get("title") or flat.get("name", ""),
                flat.get("year", ""),
                flat.get("director") or flat.get("directors", ""),
                flat.get("cast") or flat.get("stars", ""),
                flat.get("plot", ""),
            )
    if not found:
        raise BadInput(f"{folder} holds neither ml-1m-text/movies.csv nor redial/items.jsonl")
    return found


def facts(texts: list[ItemText], known: dict[tuple[str, int], tuple[set[str], set[str], str]]) -> dict[str, Any]:
    """Agreement on directors and on at least one leading actor, where both sides have them."""
    matched = 0
    directors: list[bool] = []
    actors: list[bool] = []
    differ: list[str] = []
    for record in texts:
        found = next(
            (known[key] for off in (0, 1, -1) if (key := (title_key(record.title), (record.year or 0) + off)) in known),
            None,
        )
        if found is None:
            continue
        matched += 1
        for name, own, theirs, verdicts in (
            ("director", record.directors, found[0], directors),
            ("actor", record.cast, found[1], actors),
        ):
            if own and theirs:
                same = any(_fold(person) in theirs for person in own)
                verdicts.append(same)
                if not same:
                    differ.append(f"{record.title} ({record.year}), {name}: {', '.join(own)}")
    return {
        "matched": matched,
        "director_agreement": float(np.mean(directors)),
        "actor_agreement": float(np.mean(actors)),
        "disagreements": differ,
    }


def originality(texts: list[ItemText], plots: Iterable[str]) -> dict[str, Any]:
    """Runs of eight words shared with any reference plot, and the most similar pair of synopses."""
    theirs = {gram for plot in plots for gram in _grams(_words(plot), 8)}
    shared = [
        f"{t.title}: {name}"
        for t in texts
        for name in ("synopsis", "pitch", "caveat")
        if theirs.intersection(_grams(_words(getattr(t, name)), 8))
    ]
    bags = [(t.title, set(_words(t.synopsis))) for t in texts if t.synopsis]
    highest, pair = 0.0, ""
    for place, (title, bag) in enumerate(bags):
        for other, words in bags[place + 1 :]:
            overlap = len(bag & words) / max(min(len(bag), len(words)), 1)
            if overlap > highest:
                highest, pair = overlap, f"{title} / {other}"
    return {
        "reference_runs": len(theirs),
        "shared_runs_of_8": len(shared),
        "closest_synopses": highest,
        "closest_pair": pair,
        "shared": shared,
    }


def find_paraphrases(texts: list[ItemText]) -> dict[str, Any]:
    """Hit@1 and hit@5 for the paraphrases that ship: the encoder with and without the item texts, words, and both together."""
    path = chatrec_data.ROOT / "paraphrases.jsonl"
    queries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    source = read_source(ML_100K)
    catalogue = source.catalogue
    encoder = load_encoder(settings().encoder)
    asked = encoder.encode([query["query"] for query in queries])
    wanted = [catalogue.row[query["item_id"]] for query in queries]
    confidence = {record.item_id: record.confidence for record in texts}
    high = [place for place, query in enumerate(queries) if confidence.get(query["item_id"]) == "high"]
    bare = [f"{item.name}. {', '.join(item.categories)}." for item in catalogue]
    block: dict[str, Any] = {"queries": len(queries), "high_confidence": len(high)}
    near = asked @ encoder.encode([item.story() for item in catalogue]).T
    told = StoryWords(catalogue)
    words = np.stack([told.scores(query["query"]) for query in queries])
    ways = {
        "with_texts": near,
        "without_texts": asked @ encoder.encode(bare).T,
        "words": words,
        "with_words": near + WORDS * words,
    }
    for name, scores in ways.items():
        ranks = np.array([int((scores[place] > scores[place, row]).sum()) for place, row in enumerate(wanted)])
        block[f"hit@1_{name}"], block[f"hit@5_{name}"] = float((ranks < 1).mean()), float((ranks < 5).mean())
        block[f"hit@5_{name}_high"] = float((ranks[high] < 5).mean()) if high else 0.0
        if name == "with_texts":
            block["missed"] = [
                f"{queries[place]['title']}: rank {ranks[place] + 1}" for place in np.flatnonzero(ranks >= 5)
            ]
    return block


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _grams(words: list[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + size]) for place in range(len(words) - size + 1)]


def _fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^a-z]", "", re.sub(r"\b(?:jr|sr|[a-z])\b\.?", "", plain.lower()))
