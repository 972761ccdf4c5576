"""From a message to what it says: titles with a stance, wishes, critiques, references, and what the person wants done."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue import lexicon
from chatrec.dialogue.state import State
from chatrec.retrieval.linking import COMMON, Span, TitleLinker

Stance = Literal["liked", "disliked", "seen", "asked", "mentioned"]
LONGEST = 2000
"""Characters of a message that are read; the rest of a longer one is left unread, and the reply says so."""

_NUMBER = {"one": 1, "a": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ORDINAL = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
}
_ORD = "|".join(_ORDINAL)
_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}


@dataclass
class Mention:
    """A title in the message, and what the person thinks of it."""

    row: int
    stance: Stance
    start: int
    end: int
    certain: bool = True
    similar: bool = False


@dataclass
class Reading:
    """All that a message says. Rows are the catalogue's."""

    text: str
    mentions: list[Mention] = field(default_factory=list)
    genres_wanted: list[str] = field(default_factory=list)
    genres_unwanted: list[str] = field(default_factory=list)
    genres_allowed: list[str] = field(default_factory=list)
    """Categories that are fine again ("musicals are okay now")."""
    people_wanted: list[str] = field(default_factory=list)
    people_unwanted: list[str] = field(default_factory=list)
    moods_wanted: list[str] = field(default_factory=list)
    topic: str = ""
    year_min: int | None = None
    year_max: int | None = None
    any_year: bool = False
    limits: list[str] = field(default_factory=list)
    language: str = ""
    black_and_white: bool | None = None
    critiques: list[tuple[str, float]] = field(default_factory=list)
    count: int | None = None
    genres_together: bool = False
    """Whether the wanted categories are one compound ("war comedies")."""
    any_genre: bool = False
    people_allowed: list[str] = field(default_factory=list)
    person: str = ""
    series: tuple[int, ...] = ()
    withdrawn: list[int] = field(default_factory=list)
    """Items that were understood wrongly before."""
    referred: list[tuple[int, Stance]] = field(default_factory=list)
    acts: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    """Titles that the person names and the catalogue does not have."""
    adds: bool = False
    """Whether the wishes add to earlier ones ("also", "too") instead of replacing them."""
    truncated: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing at all was understood."""
        return not (
            self.mentions
            or self.wishes
            or self.referred
            or self.critiques
            or self.acts
            or self.unknown
            or self.limits
            or self.count
        )

    @property
    def wishes(self) -> bool:
        """Whether it says what is wanted or unwanted now."""
        return bool(
            self.genres_wanted or self.genres_unwanted or self.genres_allowed or self.people_wanted or self.people_unwanted
            or self.moods_wanted or self.topic or self.year_min or self.year_max or self.any_year
            or self.language or self.black_and_white is not None or self.limits or self.series or self.any_genre
            or self.people_allowed
        )  # fmt: skip


class Understanding:
    """Reads messages against a catalogue.

    Args:
        catalogue: the items.
        popularity: (items,) how well known each is.
    """

    def __init__(self, catalogue: Catalogue, popularity: np.ndarray) -> None:
        self.catalogue = catalogue
        self.linker = TitleLinker(catalogue, popularity)
        self.categories = _category_patterns(catalogue)
        counts = {name: len(rows) for name, rows in catalogue.people_rows.items()}
        self.people = {title_key(name): name for name in sorted(counts, key=lambda name: counts[name])}
        self.surnames: dict[str, list[str]] = {}
        for name in counts:
            if len(name.split()) > 1:
                self.surnames.setdefault(title_key(name.split()[-1]), []).append(name)
            if len(name.split()) > 2:  # "De Niro", "Van Damme"
                self.surnames.setdefault(" ".join(title_key(part) for part in name.split()[-2:]), []).append(name)
        for names in self.surnames.values():
            names.sort(key=lambda name: -counts[name])
        self.counts = counts

    def read(self, text: str, state: State) -> Reading:
        """Understand one message in the light of the conversation so far."""
        reading = Reading(text=lexicon.spelled_out(text[:LONGEST]), truncated=len(text) > LONGEST)
        text = reading.text
        spans = self.linker.link(text, _expected(text))
        people = self._people(text, spans)
        spans = [
            span for span in spans if not any(a < span.end and span.start < b for a, b, _ in people) or span.certain
        ]
        people = [entry for entry in people if not any(s.start <= entry[0] and entry[1] <= s.end for s in spans)]
        for span in spans:
            self._mention(text, span, spans, reading)
        told = [name for a, _, name in people if self._tells_apart(text, a, spans, name)]
        reading.person = told[-1] if told else ""
        everybody, people = people, [(a, b, name) for a, b, name in people if name not in told]
        blank = _blank(text, [(span.start, span.end) for span in spans])
        blank = self._series(blank, reading)
        self._acts(blank, reading, bool(spans))
        self._references(blank, state, reading)
        rest = _blank(blank, [(start, end) for start, end, _ in people])
        self._wanted_people(blank, people, state, reading)
        self._years(blank, reading)
        self._wishes(rest, reading)
        self._unknown(text, spans, everybody, reading)
        self._topic(rest, reading)
        self._settle(text, state, reading)
        return reading

    def _wanted_people(self, text: str, people: list[tuple[int, int, str]], state: State, reading: Reading) -> None:
        """Who is wanted, unwanted, or fine again; "him" and "her" mean the person named last."""
        for start, end, name in people:
            before, after = text[:start], text[end:]
            fine = re.match(
                r",?\s+(?:(?:he|she|they)(?:'s| is| are)|is|are|would be)\s+(?:fine|ok|okay|alright|allowed)\b",
                after,
                re.IGNORECASE,
            )
            if (
                re.search(
                    r"\btake (?:it|that) back about\s+$|\b(?:doesn't|does not|don't|not) (?:have|need) to be\s+(?:with |by )?$|\bforget (?:about )?$|\bnever ?mind\s+$",
                    before,
                    re.IGNORECASE,
                )
                or fine
            ):
                reading.people_allowed.append(name)
            elif _negated(text, start):
                reading.people_unwanted.append(name)
            elif (
                re.search(r"\b(?:i think|believe|heard|remember)\b[^.!?]*$", before, re.IGNORECASE) and reading.mentions
            ):
                continue
            else:
                reading.people_wanted.append(name)
        last = people[-1][2] if people else reading.person or state.person
        pronoun = re.search(r"\b(?:with|by|of|starring|without|from|has)\s+(?:him|her|them)\b", text, re.IGNORECASE)
        if last and pronoun and not re.search(r"\bwatch\w*\s+(?:it\s+)?with\s+(?:him|her|them)", text, re.IGNORECASE):
            if _negated(text, pronoun.start()) or pronoun[0].lower().startswith("without"):
                reading.people_unwanted.append(last)
                reading.people_wanted = [name for name in reading.people_wanted if name != last]
            elif last not in reading.people_wanted:
                reading.people_wanted.append(last)
                reading.people_allowed = [name for name in reading.people_allowed if name != last]
        elif pronoun and not last and reading.mentions:  # "the old Sabrina … more with her"
            reading.acts.add("more")
        reading.person = last

    def _tells_apart(self, text: str, start: int, spans: list[Span], name: str) -> bool:
        """Whether a person is named only to say which of several items of one name is meant."""
        near = [span for span in spans if 0 <= start - span.end <= 40]
        if not near or name not in self.catalogue[near[-1].rows[0]].all_people:
            return False
        between = text[near[-1].end : start]
        return bool(
            re.fullmatch(
                r"[\s,(]*(?:the\s+)?(?:\w+\s+){0,3}(?:with|by|starring|from|featuring)\s+", between, re.IGNORECASE
            )
        )

    def _series(self, text: str, reading: Reading) -> str:
        """ "other Star Trek films", "another Indiana Jones movie": the series' items; the text without its name."""
        for key, places in self.linker.series.items():
            words = r"[\s:'.,-]*".join(re.escape(word) for word in key.split())
            for found in re.finditer(
                rf"\b{words}\b\s*(?=(?:films?|movies?|series|ones?|books?|games?|trilogy|franchise|sequels?|instalments?)\b)",
                text,
                re.IGNORECASE,
            ):
                reading.series = tuple(places[place] for place in sorted(places))
                return _blank(text, [(found.start(), found.end())])
        return text

    def _settle(self, text: str, state: State, reading: Reading) -> None:
        """What only the whole message decides: questions are not wishes, "that decade", the other version of a title."""
        asked = any(m.stance == "asked" for m in reading.mentions) or any(s == "asked" for _, s in reading.referred)
        request = re.search(
            r"\b(?:recommend|suggest|something|anything|show me|find me|find us|give me|looking for|another|more|other)\b",
            text,
            re.IGNORECASE,
        )
        if asked and not request:
            reading.genres_wanted, reading.genres_unwanted, reading.moods_wanted, reading.limits = [], [], [], []
            reading.people_wanted, reading.topic, reading.year_min, reading.year_max = [], "", None, None
        named = [m.row for m in reading.mentions] or [
            self.catalogue.row[i] for i in reversed(state.named) if i in self.catalogue.row
        ]
        if (
            re.search(r"\b(?:that|the same|same|this) (?:decade|era|period|time)\b", text, re.IGNORECASE)
            and named
            and (year := self.catalogue[named[0]].year)
        ):
            reading.year_min, reading.year_max = year // 10 * 10, year // 10 * 10 + 9
        if not reading.mentions and (
            m := re.search(
                r"\b(?:the )?((?:18|19|20)\d\d)\s+(?:one|version|film|movie)\b|\bthe (old|older|original|first|new|newer|remake|later|recent)\s*(?:one|version|film)?\b",
                text,
                re.IGNORECASE,
            )
        ):
            self._other_version(m, named, state, reading)

    def _other_version(self, found: re.Match[str], named: list[int], state: State, reading: Reading) -> None:
        """ "I meant the old one": the item of the same name takes the place of the one that was understood."""
        for row in named:
            item = self.catalogue[row]
            others = [r for r in self.catalogue.by_title.get(title_key(item.title), []) if r != row]
            if not others:
                continue
            if found[1]:
                right = min([row, *others], key=lambda r: abs((self.catalogue[r].year or 0) - int(found[1])))
            else:
                early = found[2].lower() in ("old", "older", "original", "first")
                right = (min if early else max)([row, *others], key=lambda r: self.catalogue[r].year or 0)
            stance = next((s for s in ("liked", "disliked", "seen") if item.item_id in getattr(state, s)), "mentioned")
            if right != row:
                reading.withdrawn.append(row)
                reading.referred = [(right, stance)]  # type: ignore[list-item]
            reading.year_min = reading.year_max = None
            return

    # Titles

    def _mention(self, text: str, span: Span, spans: list[Span], reading: Reading) -> None:
        stance, similar = _stance(text, span, spans)
        reading.mentions.append(Mention(span.rows[0], stance, span.start, span.end, span.certain, similar))

    def _unknown(self, text: str, spans: list[Span], people: list[tuple[int, int, str]], reading: Reading) -> None:
        """Quoted or capitalised names where a title is expected, that the catalogue does not have."""
        taken = [(s.start, s.end) for s in spans] + [(a, b) for a, b, _ in people]
        quoted = [(m.start(1), m.end(1)) for m in re.finditer(r"[\"“]([^\"”]{2,60})[\"”]", text)]
        capitals = r"[A-Z][\w'’&-]*(?:[ :]+(?:(?:of|the|and|in|to|a|for|from|on|at) )*[A-Z0-9][\w'’&-]*)*"
        named: list[tuple[int, int]] = [
            (m.start(), m.end())
            for m in re.finditer(
                rf"\b(?!(?:I|Is|Was|Do|Does|Did|Have|Has|Can|What|How|And|But|Like|About)\b){capitals} ?\((?:18|19|20)\d\d\)",
                text,
            )
        ]
        named += [
            (m.start(1), m.end())
            for m in re.finditer(r"\b([A-Z][\w':&-]*(?: [\w':&-]+){0,6}?) ?\((?:18|19|20)\d\d\)", text)
        ]
        named += [
            (m.start(1), m.end())
            for m in re.finditer(
                r"\b(?:have|got|about|seen|like|loved|watched|is) ([\w':&-]+(?: [\w':&-]+){0,5}?) ?\((?:18|19|20)\d\d\)",
                text,
                re.IGNORECASE,
            )
        ]
        for m in re.finditer(
            r"\b(?:do you have|have you got|have you (?:seen|heard of)|got|what about|how about|heard of)\s+((?:the |a )?[\w'-]+(?: [\w'-]+){0,3}?)\s*(?=[?,.!]|$)",
            text,
            re.IGNORECASE,
        ):
            content = [w for w in re.findall(r"[\w'-]+", m[1].lower()) if w not in ("the", "a", "an", "of", "and")]
            if content and not any(
                w in COMMON
                or w in _EMPTY
                or re.fullmatch(r"\d+s?", w)
                or any(p.fullmatch(w) for _, p in self.categories)
                for w in content
            ):
                named.append((m.start(1), m.end(1)))
        for m in re.finditer(r"\b(?:starring|directed by|director)\s+([^\W\d_]+ [^\W\d_]+)", text, re.IGNORECASE):
            if not any(a < m.end(1) and m.start(1) < b for a, b, _ in people):
                named.append((m.start(1), m.end(1)))
        for a, b in _expected(text):
            for found in re.finditer(
                r"\b[A-Z][\w'’-]*(?:[ :]+(?:[A-Z0-9][\w'’-]*|(?:of|the|and|in|to|a)(?= [A-Z])))*(?: \(\d{4}\))?",
                text[a:b],
            ):
                named.append((a + found.start(), a + found.end()))
        for start, end in quoted + named:
            name = text[start:end].strip(" .,!?")
            if any(a < end and start < b for a, b in taken) or title_key(name) in _NO_TITLE or len(name) < 3:
                continue
            if any(pattern.fullmatch(name) for _, pattern in self.categories) or re.fullmatch(r"\d{4}s?", name):
                continue
            reading.unknown.append(name)
            taken.append((start, end))

    # People

    def _people(self, text: str, spans: list[Span]) -> list[tuple[int, int, str]]:
        """People of the catalogue: by full name (small typos allowed), or by surname where the words call for a person."""
        words = list(re.finditer(r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?", text))
        found: list[tuple[int, int, str]] = []
        taken = [(span.start, span.end) for span in spans if span.certain]

        def free(start: int, end: int) -> bool:
            return not any(start < b and a < end for a, b in [*taken, *((x, y) for x, y, _ in found)])

        for size in (4, 3, 2):
            for first in range(len(words) - size + 1):
                start, end = words[first].start(), words[first + size - 1].end()
                name = text[start:end].rstrip(".")
                end = start + len(name)
                key = title_key(name)
                if not free(start, end) or "  " in name:
                    continue
                if key in self.people:
                    found.append((start, end, self.people[key]))
                elif size == 2 and len(key) >= 9 and not set(key.split()) & _NO_NAME:
                    match = process.extractOne(key, self.people.keys(), scorer=fuzz.ratio, score_cutoff=88)
                    if match and match[0][:1] == key[:1]:
                        found.append((start, end, self.people[match[0]]))
        for first in range(len(words)):
            for size in (2, 1):
                part = words[first : first + size]
                start, end = part[0].start(), part[-1].start() + len(part[-1][0].rstrip(".").removesuffix("'s"))
                key = " ".join(title_key(word[0].rstrip(".").removesuffix("'s")) for word in part)
                names = self.surnames.get(key)
                if (
                    names
                    and len(part) == size
                    and len(key) >= 4
                    and free(start, end)
                    and self._is_person(text, start, end, key, names[0])
                ):
                    found.append((start, end, names[0]))
                    break
        return sorted(found)

    def _is_person(self, text: str, start: int, end: int, key: str, name: str) -> bool:
        """Whether a surname stands for its person: a rare name does, a common word only where the sentence calls for one."""
        before, after = text[:start], text[end:]
        alone = " " not in key
        cued = re.search(
            r"\b(?:by|with|starring|director|directed by|actor|actress|stars?|featuring|from|no|of|more|any|another|love|loves|like|hate|hates|without|and|or|about|be|called)\s+$",
            before,
            re.IGNORECASE,
        )
        works = re.match(
            r"(?:'s)?\s+(?:movies?|films?|flicks?|pictures?|comed\w+|thrillers?|fan|stuff)\b", after, re.IGNORECASE
        )
        if not alone or (
            key not in COMMON and key not in _NAMES_THAT_ARE_WORDS and self.counts[name] > 1 and len(key) >= 5
        ):
            return bool(cued or works or text[start : start + 1].isupper() or re.search(r"(^|[,;:.!?])\s*$", before))
        capital = text[start : start + 1].isupper() and start > 0
        return bool((cued or works) and capital)

    # Wishes

    def _wishes(self, text: str, reading: Reading) -> None:
        reading.adds = bool(re.search(r"\b(?:also|as well|in addition|on top of that|plus)\b", text, re.IGNORECASE))
        spared: list[tuple[int, int]] = []
        for kind, words in lexicon.CONTENT_WORDS.items():
            for word in words:
                for m in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
                    toned = re.search(
                        r"\b(?:not|nothing|isn't|isnt|without being|don't want (?:it|anything)|less|no) (?:so|too|very|overly|that|super|really|all that|anything)?\s*(?:\w+ or )?$",
                        text[: m.start()],
                        re.IGNORECASE,
                    )
                    bare = re.search(
                        r"\b(?:no|without(?: any| the)?|avoid|don't (?:like|want)|dont (?:like|want)|hate|can't stand|less|nothing with|not much|not a lot of|skip the)\s+(?:\w+(?:,| or| and| nor)\s+)?$",
                        text[: m.start()],
                        re.IGNORECASE,
                    )
                    if (toned or bare) and not (
                        kind == "scares" and re.match(r"\s*(?:movies?|films?)", text[m.end() :], re.IGNORECASE)
                    ):
                        if kind not in reading.limits:
                            reading.limits.append(kind)
                        spared.append((m.start(), m.end()))
        text = _blank(text, spared)
        for phrase, (axis, direction) in lexicon.CRITIQUES.items():
            for m in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE):
                if phrase in ("older", "newer", "later", "earlier") and re.match(
                    r"\s+than\s+(?:\d|the )", text[m.end() :], re.IGNORECASE
                ):
                    continue
                sign = (
                    -1
                    if re.search(
                        r"\b(?:not|nothing|no|less)\s+(?:so\s+|too\s+|any\s+)?$", text[: m.start()], re.IGNORECASE
                    )
                    else 1
                )
                reading.critiques.append((axis, sign * direction))
                text = _blank(text, [(m.start(), m.end())])
        found: list[tuple[int, int, str]] = []
        for name, pattern in self.categories:
            for m in pattern.finditer(text):
                if not _idiom(text, m):
                    found.append((m.start(), m.end(), name))
        found = [
            f
            for f in found
            if not any(o is not f and o[0] <= f[0] and f[1] <= o[1] and (o[1] - o[0]) > (f[1] - f[0]) for o in found)
        ]
        for start, end, name in sorted(found):
            again = re.match(
                r"\s+(?:\w+\s+)?(?:is|are|would be)\s+(?:fine|ok|okay|alright|good|allowed)\b",
                text[end:],
                re.IGNORECASE,
            )
            if re.search(r"\b(?:not only|not just)\s+$", text[:start], re.IGNORECASE):
                continue
            if again and not _negated(text, start):
                target = reading.genres_allowed
            elif _negated(text, start) or (
                lexicon.DISLIKED_AFTER.match(text[end:])
                and not re.match(r"\s+(?:movies?|films?)?\s*(?:is|are)?\s*(?:great|good)", text[end:])
            ):
                target = reading.genres_unwanted
            else:
                target = reading.genres_wanted
            if name not in target:
                target.append(name)
        wanted = [f for f in sorted(found) if f[2] in reading.genres_wanted]
        reading.genres_together = any(
            one[2] != two[2] and (one[:2] != two[:2]) and re.fullmatch(r"[\s-]{1,2}", text[one[1] : two[0]])
            for one, two in pairwise(wanted)
        ) or any(one[:2] == two[:2] and one[2] != two[2] for one, two in pairwise(wanted))
        reading.any_genre = bool(
            re.search(
                r"\b(?:any|whatever|all) (?:genres?|kinds?|types?)\b|\bgenre (?:doesn't|does not) matter\b",
                text,
                re.IGNORECASE,
            )
        )
        reading.genres_wanted = [name for name in reading.genres_wanted if name not in reading.genres_unwanted]
        for phrase, mood in lexicon.MOOD_WORDS.items():
            for m in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE):
                idiom = phrase in (
                    "light",
                    "dark",
                    "slow",
                    "moving",
                    "smart",
                    "deep",
                    "strange",
                    "sweet",
                    "warm",
                    "quiet",
                    "weird",
                    "sad",
                    "clever",
                )
                if idiom and not re.search(
                    r"\b(?:something|anything|some|a|an|really|more|and|but|quite|very|bit|mood for|,|one|pretty|kind of|fairly|it)\s*$",
                    text[: m.start()],
                    re.IGNORECASE,
                ):
                    continue
                if not _negated(text, m.start()) and mood not in reading.moods_wanted:
                    reading.moods_wanted.append(mood)
        if hit := re.search(
            r"\b(?:in|speak(?:s|ing)?)\s+(french|german|italian|spanish|japanese|cantonese|mandarin|english|swedish|danish|russian|portuguese|polish|czech)\b|\b(french|german|italian|spanish|japanese|chinese|swedish|danish|russian|polish|czech)(?:[ -]language)?\s+(?:film|films|movie|movies|cinema|one|comedy|drama|language)\b",
            text,
            re.IGNORECASE,
        ):
            language = (hit[1] or hit[2]).capitalize()
            language = {"Chinese": "Mandarin"}.get(language, language)
            if not _negated(text, hit.start()) and any(
                i.language.casefold() == language.casefold() for i in self.catalogue
            ):
                reading.language = language
        if hit := re.search(r"\bblack[ -]and[ -]white\b|\bb ?& ?w\b", text, re.IGNORECASE):
            reading.black_and_white = not _negated(text, hit.start())
        if hit := re.search(
            r"\b(?:just|only|give me|show me|recommend|suggest|name|list|need|want)\s+(?:me\s+)?(one|two|three|four|five|six|[1-9]|a couple)(?:\s+of)?\b(?!\s*(?:stars?|hours?|years?|of (?:them|those|these)))|\b(two|three|four|five|six|[2-9])\s+(?:\w+\s+){0,3}(?:movies|films|books|games|suggestions|recommendations|ideas|options|picks|titles)\b|(?:^|[.!?,]\s*|\b(?:want|need|me|us)\s+)(two|three|four|five|six|[2-6])\s+(?:[\w-]+\s+){0,2}(?!years|hours|stars|times|minutes|kids|people|friends|days|weeks|of\b)[a-z-]{3,}s\b|\b(one|1|a single)\s+(?:\w+\s+)?(?:movie|film|suggestion|recommendation|pick|title)\b(?!\s+(?:i|that))",
            text,
            re.IGNORECASE,
        ):
            word = (
                next(group for group in hit.groups() if group)
                .lower()
                .replace("a couple", "couple")
                .replace("a single", "one")
            )
            reading.count = int(word) if word.isdigit() else _NUMBER.get(word)

    def _years(self, text: str, reading: Reading) -> None:
        low, high = self.catalogue.years or (1900, 2100)
        year = r"((?:18|19|20)\d\d)"

        def limit(first: int | None = None, last: int | None = None) -> None:
            reading.year_min = first if first is not None else reading.year_min
            reading.year_max = last if last is not None else reading.year_max

        decade = None
        for m in re.finditer(
            r"\b(early |mid |mid-|late )?(?:the )?(?:(1[89]\d|20\d)0'?s|'?(\d)0'?s\b|("
            + "|".join(_DECADES)
            + r"))(?!\w)",
            text,
            re.IGNORECASE,
        ):
            start = int(m[2]) * 10 if m[2] else 1900 + (int(m[3]) * 10 if m[3] else _DECADES[m[4].lower()])
            before = text[: m.start()]
            part = (m[1] or "").strip(" -").lower()
            first, last = {
                "early": (start, start + 4),
                "mid": (start + 3, start + 7),
                "late": (start + 5, start + 9),
            }.get(part, (start, start + 9))
            if re.search(r"\b(?:before|pre|older than|earlier than|prior to)[\s-]+(?:the\s+)?$", before, re.IGNORECASE):
                negative = re.search(
                    r"\b(?:nothing|not|no|none|don't \w+|isn't)\s+(?:\w+\s+)?(?:before|pre|older than|earlier than|prior to)[\s-]+(?:the\s+)?$",
                    before,
                    re.IGNORECASE,
                )
                limit(first=start) if negative else limit(last=start - 1)
            elif re.search(r"\b(?:after|post|newer than|later than)[\s-]+(?:the\s+)?$", before, re.IGNORECASE):
                negative = re.search(
                    r"\b(?:nothing|not|no)\s+(?:\w+\s+)?(?:after|post|newer than|later than)[\s-]+(?:the\s+)?$",
                    before,
                    re.IGNORECASE,
                )
                limit(last=start + 9) if negative else limit(first=start + 10)
            elif re.search(r"\b(?:since|from)\s+(?:the\s+)?$", before, re.IGNORECASE) and re.match(
                r"\s*(?:on|onwards?|or later|and later)\b", text[m.end() :], re.IGNORECASE
            ):
                limit(first=start)
            elif re.match(r"\s*(?:or|and|&)\s*(?:earlier|older|before)\b", text[m.end() :], re.IGNORECASE):
                limit(last=last)
            elif re.match(
                r"\s*(?:or|and|&)\s*(?:later|newer|after|up)\b|\s*(?:onwards?|\+)", text[m.end() :], re.IGNORECASE
            ):
                limit(first=first)
            elif _negated(text, m.start()):
                continue
            elif decade is not None and re.search(
                r"(?:and|or|to|-|through|until|,)\s*(?:the\s+)?$", before, re.IGNORECASE
            ):
                limit(min(reading.year_min or start, first), max(reading.year_max or start, last))
            else:
                limit(first, last)
            decade = start
        text = re.sub(r"\b(?:18|19|20)\d0'?s\b", " ", text)
        if hit := re.search(
            rf"\b(?:between|from)\s+{year}\s*(?:and|to|-|–|until|through)\s*{year}|\b{year}\s*[-–]\s*{year}",
            text,
            re.IGNORECASE,
        ):
            one, two = sorted(int(group) for group in hit.groups() if group)
            limit(one, two)
            return
        rules: list[tuple[str, Callable[[int], None]]] = [
            (rf"\b(?:nothing|not|no(?:thing)? \w+|don't want anything|no films?|no movies?)\s+(?:older than|before|earlier than|from before|made before|pre-?)\s*{year}", lambda y: limit(first=y)),
            (rf"\b(?:nothing|not|no films?|no movies?)\s+(?:newer than|after|later than|from after|made after|more recent than|past|post-?)\s*{year}", lambda y: limit(last=y)),
            (rf"\b(?:before|older than|earlier than|prior to|pre)[\s-]*{year}", lambda y: limit(last=y - 1)),
            (rf"\b(?:after|newer than|later than|more recent than|post)[\s-]*{year}", lambda y: limit(first=y + 1)),
            (rf"\b(?:since|as of|at least|starting (?:in|from)|{year}\s*(?:(?:or|and) (?:later|newer|after|up|onwards?)|onwards?|on\b|\+|and up|plus))\s*{year}?", lambda y: limit(first=y)),
            (rf"\bfrom\s+{year}\s+(?:on|onwards?|forward|or later|and later)", lambda y: limit(first=y)),
            (rf"\b(?:until|up to|by|no later than|{year}\s+(?:or|and) (?:earlier|older|before))\s*{year}?", lambda y: limit(last=y)),
            (rf"\b(?:from|in|of|made in|released in|year)\s+{year}\b", lambda y: limit(y, y)),
        ]  # fmt: skip
        for pattern, apply in rules:
            ruled = re.search(pattern, text, re.IGNORECASE)
            found = next((group for group in ruled.groups() if group), None) if ruled else None
            if ruled and found:
                apply(int(found))
                text = _blank(text, [ruled.span()])
        if hit := re.search(
            r"\b(?:any|whatever|all) (?:year|years|decade|era|age)s?\b|\byears? (?:doesn't|does not|don't) matter\b",
            text,
            re.IGNORECASE,
        ):
            reading.any_year = True
        if reading.year_min is None and reading.year_max is None:
            if re.search(
                r"\b(?:something|anything|movies?|films?|one|ones|some|stuff|a|really|very) (?:really |very |more )?(?:recent|new|modern|contemporary)\b|\b(?:recent|modern|newest|latest|brand new) (?:\w+ ){0,2}(?:movies?|films?|ones?|releases?|comed\w+|thrillers?|stuff)\b",
                text,
                re.IGNORECASE,
            ) and not _negated(text, hit.start() if hit else 0):
                limit(first=high - 3)
            elif re.search(
                r"\b(?:something|anything|an|some|really|very|good) (?:really |very )?(?:old|classic|vintage)\b(?! \w+ (?:ago|friend))|\b(?:old|classic|vintage|old-school|golden age|silent[ -]era) (?:\w+ ){0,2}(?:movies?|films?|ones?|hollywood|cinema|comed\w+|thrillers?|horror|noir|westerns?|musicals?|stuff)\b|\bclassics\b|\bolden days\b",
                text,
                re.IGNORECASE,
            ):
                limit(last=max(low, high - 28))

    def _topic(self, text: str, reading: Reading) -> None:
        """A description in the person's own words, to be searched in the text space."""
        found = re.search(
            r"\b(?:about|where|in which|with a|with an|featuring|involving|involves|that (?:has|have|takes place|is set|deals)|set (?:in|on|at|during)|takes place|the one (?:with|where|about|in which)|who|revolv\w+ around)\b(?P<rest>.{3,})",
            text,
            re.IGNORECASE | re.DOTALL,
        )
        if "asked" in {m.stance for m in reading.mentions} or reading.acts & {"profile", "help"}:
            return
        rest = re.split(r"[?!]|\.(?:\s|$)", found["rest"])[0].strip(" ,") if found else ""
        kind = re.search(
            r"\b(?:an?|any|some|good|great|best)\s+((?:[a-z-]{3,}\s+){1,3})(?:movies?|films?|flicks?|books?|games?)\b",
            text,
            re.IGNORECASE,
        )
        if not found and kind:
            named = [
                w
                for w in kind[1].lower().split()
                if w not in _EMPTY and w not in lexicon.MOOD_WORDS and w not in _QUALITY
            ]
            if (
                named
                and not any(pattern.search(kind[1]) for _, pattern in self.categories)
                and not _negated(text, kind.start(1))
            ):
                reading.topic = " ".join(named)
                return
        words = [w for w in re.findall(r"[a-z']+", rest.lower()) if w not in _EMPTY]
        plain = re.fullmatch(
            r"(?:\s*(?:it|that|this|them|you|me|those|these|the|one|first|second|third)\s*)+", rest, re.IGNORECASE
        )
        if (
            words
            and not plain
            and not re.match(
                r"\s*(?:we|i|you|the (?:first|second|third|last|other)|another|that|this|it|a (?:comedy|drama|western|thriller|musical))\b",
                rest,
                re.IGNORECASE,
            )
        ):
            reading.topic = (found[0] if found and not re.match(r"about", found[0], re.IGNORECASE) else rest).strip()[
                :300
            ]
        elif (
            not found
            and not reading.mentions
            and not reading.acts - {"recommend"}
            and len(re.findall(r"[a-z']{3,}", text.lower())) >= 9
        ):
            content = [w for w in re.findall(r"[a-z']{4,}", text.lower()) if w not in _EMPTY]
            if len(content) >= 5:
                reading.topic = text.strip()[:300]

    # What is to be done

    def _acts(self, text: str, reading: Reading, titles: bool) -> None:
        patterns = {
            "greet": r"^\W*(?:hi|hello|hey|hiya|howdy|good (?:morning|evening|afternoon|day)|greetings|yo)\b",
            "thanks": r"\b(?:thanks|thank you|thx|cheers|ty|much appreciated)\b",
            "bye": r"\b(?:bye|goodbye|see you|good night|farewell|that's all|thats all|i'm done|im done)\b",
            "more": r"\b(?:more(?: please| of (?:these|those|the same|them))?$|(?:show|give|tell|got|any|some|few|couple|have you)(?: me)?(?: any| some)? more\b(?! (?:about|info))|another(?: one)?\b|others\b|(?:anything|something|what) else|next\b(?! (?:to|week|year|time))|keep (?:going|them coming)|different ones|other (?:suggestions|options|ideas|recommendations|ones|films|movies)|try again|new ones|more (?:ideas|suggestions|options|recommendations|films|movies|like (?:that|those|these|this)))",
            "why": r"\bwhy\b(?! not\b)|\bhow come\b|\bwhat makes you\b|\breason for\b|\bexplain\b",
            "compare": r"\b(?:compare|can't decide|torn between|difference between|which (?:one )?(?:is|of|should|would)|better:? |\bor\b.*\bwhich\b|versus|vs\.?)\b",
            "profile": r"\bwhat do you (?:know|remember) about me\b|\bmy (?:profile|tastes?|likes)\b\??$|\bwhat (?:have|did) (?:i|you) (?:told|tell|said|say|learned?|noted?)\b|\bwhat(?: films?| movies?)? do i like\b|\bsummar\w+ (?:my|what)\b",
            "reset": r"\b(?:start over|start again|forget (?:all|everything|it all|what i (?:said|wanted))|reset|clear (?:all|everything)|never ?mind (?:all )?(?:that|the (?:genre|years?))|from scratch)\b",
            "help": r"\b(?:what can you do|how does this work|how do (?:you|i)|who are you|what are you|help(?: me)?$|are you (?:a |an )?(?:bot|robot|human|ai|real))\b",
            "recommend": r"\b(?:recommend\w*|suggest\w*|what should (?:i|we)|what (?:to|can i|could i|would you|do you) (?:watch|read|play|see|recommend|suggest|have)|looking for|i want|i'd like|id like|i need|give me|show me|find me|find something|in the mood|i feel like|feel like|pick (?:me |us )?|a (?:good )?(?:movie|film)\b|how about|what about|any (?:good|ideas|suggestions|recommendations)|got any|do you have|can you|could you|let's (?:watch|try)|something|anything|surprise me|tonight|ideas\b)",
        }
        for act, pattern in patterns.items():
            if re.search(pattern, text.strip(), re.IGNORECASE):
                reading.acts.add(act)
        if re.search(r"^\W*(?:yes|yeah|yep|sure|ok|okay|please|go on|yes please)\b\W*$", text, re.IGNORECASE):
            reading.acts.add("yes")
        if re.search(
            r"^\W*(?:no|nope|nah|none of (?:them|these|those)|not really|no thanks?)\b\W*$|\bnone of (?:them|these|those)\b",
            text,
            re.IGNORECASE,
        ):
            reading.acts.add("no")
        if (
            reading.acts & {"compare"}
            and not titles
            and not re.search(r"\b(?:compare|difference|versus|vs|which)\b", text, re.IGNORECASE)
        ):
            reading.acts.discard("compare")

    def _references(self, text: str, state: State, reading: Reading) -> None:
        """ "the second one", "that one", "both", "the first two", "it": items shown last, or in focus."""
        slate = state.shown[-1] if state.shown else []
        rows = [self.catalogue.row[item] for item in slate if item in self.catalogue.row]
        named = [m.row for m in reading.mentions]
        if len(named) >= 2:  # "I've seen Alien, Aliens and Alien 3. Loved the second one"
            rows = named
        elif len(state.focus) >= 2 and re.search(
            r"\b(?:i|we) (?:named|mentioned|said|asked about)\b|\bof the (?:two|three)\b|\bof (?:those|them)\b",
            text,
            re.IGNORECASE,
        ):
            rows = [self.catalogue.row[item] for item in state.focus if item in self.catalogue.row]
        focus = [self.catalogue.row[item] for item in state.focus if item in self.catalogue.row]
        referred: list[tuple[int, int]] = []
        if rows:
            for m in re.finditer(rf"\b(?:the |your )?(first|last) (two|three|2|3|couple)\b", text, re.IGNORECASE):  # noqa: F541
                count = int(m[2]) if m[2].isdigit() else _NUMBER[m[2].lower()]
                chosen = rows[:count] if m[1].lower() == "first" else rows[-count:]
                referred += [(m.start(), row) for row in chosen]
                text = _blank(text, [(m.start(), m.end())])
            for m in re.finditer(
                rf"\b(?:the |number |#)?({_ORD})(?: (?:one|film|movie|book|game|suggestion|recommendation|pick|option|title))?\b(?! (?:time|of all|half|date|love))|\b(?:number|no\.|#) ?([1-6])\b",
                text,
                re.IGNORECASE,
            ):
                if (
                    m[1]
                    and not re.search(r"\bthe\b|\bone\b|\bfilm\b|\bmovie\b|\bnumber\b", m[0], re.IGNORECASE)
                    and m[1].lower() in ("first", "last", "second")
                ):
                    continue
                place = _ORDINAL[m[1].lower()] if m[1] else int(m[2]) - 1
                if -1 <= place < len(rows):
                    referred.append((m.start(), rows[place]))
            if hit := re.search(
                r"\b(?:both|all of (?:them|these|those)|all three|these|those|them all|seen them|none of (?:them|these|those))\b",
                text,
                re.IGNORECASE,
            ):
                referred += [(hit.start(), row) for row in rows]
        if not referred and (focus or rows) and not reading.mentions:
            target = focus[:1] or rows[:1]
            judged = r"(?:seen|saw|watched|love[ds]?|like[ds]?|hate[ds]?|enjoyed|disliked|know|about|directed|is|was|with|not|than|why|of|stand|like|in)"
            if hit := re.search(
                rf"\b{judged}\b[^.!?]*?\b(it|that(?: one| film| movie)?|this(?: one| film| movie)?)\b(?! (?:kind|sort|type|genre|would|doesn|is all|are))|^\W*(?:why )?(?:that|this) one\b|\b(?:that|this) (?:one|film|movie)\b|\bnot (?:that|this)\b|\bwhat's it about\b|\bis it\b|^\W*(?:already )?seen it\b|\bwho (?:made|directed|wrote) it\b|^\W*(?:and )?who(?:'s| is| was|se)?\b[^?.!]*\b(?:it|that)\b|\bin it\b",
                text,
                re.IGNORECASE,
            ):
                referred.append((hit.start(), target[0]))
        if (
            not referred
            and rows
            and re.search(
                r"^\W*(?:i(?:'ve| have)? )?(?:already )?(?:seen|watched) (?:them|those|these|both|all)\b",
                text,
                re.IGNORECASE,
            )
        ):
            referred += [(0, row) for row in rows]
        more_like = re.search(
            r"\b(?:more|something|anything|similar|stuff|another)\b[^.!?]{0,20}\b(?:like|to|as)\b", text, re.IGNORECASE
        )
        for position, row in dict.fromkeys(referred):
            stance: Stance = "mentioned"
            clause = _clause(text, position)
            if re.search(r"\bn[o']t (?:that|this|the|those|these)\b", clause, re.IGNORECASE) or re.search(
                r"\bnone of\b", clause, re.IGNORECASE
            ):
                stance = "disliked"
            elif lexicon.SEEN.search(clause) and not re.search(
                r"\b(?:haven't|havent|not|never) (?:\w+ )?(?:seen|watched)\b", clause, re.IGNORECASE
            ):
                stance = "seen"
            good = lexicon.GOOD.search(clause)
            praised = good and not re.search(
                r"\b(?:n't|not|no|never|wasn't|isn't)\b[^,]{0,14}$", clause[: good.start()], re.IGNORECASE
            )
            statement = not re.match(r"[^.!?]*\?", text[position:]) and not re.search(
                r"\b(?:recommend|something|anything|more|show|give|want)\b", clause, re.IGNORECASE
            )
            if _disliking(clause) or (statement and lexicon.BAD.search(clause)):
                stance = "disliked"
            elif (statement and praised) or (
                _liking(clause)
                and not (
                    more_like
                    and not re.search(r"\b(?:i|we) (?:\w+ )?(?:loved?|liked?|enjoyed)\b", clause, re.IGNORECASE)
                )
            ):
                stance = "liked"
            if reading.acts & {"why"} or (
                re.search(
                    r"\b(?:about|directed|who|who's|when|what year|how long|how scary|how violent)\b|^\W*(?:is|was|does|are) (?:it|that|this)\b",
                    clause,
                    re.IGNORECASE,
                )
                and stance == "mentioned"
            ):
                stance = "asked"
            if stance == "mentioned" and re.search(
                r"(?:^|[.!?,]\s*)(?:and\s+)?(?:is|was|does|are|should i (?:watch|see)) (?:it|that|this)\b",
                text,
                re.IGNORECASE,
            ):
                stance = "asked"
            if stance == "mentioned" and more_like:
                reading.acts.add("similar")
            reading.referred.append((row, stance))


