"""What is wanted and unwanted: categories, moods, content, languages, critiques, and descriptions in free words."""

import re
from itertools import pairwise

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import blank, for_them, negated, others_taste
from chatrec.dialogue.nlu.counting import as_number, read_count
from chatrec.dialogue.nlu.reading import Reading

Patterns = list[tuple[str, re.Pattern[str]]]
"""Each category with the words for it."""


def read_wishes(text: str, reading: Reading, categories: Patterns, catalogue: Catalogue) -> None:
    """Categories, moods, content limits, critiques, language, and how many; titles and people are blanked out of ``text``."""
    reading.adds = bool(
        re.search(
            r"\b(?:also|as well|in addition|on top of that|plus)\b|^\W*(?:ok(?:ay)?\W+)?and (?!now|an?\b|one\b|something|anything|what|how|who|if|i\b|we\b|the\b|is\b|some\b)",
            text,
            re.IGNORECASE,
        )
    )
    spared: list[tuple[int, int]] = []
    for kind, words in lexicon.CONTENT_WORDS.items():
        for word in words:
            for m in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
                toned = re.search(
                    r"\b(?:not|nothing|neither|isn't|isnt|without being|don't want (?:it|anything)|less|no) (?:so|too|very|overly|that|super|really|all that|anything)?\s*(?:\w+ or )?$",
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
    text = blank(text, spared)
    for phrase, (axis, direction) in lexicon.CRITIQUES.items():
        for m in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE):
            if phrase in ("older", "newer", "later", "earlier") and re.match(
                r"\s+than\s+(?:\d|the )", text[m.end() :], re.IGNORECASE
            ):
                continue
            sign = (
                -1
                if re.search(r"\b(?:not|nothing|no|less)\s+(?:so\s+|too\s+|any\s+)?$", text[: m.start()], re.IGNORECASE)
                else 1
            )
            reading.critiques.append((axis, sign * direction))
            text = blank(text, [(m.start(), m.end())])
    if not reading.mentions:
        text = _complaints(text, reading)
    found: list[tuple[int, int, str]] = []
    for name, pattern in categories:
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
            r"\s+(?:\w+\s+)?(?:(?:is|are|would be)\s+(?:fine|ok|okay|alright|allowed)|(?:is|are)\s+good)\b",
            text[end:],
            re.IGNORECASE,
        )
        if re.search(r"\b(?:not only|not just)\s+$", text[:start], re.IGNORECASE):
            continue
        if _BUT_I_DO_NOT.match(text[end:]):
            reading.genres_unwanted += [name] if name not in reading.genres_unwanted else []
            continue
        own = _SHARED.search(text) or _VETO.search(text[:start]) or for_them(text)
        if others_taste(text[:start], text[end:]) and not own:
            continue
        named = again and re.search(r"\b(?:an?|any|some)\s+(?:[\w-]+\s+)?$", text[:start], re.IGNORECASE)
        if named and again and "would" in again[0] and not negated(text, start):
            target = reading.genres_wanted  # "a comedy would be fine, but nothing with him"
        elif _DROPPED.search(text[:start]):
            target = reading.genres_dropped
        elif (
            (again and not negated(text, start))
            or _TAKEN_BACK.search(text[:start])
            or _NO_OBJECTION.search(text[:start])
        ):
            target = reading.genres_allowed
        elif (
            (
                negated(text, start)
                and not _for_whom(text, start, end)
                and not re.match(r"\s*(?:films?|movies?|one)?\s*instead\b", text[end:], re.IGNORECASE)
            )
            or (_OR_ELSE.search(text[:start]) and lexicon.NEGATION.search(text[:start]))
            or (re.match(r"\s+(?:\w+ ){0,3}(?:can |should |may )?stay away\b", text[end:], re.IGNORECASE))
            or (
                re.search(r"\b(?:leave|keep)\s+(?:the )?$", text[:start], re.IGNORECASE)
                and re.match(r"\s+(?:out|away)\b", text[end:])
            )
            or (
                lexicon.DISLIKED_AFTER.match(text[end:])
                and not re.match(r"\s+(?:movies?|films?)?\s*(?:is|are)?\s*(?:great|good)", text[end:])
            )
        ):
            target = reading.genres_unwanted
        else:
            target = reading.genres_wanted
        if name not in target:
            target.append(name)
    _exceptions(text, found, reading)
    wanted = [f for f in sorted(found) if f[2] in reading.genres_wanted]
    _of_each(text, wanted, reading)
    reading.genres_together = any(
        one[2] != two[2] and (one[:2] != two[:2]) and re.fullmatch(r"[\s-]{1,2}", text[one[1] : two[0]])
        for one, two in pairwise(wanted)
    ) or any(one[:2] == two[:2] and one[2] != two[2] for one, two in pairwise(wanted))
    if len({name for *_, name in wanted}) > 1 and re.search(
        r"\bat the same time\b|\ball in one\b|\bin one (?:film|movie)\b", text, re.IGNORECASE
    ):
        reading.genres_together = True
    reading.any_genre = bool(
        re.search(
            r"\b(?:any|whatever|all) (?:genres?|kinds?|types?)\b|\bgenre (?:doesn't|does not) matter\b",
            text,
            re.IGNORECASE,
        )
    )
    _narrower(text, found, reading)
    reading.genres_unwanted = [name for name in reading.genres_unwanted if name not in reading.genres_allowed]
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
                "tender",
                "hopeful",
                "playful",
                "angry",
                "violent",
                "adventurous",
            )
            if idiom and not re.search(
                r"\b(?:something|anything|some|a|an|really|more|and|but|quite|very|bit|mood for|,|one|pretty|kind of|fairly|it|(?:should|must|has to|needs to|could) be)\s*$",
                text[: m.start()],
                re.IGNORECASE,
            ):
                continue
            if _CALLED.search(text[: m.start()]):
                continue
            if not negated(text, m.start()) and mood not in reading.moods_wanted:
                reading.moods_wanted.append(mood)
    if hit := re.search(
        r"\b(?:in|speak(?:s|ing)?)\s+(french|german|italian|spanish|japanese|cantonese|mandarin|english|swedish|danish|russian|portuguese|polish|czech)\b|\b(french|german|italian|spanish|japanese|chinese|swedish|danish|russian|polish|czech)(?:[ -]language)?\s+(?:film|films|movie|movies|cinema|one|comedy|drama|language)\b",
        text,
        re.IGNORECASE,
    ):
        language = (hit[1] or hit[2]).capitalize()
        language = {"Chinese": "Mandarin"}.get(language, language)
        if not negated(text, hit.start()) and any(i.language.casefold() == language.casefold() for i in catalogue):
            reading.language = language
    english = any(item.language == "English" for item in catalogue)
    if english and re.search(
        r"\b(?:no|without|hate|don'?t (?:do|like|want|read)|can'?t (?:do|read|stand)|not (?:into|keen on|a fan of)|nothing with)\s+(?:any\s+|reading\s+)?subtitles\b|\bnothing foreign\b|\bno foreign (?:films?|movies?|languages?)\b",
        text,
        re.IGNORECASE,
    ):
        reading.language = "English"
    if hit := re.search(r"\bblack[ -](?:and|&|n|'?n'?)[ -]white\b|\bb ?(?:&|and|n) ?w\b", text, re.IGNORECASE):
        refused = re.match(r"\s+(?:is|are|would be)\s+(?:a\s+)?(?:no|out|not)\b", text[hit.end() :], re.IGNORECASE)
        reading.black_and_white = not (refused or negated(text, hit.start()))
    elif re.search(r"\bin colou?r\b|\bcolou?r (?:only|films?|movies?)\b", text, re.IGNORECASE):
        reading.black_and_white = False
    if (
        re.search(
            r"\b(?:for|with) (?:my|our|an?|the|his|her) (?:[1-9]|1[0-2]|two|three|four|five|six|seven|eight|nine|ten)[ -]?(?:years?|yrs?|y)[ -]?(?:olds?|o)\b|(?:[1-9]|1[0-2])[ -]years?[ -]olds\b|\b(?:two|three|four|[2-5]) (?:small |little |young |bored )*(?:kids|children)\b(?! (?:are|were|is|was|who|have|had)\b)",
            text,
            re.IGNORECASE,
        )
        and "Children" in catalogue.category_names
    ):
        reading.adds = reading.adds or not reading.genres_wanted
        reading.genres_wanted = [*dict.fromkeys([*reading.genres_wanted, "Children"])]
    if reading.count is None:
        read_count(text, found, reading)


