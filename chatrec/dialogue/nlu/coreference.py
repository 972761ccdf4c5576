"""What "it", "the second one", "both", "the De Niro one" mean: items of the last slate, or those that were talked of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.nlu.values import Values
from chatrec.dialogue.tracking.state import State

ORDINALS = {
    **{"first": 0, "1st": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4},
    **{"5th": 4, "sixth": 5, "seventh": 6, "last": -1, "final": -1, "bottom": -1},
}
_NUMBERS = {"one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5}
_ORD = "|".join(ORDINALS)
_SEVERAL = re.compile(rf"\b(first|last|other)\s+(two|three|four|couple|[2-5])\b", re.IGNORECASE)  # noqa: F541
_ONE = re.compile(
    rf"\b({_ORD})\b|(?:\bnumber|\bno\.?|#)\s*([1-9]|one|two|three|four|five)\b|^\W*([1-9])\W*$", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:both|all|these|those|them|they|none|neither|every|each|any|either)\b", re.IGNORECASE)
_BUT = re.compile(
    rf"\b(?:all|everything|both|each|any|rest)\b.*\b(?:but|except|apart from|besides)\b.*\b({_ORD})\b", re.IGNORECASE
)
_OTHERS = re.compile(r"\b(?:others?|rest|remaining)\b", re.IGNORECASE)
_OLDEST = re.compile(r"\b(?:old(?:est|er)?|earli(?:est|er))\b", re.IGNORECASE)
_NEWEST = re.compile(r"\b(?:new(?:est|er)?|lat(?:est|er)|most recent|more recent)\b", re.IGNORECASE)
_MIDDLE = re.compile(r"\b(?:middle|cent(?:er|re))\b", re.IGNORECASE)
_BARE = re.compile(
    r"\b(?:the|that|this|those|these|one|ones|film|movie|flick|book|game|pick|suggestion|choice|of|"
    r"with|about|a|an|your|you|said|just|mentioned|suggested|showed|from|by|in)\b|\W+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Talk:
    """The items that words may refer to, as rows.

    Attributes:
        slate: shown last, in order.
        focus: talked of last, the latest first.
        pending: named in the person's last message and not judged yet, in its order.
        named: named in this message, in order.
    """

    slate: tuple[int, ...]
    focus: tuple[int, ...]
    pending: tuple[int, ...]
    named: tuple[int, ...] = ()

    @classmethod
    def of(cls, state: State, catalogue: Catalogue, named: Sequence[int] = ()) -> "Talk":
        """What a state and this message offer."""

        def rows(ids: Sequence[str]) -> tuple[int, ...]:
            return tuple(catalogue.row[i] for i in ids if i in catalogue.row)

        judged = {*state.liked, *state.disliked, *state.seen}
        pending = rows([item for item in state.just_named if item not in judged])
        return cls(rows(state.shown[-1] if state.shown else []), rows(state.focus), pending, tuple(named))

    def of_pending(self, state: State, catalogue: Catalogue) -> "Talk":
        """For a verdict: several that the person has just named, and not judged, come before what was shown."""
        open_ = [i for i in state.just_named if i in catalogue.row]
        if len(self.named) < 2 <= len(open_) and not {*state.liked, *state.disliked} >= set(open_):
            return replace(self, slate=(), focus=tuple(catalogue.row[i] for i in open_))
        return self

    @property
    def listed(self) -> tuple[int, ...]:
        """Those that an ordinal counts."""
        if len(self.named) >= 2:
            return self.named
        if len(self.focus) >= 2 and not set(self.focus) & set(self.slate):
            return self.focus
        return self.slate or self.focus or self.pending

    @property
    def latest(self) -> tuple[int, ...]:
        """The one that "it" means, or none."""
        if self.named:
            return self.named[-1:]
        if len(self.pending) == 1 and self.focus[:1] != self.pending and not set(self.pending) & set(self.slate):
            return self.pending if self.focus[:1] == self.slate[:1] else self.focus[:1]
        return self.focus[:1] or self.slate[:1]


class References:
    """Resolves words for items.

    Args:
        catalogue: the items.
        values: to tell items by category.
    """

    def __init__(self, catalogue: Catalogue, values: Values) -> None:
        self.catalogue, self.values = catalogue, values

    def resolve(self, words: str, talk: Talk) -> tuple[int, ...]:
        """Rows that ``words`` mean; none where they mean nothing that was talked of."""
        rows = talk.listed
        if found := _BUT.search(words):
            place = ORDINALS[found[1].lower()]
            return tuple(row for n, row in enumerate(rows) if n != place % max(len(rows), 1))
        if found := _SEVERAL.search(words):
            count = _NUMBERS.get(found[2].lower()) or int(found[2])
            if found[1].lower() == "other":
                return tuple(row for row in rows if row not in talk.focus[:1])[:count]
            return rows[:count] if found[1].lower() == "first" else rows[-count:]
        if _OTHERS.search(words) and len(rows) > 1:
            known = {*talk.named, *talk.focus[:1]} if not talk.named else set(talk.named)
            left = tuple(row for row in talk.slate or rows if row not in known)
            return left[:1] if re.search(r"\bother (?:one|film|movie)\b", words) and len(left) == 1 else left
        picked = self._counted(words, rows) if rows else ()
        picked = picked or self._described(words, rows or talk.focus)
        return picked or (rows if _ALL.search(words) and len(rows) > 1 else talk.latest)

    def _counted(self, words: str, rows: Sequence[int]) -> tuple[int, ...]:
        picked = []
        for found in _ONE.finditer(words):
            word = (found[1] or found[2] or found[3]).lower()
            place = ORDINALS.get(word, (_NUMBERS.get(word) or (int(word) if word.isdigit() else 0)) - 1)
            if -1 <= place < len(rows):
                picked.append(rows[place])
        if not picked and _MIDDLE.search(words) and len(rows) % 2:
            picked = [rows[len(rows) // 2]]
        return tuple(dict.fromkeys(picked))

    def _described(self, words: str, rows: Sequence[int]) -> tuple[int, ...]:
        """The one that what is said of it fits: a person, a category, an age, a word of its text; nothing if several do."""
        if len(rows) < 2 and not _BARE.sub("", words):
            return ()
        dated = [row for row in rows if self.catalogue[row].year]
        for pattern, pick in ((_OLDEST, min), (_NEWEST, max)):
            if dated and pattern.search(words):
                return (pick(dated, key=lambda row: self.catalogue[row].year or 0),)
        kinds = {value.name for value in self.values.category(words.casefold())}
        told = [w for w in re.findall(r"[^\W_]{3,}", words.casefold()) if _BARE.sub("", w)]
        tests = [
            lambda row: bool(told) and any(w in title_key(self.catalogue[row].title).split() for w in told),
            lambda row: any(w in title_key(name).split() for name in self.catalogue[row].all_people for w in told),
            lambda row: bool(kinds & set(self.catalogue[row].categories)),
            lambda row: any(re.search(rf"\b{re.escape(w)}", self.catalogue[row].text(), re.IGNORECASE) for w in told),
        ]
        for fits in tests:
            fitting = [row for row in rows if fits(row)]
            if len(fitting) == 1:
                return (fitting[0],)
        return ()
