"""Whether a sentence treats words as a title: "Heat was great" names one, "the heat was awful" does not."""

import re
from collections.abc import Container
from dataclasses import dataclass

from chatrec.linking.common_words import COMMON, NEVER, OWNERS, SMALL_TALK
from chatrec.linking.ordinary_words import idiom, ordinary
from chatrec.linking.title_keys import Word, key_of


@dataclass(frozen=True)
class Sentence:
    """A message, and what is needed to judge its words.

    Attributes:
        text, words: the message.
        regions: stretches where a title is likely.
        titles: keys of the catalogue's titles.
        last_year: of the catalogue; a later number is no year.
    """

    text: str
    words: list[Word]
    regions: list[tuple[int, int]]
    titles: Container[str]
    last_year: int

    def names(self, first: int, size: int, taken: list[tuple[int, int]]) -> bool:
        """Whether ``words[first:first + size]``, the words of a title, are meant as one; ``taken`` holds the titles found so far."""
        text, words = self.text, self.words
        part = words[first : first + size]
        if self.owned(first):
            return False
        content = [word for word in part if word.key not in ("the", "a", "an", "of", "and")]
        if len(content) == 1:
            plain = ordinary(content[0].key)
        else:
            plain = all(word.key in COMMON or word.key.isdigit() or len(word.key) < 3 for word in content)
        plain = plain or (len(content) == 1 and content[0].key in NEVER)
        plain_phrase = idiom(" ".join(word.key for word in content))
        capitals = [word for word in content if word.text[:1].isupper() and word.key != "i"]
        inside = any(start <= part[0].start and part[-1].end <= end for start, end in self.regions)
        year = re.match(r"[!?.…]*\s*\(\d{4}\)", text[part[-1].end :])
        if not plain and not plain_phrase and content and (size > 1 or len(content[0].key) > 3):
            return True
        digits = [word for word in part if word.key.isdigit()]
        if digits and size > 1 and len(content) > len(digits):
            return True  # "Speed 2"
        dated = re.search(
            r"\(\s*$|\b(?:from|since|before|after|until|between|made in|released in)\s+$",
            text[: part[0].start],
            re.IGNORECASE,
        )
        if digits and size == 1 and len(digits[0].key) == 4:
            if int(digits[0].key) > self.last_year:
                return not dated  # "2001" is no year of this catalogue
            return not dated and (self.judged(first, 1) or (self.bounded(part) and self.direct(part)))
        if size == 1 and re.search(r"[.*]|^[A-Z]\d$", part[0].text):
            return True  # "E.T.", "T2"
        if size == 1 and self._paired(first):
            return True
        if year:
            return True
        if re.match(
            r"\W{0,3}(?:\d+(?:\.\d)?\s*(?:/|out of)\s*\d|(?:\d|one|two|three|four|five)[\s-]*stars?\b)",
            text[part[-1].end :],
        ):
            return True  # it is being rated
        if self.judged(first, size):
            return True
        if self._spoken_of(part, content) or (size == 1 and self._heads_list(first)):
            return True
        name = len(content) == 1 and part[0].text[:1].isupper() and content[0].key not in SMALL_TALK
        if (len(content) > 1 or name) and first == 0 and _THEN_ASKED.match(text[part[-1].end :]):
            return True
        shouting = sum(w.text.isupper() for w in words) > len(words) / 2
        led = re.search(r"([.!?:\n])\s*[\"“]?$", text[: part[0].start])
        opening = first == 0 or (led and not (led[1] == ":" and self.bounded(part)))  # "my favourites: Alien, Heat"
        opened = opening and len(content) < 2  # a second capital is not the sentence's: "Get Out is a horror film"
        titled = len(capitals) == len(content) > 0 and not shouting and not opened
        spoken = len(content) == 1 and content[0].key in SMALL_TALK and not self.direct(part)
        if titled and not spoken and not self._surname(first, size, taken):
            return True
        if not self.bounded(part):
            return False
        if len(content) > 1:
            return inside and not plain_phrase
        return bool(content) and content[0].key not in SMALL_TALK and (self.direct(part) or self._follows(part, taken))

    def owned(self, first: int) -> bool:
        """Whether a word belongs to somebody, and begins no title: "and its leading man?"."""
        return first > 0 and self.words[first - 1].key in _OWNED and self.words[first].text.islower()

    def direct(self, part: list[Word], article: bool = False) -> bool:
        """Whether the words stand right after those that make a title likely: "I loved speed", not "and at high speed".

        ``article`` lets "the" or "that" stand before them.
        """
        filler = r"\W*(?:(?:the (?:movie|film)|movie|film|both|either|also|just|watching|to)\W+)*"
        if article:
            filler += r"(?:(?:the|that|this)\W+)?"
        return any(
            start <= part[0].start
            and part[-1].end <= end
            and re.fullmatch(filler, self.text[start : part[0].start], re.IGNORECASE)
            and not re.search(r"(?<!what )(?<!who )(?<!how )\b(?:and|or|than|is)\s*$", self.text[:start], re.IGNORECASE)
            for start, end in self.regions
        )

    def _spoken_of(self, part: list[Word], content: list[Word]) -> bool:
        """Whether a sentence opens with the words and goes on to speak or ask of them: "omg carrie, tell me about it"."""
        after = self.text[part[-1].end :]
        spoken = not content or content[0].key in SMALL_TALK or idiom(" ".join(word.key for word in content))
        if spoken or not _OPENS.search(self.text[: part[0].start]):
            return False
        capital = part[0].text[:1].isupper()
        return bool(_SPOKEN_OF.match(after) or (capital and _CHOSEN.match(after)))

    def _heads_list(self, first: int) -> bool:
        """Whether a word with a capital begins a sentence and a list, its next entry a longer title: "Brazil, Twelve Monkeys"."""
        word, rest = self.words[first], self.words[first + 1 : first + 6]
        if not word.text[:1].isupper() or word.key in SMALL_TALK or not _OPENS.search(self.text[: word.start]):
            return False
        if not re.match(r"\s*,\s*", self.text[word.end :]) or not rest:
            return False
        capital = rest[0].text[:1].isupper() and rest[0].key not in SMALL_TALK
        return any(key_of(rest[:size]) in self.titles for size in range(1 if capital else 2, len(rest) + 1))

    def answers(self, part: list[Word]) -> bool:
        """Whether a message opens with the words and leaves it at that: "shawshank, that's it"."""
        alone = re.match(
            r"\s*(?:[.,!?]|$|(?:that'?s|it was|yes|yeah|right)\b)", self.text[part[-1].end :], re.IGNORECASE
        )
        return not self.text[: part[0].start].strip() and bool(alone)

    def _follows(self, part: list[Word], taken: list[tuple[int, int]]) -> bool:
        """Whether a common word goes on a list of titles: "Fargo, heat and casino"."""
        if re.match(r"\s+(?:too|as well)\s*(?:[.,!;]|$)", self.text[part[-1].end :], re.IGNORECASE):
            return bool(taken) and bool(re.search(r"(?:^|[,;.!]|\b(?:and|but))\s*$", self.text[: part[0].start]))
        return any(
            end <= part[0].start
            and re.fullmatch(r"\s*(?:[,&/]\s*)?(?:(?:and|or|then)\s+)?", self.text[end : part[0].start], re.IGNORECASE)
            for _, end in taken
        )

    def _surname(self, first: int, size: int, taken: list[tuple[int, int]]) -> bool:
        """Whether one word with a capital follows another that is no title: the end of a name, as in "Jack Black"."""
        if size > 1 or first < 2:
            return False
        before = self.words[first - 1]
        beside = re.fullmatch(r"\s+", self.text[before.end : self.words[first].start])
        known = before.key in SMALL_TALK or any(start <= before.start < end for start, end in taken)
        return bool(beside) and before.text[:1].isupper() and before.key != "i" and not known

    def judged(self, first: int, size: int) -> bool:
        """Whether the words are the subject of a judgement ("heat was great", "heat: great"); "the heat was awful" is not."""
        words, part = self.words, self.words[first : first + size]
        content = [word for word in part if word.key not in ("the", "a", "an", "of", "and")]
        owned = first > 0 and words[first - 1].key in OWNERS and words[first - 1].text.islower()
        favourite = _FAVOURITE.match(self.text[part[-1].end :])
        articled = part[0].key in OWNERS and not favourite and not all(word.text[:1].isupper() for word in content)
        spoken = size == 1 and (content or part)[0].key in SMALL_TALK
        after_person = first > 0 and words[first - 1].key in ("i", "we", "you", "they") and part[0].text.islower()
        if not content or owned or articled or spoken or after_person or content[0].key in NEVER:
            return False
        return bool(_JUDGEMENT.match(self.text[part[-1].end :]))

    def _paired(self, first: int) -> bool:
        """Whether a common word stands beside another title: "heat or casino?", "heat and casino are great"."""
        words = self.words
        for step in (-1, 1):
            joint, other = first + step, first + 2 * step
            if not (0 <= joint < len(words) and 0 <= other < len(words)) or words[joint].key not in (
                "or",
                "vs",
                "versus",
                "and",
            ):
                continue
            pair = sorted((first, other))
            after = self.text[words[pair[1]].end :]
            if words[joint].key == "and" and not re.match(r"\s+(?:are|were)\b|\s*:", after, re.IGNORECASE):
                continue
            if words[other].key in self.titles and words[other].key not in NEVER and words[first].key not in NEVER:
                return (
                    self.bounded([words[pair[1]]])
                    or after.startswith(":")
                    or words[min(pair[1] + 1, len(words) - 1)].key
                    in (
                        "tonight",
                        "first",
                    )
                )
        return False

    def bounded(self, part: list[Word]) -> bool:
        """Whether what follows ends a title: punctuation, a conjunction, a verb, an adverb, or the end."""
        return bool(re.match(r"\s*($|[,;.!?)\"”(]|(?:about|like)\s*(?:[?.!,]|$)|(?:and|or|but|though|because|so|when|last|yesterday|years ago|ages ago|before|already|too|is|was|are|were|bored|which|it|a lot|very|really|for|both|either|more|also|with|recently|again|as)\b)", self.text[part[-1].end :], re.IGNORECASE))  # fmt: skip


