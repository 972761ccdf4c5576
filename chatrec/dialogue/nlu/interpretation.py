"""From what the tagger and the linker found to a reading: each span by its kind, then what the whole message does."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.acts import Annotation, Attitude, Before, Intent, Kind
from chatrec.dialogue.nlu import closed_classes as closed
from chatrec.dialogue.nlu.coreference import References, Talk
from chatrec.dialogue.nlu.dates import AFTER, BEFORE, NAMED, Years, read_years
from chatrec.dialogue.nlu.names import Names
from chatrec.dialogue.nlu.reading import Mention, Reading, Stance
from chatrec.dialogue.nlu.tagger import Tagged
from chatrec.dialogue.nlu.values import FOREIGN, Value, Values, unmet
from chatrec.dialogue.nlu.versions import Versions
from chatrec.dialogue.tracking.state import CONTENT, VERDICTS, State
from chatrec.linking.title_keys import Span

SURE = 0.5
"""Calibrated probability below which nothing is stored as liked, disliked or seen."""
INTENT, LIKELIEST = 0.5, 0.25
"""How likely an intent must be, and the likeliest where none is so likely."""
MET = 0.6
"""Probability from which an item counts as seen, though it is not sure how it was liked."""
SPAN, SUSPECTED, SURNAME = 0.4, 0.15, 0.05
"""How sure a span that is no title must be; and a word that is a category's in this catalogue."""
FOR = frozenset({Attitude.WANT, Attitude.LIKE, Attitude.MORE})
AGAINST = frozenset({Attitude.AVOID, Attitude.DISLIKE, Attitude.LESS})
STANCES: dict[Attitude, Stance] = {
    Attitude.LIKE: "liked",
    Attitude.DISLIKE: "disliked",
    Attitude.SEEN: "seen",
    Attitude.MIXED: "seen",
    Attitude.ASK: "asked",
    Attitude.RETRACT: "withdrawn",
    Attitude.SAVE: "saved",
    Attitude.BLOCK: "blocked",
    Attitude.ACCEPT: "accepted",
    Attitude.OPPOSITE: "opposite",
    Attitude.REJECT: "rejected",
    Attitude.WANT: "wanted",
}
ACTS: dict[Intent, str] = {
    Intent.REQUEST: "recommend",
    Intent.MORE: "more",
    Intent.REJECT: "no",
    Intent.ACCEPT: "accept",
    Intent.AFFIRM: "yes",
    Intent.DENY: "no",
    Intent.NOPREF: "recommend",
    Intent.DESCRIBE: "describe",
    Intent.COMPARE: "compare",
    Intent.EXPLAIN: "why",
    Intent.RETRACT: "retract",
    Intent.BLOCK: "block",
    Intent.SAVE: "save",
    Intent.LISTS: "lists",
    Intent.RESET: "reset",
    Intent.PROFILE: "profile",
    Intent.GREET: "greet",
    Intent.THANK: "thanks",
    Intent.BYE: "bye",
    Intent.CHITCHAT: "nod",
    Intent.INSULT: "insult",
    Intent.HELP: "help",
    Intent.UNSUPPORTED: "small",
    Intent.FOREIGN: "foreign",
    Intent.ASK_CATALOGUE: "catalogue",
}
OF_AN_ITEM = frozenset(
    {
        *(Intent.ASK_DIRECTOR, Intent.ASK_CAST, Intent.ASK_YEAR, Intent.ASK_PLOT, Intent.ASK_GENRE, Intent.ASK_LENGTH),
        *(Intent.ASK_LANGUAGE, Intent.ASK_CONTENT, Intent.ASK_ABOUT, Intent.ASK_QUALITY, Intent.ASK_SERIES),
    }
)
"""Questions that are about an item, also where no word stands for it."""
_PRONOUN = re.compile(
    r"\b(?:he|she|him|her|hers|his|they|them|their|(?:that|this|the same|same) (?:director|actor|"
    r"actress|guy|man|woman|one|person|author)|the (?:same )?(?:director|actor|actress|lead|star|"
    r"author|guy|woman|man)|who(?:ever)? (?:made|directed))\b",
    re.IGNORECASE,
)
_MAKER = re.compile(r"\b(?:director|directed|maker|made|author|wrote)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:older|earlier|before|newer|later|after|more recent)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:older|earlier|before)\b", re.IGNORECASE)
_SAME_TIME = re.compile(
    r"\b(?:that|same|this|its|their)\b.*\b(?:decade|era|period|time|years?|age)\b|\b(?:decade|era|"
    r"period)\b.*\b(?:that|same)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"(?:it|that|this)(?: (?:one|film|movie))?", re.IGNORECASE)
_ANY_KIND = re.compile(r"\b(?:genres?|kinds?|types?|sorts?|categor\w+)\b", re.IGNORECASE)
_EXTREME = re.compile(r"\b(?:(oldest|earliest|first ever)|(newest|latest|most recent))\b", re.IGNORECASE)
SHORT_STORY = 30
"""Words up to which a message that tells a story is searched whole; of a longer one, what tells it."""
SHORTEST_STORY = 5
REACH = 16
"""Characters between a number and the category that it counts."""


class Interpreter:
    """Builds readings.

    Args:
        catalogue, values, names, references: what words are resolved with.
        whole_series, parts_of: the rows of the series that a stretch of a text names, and that an item is in.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        values: Values,
        names: Names,
        references: References,
        whole_series: Callable[[str, int, int], list[int]],
        parts_of: Callable[[int], list[int]],
    ) -> None:
        self.catalogue, self.values, self.names, self.references = catalogue, values, names, references
        self.whole_series, self.parts_of = whole_series, parts_of
        self.versions = Versions(catalogue)
        self._by_kind: dict[Kind, Callable[[Annotation, str, Reading, State], None]] = {
            Kind.PERSON: self._person,
            Kind.YEAR: self._year,
            Kind.COUNT: self._count,
            **dict.fromkeys(
                (
                    *(Kind.CATEGORY, Kind.MOOD, Kind.SUBJECT, Kind.LANGUAGE, Kind.CONTENT, Kind.AUDIENCE),
                    *(Kind.FAME, Kind.LENGTH, Kind.OTHER),
                ),
                self._value,
            ),
        }

    def interpret(
        self,
        text: str,
        tagged: Tagged,
        titles: Sequence[tuple[Span, Annotation]],
        series: Sequence[Annotation],
        state: State,
        unknown: Sequence[tuple[int, int]] = (),
    ) -> Reading:
        """The reading of a message.

        Args:
            text: as the tagger read it.
            tagged: what it said.
            titles: linked titles with how the person stands to each.
            series: spans that name whole series.
            state: of the conversation so far.
            unknown: stretches that name what the catalogue does not have.
        """
        reading = Reading(text=text, words=len(re.findall(r"[\w'-]+", text)), intents=dict(tagged.intents))
        self._acts(text, tagged, reading)
        for span, note in titles:
            self._title(text, span, note, reading, state)
        taken = [*unknown, *((span.start, span.end) for span, _ in titles)]
        for note in series:
            self._series(note, text, tagged, reading)
            taken.append((note.start, note.end))
        notes = [
            note
            for note in (*tagged.spans, *self._missed(text, tagged, taken))
            if note.certainty >= SPAN and not any(note.overlaps(*stretch) for stretch in taken)
        ]
        notes = [self._whole_word(note, text) for note in notes]
        reading.notes = tuple(sorted([*notes, *(note for _, note in titles)], key=lambda note: note.start))
        talk = Talk.of(state, self.catalogue, [m.row for m in reading.mentions])
        self._corrected(reading, state)
        if not self.versions.read(text, notes, reading, state):
            self._references(text, tagged, notes, talk, reading, state)
        for note in notes:
            if note.kind in self._by_kind and not (note.other and note.attitude in (Attitude.LIKE, Attitude.DISLIKE)):
                self._by_kind[note.kind](note, text, reading, state)
        rest = _without(text, taken).casefold()
        if reading.requested and unmet(rest):
            reading.values_asked.append(rest)  # what no item here says is asked after in words of all kinds
        self._story(notes, text, reading)
        self._combined(notes, text, reading, state)
        return reading

    # What the message does

    def _acts(self, text: str, tagged: Tagged, reading: Reading) -> None:
        likely = [intent for intent, score in tagged.intents.items() if score >= INTENT]
        best = max(tagged.intents, key=lambda intent: tagged.intents[intent])
        likely = likely or ([best] if tagged.intents[best] >= LIKELIEST else [])
        reading.acts = {ACTS[intent] for intent in likely if intent in ACTS}
        reading.requested = tuple(intent for intent in likely if intent.startswith("inquire:"))
        if tagged.intents[Intent.UNSUPPORTED] >= INTENT:
            reading.requested = (*reading.requested, Intent.ASK_OTHER)
        if "nod" in reading.acts or "small" in reading.acts:
            reading.acts |= {name for name, rule in closed.TALK.items() if rule(text)}
        reading.everything = "reset" in reading.acts and closed.EVERYTHING(text)
        reading.asks_order = closed.ORDER(text)
        reading.series_asked = (
            "prequel"
            if closed.PREQUEL(text)
            else "sequel"
            if closed.SEQUEL(text)
            else "first"
            if closed.FIRST(text)
            else ""
        )
        reading.adds, reading.refines = closed.ADDS(text), closed.REFINES(text)

    def _missed(self, text: str, tagged: Tagged, taken: Sequence[tuple[int, int]]) -> list[Annotation]:
        """People named in full, and words for categories, that the tagger was not sure enough to mark.

        Its attitude there stands all the same; of a word for a category it must at least half suspect that it is one.
        """
        held = [*taken, *((note.start, note.end) for note in tagged.spans)]
        people = [(start, end, Kind.PERSON) for start, end, _ in self.names.full_names(text)]
        words = [
            (m.start(), m.end(), Kind.CATEGORY) for _, pattern in self.values.categories for m in pattern.finditer(text)
        ]
        words += [(m.start(), m.end(), Kind.YEAR) for m in NAMED.finditer(text)]
        words += [(m.start(), m.end(), Kind.COUNT) for m in closed.NUMBER.finditer(text)]
        words += [(start, end, Kind.PERSON) for start, end in self.names.surnames_in(text)]
        found: list[Annotation] = []
        for start, end, kind in [*people, *sorted(words, key=lambda word: word[0] - word[1])]:
            if any(start < b and a < end for a, b in held):
                continue
            note = tagged.at(start, end, kind, "catalogue")
            if (start, end, kind) in people or note.certainty >= (SURNAME if kind is Kind.PERSON else SUSPECTED):
                found.append(replace(note, certainty=1.0))
                held.append((start, end))
        return found

    def _whole_word(self, note: Annotation, text: str) -> Annotation:
        """A span of a category that was cut short, as long as the words for it: "rom" of "rom com"."""
        if note.kind not in (Kind.CATEGORY, Kind.MOOD):
            return note
        over = [m for _, p in self.values.categories for m in p.finditer(text) if note.overlaps(*m.span())]
        start, end = min([note.start, *(m.start() for m in over)]), max([note.end, *(m.end() for m in over)])
        return replace(note, start=start, end=end)

    # Items

    def _title(self, text: str, span: Span, note: Annotation, reading: Reading, state: State) -> None:
        stance = stance_of(note)
        if state.done == Before.ASKED_WISH and note.attitude is Attitude.LIKE and not note.other:
            stance = "liked"  # asked for one that they like, they named it
        if grade := closed.read_grade(text[span.end : span.end + 24].split(",", maxsplit=1)[0]):
            stance = STANCES[Attitude(grade)]
        similar = note.attitude is Attitude.SIMILAR
        certain = span.certain or note.certainty >= SURE
        reading.mentions.append(
            Mention(span.rows[0], stance, span.start, span.end, certain, similar, note.score, span.rows)
        )
        if note.score < SURE and not note.other and note.attitude in (Attitude.LIKE, Attitude.DISLIKE):
            reading.unsure = (*reading.unsure, span.rows[0])

    def _series(self, note: Annotation, text: str, tagged: Tagged, reading: Reading) -> None:
        rows = self.whole_series(text, note.start, note.end)
        stance = stance_of(note)
        if note.attitude in (Attitude.WANT, Attitude.SIMILAR, Attitude.MENTION) and "block" not in reading.acts:
            reading.series = tuple(rows)
        elif stance == "asked":
            named = [name for a, b, name in self.names.full_names(text)]
            fitting = [row for row in rows if set(named) & set(self.catalogue[row].all_people)] or rows
            reading.mentions.append(Mention(fitting[0], "asked", note.start, note.end))
        else:
            known = {mention.row for mention in reading.mentions}
            reading.mentions += [Mention(row, stance, note.start, note.end) for row in rows if row not in known]

    def _references(
        self, text: str, tagged: Tagged, notes: Sequence[Annotation], talk: Talk, reading: Reading, state: State
    ) -> None:
        refs = [note for note in notes if note.kind is Kind.REF]
        if not talk.listed and not talk.latest:
            return
        if closed.AMONG(text) and talk.slate:
            reading.among, reading.refines = talk.slate, True
            refs = []
        for note in refs:
            version = self.versions.among(text[note.start : note.end], state)
            if version is not None and len(text[note.start : note.end].split()) > 1:
                self._refer((version,), note, reading)
                continue
            own = replace(talk, named=tuple(m.row for m in reading.mentions if m.start < note.start))
            judged = stance_of(note) in ("liked", "disliked", "seen")
            words = text[note.start : note.end]
            several = judged and not _IT.fullmatch(words)
            rows = self.references.resolve(words, own.of_pending(state, self.catalogue) if several else own)
            self._refer(rows, note, reading)
        asked = any(m.stance in ("asked", "wanted") for m in reading.mentions) or any(
            s == "asked" for _, s in reading.referred
        )
        wishes = any(note.kind is not Kind.REF and note.attitude in FOR | AGAINST for note in notes)
        of_item = [intent for intent in reading.requested if intent in OF_AN_ITEM]
        if Intent.ASK_SERIES in reading.requested and not asked and self._part_asked(text, talk, reading, state):
            return
        if of_item and not asked and not (wishes and "recommend" in reading.acts):
            named = [m for m in reading.mentions if m.stance in ("mentioned", "liked", "seen")]
            if len(named) == 1 and not refs:
                named[0].stance = "asked" if named[0].stance == "mentioned" else named[0].stance
                reading.referred += [(named[0].row, "asked")] if named[0].stance != "asked" else []
            elif not reading.mentions:
                known = [row for row, _ in reading.referred] or list(talk.latest)
                reading.referred += [(row, "asked") for row in known[:2]]
        self._judged_without_a_word(text, tagged, notes, talk, reading, state)
        if (
            "compare" in reading.acts
            and len({*(m.row for m in reading.mentions), *(r for r, _ in reading.referred)}) < 2
        ):
            listed = talk.pending if len(talk.pending) > 1 else talk.listed
            rows = listed if not reading.mentions else (*(m.row for m in reading.mentions), *talk.latest)
            reading.referred += [(row, "asked") for row in rows[:3] if row not in {m.row for m in reading.mentions}]

    def _corrected(self, reading: Reading, state: State) -> None:
        """ "I meant Aliens, not Alien": what was said of the one is said of the other."""
        back = [m for m in reading.mentions if m.stance == "withdrawn"]
        meant = [m for m in reading.mentions if m.stance == "mentioned"]
        if len(back) == len(meant) == 1 and reading.intents.get(Intent.CORRECT, 0) >= INTENT:
            item = self.catalogue[back[0].row].item_id
            meant[0].stance = next((name for name in VERDICTS if item in getattr(state, name)), "mentioned")
        elif len(meant) == len(reading.mentions) == 1 and reading.intents.get(Intent.CORRECT, 0) >= INTENT:
            old = [i for i in state.just_named if i != self.catalogue[meant[0].row].item_id]
            if len(old) == 1 and old[0] in self.catalogue.row:
                meant[0].stance = next((name for name in VERDICTS if old[0] in getattr(state, name)), "mentioned")
                reading.withdrawn.append(self.catalogue.row[old[0]])

    def _part_asked(self, text: str, talk: Talk, reading: Reading, state: State) -> bool:
        """ "Which comes second?", "there's a fourth, isn't there?": a part of the series that was talked of last."""
        known = [m.row for m in reading.mentions] + [row for row, _ in reading.referred if row not in talk.slate]
        known += [
            self.catalogue.row[i]
            for i in (*state.just_named[::-1], *state.focus, *state.named[::-1])
            if i in self.catalogue.row
        ]
        row = next((row for row in known if self.catalogue[row].series), None)
        if row is None:
            return False
        parts = self.parts_of(row)
        place = closed.read_place(text)
        if place is not None and place < len(parts):
            row, reading.series_asked = parts[place], ""
        reading.referred = [(row, "asked")]
        reading.mentions = [m for m in reading.mentions if m.row != row]
        return True

    def _refer(self, rows: Sequence[int], note: Annotation, reading: Reading) -> None:
        stance = stance_of(note)
        if note.attitude is Attitude.SIMILAR:
            reading.acts.add("similar")
        known = {m.row for m in reading.mentions if m.stance != "mentioned"}
        for row in dict.fromkeys(rows):
            own = next((m for m in reading.mentions if m.row == row), None)
            judges = stance in ("liked", "disliked") and own is not None and own.stance == "seen"
            if own and (judges or (own.stance == "mentioned" and stance != "mentioned")):
                own.stance = stance  # "Heat. Loved it": what is said of "it" is said of the title
            elif row not in known or stance == "asked":
                reading.referred.append((row, stance))
            if own and note.attitude is Attitude.SIMILAR:
                own.similar = True

    def _judged_without_a_word(
        self, text: str, tagged: Tagged, notes: Sequence[Annotation], talk: Talk, reading: Reading, state: State
    ) -> None:
        """ "Loved it!", "meh": a verdict on the one item that was talked of, where nothing else in the message has one."""
        if state.done == Before.ASKED_OPINION and not reading.mentions and not reading.referred and talk.latest:
            answer: Stance | None = "liked" if "yes" in reading.acts else "disliked" if "no" in reading.acts else None
            if answer:
                reading.referred.append((talk.latest[0], answer))
                reading.acts -= {"yes", "no"}
        verdict = tagged.intents.get(Intent.OPINE, 0) >= INTENT
        own = reading.mentions or reading.referred or any(n.kind is not Kind.WHEN for n in notes)
        if not verdict or own or len(talk.latest) != 1:
            return
        if len(talk.listed) > 1 and state.done == "shown":
            return  # of three cards nobody knows which
        note = tagged.at(0, len(text), Kind.REF, "tagger")
        if note.attitude in (Attitude.LIKE, Attitude.DISLIKE, Attitude.SEEN, Attitude.MIXED):
            reading.referred.append((talk.latest[0], stance_of(note)))

    # Values

    def _person(self, note: Annotation, text: str, reading: Reading, state: State) -> None:
        said = text[note.start : note.end]
        name = self.names.resolve(said)
        if not name and _PRONOUN.search(said):
            name = self._meant_person(said, reading, state)
        if not name:
            if note.attitude in FOR and note.certainty >= SURE and not _PRONOUN.search(said):
                reading.unknown_people.append(said)
            return
        reading.person = name
        if note.attitude is Attitude.ALLOW:
            reading.people_allowed.append(name)
        elif note.attitude is Attitude.ASK:
            reading.people_asked.append(name)
            if Intent.ASK_PERSON in reading.requested and not reading.mentions:
                reading.people_wanted.append(name)
        elif note.attitude in AGAINST:
            reading.people_unwanted.append(name)
        elif note.attitude in FOR and name not in reading.people_wanted:
            reading.people_wanted.append(name)

    def _meant_person(self, said: str, reading: Reading, state: State) -> str:
        """Whom "him", "her" or "the director" means: the one named, or the maker or lead of the item talked of."""
        talked = [m.row for m in reading.mentions] + [row for row, _ in reading.referred]
        talked += [self.catalogue.row[i] for i in (*state.just_named, *state.focus) if i in self.catalogue.row]
        maker = _MAKER.search(said)
        if reading.person or (state.person and not maker and not reading.mentions):
            return reading.person or state.person
        role = (
            "director"
            if maker or not re.search(r"\b(?:actor|actress|lead|star|she|her)\b", said, re.IGNORECASE)
            else "cast"
        )
        return next((name for row in talked for name in self.catalogue[row].people.get(role, ())), state.person)

    def _year(self, note: Annotation, text: str, reading: Reading, state: State) -> None:
        start, end = note.start, note.end
        if cue := BEFORE.search(text[max(0, start - 24) : start]):
            start -= len(cue[0])
        if tail := AFTER.match(text[end:]):
            end += tail.end()
        said = text[start:end]
        found = _EXTREME.search(said)
        if found and note.attitude in FOR | {Attitude.ASK} and not reading.mentions and "compare" not in reading.acts:
            reading.extreme = "oldest" if found[1] else "newest"
            return
        years = self._relative(said, end, reading, state) or read_years(said, *(self.catalogue.years or (1900, 2100)))
        if note.attitude is Attitude.ALLOW or (note.attitude is Attitude.MENTION and re.search(r"\bany\b", said)):
            reading.any_year = True
        if years.empty or note.attitude in (Attitude.ALLOW, Attitude.MENTION, Attitude.ASK):
            return
        if note.attitude in AGAINST:
            years = years.refused(*(self.catalogue.years or (1900, 2100)))
        self._limit(years, reading, state)

    def _relative(self, said: str, end: int, reading: Reading, state: State) -> Years | None:
        """ "older than Heat", "from that decade": years measured by an item that was named."""
        named = [m.row for m in reading.mentions] or [
            self.catalogue.row[i] for i in reversed(state.named) if i in self.catalogue.row
        ]
        after = next((m for m in reading.mentions if 0 <= m.start - end <= 16), None)
        if after and _COMPARED.search(said) and (year := self.catalogue[after.row].year):
            reading.any_year = True
            return Years(last=year - 1) if _EARLIER.search(said) else Years(first=year + 1)
        if _SAME_TIME.search(said) and named and (year := self.catalogue[named[0]].year):
            return Years(year // 10 * 10, year // 10 * 10 + 9)
        return None

    def _limit(self, years: Years, reading: Reading, state: State) -> None:
        if years.step:
            shown = [
                self.catalogue.by_id(i).year
                for i in (state.shown[-1] if state.shown else [])
                if i in self.catalogue.row
            ]
            if shown or state.liked:
                reading.critiques.append(("year", float(years.step)))
                return
            low, high = self.catalogue.years or (1900, 2100)
            years = read_years("old" if years.step < 0 else "recent", low, high)
        first, last = reading.year_min, reading.year_max
        clash = first and last and years.first and years.last and (years.first > last + 1 or years.last < first - 1)
        if clash or (last and not first and years.first and years.first > last):
            reading.year_ranges = (*(reading.year_ranges or ((first, last),)), (years.first, years.last))
            return
        if first and last and years.first and years.last:
            reading.year_min, reading.year_max = min(first, years.first), max(last, years.last)
            return
        reading.year_min = years.first if years.first is not None else first
        reading.year_max = years.last if years.last is not None else last

    def _count(self, note: Annotation, text: str, reading: Reading, state: State) -> None:
        number = closed.read_count(text[note.start : note.end])
        if number and note.attitude in FOR | {Attitude.MENTION}:
            reading.count = number

    def _value(self, note: Annotation, text: str, reading: Reading, state: State) -> None:
        words = text[note.start : note.end]
        if note.attitude in (Attitude.MENTION, Attitude.ASK):
            if note.attitude is Attitude.ASK:
                reading.values_asked.append(words.casefold())
            return
        if note.attitude is Attitude.ALLOW and note.kind is Kind.CATEGORY and _ANY_KIND.search(words):
            reading.any_genre = True
            return
        if note.kind in (Kind.MOOD, Kind.CONTENT) and self._directed(note, words, reading, state):
            return
        for value in self.values.of(note.kind, words):
            _PUT[value.slot](value, note, reading, self.catalogue)

    def _directed(self, note: Annotation, words: str, reading: Reading, state: State) -> bool:
        """A mood that is a direction from what was shown, or a degree of content that is to be spared."""
        spared = [value.name for value in self.values.of(Kind.CONTENT, words) if value.slot == "content"]
        if note.attitude in AGAINST and spared:
            reading.limits += [kind for kind in spared if kind not in reading.limits]
            if note.attitude is Attitude.LESS and state.shown:
                reading.critiques += [(v.name, -v.sign) for v in self.values.direction(words.casefold())]
            return True
        if note.kind is Kind.CONTENT:
            return False
        if note.attitude is Attitude.MORE or note.attitude in AGAINST:
            sign = 1 if note.attitude is Attitude.MORE else -1
            compared = re.search(r"(?:er|ier)\b|\bmore\b|\bless\b", words, re.IGNORECASE)
            sign = 1 if note.attitude is Attitude.LESS and compared and re.search(r"\bless\b", words) else sign
            moved = [(v.name, sign * v.sign) for v in self.values.direction(words.casefold())]
            reading.critiques += [step for step in moved if step not in reading.critiques]
            return bool(moved)
        return False

    def _story(self, notes: Sequence[Annotation], text: str, reading: Reading) -> None:
        """One item is sought by what happens in it: its story, and whatever else is said of it as clues."""
        told = [text[n.start : n.end] for n in notes if n.kind is Kind.STORY and n.attitude in FOR | {Attitude.MENTION}]
        describes = "describe" in reading.acts
        asked = reading.requested and any(m.stance in ("asked", "mentioned", "wanted") for m in reading.mentions)
        if asked:
            return  # "who plays the butler in Gosford Park?"
        if told and (describes or not (reading.mentions or reading.acts & {"recommend", "more"})):
            reading.story = text if reading.words <= SHORT_STORY else ". ".join(told)
        elif describes and not reading.mentions and reading.words >= SHORTEST_STORY:
            reading.story = text
        if reading.story:
            reading.clues = tuple(self._clues(notes, text))
            reading.drop_wishes()
            reading.topic = ". ".join(told) or text

    def _clues(self, notes: Sequence[Annotation], text: str) -> Iterator[tuple[str, str]]:
        for note in notes:
            said = text[note.start : note.end]
            if note.attitude in AGAINST:
                continue
            if note.kind is Kind.PERSON and (name := self.names.resolve(said)):
                yield "person", name
            elif note.kind is Kind.CATEGORY:
                yield from (("category", value.name) for value in self.values.category(said.casefold()))
            elif note.kind is Kind.YEAR:
                years = read_years(said, *(self.catalogue.years or (1900, 2100)))
                yield from ((end, str(y)) for end, y in (("first", years.first), ("last", years.last)) if y)

    def _combined(self, notes: Sequence[Annotation], text: str, reading: Reading, state: State) -> None:
        """How the wishes of one message go together."""
        kinds = [
            n
            for n in notes
            if n.kind in (Kind.CATEGORY, Kind.MOOD)
            and n.attitude in FOR
            and self.values.category(text[n.start : n.end].casefold())
        ]
        joint = [text[one.end : two.start] for one, two in pairwise(kinds)]
        several = any(len(self.values.category(text[n.start : n.end].casefold())) > 1 for n in kinds)
        reading.genres_together = (
            several
            or any(re.fullmatch(r"[\s-]{1,2}", gap) for gap in joint)
            or (len(kinds) > 1 and closed.TOGETHER(text))
        )
        reading.people_unwanted = [name for name in reading.people_unwanted if name not in reading.people_wanted]
        reading.people_together = len(reading.people_wanted) > 1 and closed.TOGETHER(text)
        counts = [n for n in notes if n.kind is Kind.COUNT]
        counted = [n for n in kinds if any(0 <= n.start - c.end <= REACH for c in counts)]
        if len(counted) > 1 and len(counts) > 1:
            reading.genres_each = tuple(
                v.name for n in counted for v in self.values.category(text[n.start : n.end].casefold())[:1]
            )
            reading.count = sum(closed.read_count(text[c.start : c.end]) or 1 for c in counts)
        if reading.count is None:
            reading.count = closed.counted(text, [n.start for n in kinds])
        reading.genres_dropped = [name for name in reading.genres_dropped if name not in reading.genres_wanted]
        over = [name for name in reading.genres_unwanted if name in reading.genres_wanted]
        reading.genres_unwanted = [name for name in reading.genres_unwanted if name not in over]
        reading.nopref = reading.intents.get(Intent.NOPREF, 0) >= INTENT and not reading.wishes
        if reading.asks and reading.requested and not reading.acts & {"recommend", "more"}:
            reading.drop_wishes()
        if reading.nopref and state.question.startswith("ask"):
            reading.nopref = False  # "I don't mind" answers the question, and takes nothing back


def _without(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """A message with stretches blanked out, in its length."""
    for start, end in stretches:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def stance_of(note: Annotation) -> Stance:
    """How the person stands to an item; ``mentioned`` where it is somebody else's verdict, or none that is sure."""
    stance = STANCES.get(note.attitude, "mentioned")
    if stance in ("liked", "disliked", "seen") and (note.other or note.score < SURE):
        return "seen" if note.met >= MET and not note.other else "mentioned"
    return stance


def _put_category(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    if note.attitude is Attitude.ALLOW:
        reading.genres_allowed.append(value.name)
        reading.genres_dropped.append(value.name)
        return
    target = reading.genres_unwanted if note.attitude in AGAINST else reading.genres_wanted
    if value.name not in target:
        target.append(value.name)


def _put_mood(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    if note.attitude in FOR and value.name not in reading.moods_wanted:
        reading.moods_wanted.append(value.name)


def _put_axis(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    reading.critiques.append((value.name, value.sign if note.attitude in FOR else -value.sign))


def _put_content(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    if note.attitude in AGAINST and value.name not in reading.limits:
        reading.limits.append(value.name)
    elif note.attitude is Attitude.ALLOW:
        reading.limits_lifted.append(value.name)
    elif note.attitude in FOR and value.name == CONTENT[0]:
        reading.moods_wanted.append("violent")


def _put_language(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    english = any(item.language == "English" for item in catalogue)
    if note.attitude in FOR:
        reading.language = value.name
    elif note.attitude in AGAINST and english:
        reading.language = "English" if value.name == FOREIGN else FOREIGN if value.name == "English" else ""


def _put_shade(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    reading.black_and_white = (value.sign > 0) == (note.attitude in FOR)


def _put_topic(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    if note.attitude in FOR:
        reading.topic = f"{reading.topic}, {value.name}" if reading.topic else value.name
    elif note.attitude in AGAINST:
        if catalogue.touching(value.name):
            reading.limits.append(value.name)
        else:
            reading.unmet.append(f"which {{many}} have {value.name}")
    elif note.attitude is Attitude.ALLOW:
        reading.limits_lifted.append(value.name)


def _put_unmet(value: Value, note: Annotation, reading: Reading, catalogue: Catalogue) -> None:
    if value.name not in reading.unmet:
        reading.unmet.append(value.name)


_PUT: dict[str, Callable[[Value, Annotation, Reading, Catalogue], None]] = {
    "category": _put_category,
    "mood": _put_mood,
    "axis": _put_axis,
    "content": _put_content,
    "language": _put_language,
    "shade": _put_shade,
    "topic": _put_topic,
    "unmet": _put_unmet,
}
