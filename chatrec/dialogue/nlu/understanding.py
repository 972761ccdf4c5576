"""From a message to what it says: titles with a stance, wishes, critiques, references, and what the person wants done."""

import re
from itertools import pairwise

import numpy as np

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import RELATION, blank, clause_at, expected, liking
from chatrec.dialogue.nlu.extremes import read_extreme
from chatrec.dialogue.nlu.fronted import alike, met_first
from chatrec.dialogue.nlu.intents import courtesy, read_acts, read_references, reference_stance
from chatrec.dialogue.nlu.paraphrases import Encoder, Paraphrases
from chatrec.dialogue.nlu.people import People, read_people
from chatrec.dialogue.nlu.pointing import pointed_at
from chatrec.dialogue.nlu.questions import asks_about_it, marked
from chatrec.dialogue.nlu.reading import Mention, Reading
from chatrec.dialogue.nlu.sentiment import sentiment
from chatrec.dialogue.nlu.series import REQUEST, judge_series, read_order, read_series
from chatrec.dialogue.nlu.spelling import Spelling
from chatrec.dialogue.nlu.stance import APPOSED, stance_of, verdict_of_it
from chatrec.dialogue.nlu.topics import read_topic
from chatrec.dialogue.nlu.unknown import read_unknown
from chatrec.dialogue.nlu.unmet import read_unmet, read_without
from chatrec.dialogue.nlu.wishes import category_patterns, read_wishes
from chatrec.dialogue.nlu.years import read_relative_years, read_years
from chatrec.dialogue.tracking.state import VERDICTS, State
from chatrec.linking.title_keys import Span
from chatrec.linking.titles import TitleLinker

LONGEST = 2000
"""Characters of a message that are read; the rest of a longer one is left unread, and the reply says so."""


