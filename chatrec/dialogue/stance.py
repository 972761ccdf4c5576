"""What a person thinks of a title: loved, hated, seen, asked about."""

import re

from chatrec.dialogue import lexicon
from chatrec.dialogue.clauses import blank, bounds, others_taste
from chatrec.dialogue.reading import Stance
from chatrec.retrieval.title_keys import Span


def stance_of(text: str, span: Span, spans: list[Span]) -> tuple[Stance, bool]:
    """What the person thinks of a title, and whether it only serves as an example ("something like …")."""
    start, end = bounds(text, span.start)
    end = max(end, span.end)
    others = [(s.start - start, s.end - start) for s in spans if start <= s.start and s.end <= end]
    clause = text[start:end]
    bare = blank(clause, others)
    before, after = _squeezed(bare[: span.start - start]), _squeezed(bare[span.end - start :])
    listed = re.fullmatch(
        r"[\s,&/()\d]*(?:(?:and|or|also)[\s,&/()\d]*)?",
        bare[span.end - start : _next(others, span.end - start)] or " ",
    )
    rest = bare[max(e for _, e in others) :] if listed and _next(others, span.end - start) < len(bare) else after
    tail = _squeezed(rest)
    if re.search(r"(?:^|[,.!?]\s*)not\s+(?:the\s+)?$", before, re.IGNORECASE):
        return "disliked", False
    own = verdict_later(text, end, span, spans)
    if not own and (
        others_taste(before, text[span.end :])
        or re.match(
            r"\W*(?:is|was|are)\s+(?:also )?(?:his|her|their|my (?:\w+ )?\w+'s)\s+(?:\w+ )?favou?rite",
            after,
            re.IGNORECASE,
        )
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
    if lexicon.SEEN_AFTER.match(text[span.end :]):
        return "seen", False
    if questioned(text, start, end, before, after):
        return "asked", False
    if lexicon.DISLIKED_AFTER.match(tail) or lexicon.DISLIKED_AFTER.match(after):
        return "disliked", False
    if lexicon.NEUTRAL_AFTER.match(tail) or lexicon.NEUTRAL_AFTER.match(after):
        return "seen", False
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
        r"\b(?:forget|ignore|remove|delete|scratch|never ?mind|take back|cross out|didn't say i (?:\w+ )?liked?)\s+(?:about |the |my )?$",
        before,
        re.IGNORECASE,
    ):
        return "withdrawn", False
    if re.search(
        r"\b(?:not|no|except|besides|apart from|instead of|meant?)\s+(?:about |the )?$",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    return "liked", False


def questioned(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether the clause asks about the title instead of judging it."""
    if re.search(r"\b(?:recommend|suggest|something|anything|similar|another|other)\b", before + after, re.IGNORECASE):
        return False
    mark = re.match(r"\s*\?", text[end:])
    choice = re.fullmatch(
        r"\W*(or|vs\.?|versus)\W*(?:tonight|first|which(?: \w+){0,3})?\W*", before + after, re.IGNORECASE
    )
    if choice and (mark or choice[1].lower() != "or"):
        return True
    if mark and re.fullmatch(r"\W*(?:(?:and|or|what about|how about|maybe)\W*)*", before + after, re.IGNORECASE):
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


def verdict_later(text: str, end: int, span: Span, spans: list[Span]) -> Stance | None:
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


def _squeezed(text: str) -> str:
    """Runs of spaces as one: patterns with several optional spaces would try every way to share a long run out."""
    return re.sub(r"\s+", " ", text)


def _next(others: list[tuple[int, int]], end: int) -> int:
    """Where the next title starts, or far away."""
    return min((a for a, _ in others if a >= end), default=10**6)


def expected(text: str) -> list[tuple[int, int]]:
    """Stretches in which a title is likely: after words of stance, of likeness, of asking, up to the clause's end."""
    regions = []
    cue = re.compile(
        rf"{lexicon.LIKED.pattern}|{lexicon.DISLIKED.pattern}|{lexicon.SEEN.pattern}|{lexicon.SIMILAR.pattern}"
        r"|\b(?:tell me (?:more )?about|who directed|who made|who(?: is| was|'s)? in|what is|what's|what about|how about|why|compare|between|watch|watching|see|called|titled|named|meant|mean|movies? like|films? like|like|than|or|and|(?<!something )(?<!anything )(?<!movie )(?<!movies )(?<!film )(?<!films )(?<!one )(?<!story )(?<!stories )about|is|recommend|title)\b",
        re.IGNORECASE,
    )
    for m in cue.finditer(text):
        _, end = bounds(text, min(m.end() + 1, max(len(text) - 1, 0)))
        regions.append((m.end(), end))
    return regions