def _narrower(text: str, found: list[tuple[int, int, str]], reading: Reading) -> None:
    """ "can't stand slapstick. A clever comedy?": a kind of comedy is unwanted, comedies are not."""
    for name in [name for name in reading.genres_unwanted if name in reading.genres_wanted]:
        own = re.compile(rf"{re.escape(name[:-1])}\w{{0,3}}", re.IGNORECASE)
        said = [text[start:end] for start, end, other in found if other == name and negated(text, start)]
        if not any(own.fullmatch(word) for word in said):
            reading.genres_unwanted.remove(name)


def _complaints(text: str, reading: Reading) -> str:
    """ "too dark", "not as slow": critiques of what was shown; returns the text without them."""
    for m in re.finditer(
        rf"\b(?:too|not (?:as|so|that|quite so)|less)\s+({'|'.join(lexicon.AXES)})\b", text, re.IGNORECASE
    ):
        axis, direction = lexicon.AXES[m[1].lower()]
        if (axis, -direction) not in reading.critiques:
            reading.critiques.append((axis, -direction))
        text = blank(text, [m.span()])
    return text


def _exceptions(text: str, found: list[tuple[int, int, str]], reading: Reading) -> None:
    """ "I said no musicals, but for this one it's fine"; "I'm into noir myself, but this is for the kids"."""
    but = re.search(r"\b(?:but|though|although|however|except)\b", text, re.IGNORECASE)
    if not but:
        return
    before = {name for _, end, name in found if end <= but.start()}
    after = {name for start, _, name in found if start >= but.end()}
    if not reading.mentions and _SAID_BEFORE.search(text[: but.start()]) and _FINE_NOW.search(text[but.end() :]):
        back = [name for name in reading.genres_unwanted if name in before]
        reading.genres_allowed += [name for name in back if name not in reading.genres_allowed]
        reading.genres_unwanted = [name for name in reading.genres_unwanted if name not in back]
        for start, _, name in found:  # "but tonight a musical is fine"
            again = start < but.end() and _ONE_AFTER_ALL.search(text[but.end() :])
            told = start >= but.end() and re.search(r"\b(?:an?|one)\s+(?:[\w-]+\s+)?$", text[:start], re.IGNORECASE)
            one = told or again
            if one and name in before and name not in reading.genres_wanted:
                reading.genres_wanted.append(name)
    elif after and _USUALLY.search(text[: but.start()]):
        reading.genres_wanted = [name for name in reading.genres_wanted if name not in before - after]