_NAMES_THAT_ARE_WORDS = frozenset(
    "stone cage field rock hunt woods gray white brown young moore rush love day king price hill hall ford cruise foster freeman glover law penn pitt west black lee wood burns short long bacon fisher carpenter hood bridges mason baker cook butler carter hunter marshall parker taylor turner walker ward wise jones martin grant ryan james allen murphy roman fox cross paul duke dean gift snow sand glass bush rose stern scott hope holly harry henry george kelly terry marie page power powers best bates banks bean bell berry bishop bond branch bright christian church cox crystal curry dance dern fields fine fire fish fonda french frost garden gold good grace green heard hedge hurt irons keen keys knight lake lane light lord lowe marsh may mills moon nicholas noble north park pierce poole post quick reed rice rivers sharp shepherd sinclair spade star steel stiles summer sutherland sweet temple thomas tiger trip waters weathers web weller wells wild wilder winter winters wolf worth wright".split()
)
"""Surnames that need a capital and a cue to be read as a person."""

_EMPTY = frozenset(
    "the a an of in on at to for and or but with about from by is are was were be it its this that these those i me my we you your he she they them some any something anything nothing movie movies film films one ones good great nice really very just like love want need please recommend suggest watch see seen find looking where which who what when how would could should can do does did have has had not no don't dont more another other else tonight maybe kind sort bit lot show give me than too also there tell know think".split()
)
_QUALITY = frozenset(
    "old new recent classic short long foreign american british good better best great bad popular famous different similar decent proper real big small little another other more silly stupid nice quick late early modern latest first second third last next whole single random".split()
)
_NO_TITLE = frozenset(
    "i ive im id ill its thats lets ok okay hi hello hey thanks yes no please english french german italian spanish japanese american british hollywood oscar oscars disney christmas halloween film noir sci fi scifi also maybe just anything something but and or so my any some tv netflix".split()
) | {"film noir", "sci fi", "new york", "world war", ""}
_NO_NAME = frozenset(
    "the and with for from love like that this want films film movies movie some any good great something no not more star".split()
)


