"""Items of one name: which is meant by "the old one", "the remake with De Niro", and what then becomes of the other."""

import re
from collections.abc import Sequence

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.acts import Annotation, Attitude, Intent, Kind
from chatrec.dialogue.nlu.reading import Reading, Stance
from chatrec.dialogue.tracking.state import VERDICTS, State

_YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(?!\d)")
_DECADE = re.compile(r"\b(?:19)?(\d)0'?s\b|\b(twen|thir|for|fif|six|seven|eigh|nine)ties\b", re.IGNORECASE)
_OLD = re.compile(r"\b(?:old(?:er)?|original|first|earlier|black[- ]and[- ]white|silent|classic)\b", re.IGNORECASE)
_NEW = re.compile(r"\b(?:new(?:er)?|remake|remade|recent|later|modern|colou?r)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|isn't|wasn't)\s+(?:the\s+)?[^,.;]*", re.IGNORECASE)
_TENS = {"twen": 2, "thir": 3, "for": 4, "fif": 5, "six": 6, "seven": 7, "eigh": 8, "nine": 9}
RECENT = 4
"""Titles named last among which a version is looked for."""


class Versions:
    """Tells namesakes apart.

    Args:
        catalogue: the items.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def namesakes(self, row: int) -> list[int]:
        """All items of an item's name, itself among them."""
        return self.catalogue.by_title.get(title_key(self.catalogue[row].title), [row])

    def pick(self, text: str, rows: Sequence[int]) -> int | None:
        """The one of several namesakes that ``text`` means, or None where it does not say."""
        said = _NOT.sub(" ", text)
        years = {row: self.catalogue[row].year or 0 for row in rows}
        named = [int(year) for year in _YEAR.findall(said)]
        if near := [row for row in rows if any(abs(years[row] - year) <= 1 for year in named)]:
            return near[0]
        tens = [int(m[1]) if m[1] else _TENS[m[2].lower()] for m in _DECADE.finditer(said)]
        if near := [row for row in rows if years[row] // 10 % 10 in tens]:
            return near[0]
        folk = [row for row in rows if any(_surname(n) in said.casefold() for n in self.catalogue[row].all_people)]
        if len(folk) == 1:
            return folk[0]
        if _OLD.search(said):
            return min(rows, key=years.__getitem__)
        return max(rows, key=years.__getitem__) if _NEW.search(said) else None

    def read(self, text: str, notes: Sequence[Annotation], reading: Reading, state: State) -> bool:
        """Put the version that is meant into ``reading``; whether the message speaks of one of something named before.

        A verdict goes to the version that it is said of. Where none is said, the message puts right which was meant, and
        the verdict moves.
        """
        corrects = Intent.CORRECT in reading.intents and reading.intents[Intent.CORRECT] >= 0.5
        for mention in reading.mentions:
            others = [row for row in self.namesakes(mention.row) if row != mention.row]
            known = next((row for row in others if self.catalogue[row].item_id in state.named), None)
            if (
                known is not None
                and mention.stance == "mentioned"
                and (corrects or mention.row not in self._named(state))
            ):
                self._moves(known, mention.row, reading, state)
                return True
        if reading.mentions:
            return False
        refs = [note for note in notes if note.kind is Kind.REF]
        for row in dict.fromkeys(reversed(self._named(state)[-RECENT:])):
            rows = self.namesakes(row)
            chosen = self.pick(text, rows) if len(rows) > 1 else None
            if chosen is None:
                continue
            note = next(iter(refs), None)
            verdict = note.attitude if note else Attitude.MENTION
            if verdict in (
                Attitude.LIKE,
                Attitude.DISLIKE,
                Attitude.SEEN,
                Attitude.MIXED,
                Attitude.ASK,
                Attitude.UNSEEN,
            ):
                return False  # the reference itself is resolved among the namesakes
            if corrects or chosen != row:
                self._moves(row, chosen, reading, state)
                return True
        return False

    def among(self, words: str, state: State) -> int | None:
        """The version of something named lately that the words of a reference mean."""
        for row in dict.fromkeys(reversed(self._named(state)[-RECENT:])):
            rows = self.namesakes(row)
            if len(rows) > 1 and (chosen := self.pick(words, rows)) is not None:
                return chosen
        return None

    def _named(self, state: State) -> list[int]:
        ids = [*state.named, *reversed(state.focus)]
        return [self.catalogue.row[item] for item in ids if item in self.catalogue.row]

    def _moves(self, old: int, new: int, reading: Reading, state: State) -> None:
        """The verdict on one goes to the other."""
        item = self.catalogue[old].item_id
        kept: Stance = next((name for name in VERDICTS if item in getattr(state, name)), "mentioned")
        reading.withdrawn.append(old)
        own = next((mention for mention in reading.mentions if mention.row == new), None)
        if own:
            own.stance = kept
        else:
            reading.referred = [(new, kept)]


def _surname(name: str) -> str:
    last = name.casefold().split()[-1]
    return last if len(last) > 4 else name.casefold()
