"""People of the catalogue in a message, and whether they are wanted."""

import re

from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, person_key, title_key
from chatrec.dialogue.nlu.clauses import for_them, negated, others_taste
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.tracking.state import State
from chatrec.linking.common_words import COMMON
from chatrec.linking.ordinary_words import ordinary
from chatrec.linking.title_keys import Span

Found = tuple[int, int, str]
"""Start and end in the text, and the name as the catalogue writes it."""


class People:
    """Finds people of a catalogue in free text."""

    def __init__(self, catalogue: Catalogue) -> None:
        counts = {name: len(rows) for name, rows in catalogue.people_rows.items()}
        self.people = {title_key(name): name for name in sorted(counts, key=lambda name: counts[name])}
        self.folded = {person_key(name): name for name in sorted(counts, key=lambda name: counts[name])}
        self.surnames: dict[str, list[str]] = {}
        for name in counts:
            if len(name.split()) > 1:
                self.surnames.setdefault(title_key(name.split()[-1]), []).append(name)
            if len(name.split()) > 2:  # "De Niro", "Van Damme"
                self.surnames.setdefault(" ".join(title_key(part) for part in name.split()[-2:]), []).append(name)
        self.first_names = _first_names(counts)
        for names in self.surnames.values():
            names.sort(key=lambda name: -counts[name])
        self.counts = counts
        self.known_surnames = [key for key, names in self.surnames.items() if len(key) >= 5 and counts[names[0]] > 2]

    def find(self, text: str, spans: list[Span]) -> list[Found]:
        """People of the catalogue: by full name (small typos allowed), or by surname where the words call for a person."""
        words = list(re.finditer(r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?", text))
        found: list[Found] = []
        taken = [(span.start, span.end) for span in spans if span.certain]

        def free(start: int, end: int, whole: bool = False) -> bool:
            """``whole``: a full name may contain a title, "Emma Thompson" is no word of "Emma"."""
            held = [(a, b) for a, b in taken if not (whole and start <= a and b <= end and b - a < end - start)]
            return not any(start < b and a < end for a, b in [*held, *((x, y) for x, y, _ in found)])

        for size in (4, 3, 2):
            for first in range(len(words) - size + 1):
                start, end = words[first].start(), words[first + size - 1].end()
                name = text[start:end].rstrip(".")
                end = start + len(name)
                key = title_key(name)
                if (
                    not free(start, end, key in self.people)
                    or "  " in name
                    or words[first][0].casefold() in ("the", "that", "a", "an")
                ):
                    continue
                if key in self.people:
                    found.append((start, end, self.people[key]))
                elif person_key(name) in self.folded:  # "PJ Hogan", "Tony Leung Chiu-wai"
                    found.append((start, end, self.folded[person_key(name)]))
                elif size == 2 and len(key) >= 7 and not set(key.split()) & _NO_NAME:
                    cutoff = 88 if len(key) >= 9 else 93
                    match = process.extractOne(key, self.people.keys(), scorer=fuzz.ratio, score_cutoff=84)
                    same = match and match[0].split()[-1] == key.split()[-1] and len(key) >= 10  # "jody foster"
                    if match and match[0][:1] == key[:1] and (same or match[1] >= cutoff):
                        found.append((start, end, self.people[match[0]]))
        for first in range(len(words)):
            for size in (2, 1):
                part = words[first : first + size]
                start, end = part[0].start(), part[-1].start() + len(part[-1][0].rstrip(".").removesuffix("'s"))
                key = " ".join(title_key(word[0].rstrip(".").removesuffix("'s")) for word in part)
                names = self.surnames.get(key) or self.first_names.get(key, [])
                if (
                    names
                    and len(part) == size
                    and len(key) >= 4
                    and free(start, end)
                    and self._is_person(text, start, end, key, names[0])
                ):
                    found.append((start, end, names[0]))
                    break
        found += [entry for entry in self._misspelt(text) if free(*entry[:2])]
        return sorted(found)

    def _misspelt(self, text: str) -> list[Found]:
        """Surnames with a slip, where a person is due: "something by hichcock"."""
        found = []
        for m in re.finditer(r"\b(?:by|with|starring)\s+([^\W\d_]{6,})\b", text, re.IGNORECASE):
            key = title_key(m[1])
            if ordinary(key) or key in self.surnames or key in COMMON:
                continue
            match = process.extractOne(key, self.known_surnames, scorer=fuzz.ratio, score_cutoff=86)
            if match and match[0][:1] == key[:1]:
                found.append((m.start(1), m.end(1), self.surnames[match[0]][0]))
        return found

    def _is_person(self, text: str, start: int, end: int, key: str, name: str) -> bool:
        """Whether a surname stands for its person: a rare name does, a common word only where the sentence calls for one."""
        before, after = text[:start], text[end:]
        alone = " " not in key
        pointed = re.search(r"\b(?:the|that)\s+$", before, re.IGNORECASE) and re.match(
            r"\s*(?:one|film|movie|was|is|looks?|sounds?|please|$|[,.!?])", after, re.IGNORECASE
        )
        cued = re.search(
            r"\b(?:by|with|starring|director|directed by|actor|actress|stars?|featuring|from|no|of|more|any|another|love|loves|like|hate|hates|without|and|or|about|be|called|both|either|some|for|forget|try)\s+$",
            before,
            re.IGNORECASE,
        )
        works = re.match(
            r"(?:'s)?\s+(?:is (?:fine|ok|okay|allowed)|movies?|films?|flicks?|pictures?|comed\w+|thrillers?|fan|stuff)\b",
            after,
            re.IGNORECASE,
        )
        if not alone or (
            key not in COMMON and key not in _NAMES_THAT_ARE_WORDS and self.counts[name] > 1 and len(key) >= 5
        ):
            if alone and ordinary(key) and not text[start : start + 1].isupper():
                return bool(works or _PERSON_CUE.search(before))  # "the shark at the beach"
            return bool(
                cued or works or pointed or text[start : start + 1].isupper() or re.search(r"(^|[,;:.!?])\s*$", before)
            )
        capital = text[start : start + 1].isupper() and start > 0
        return bool((cued or works) and capital)


_PERSON_CUE = re.compile(
    r"\b(?:by|with|starring|director|directed by|actor|actress|featuring|more|any|another|without|love|like|hate)\s+$",
    re.IGNORECASE,
)
"""What calls for a person, even where the name is a word that everybody uses."""


def _first_names(counts: dict[str, int]) -> dict[str, list[str]]:
    """First names that make people think of one person: "denzel", "keanu"."""
    owners: dict[str, list[str]] = {}
    for name in sorted(counts, key=lambda name: -counts[name]):
        if len(name.split()) > 1:
            owners.setdefault(title_key(name.split()[0]), []).append(name)
    return {
        first: names[:1]
        for first, names in owners.items()
        if len(first) >= 5
        and first not in COMMON
        and counts[names[0]] >= 4
        and sum(counts[name] for name in names[1:]) * 2 <= counts[names[0]]
    }


def read_people(
    text: str, people: list[Found], state: State, reading: Reading, director: str = "", lead: str = ""
) -> None:
    """Who is wanted, unwanted, or fine again.

    "Him" and "her" mean the person named last; "that director" and "this actor" mean ``director`` and ``lead``.
    """
    dropped = re.search(
        r"\b(?:forget|drop|lose|enough of|no more)(?: about)?(?: the)?\s+(\w{4,})\b", text, re.IGNORECASE
    )
    if dropped:  # "forget frances"
        first = dropped[1].casefold()
        reading.people_allowed += [
            name
            for name in state.people_wanted
            if first in (name.casefold().split()[0], name.casefold().split()[-1])
            and name not in {found for *_, found in people}
        ]
    for start, end, name in people:
        before, after = text[:start], text[end:]
        tag = re.match(r"[^.!?]*,\s*(?:is|was|isn't|wasn't) (?:it|he|she|that)\?", after, re.IGNORECASE)
        beside = re.search(r"\b(?:apart from|besides|aside from|other than|except)\s+$", before, re.IGNORECASE)
        if _NOT_MET.search(before):
            reading.people_wanted.append(name)
            continue
        if tag or (beside and reading.people_wanted):
            continue  # "it's not Hitchcock, is it?"; "with O'Toole apart from Lawrence": what they are in is known
        fine = re.match(
            r",?\s+(?:(?:he|she|they)(?:'s| is| are)|is|are|would be)\s+(?:fine|ok|okay|alright|allowed)\b|,?\s+(?:(?:he|she|they)\s+)?can (?:stay|come back)\b",
            after,
            re.IGNORECASE,
        )
        if (
            re.search(
                r"\b(?:take (?:it |that )?back|forget|scratch)(?: what (?:i|we) said)? about\s+$|\b(?:doesn't|does not|don't|not) (?:have|need) to be\s+(?:with |by )?$|\bnot (?:just|only|necessarily) (?:by |with )?$|\bforget (?:about )?$|\bnever ?mind\s+(?:about\s+)?$",
                before,
                re.IGNORECASE,
            )
            or fine
        ):
            reading.people_allowed.append(name)
        elif (
            negated(text, start)
            or (
                re.search(r"\b(?:keep|leave)\s+$", before, re.IGNORECASE)
                and re.match(r"\s+(?:well )?(?:away|out)\b", after)
            )
        ) or (
            re.search(r"\bif (?:i|we) (?:have to |must |ever )?see\s+$", before, re.IGNORECASE)
            and re.match(r"[^.!?]*\b(?:again|one more|another|once more)\b", after, re.IGNORECASE)
        ):
            reading.people_unwanted.append(name)
        elif (
            others_taste(before, after)
            and not for_them(text)
            and not re.search(r"\b(?:for|with) (?:him|her|them|us|my|our|the)\b", text, re.IGNORECASE)
        ) or (re.search(r"\b(?:i think|believe|heard|remember)\b[^.!?]*$", before, re.IGNORECASE) and reading.mentions):
            continue
        else:
            reading.people_wanted.append(name)
    same = re.search(
        r"\b(?:that|this|the same|same) (?:(director|filmmaker)|(?:lead )?(?:actor|actress)|lead)\b",
        text,
        re.IGNORECASE,
    )
    meant = (director if same[1] else lead) if same else ""
    asked = any(stance == "asked" for _, stance in reading.referred)
    if same and meant and not asked and not reading.people_wanted and not reading.people_unwanted:
        (reading.people_unwanted if negated(text, same.start()) else reading.people_wanted).append(meant)
    last = people[-1][2] if people else reading.person or state.person
    if not last and re.search(r"\b(?:by|from) (?:him|her)\b", text, re.IGNORECASE):
        last = director  # of the item that is talked about
    if not last and re.search(
        r"\b(?:else|more|another|others?|films?|movies?|something|ones?)\s+(?:with|starring)\s+(?:him|her)\b"
        r"|^\W*(?:and )?with\s+(?:him|her)\b[^.!?]*\b(?:else|more|another|others?)\b",
        text,
        re.IGNORECASE,
    ):
        last = lead
    works = _WORKS.search(text)
    if not last and works:
        acted = re.search(r"\b(?:in|star\w*|play\w*|with)\b", works[0], re.IGNORECASE)
        last = (
            lead if acted or re.search(r"\bwho (?:star\w*|play\w*|acted|was in)\b", text, re.IGNORECASE) else director
        )
    made = people and re.match(
        r"\s+(?:ever |also )?(?:make|made|direct|directed|do|done|star in|act in)\s+(?:any )?(?:others?|more|anything else|other)\b",
        text[people[-1][1] :],
        re.IGNORECASE,
    )
    if made and re.search(r"\b(?:did|has|have|does)\s+$", text[: people[-1][0]], re.IGNORECASE):
        reading.referred = [(row, stance) for row, stance in reading.referred if stance != "asked"]
        reading.people_wanted = [*dict.fromkeys([*reading.people_wanted, people[-1][2]])]
    if last and works and not people and not negated(text, works.start()):
        reading.people_wanted.append(last)  # "what else has she done?"
    pronoun = re.search(
        r"\b(?:(?:with|by|starring|without|has)\s+(?:him|her|them)|(?:of|from)\s+(?:him|her))\b", text, re.IGNORECASE
    )
    if pronoun and people and people[-1][0] > pronoun.start() and (reading.person or state.person or director):
        last = reading.person or state.person or director  # "another by him, but without Joe Pesci"
    if last and pronoun and not re.search(r"\bwatch\w*\s+(?:it\s+)?with\s+(?:him|her|them)", text, re.IGNORECASE):
        if negated(text, pronoun.start()) or pronoun[0].lower().startswith("without"):
            reading.people_unwanted.append(last)
            reading.people_wanted = [name for name in reading.people_wanted if name != last]
        elif last not in reading.people_wanted:
            reading.people_wanted.append(last)
            reading.people_allowed = [name for name in reading.people_allowed if name != last]
    elif pronoun and not last and reading.mentions:  # "the old Sabrina … more with her"
        reading.acts.add("more")
    if last and re.search(
        r"\b(?:take|leave|drop|cross|strike)\s+(?:him|her|them)\s+(?:off|out|from)\b|\b(?:drop|remove|lose)\s+(?:him|her|them)\b",
        text,
        re.IGNORECASE,
    ):
        reading.people_allowed.append(last)
        reading.people_wanted = [name for name in reading.people_wanted if name != last]
    reading.person = last


_NOT_MET = re.compile(
    r"\b(?:never|haven'?t|have not|not)\s+(?:\w+\s+)?(?:seen|watched)\s+(?:anything|any|a single|one|a|many|much)\b[^.!?]*$",
    re.IGNORECASE,
)
"""Before a person whose works somebody has yet to meet: "never watched anything by Hitchcock"."""
_WORKS = re.compile(
    r"\b(?:what|which|anything|something|films?|movies?)\b[^.!?]*\b(?:has|have|did|does|was|is)\s+(?:he|she|they)\s+(?:\w+ )?(?:done|made|been in|direct(?:ed)?|in|play(?:ed)?(?: in)?|star(?:red)?(?: in)?|do|make)\b"
    r"|\b(?:has|have|did|does) (?:he|she|they) (?:ever |also )?(?:done|ma[dk]e|do|got|direct(?:ed)?|star(?:red)? in|play(?:ed)? in|been in) (?:anything|any|some|other|others|more|another)\b[^.!?]*"
    r"|\b(?:he|she) also (?:did|made|directed|was in|starred in|played in)\b"
    r"|\b(?:has|have) (?:he|she) (?:got )?(?:anything|something|any) (?:else|others?|more)\b"
    r"|\b(?:else|others?|more|some|stuff|anything|something|which)\s+(?:of|by|from)\s+(?:his|hers)\b"
    r"|\b(?:his|her)\s+(?:other |best |earlier |later |early |late |more recent )*(?:films|movies|work|roles)\b",
    re.IGNORECASE,
)
"""What the person who was named last has done."""
_NAMES_THAT_ARE_WORDS = frozenset(
    "close stone cage field rock hunt woods gray white brown young moore rush love day king price hill hall ford cruise foster freeman glover law penn pitt west black lee wood burns short long bacon fisher carpenter hood bridges mason baker cook butler carter hunter marshall parker taylor turner walker ward wise jones martin grant ryan james allen murphy roman fox cross paul duke dean gift snow sand glass bush rose stern scott hope holly harry henry george kelly terry marie page power powers best bates banks bean bell berry bishop bond branch bright christian church cox crystal curry dance dern fields fine fire fish fonda french frost garden gold good grace green heard hedge hurt irons keen keys knight lake lane light lord lowe marsh may mills moon nicholas noble north park pierce poole post quick reed rice rivers sharp shepherd sinclair spade star steel stiles summer sutherland sweet temple thomas tiger trip waters weathers web weller wells wild wilder winter winters wolf worth wright".split()
)
"""Surnames that need a capital and a cue to be read as a person."""


_NO_NAME = frozenset(
    "the and with for from love like that this want films film movies movie some any good great something no not more star".split()
)