def _category_patterns(catalogue: Catalogue) -> list[tuple[str, re.Pattern[str]]]:
    patterns = []
    for name in catalogue.category_names:
        words = lexicon.CATEGORY_WORDS.get(name) or (name, f"{name}s", name.replace("-", " "))
        alternatives = "|".join(re.escape(word) for word in sorted({*words, name}, key=len, reverse=True))
        patterns.append((name, re.compile(rf"(?<![\w'])(?:{alternatives})(?![\w'])", re.IGNORECASE)))
    return patterns


def _idiom(text: str, found: re.Match[str]) -> bool:
    """Category words that mean something else here."""
    word, before, after = found[0].lower(), text[: found.start()].lower(), text[found.end() :].lower()
    if word == "war" and (
        re.search(r"\b(?:world|civil|cold|vietnam|gulf|korean)\s+$", before) or re.match(r"\s+(?:of|ii|i|on)\b", after)
    ):
        return bool(re.match(r"\s+of\b", after))
    if word in (
        "aliens",
        "explosions",
        "detective",
        "mob",
        "mafia",
        "cowboy",
        "cowboys",
        "gangster",
        "gangsters",
    ) and re.search(r"\b(?:about|where|with an?|who)\b[^.!?]*$", before):
        return True
    if word in ("laugh", "laughs", "funny") and re.search(r"\b(?:make|made|makes|made)\s+(?:me|us)\s+$", before):
        return False
    return word == "action" and bool(re.search(r"\b(?:live)[\s-]+$", before))


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with stretches replaced by spaces, so that positions stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


