"""Reasons judged by fixed rules: true, specific, fluent. The judge reads a sentence and its facts, never who wrote it."""

import re
from collections.abc import Sequence

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.events import Card, ItemRef, Profile, Reply
from chatrec.dialogue.nlg.explanations import evidence
from chatrec.evaluation.dialogue.grounding import untrue
from chatrec.ilm.phrasing import ReasonFacts

RULES = {
    "true": "every name, number, genre and role in it is true of the item and the person (the checker of `evaluate grounding`)",
    "specific": "it names the person's own title or wish, and the trait that links it with the item",
    "fluent": "1 to 3 whole sentences, capital to full stop, at most 30 words, no run of three words said twice",
}
"""What each judgement means, printed with the result."""
LONGEST = 30


def judge(text: str, facts: ReasonFacts, catalogue: Catalogue) -> dict[str, bool]:
    """Judge one reason by :data:`RULES`."""
    return {
        "true": bool(text.strip()) and not _false(text, facts, catalogue),
        "specific": specific(text, facts),
        "fluent": fluent(text),
    }


def _false(text: str, facts: ReasonFacts, catalogue: Catalogue) -> str:
    item, anchor = facts.item, facts.anchor
    card = Card(item.item_id, item.title, item.year, item.name, reason=text, evidence=evidence(facts, catalogue.words))
    wishes = {"wish_person": "people_wanted", "wish_topic": "topics", "wish_mood": "moods_wanted"}
    told = {wishes[facts.kind]: (facts.link,)} if facts.kind in wishes else {}
    liked = (ItemRef(anchor.item_id, anchor.name),) if anchor is not None else ()
    return untrue(card, Reply(1, "", "", (card,), Profile(liked=liked, **told)), catalogue)  # type: ignore[arg-type]


def specific(text: str, facts: ReasonFacts) -> bool:
    """Whether the person's own title or wish, and the shared trait, are named whole."""
    if facts.kind == "wish_years":
        return str(facts.item.year) in text
    own = facts.anchor.title in text if facts.anchor is not None else facts.kind.startswith("wish_")
    if facts.kind == "neighbours":
        return own and bool(re.search(r"\b(?:people|those|others|ratings|admirers|favourite)\b", text, re.IGNORECASE))
    return own and facts.link in text


def fluent(text: str) -> bool:
    """Whether it reads as one to three whole sentences that do not repeat themselves."""
    words = re.findall(r"[\w'’-]+", text.casefold())
    runs = [tuple(words[place : place + 3]) for place in range(len(words) - 2)]
    whole = re.fullmatch(r"[\"“'¡¿]?[A-Z0-9][^\n]*[.!?…][\"”']?", text.strip())
    ends = len(re.findall(r"(?<!\b[A-Z])(?<!Mr)(?<!Dr)(?<!Mrs)[.!?…]+(?:\s|$)", text.strip()))
    return bool(whole) and 3 <= len(text.split()) <= LONGEST and 1 <= ends <= 3 and len(set(runs)) == len(runs)


def share(judgements: Sequence[dict[str, bool]]) -> dict[str, float]:
    """Share of each judgement, and of all three at once."""
    count = max(len(judgements), 1)
    shares = {rule: sum(judged[rule] for judged in judgements) / count for rule in RULES}
    return {**shares, "all_three": sum(all(judged.values()) for judged in judgements) / count}
