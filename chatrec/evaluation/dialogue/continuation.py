"""Real dialogues carried on by simulated people, after iEvaLM (arXiv 2305.13112).

Each dialogue is taken up where a turn of a corpus stops; the person has in mind what was recommended next, and talks for
five turns. In the **attribute** mode they tell one attribute a turn, in the **free** mode a few words of its plot. Rules
stand in for the paper's large model, and the facts come from the catalogue that is searched: the figures compare with
each other, not with the paper's. Nobody says a word of a title that they have in mind.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

from chatrec.catalogue.items import clean_text
from chatrec.catalogue.turns import Turn
from chatrec.dialogue.tracking.state import SLATE, State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.dialogue.tracking.tracker import apply
from chatrec.evaluation.dialogue.lines import attributes, hints, without_names
from chatrec.evaluation.dialogue.simulation import CUTS, MODES, TURNS, Person, figures
from chatrec.evaluation.dialogue.turns import count_learned
from chatrec.ranking.context import ContextRanker

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

Partner = Callable[[str], tuple[list[int], int]]
"""From what the person says to the ten best rows, and how many of them are shown."""


def simulate_turns(
    recommender: "Recommender",
    ranker: ContextRanker,
    turns: Sequence[Turn],
    users: int = 100,
    seed: int = 0,
    console: Console | None = None,
) -> dict[str, Any]:
    """Carry dialogues on, each in both modes.

    Args:
        recommender: its workspace; conversations are not stored, and reasons are said plainly.
        ranker: what scores items after a conversation, inside the chat and, as a baseline, alone.
        turns: those whose titles the catalogue lacks are passed over, and counted.
        users: how many people, at most.
        seed: of the drawing.
        console: for the progress bar; None for none.

    Returns:
        ``users``, ``left_out``; for each mode the figures of :func:`~chatrec.evaluation.dialogue.simulation.figures`, ``repeats``,
        the same for people who have something new in mind (``new_only``: the chat never recommends what was named), and
        ``baselines``: the ranker alone, and what is recommended most, ten further items each turn.
    """
    order = np.random.default_rng(seed).permutation(len(turns))
    find = ranker.reader.linker.find
    wanted = [frozenset(rows[0] for title in turns[n].rec if (rows := find(title))) for n in order]
    left = [number for number, rows in enumerate(wanted) if rows][:users]
    people = [Person(f"turn-{order[n]}", (), {}, wanted[n]) for n in left]
    chosen = [turns[order[n]] for n in left]
    heard = ranker.reader.read([t.context for t in chosen], [(t.dialog_id, t.rec) for t in chosen])
    new = [n for n, turn in enumerate(heard) if people[n].targets - {row for _, rows in turn.named for row in rows}]
    result: dict[str, Any] = {
        "users": len(people),
        "users_new_only": len(new),
        "left_out": (left[-1] + 1 if left else len(order)) - len(left),
        "learned_from": count_learned(ranker, heard),
    }
    manager = recommender.manager
    kept = manager.sessions, manager.reasoner.model, manager.ranker.dialogue
    manager.sessions, manager.reasoner.model, manager.ranker.dialogue = Sessions("sqlite://"), None, ranker.scores
    partners: dict[str, Callable[[Turn, str], Partner]] = {
        "chatrec": lambda turn, user: _chat(recommender, ranker, turn, user),
        "context_ranker": lambda turn, user: _alone(ranker, turn),
        "popularity": lambda turn, user: _popular(ranker),
    }
    try:
        for mode in MODES:
            blocks = {}
            for name, partner in partners.items():
                lists, shown, repeats = [], 0, 0
                for number in track(range(len(people)), f"{mode}, {name}", console=console, disable=console is None):
                    person = people[number]
                    lines = _lines(ranker, person, chosen[number], mode, np.random.default_rng([seed, number]))
                    answer = partner(chosen[number], f"{mode}-{person.user_id}")
                    answers = [answer(line) for line in lines]
                    lists.append([rows for rows, _ in answers])
                    seen = [row for rows, count in answers for row in rows[:count]]
                    shown, repeats = shown + len(seen), repeats + len(seen) - len(set(seen))
                blocks[name] = figures(lists, people) | {"repeats": repeats / max(shown, 1)}
                blocks[name]["new_only"] = figures([lists[place] for place in new], [people[place] for place in new])
            result[mode] = blocks.pop("chatrec") | {"baselines": blocks}
    finally:
        manager.sessions, manager.reasoner.model, manager.ranker.dialogue = kept
    return result


def _lines(ranker: ContextRanker, person: Person, turn: Turn, mode: str, random: np.random.Generator) -> list[str]:
    """The last utterance of the dialogue as it was, then what the person tells of one thing they have in mind."""
    catalogue = ranker.reader.catalogue
    item = catalogue[int(random.choice(sorted(person.targets)))]
    facts = attributes(item, catalogue, random, people=True) if mode == "attribute" else hints(item, catalogue, random)
    told = without_names(facts, [catalogue[row] for row in person.targets])
    return [turn.context[-1], *told, *["Do you know another one?"] * TURNS][:TURNS]


def _chat(recommender: "Recommender", ranker: ContextRanker, turn: Turn, user: str) -> Partner:
    """The chat, with what was said before read as if it had been said to it."""
    manager, catalogue = recommender.manager, recommender.catalogue
    said = turn.context[:-1] if len(turn.context) % 2 else ["", *turn.context[:-1]]
    state = State()
    for place, utterance in enumerate(said):
        if place % 2:
            rows = [title.rows[0] for title in ranker.reader.linker.link(utterance)]
            state.answer(utterance, ())
            state.shown += [[catalogue[row].item_id for row in dict.fromkeys(rows)]] if rows else []
        else:
            state.hear(utterance)
            apply(manager.understanding.read(clean_text(utterance), state), state, catalogue)
            state.turn += 1
    manager.sessions.save(user, state)

    def answer(line: str) -> tuple[list[int], int]:
        slate = [catalogue.row[card.item_id] for card in recommender.reply(user, line).cards]
        further = manager.rank(manager.sessions.state(user), max(CUTS) - len(slate))
        return [*slate, *(entry.row for entry in further)], len(slate)

    return answer


def _alone(ranker: ContextRanker, turn: Turn) -> Partner:
    """The ranker after the growing dialogue; what it showed does not come again."""
    said, shown = list(turn.context[:-1]), set[int]()

    def answer(line: str) -> tuple[list[int], int]:
        said.append(line)
        scores = ranker.scores(said).copy()
        scores[list(shown)] = -np.inf
        best = [int(row) for row in (-scores).argsort(kind="stable")[: max(CUTS)]]
        shown.update(best[:SLATE])
        said.append(f"How about {', '.join(ranker.reader.catalogue[row].name for row in best[:SLATE])}?")
        return best, SLATE

    return answer


def _popular(ranker: ContextRanker) -> Partner:
    """What is recommended most in the dialogues, ten further items each turn."""
    order = iter((-(ranker.mentions.recommended + 1e-3 * ranker.reader.ratings)).argsort(kind="stable").tolist())
    return lambda line: (list(islice(order, max(CUTS))), SLATE)