_BREAK = re.compile(
    r"[.!?;\n]+|(?<!anything),?\s+\b(?:but|though|although|however|whereas|while|yet|only that|except that)\b|,\s+(?=(?:and\s+)?(?:i|we|my|give|show|please|can|could|what|something|anything|nothing|no|not|maybe|then|let's|hmm|actually|loved?|hated?|liked|the (?:first|second|third|last|other))\b)",
    re.IGNORECASE,
)


def _bounds(text: str, position: int) -> tuple[int, int]:
    """Start and end of the clause at a position."""
    start, end = 0, len(text)
    for m in _BREAK.finditer(text):
        if m.end() <= position:
            start = m.end()
        elif m.start() > position:
            end = m.start()
            break
    return start, end


def _clause(text: str, position: int) -> str:
    start, end = _bounds(text, position)
    return text[start:end]


def _negated(text: str, position: int) -> bool:
    """Whether what stands at a position is unwanted: a negation earlier in the clause and nothing wanted in between."""
    start, _ = _bounds(text, position)
    before = text[start:position]
    last = next(reversed(list(lexicon.NEGATION.finditer(before))), None)
    if last is None or lexicon.WANTED_AFTER_ALL.search(before):
        return False
    between = before[last.end() :]
    if re.search(
        r"\b(?:want|give|show|find|like|love|prefer|looking|looking for|recommend|rather|but|just|instead|into|how about|only)\b",
        between,
        re.IGNORECASE,
    ):
        direct = re.match(
            r"\s*(?:\w+\s+)?(?:really |particularly |much )?(?:want|like|love|recommend|show|give|need|care for|enjoy|into)\b",
            between,
            re.IGNORECASE,
        )
        return bool(direct) and not re.search(r"\b(?:but|instead|just|rather|prefer)\b", between, re.IGNORECASE)
    return len(between.split()) <= 7