def _of_each(text: str, wanted: list[tuple[int, int, str]], reading: Reading) -> None:
    """ "one comedy and one western": some of each, as many as are counted out."""
    counted = [
        (
            re.search(r"\b(one|an?|another|two|three|1|2|3)\s+(?:(?!and\b)[\w-]+\s+)?$", text[:start], re.IGNORECASE),
            name,
        )
        for start, _, name in wanted
    ]
    joint = [text[one[1] : two[0]] for one, two in pairwise(wanted)]
    if (
        len({name for _, name in counted}) < 2
        or not all(number for number, _ in counted)
        or not all(re.search(r"[,&+]|\band\b|\bplus\b", gap, re.IGNORECASE) for gap in joint)
    ):
        return
    reading.genres_each = tuple(dict.fromkeys(name for _, name in counted))
    numbers = [number[1].lower() for number, _ in counted if number]
    if not any(number in ("a", "an", "another") for number in numbers):
        reading.count = sum(as_number(number) for number in numbers)


_OR_ELSE = re.compile(r"[.!]\s*n?or\s+(?:any\s+|with\s+)?$", re.IGNORECASE)
"""Where a sentence goes on with what is unwanted: "no Mel Gibson. Or war films"."""
_DROPPED = re.compile(
    r"\b(?<!must )(?<!should )(?<!may )(?:doesn't|does not|don't|need|not) (?:have to|need to|necessarily)?\s*be (?:an? |any )?(?:\w+ )?$|\bnot necessarily (?:an? )?$"
    r"|\b(?:enough|lose|ditch|cut|that's enough)(?: of| with)?\s+(?:the |those |these |that )?$",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(
    r"(?<!would)(?<!wouldn't)(?<!wouldnt)(?<!wont)\b(?:(?:don'?t|do not) (?:really |actually |exactly )?(?:mind|dislike|hate|object to|have anything against)|(?:nothing|not) against|nothing wrong with|ok(?:ay)? with|fine with|have no problem with)\s+(?:(?:an?|some|the|bit|little|of|watching|seeing)\s+)*$",
    re.IGNORECASE,
)
"""What somebody puts up with is neither wanted nor unwanted: "I don't dislike westerns"."""
_TAKEN_BACK = re.compile(
    r"\b(?:changed my mind (?:about|on)|(?:forget|drop|lift|ignore|scratch|never ?mind) (?:what (?:i|we) said )?(?:about )?(?:the |my |that )?[\"']?(?:no|ban on|rule about|thing about)|(?:an )?exception for)\s+(?:an? |the |some )?[\"']?$",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(r"\b(?:said|told you|asked for|wanted|know i)\b", re.IGNORECASE)
_FINE_NOW = re.compile(
    r"\b(?:after all|just this once|fine|ok|okay|alright|exception|allowed|acceptable|don't mind|wouldn't mind|can be|could be|go ahead|would work|works)\b",
    re.IGNORECASE,
)
_ONE_AFTER_ALL = re.compile(r"\bone after all\b|\b(?:find|give|show) (?:me|us) (?:one|a good one)\b", re.IGNORECASE)
_USUALLY = re.compile(
    r"\b(?:myself|usually|normally|generally|personally|in general|my own|other days|most of the time)\b", re.IGNORECASE
)
"""What someone usually likes is no wish for now."""
_BUT_I_DO_NOT = re.compile(
    r"[^.!?]{0,20}\bbut (?:i|we) (?:really |just |absolutely )?(?:can'?t (?:stand|bear)|cannot (?:stand|bear)|hate|don'?t (?:like|enjoy)|do not (?:like|enjoy)|dislike|loathe|detest)\s+(?:it|them|those|that)\b",
    re.IGNORECASE,
)
"""What follows a category that somebody else loves: "my brother loves horror but I can't stand it"."""
_CALLED = re.compile(
    r"(?<!long as )(?<!if )(?<!sure )(?<!but )\b(?:was|were|found (?:it|that|them|this)|it's too|too|so)\s+(?:a bit |really |kind of |rather )?$",
    re.IGNORECASE,
)
"""What a film is called is no wish: "I found it silly"."""
_SHARED = re.compile(
    r"\b(?:for (?:him|her|them|us|both)|(?:find|show|give|recommend|suggest) (?:us|him|her|them)|we both|(?:for|with) (?:my|our|the|his|her)\b|together|both of us|date night|we'?re watching|we (?:want|need|could))\b",
    re.IGNORECASE,
)
"""Where somebody else's taste counts as a wish: the item is for them too."""
_VETO = re.compile(r"\b(?:says?|said)\s+(?:\w+\s+)?no\s+(?:more\s+)?$", re.IGNORECASE)
"""What somebody else rules out for now: "she says no crime films"."""


def category_patterns(catalogue: Catalogue) -> Patterns:
    """The words for each category of a catalogue, its own name among them."""
    patterns = []
    for name in catalogue.category_names:
        words = lexicon.CATEGORY_WORDS.get(name) or (name, f"{name}s", name.replace("-", " "))
        alternatives = "|".join(re.escape(word) for word in sorted({*words, name}, key=len, reverse=True))
        patterns.append((name, re.compile(rf"(?<![\w'])(?:{alternatives})(?![\w'])", re.IGNORECASE)))
    return patterns


def _for_whom(text: str, start: int, end: int) -> bool:
    """Whether a category says whom it is for, which a negation further off does not reach: "nothing heavy, suitable for children"."""
    said = re.match(r"(?:for|with)\b", text[start:end], re.IGNORECASE)
    refused = re.search(
        r"\b(?:not|nothing|no|never|\w+n't)\s+(?:(?:suitable|meant|made|really|just)\s+)*$", text[:start], re.IGNORECASE
    )
    return bool(said) and not refused


def _idiom(text: str, found: re.Match[str]) -> bool:
    """Category words that mean something else here."""
    word, before, after = found[0].lower(), text[: found.start()].lower(), text[found.end() :].lower()
    if word.endswith(("children", "kids")) and re.match(
        r"\s+(?:are|'re|have gone|is|go|went)\s+(?:asleep|in bed|to bed|out|away|gone)\b", after
    ):
        return True  # "once the children are asleep"
    if word == "war" and re.search(r"\b(?:after|since|before|during) the\s+$|\b(?:post|pre)[- ]?$", before):
        return True
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