_OWNED = frozenset("its his her their whose my your our".split())
_THEN_ASKED = re.compile(
    r"\s*[-–:,]+\s*(?:who|when|what|(?:is|was|has|does) (?:it|this|that)|(?:it|this|that) (?:is|was|has)|how)\b[^.!]*\?",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:^|[.!?\n:]\s*)(?:(?:and|or|ok|okay|so|hm+|oh+|omg|wow|ooh+|well|also|then|yes|no|great|perfect|cool|nice|but)[,!.]*\s+)*$",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"\s+(?:sounds?|looks?)\s+(?:(?:like|a|an|really|so|very|quite|pretty|rather|kinda)\s+)*(?:good|great|fun|funny|nice|lovely|interesting|perfect|promising|possibility|possible|right|ideal|cool|brilliant|tempting)\b"
    r"|\s*(?:,|[-–:]|\.{2,3})\s*(?:(?:i |we )?(?:saw|watched|loved|hated) (?:it|that)\b|tell (?:me|us) (?:more )?about (?:it|that)|who(?:'s| is)? (?:in it|in that|made|directed|stars)|what(?:'s| is) (?:it|that|the (?:plot|story|gist))\b)"
    r"|\s+is (?:from|by)\b[^.!?]*\?",
    re.IGNORECASE,
)
"""What is said or asked of a title that its sentence begins with."""
_CHOSEN = re.compile(r"\s+(?:wins|it is|perhaps|maybe)\b(?=\s*(?:$|[.,!?]))", re.IGNORECASE)
_FAVOURITE = re.compile(r"\s+(?:is|was|are) (?:one of )?my\b(?:[^.!?,]*\bfavou?rites?\b)", re.IGNORECASE)
_JUDGEMENT = re.compile(
    r",?\s+on the other hand\b|\s+(?:i|we|he|she|they)(?:'ve|'s| have| has)? (?:(?:both|all|really|absolutely|also|just) )*(?:gave|rated|loved?|hated?|adored?|detest(?:ed)?|loathed?|despised?|enjoyed|liked (?:a lot|very much|too|as well)|consider(?:ed)? (?:an?|my|one|the) |seen|saw|watched|see (?:already|also|before)|know (?:already|well|it already)|already know|couldn't (?:stand|bear|abide))\b|"
    r",\s+(?:the|a|an|(?:[A-Z][\w.]*\s+){0,2}[A-Z][\w.]*'s)\s[^,.!?;]{2,50},\s+(?:is|was|i|we|i've|which|bored|made|who|what|when|how)\b|\s+is (?:(?:a|such a|my) \w|the best\b)|\s*: loved\b|"
    r"\s+(?:was|bored me|made me|gave me|blew me|broke my|moved me|scared me|cracked me|had me|rocked|ruled|is my|sucked|left me cold|did nothing for me|put me to sleep|is (?:overrated|one of (?:the|my)\b|my (?:\w+ )?favou?rite))\b"
    r"|\s*(?:[:=–—]|->|\s-\s)\s*(?:[\w']+[\s,]+){0,3}?(?:great|good|better|best|brilliant|amazing|awesome|excellent|fantastic|perfect|wonderful|superb|loved|liked|hated|fine|ok|okay|decent|meh|guilty pleasure|bad|awful|terrible|boring|dull|overrated|rubbish|worst|masterpiece|yes|no|nope|nah|seen|yawn|ugh|wow)\b",
    re.IGNORECASE,
)