class Understanding:
    """Reads messages against a catalogue.

    Args:
        catalogue: the items.
        popularity: (items,) how well known each is.
        encoder: of sentences, to tell by meaning what a question asks; without one only patterns tell.
    """

    def __init__(self, catalogue: Catalogue, popularity: np.ndarray, encoder: Encoder | None = None) -> None:
        self.catalogue = catalogue
        self.linker = TitleLinker(catalogue, popularity)
        self.categories = category_patterns(catalogue)
        self.people = People(catalogue)
        self.spelling = Spelling(catalogue)
        self.paraphrases = Paraphrases(encoder) if encoder else None

    def read(self, text: str, state: State) -> Reading:
        """Understand one message in the light of the conversation so far."""
        spelt = marked(self.spelling.right(lexicon.spelled_out(text[:LONGEST])))
        reading, spans = self._read(spelt, state)
        if self.paraphrases:
            plain = self.paraphrases.plain(spelt, spans, bool(state.focus), reading.asks)
            again = self._read(plain, state)[0] if plain != spelt else reading
            reading = again if again.asks else reading
        reading.truncated = len(text) > LONGEST
        return reading

    def _read(self, text: str, state: State) -> tuple[Reading, list[Span]]:
        """What the patterns make of a message, and the titles in it."""
        reading = Reading(text=text)
        slate = [self.catalogue.row[i] for i in (state.shown[-1] if state.shown else []) if i in self.catalogue.row]
        near = [self.catalogue.row[i] for i in (*state.focus, *reversed(state.named[-6:])) if i in self.catalogue.row]
        talked = [self.catalogue.row[i] for i in reversed(state.just_named) if i in self.catalogue.row]
        spans = self.linker.link(text, expected(text), [*near, *slate])
        people = self.people.find(text, spans)
        spans = [span for span in spans if not any(a <= span.start and span.end < b for a, b, _ in people)]
        kin = [(span.start, span.end) for span in spans if _KIN.search(text[: span.start])]
        spans = [span for span in spans if (span.start, span.end) not in kin]
        strange = self.linker.strangers(text)
        people = [entry for entry in people if not any(a <= entry[0] < b for a, b in strange)]
        spans = [
            span
            for span in spans
            if span.certain or not any(a < span.end and span.start < b and " " in text[a:b] for a, b, _ in people)
        ]
        people = [entry for entry in people if not any(s.start <= entry[0] and entry[1] <= s.end for s in spans)]
        beside = [(s.end, s.end + m.end()) for s in spans if (m := APPOSED.match(text[s.end :]))]
        people = [entry for entry in people if not any(a <= entry[0] < b for a, b in beside)]
        for span in spans:
            self._mention(text, span, spans, reading)
        for one, two in pairwise(reading.mentions):
            if one.stance in VERDICTS and alike(text[one.end : two.start], text[two.end :]):
                two.stance = one.stance
        met = False
        for one, two in reversed(list(pairwise(reading.mentions))):  # "Heat, Casino and Fargo they have all seen"
            met = met or met_first(text[two.end :]) is not None
            listed = re.fullmatch(r"\s*(?:,|&|,?\s+and)\s*", text[one.end : two.start])
            met = bool(met and listed and one.stance == "liked" and two.stance in ("seen", "disliked"))
            one.stance = two.stance if met else one.stance
        told = [name for a, _, name in people if self._tells_apart(text, a, spans, name)]
        reading.person = told[-1] if told else ""
        series = read_series(text, reading, spans, near, self.linker)
        taken = [*people, *((start, end, "") for start, end in (*kin, *series))]
        people = [(a, b, name) for a, b, name in people if name not in told]
        bare = blank(text, [*series, *strange, *beside, *((span.start, span.end) for span in spans)])
        pointed = pointed_at(bare, slate, self.catalogue, self.categories)
        read_acts(bare, reading, bool(spans))
        which = re.match(
            r"\W*(?:and |so )?(?:which|what)\b[^.!]*\b(?:is|was|one)\b", bare, re.IGNORECASE
        )  # "which of them is the oldest?"
        reading.referred += [
            (row, "asked" if which else reference_stance(bare, start, reading)) for start, _, row in pointed
        ]
        bare = blank(bare, [(start, end) for start, end, _ in pointed])
        if not read_order(bare, state, reading, self.linker):
            read_references(bare, state, reading, self.catalogue.row)
        if "compare" in reading.acts and len(reading.mentions) == 1 and re.match(r"\W*(?:or|vs\.?|versus)\b", text):
            reading.referred += [(row, "asked") for row in near[:1]]  # "or Heat? which is newer?"
        bare = _MISSAID.sub(lambda m: " " * len(m[0]), bare)
        people = [entry for entry in people if bare[entry[0] : entry[1]].strip()]
        bare = _REACTION.sub(lambda m: " " * len(m[0]), bare)
        rest = read_unmet(blank(bare, [(start, end) for start, end, _ in people]), reading)
        people = self._shown_by(bare, people, state, reading)
        about = [m.row for m in reading.mentions if m.stance != "mentioned"] or [*talked, *near]
        read_people(bare, people, state, reading, self._first(about, "director"), self._first(about, "cast"))
        read_years(bare, reading, self.catalogue.years)
        read_extreme(rest, reading, self.categories)
        read_wishes(rest, reading, self.categories, self.catalogue)
        self._maker_of(text, reading)
        read_unknown(text, spans, taken, strange, self.categories, reading)
        read_topic(rest, reading, self.categories)
        reading.unknown = [name for name in reading.unknown if name.casefold() != reading.topic.casefold()]
        if re.search(r"\bwhat(?:'s| is| was) (?:it|that) called\b", text, re.IGNORECASE):
            reading.adds = False  # one item is sought, whatever was described before
        read_without(rest, reading, self.catalogue, self.categories)
        if _MORE_LIKE_IT.search(text):
            for mention in reading.mentions:  # "they loved Babe. more like that"
                mention.similar = mention.stance in ("liked", "mentioned", "seen")
        read_relative_years(text, reading, state, self.catalogue)
        self._settle(text, state, reading)
        judge_series(text, slate, reading, self.linker)
        if courtesy(text, reading):
            reading.referred = []
        return reading, spans

    def _maker_of(self, text: str, reading: Reading) -> None:
        """ "what else has the director of Fargo made?": that person is wanted; nothing is said of the item."""
        for mention in reading.mentions:
            named = re.search(
                r"\bthe (?:same )?(?:(director|maker|(?:one|man|guy|woman|person|fella|chap) (?:who|that) (?:made|directed|did))|(?:lead )?(?:actor|actress|star)|lead)(?: (?:of|from|in|as))?\s+(?:the\s+)?$",
                text[: mention.start],
                re.IGNORECASE,
            )
            if named and _MORE_WORKS.search(text):
                reading.people_wanted += [self._first([mention.row], "director" if named[1] else "cast")]
                mention.stance = "mentioned"

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

    def _shown_by(
        self, text: str, people: list[tuple[int, int, str]], state: State, reading: Reading
    ) -> list[tuple[int, int, str]]:
        """ "the Hitchcock", "the De Niro one": an item of the last slate by its person; the people that are left."""
        last = [*(state.shown[-1] if state.shown else []), *state.focus]
        rows = [self.catalogue.row[item] for item in dict.fromkeys(last) if item in self.catalogue.row]
        left = []
        for start, end, name in people:
            named = set(self.catalogue.spellings(name))
            fitting = [row for row in rows if named & set(self.catalogue[row].all_people)]
            this = re.search(
                r"\b(?:the|that)\s+(?:(?:one|film|movie)\s+(?:with|by|from|of|starring|directed by)\s+)?$",
                text[:start],
                re.IGNORECASE,
            ) and not re.match(r"\s*(?:films|movies|ones|stuff|collection)\b", text[end:], re.IGNORECASE)
            among = _WHICH_OF.search(text)
            if among and fitting:  # "which of those is Nicolas Cage in?"
                reading.referred += [(row, "asked") for row in fitting]
            elif this and fitting:
                reading.referred.append((fitting[0], reference_stance(text, start, reading)))
            else:
                left.append((start, end, name))
        return left

    def _first(self, rows: list[int], role: str) -> str:
        """Who directed, or leads, the item that is talked about: "anything else by that director?"."""
        return next((name for row in rows for name in self.catalogue[row].people.get(role, ())), "")

    def _settle(self, text: str, state: State, reading: Reading) -> None:
        """What only the whole message decides: questions are not wishes, "that decade", the other version of a title."""
        asked = any(m.stance == "asked" for m in reading.mentions) or any(s == "asked" for _, s in reading.referred)
        request = REQUEST.search(text)
        if asked and not request:
            reading.genres_wanted, reading.genres_unwanted, reading.moods_wanted, reading.limits = [], [], [], []
            reading.people_wanted, reading.topic, reading.year_min, reading.year_max = [], "", None, None
            reading.language, reading.black_and_white = "", None
        if asked and not request:
            reading.critiques = []
            if len(reading.mentions) > 1 and re.search(
                r"\b(?:\w+er|more \w+) than\s*$", text[: reading.mentions[1].start]
            ):
                reading.acts.add("compare")  # "is Gaslight older than Rear Window?"
        named = [m.row for m in reading.mentions] or [
            self.catalogue.row[i] for i in reversed(state.named) if i in self.catalogue.row
        ]
        if (
            re.search(
                r"\b(?:that|the same|same|this) (?:decade|era|period)\b|\bfrom (?:that|the same) time\b",
                text,
                re.IGNORECASE,
            )
            and named
            and (year := self.catalogue[named[0]].year)
        ):
            reading.year_min, reading.year_max = year // 10 * 10, year // 10 * 10 + 9
        if re.search(r"\b(?:forget|never ?mind|drop)\b", text, re.IGNORECASE):  # what was wished is over, not ruled out
            over = [name for name in reading.genres_unwanted if name in state.genres_wanted]
            reading.genres_dropped += over
            reading.genres_unwanted = [name for name in reading.genres_unwanted if name not in over]
        reading.refines = reading.refines or bool(_REFINES.search(text))
        reading.people_together = len(reading.people_wanted) > 1 and bool(
            re.search(r"\b(?:both|together|in (?:the )?(?:same|one))\b", text, re.IGNORECASE)
        )
        both = re.search(r"\b(?:has|have|stars?|with)\b[^.!?]*\b(?:too|as well|also)(?:\W*$|,)", text, re.IGNORECASE)
        if both and state.people_wanted and reading.people_wanted:  # "one that has Meg Ryan in it too"
            reading.adds = reading.people_together = True
        if reading.mentions and state.named:
            self._meant(text, reading.mentions[0], state, reading)
        self._version_with(text, named, state, reading)
        version = re.search(
            r"\b(?:the )?((?:18|19|20)\d\d)\s+(?:one|version|film|movie)\b|\bthe (?:one|version) (?:from|of) ((?:18|19|20)\d\d)\b|\bthe (?:(?:black[- ]and[- ]white|british|american|earlier|silent) )?(old|older|original|first|new|newer|remake|later|recent)\b(?:\s+(?:one|version|film|movie)\b|(?=\s*(?:[.,!?;)]|$|(?:and|from|but|is|was|though|please|instead|i|rather|not)\b)))",
            text,
            re.IGNORECASE,
        )
        first = (
            version and (version[3] or "").lower() == "first" and reading.referred
        )  # "the first one" is one of the slate
        if version and not first and not reading.mentions:
            self._other_version(version, named, state, reading)

    def _meant(self, text: str, mention: Mention, state: State, reading: Reading) -> None:
        """ "sorry, I meant Aliens": takes the place, and the verdict, of the title named last."""
        old = state.named[-1]
        said = re.search(
            r"\b(?:meant|mean)\s+(?:to (?:say|type|write)\s+)?(?:the (?:movie|film)\s+)?$",
            text[: mention.start],
            re.IGNORECASE,
        )
        if not said or re.search(r"\b(?:you|it|that|do|does|what)\s+mean", text, re.IGNORECASE):
            return
        if old in self.catalogue.row and self.catalogue.row[old] != mention.row:
            reading.withdrawn.append(self.catalogue.row[old])
            mention.stance = next((s for s in ("liked", "disliked", "seen") if old in getattr(state, s)), "mentioned")

    def _version_with(self, text: str, named: list[int], state: State, reading: Reading) -> None:
        """ "the Audrey Hepburn version": the item of the same name with that person takes the other's place."""
        if (
            reading.mentions
            or not reading.people_wanted
            or not re.search(r"\b(?<!another )(?:version|one|remake|original)\b", text, re.IGNORECASE)
        ):
            return
        own = {s for name in reading.people_wanted for s in self.catalogue.spellings(name)}
        for row in named:
            item = self.catalogue[row]
            others = [r for r in self.catalogue.by_title.get(title_key(item.title), []) if r != row]
            right = next((r for r in others if own & set(self.catalogue[r].all_people)), None)
            if right is not None and not own & set(item.all_people):
                said = sentiment(text)
                if not said and _NO_VERDICT.search(text):
                    reading.people_wanted = []
                    reading.referred = [(right, "seen" if lexicon.SEEN.search(text) else "mentioned")]
                    return
                kept = next(
                    (s for s in ("liked", "disliked", "seen") if item.item_id in getattr(state, s)), "mentioned"
                )
                asks = text.rstrip().endswith("?") and not said
                stance = said or ("asked" if asks else kept)
                reading.withdrawn += [] if said or asks else [row]  # judged by itself, it takes nothing from the other
                reading.referred = [(right, stance)]  # type: ignore[list-item]
                reading.people_wanted = []
                return

    def _other_version(self, found: re.Match[str], named: list[int], state: State, reading: Reading) -> None:
        """ "I meant the old one": the item of the same name takes the place of the one that was understood."""
        for row in named:
            item = self.catalogue[row]
            others = [r for r in self.catalogue.by_title.get(title_key(item.title), []) if r != row]
            if not others:
                continue
            if year := found[1] or found[2]:
                right = min([row, *others], key=lambda r: abs((self.catalogue[r].year or 0) - int(year)))
            else:
                early = found[3].lower() in ("old", "older", "original", "first")
                right = (min if early else max)([row, *others], key=lambda r: self.catalogue[r].year or 0)
            stance = next((s for s in ("liked", "disliked", "seen") if item.item_id in getattr(state, s)), "mentioned")
            clause = clause_at(reading.text, found.start())
            met = lexicon.SEEN.search(clause)
            unseen = lexicon.UNSEEN.search(clause)
            said = sentiment(clause) or (verdict_of_it(reading.text[found.end() :]) if met else None)
            said = None if re.search(r"\bmeant?\b|\btalking about\b", clause, re.IGNORECASE) else said
            if re.search(
                r"\b(?:who|when|what|how|is|was|does|did)\b[^.!]*\?|^\W*who\b|^\W*and\b[^.!?]*\?\W*$",
                reading.text,
                re.IGNORECASE,
            ) and not (met and not unseen):
                reading.referred, reading.topic, reading.critiques = [(right, "asked")], "", []
            elif said in ("liked", "disliked") or unseen:  # judged by itself, it takes nothing from the other
                reading.referred = [(right, "mentioned" if unseen else said)]  # type: ignore[list-item]
            elif met:
                reading.referred = [(right, "seen")]
            elif right != row:
                reading.withdrawn.append(row)
                reading.referred = [(right, stance)]  # type: ignore[list-item]
            reading.year_min = reading.year_max = None
            return

    # Titles

    def _mention(self, text: str, span: Span, spans: list[Span], reading: Reading) -> None:
        stance, similar = stance_of(text, span, spans)
        told = blank(text, [(other.start, other.end) for other in spans])[: span.start]
        met = lexicon.SEEN.search(clause_at(text, span.start)) or lexicon.DID.search(told)
        if stance == "seen" and not met:
            reading.withdrawn.append(span.rows[0])  # "it was fine really": whatever was said before
        if stance == "mentioned" and lexicon.UNSEEN.search(clause_at(text, span.start)[: span.start]):
            reading.withdrawn.append(span.rows[0])  # "I was thinking of another: I haven't seen Heat"
        following = min((other.start for other in spans if other.start >= span.end), default=len(text))
        if stance != "asked" and not similar and asks_about_it(text[span.end : following]):
            clause = clause_at(text, span.start)
            judged = liking(clause) or sentiment(clause) == "liked"
            if stance == "mentioned" or (stance == "liked" and not judged):
                stance = "asked"
            else:
                reading.referred.append((span.rows[0], "asked"))
        reading.mentions.append(Mention(span.rows[0], stance, span.start, span.end, span.certain, similar))