def _liking(clause: str) -> bool:
    found = lexicon.LIKED.search(clause)
    return found is not None and not re.search(
        r"\b(?:n't|not|never|no|didn'?t|don'?t|wasn'?t|hardly|nobody)\b[^,]{0,18}$",
        clause[: found.start()],
        re.IGNORECASE,
    )


def _disliking(clause: str) -> bool:
    if lexicon.DISLIKED.search(clause):
        return not re.search(
            r"\b(?:don'?t|didn'?t|not|never)\s+(?:\w+\s+)?(?:hate|dislike|mind)\b", clause, re.IGNORECASE
        )
    found = lexicon.LIKED.search(clause)
    if found and re.search(
        r"\b(?:n't|not|never|didn'?t|don'?t|doesn'?t|hardly|wasn'?t)\b[^,]{0,18}$",
        clause[: found.start()],
        re.IGNORECASE,
    ):
        return True
    return bool(
        re.search(
            r"\b(?:was|is|were|sounds?|looks?|seems?) (?:\w+ )?(?:boring|bad|awful|terrible|rubbish|dull|overrated|horrible|stupid)\b",
            clause,
            re.IGNORECASE,
        )
    )


def _stance(text: str, span: Span, spans: list[Span]) -> tuple[Stance, bool]:
    """What the person thinks of a title, and whether it only serves as an example ("something like …")."""
    start, end = _bounds(text, span.start)
    end = max(end, span.end)
    others = [(s.start - start, s.end - start) for s in spans if start <= s.start and s.end <= end]
    clause = text[start:end]
    bare = _blank(clause, others)
    before, after = bare[: span.start - start], bare[span.end - start :]
    listed = re.fullmatch(
        r"[\s,&/()\d]*(?:and|or|also)?[\s,&/()\d]*",
        after[: _next(others, span.end - start) - (span.end - start)] or " ",
    )
    tail = after if not listed or _next(others, span.end - start) >= len(bare) else bare[max(e for _, e in others) :]
    if re.search(r"(?:^|[,.!?]\s*)not\s+(?:the\s+)?$", before, re.IGNORECASE):
        return "disliked", False
    own = _verdict_later(text, end, span, spans)
    if not own and re.search(
        r"\b(?:my|his|her|our|their|the)\s+(?:\w+\s+)?(?:brother|sister|mother|mom|mum|father|dad|wife|husband|girlfriend|boyfriend|partner|friends?|kids?|son|daughter|roommate|boss|parents|children|grandm\w+|grandpa|uncle|aunt|cousin|colleagues?)\s+(?:\w+\s+)?(?:loves?|likes?|liked|loved|hates?|hated|enjoys?|enjoyed|adores?|prefers?|watched|saw)\b",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    if own:
        return own, False
    similar = next(reversed(list(lexicon.SIMILAR.finditer(before))), None)
    if similar and len(before[similar.end() :].split()) <= 3:
        return (
            ("disliked", False)
            if re.search(
                r"\b(?:nothing|not|no)\s*$",
                before[: similar.start()] + " " + (re.match(r"nothing|not|no", similar[0]) or [""])[0],
                re.IGNORECASE,
            )
            else ("liked", True)
        )
    if re.search(r"\bnothing like\s*$", before, re.IGNORECASE):
        return "disliked", False
    if rated := re.match(r"\W{0,3}(\d+(?:\.\d)?)\s*(?:/|out of)\s*(5|10|100)\b", after):
        share = float(rated[1]) / int(rated[2])
        return ("liked" if share >= 0.7 else "disliked" if share <= 0.4 else "seen"), False
    if _questioned(text, start, end, before, after):
        return "asked", False
    if lexicon.DISLIKED_AFTER.match(tail) or lexicon.DISLIKED_AFTER.match(after):
        return "disliked", False
    cues: list[tuple[int, Stance]] = []
    for m in lexicon.LIKED.finditer(before):
        if re.search(
            r"\b(?:would|d|i'd|feel|something|anything|looks|look|more|sounds)\s*$", before[: m.start()], re.IGNORECASE
        ) and m[0].lower() in ("like", "love"):
            continue
        negated = re.search(
            r"(?:n't|\bnot|\bnever|\bdidnt|\bdont|\bdoesnt|\bhardly|\bno)\b(?:\s+\w+){0,3}\s*$",
            before[: m.start()],
            re.IGNORECASE,
        )
        cues.append(
            (m.end(), "disliked" if negated and not re.search(r"\bnot only\b", before, re.IGNORECASE) else "liked")
        )
    cues += [(m.end(), "disliked") for m in lexicon.DISLIKED.finditer(before)]
    strong = max(cues, default=None)
    if strong:
        return strong[1], False
    if lexicon.LIKED_AFTER.match(tail) or lexicon.LIKED_AFTER.match(after):
        return "liked", False
    unseen = re.search(
        r"\b(?:haven't|havent|have not|never|not|didn't) (?:\w+ )?(?:seen|watched|saw|see|watch)\b",
        before,
        re.IGNORECASE,
    )
    if unseen or re.search(
        r"\b(?:want to|wanna|going to|plan to|should i|thinking of|would like to)\s+(?:see|watch(?:ing)?|rewatch)\b",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    if (
        lexicon.SEEN.search(before)
        or lexicon.SEEN_AFTER.match(text[span.end :])
        or re.match(r"^\W*(?:i(?:'ve| have)? )?(?:already )?seen\b", after, re.IGNORECASE)
    ):
        return "seen", False
    if re.search(
        r"\b(?:forget|ignore|remove|scratch|not|never ?mind|no|except|besides|apart from|instead of|meant?)\s+(?:about |the )?$",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    return "liked", False


def _questioned(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether the clause asks about the title instead of judging it."""
    if re.search(r"\b(?:recommend|suggest|something|anything|similar|another|other)\b", before + after, re.IGNORECASE):
        return False
    mark = re.match(r"\s*\?", text[end:])
    choice = re.fullmatch(
        r"\W*(or|vs\.?|versus)\W*(?:tonight|first|which(?: \w+){0,3})?\W*", before + after, re.IGNORECASE
    )
    if choice and (mark or choice[1].lower() != "or"):
        return True
    if mark and (
        lexicon.ASKED.search(before)
        or (re.fullmatch(r"\W*", before) and re.match(r"\s*(?:any good|good|scary|worth)", after))
    ):
        return True
    return bool(
        re.search(
            r"\b(?:tell me (?:more )?about|describe|what is|what's|what year|which year|who directed|who made|who(?: is|'s|s) in|who (?:stars?|starred|plays?|played|acted)(?: in)?|(?:which|what) (?:director|actor)s?|more about|info on|why|explain|do you have|have you got|is there|compare|difference between|(?:torn|decide|choose) between)\b[^.!?]*$",
            before,
            re.IGNORECASE,
        )
    )


def _verdict_later(text: str, end: int, span: Span, spans: list[Span]) -> Stance | None:
    """A judgement of the title in the next clauses, by "it": "… but I thought it was dumb", "charade? seen it"."""
    stop = min((s.start for s in spans if s.start >= span.end), default=len(text))
    rest = text[span.end : min(stop, span.end + 160)]
    pronoun = r"(?:it|that|this|that one|them|they)"
    for m in re.finditer(r"[^.!?;:\n]+", rest):
        clause = m[0]
        if re.search(
            r"\b(?:something|anything|more|movies?|films?|what else|recommend|want)\b", clause, re.IGNORECASE
        ) and not re.search(rf"\b{pronoun}\s+(?:was|is)\b", clause, re.IGNORECASE):
            continue
        if re.search(
            rf"\b{pronoun}(?:'s| was| is| were)?\s+(?:\w+\s+){{0,3}}(?:dumb|boring|dull|awful|terrible|bad|overrated|stupid|rubbish|horrible|disappointing|long|slow|lame|a letdown|tedious)\b|\b(?:hated|disliked|couldn't stand|can't stand|didn't (?:really )?(?:like|enjoy|care for)|found)\s+{pronoun}(?:\s+(?:so |very |a bit |really |rather )?(?:dull|boring|silly|stupid|tedious|overrated|awful))?\b|\bdid nothing for me\b|\bbored me\b|\bwas way too long\b",
            clause,
            re.IGNORECASE,
        ):
            return "disliked"
        if re.search(
            rf"\b{pronoun}(?:'s| was| is| were)?\s+(?:\w+\s+){{0,2}}(?:great|brilliant|fantastic|amazing|wonderful|excellent|awesome|perfect|good|fun|lovely|superb|hilarious)\b|\b(?:loved|liked|adored|enjoyed|love|adore)\s+(?:every \w+ of\s+)?{pronoun}\b(?!\s+(?:when|if))|^\W*(?:and\s+)?(?:loved|adored)\s+(?:it|that)",
            clause,
            re.IGNORECASE,
        ):
            return "liked"
    return None


def _next(others: list[tuple[int, int]], end: int) -> int:
    """Where the next title starts, or far away."""
    return min((a for a, _ in others if a >= end), default=10**6)


def _expected(text: str) -> list[tuple[int, int]]:
    """Stretches in which a title is likely: after words of stance, of likeness, of asking, up to the clause's end."""
    regions = []
    cue = re.compile(
        rf"{lexicon.LIKED.pattern}|{lexicon.DISLIKED.pattern}|{lexicon.SEEN.pattern}|{lexicon.SIMILAR.pattern}"
        r"|\b(?:tell me (?:more )?about|who directed|who made|who(?: is| was|'s)? in|what is|what's|what about|how about|why|compare|between|watch|watching|see|called|titled|named|meant|mean|movies? like|films? like|like|than|or|and|(?<!something )(?<!anything )(?<!movie )(?<!movies )(?<!film )(?<!films )(?<!one )(?<!story )(?<!stories )about|is|recommend|title)\b",
        re.IGNORECASE,
    )
    for m in cue.finditer(text):
        _, end = _bounds(text, min(m.end() + 1, max(len(text) - 1, 0)))
        regions.append((m.end(), end))
    return regions