_REACTION = re.compile(
    r"^\W*(?:o+h+|wow|whoa|haha+|lol|aw+|eek|yikes)\W+(?:(?:that's|sounds?|looks?|so|very|really|a bit|how)\s+)*[a-z]+(?=\s*[,.!;]\s*(?:i|we|that|this|it|but|and|ok)\b)",
    re.IGNORECASE,
)
"""What somebody calls the item that was just told of, which is no wish: "ooh creepy, I'll watch that"."""
_KIN = re.compile(rf"\b(?:my|our|his|her|their) (?:\w+ )?{RELATION},?\s+$", re.IGNORECASE)
"""What stands before the name of a relative: "my daughter Emma"."""
_NO_VERDICT = re.compile(
    r"\b(?:would like to|want to|haven't|never|some day|no opinion|(?:sat|sit) (?:through|thru))\b", re.IGNORECASE
)
"""What is said of the other version without judging it."""
_WHICH_OF = re.compile(r"\bwhich (?:one |ones )?of (?:them|those|these)\b", re.IGNORECASE)
_MORE_LIKE_IT = re.compile(
    r"\bmore (?:like|of) (?:that|it|this|those|these)\b"
    r"|\b(?:something|anything|another|one|films?|movies?) (?:else )?(?:in (?:the same|that|this) (?:spirit|vein|style)|along (?:those|the same) lines|like (?:those|these|them)\b(?=\W*$))",
    re.IGNORECASE,
)
_MORE_WORKS = re.compile(
    r"\b(?:others?|else|more|another|anything|something|any|films? (?:by|with)|movies? (?:by|with))\b", re.IGNORECASE
)
_MISSAID = re.compile(
    r"\b(?:i|we) (?:said|wrote|typed)\b[^.!?;]*?\b(?:meant?|mean to say|wanted)\b(?: to (?:say|type|write))?",
    re.IGNORECASE,
)
"""What somebody corrects in the same breath: "I said Spielberg but I meant …"."""
_REFINES = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|hm+|nice|cool|great|good|yes|yeah|and|but|so|maybe|perhaps|preferably|ideally)\W+)*(?:with|by|starring|featuring|directed by|like)\b"
    r"|(?:^|[.!?,;]\s*)(?:\w+,\s*)?but\b(?! (?:now|first|what about|how about))[^.!?]*$"
    r"|\b(?:a|an|any|some|got|more|other|another)\s+(?:[\w-]+\s+){1,3}ones?\b(?! (?:of|night|day|time|more))"
    r"|\b(?:make (?:it|that|them)|(?:it|they|one|that|this|oldies?) (?:should|must|needs? to|has to|have to|could))\b"
    r"|\b(?:with|by|of|starring) (?:him|her)\b|\bwhere (?:he|she)\b|\b(?:of|among|from) (?:those|these|them)\b|\bthat's\b[^.!?]*\bmaybe\b",
    re.IGNORECASE,
)
"""Ways of saying that a new subject narrows the request at hand instead of replacing it."""
