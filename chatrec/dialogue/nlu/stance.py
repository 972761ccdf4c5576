"""What a person thinks of a title: loved, hated, seen, asked about."""

import re

from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import blank, bounds, others_taste
from chatrec.dialogue.nlu.fronted import UNMET, asked_first, in_question, leads, met_first
from chatrec.dialogue.nlu.grades import graded
from chatrec.dialogue.nlu.questions import questioned
from chatrec.dialogue.nlu.reading import Stance
from chatrec.dialogue.nlu.sentiment import NEGATED, sentiment
from chatrec.linking.title_keys import Span


def stance_of(text: str, span: Span, spans: list[Span]) -> tuple[Stance, bool]:
    """What the person thinks of a title, and whether it only serves as an example ("something like …")."""
    start, end = bounds(text, span.start)
    end = max(end, span.end)
    others = [(s.start - start, s.end - start) for s in spans if start <= s.start and s.end <= end]
    clause = text[start:end]
    bare = blank(clause, others)
    before, after = _squeezed(_own(bare[: span.start - start], others)), _squeezed(bare[span.end - start :])
    after = APPOSED.sub(" ", after)
    behind = _squeezed(APPOSED.sub(" ", text[span.end :]))
    if fronted := _FRONTED.match(behind):
        verdict = sentiment(f"i {fronted['verb']}")
        if verdict or not leads(before):
            return ("mentioned" if fronted["who"] and verdict else verdict or "seen"), False
    if leads(before) and UNMET.match(behind):
        return "mentioned", False
    if asked_first(before, behind):
        return "asked", False
    if leads(before) and (met := met_first(behind[: max(_next_title(span, spans, len(text)) - span.end, 1)])):
        told, mine = met
        later = verdict_later(text, end, span, spans) if mine and told == "seen" else None
        return later or told, False
    listed = re.fullmatch(
        r"[\s,&/()\d]*(?:(?:and|or|also)[\s,&/()\d]*)?",
        bare[span.end - start : _next(others, span.end - start)] or " ",
    )
    rest = bare[max(e for _, e in others) :] if listed and _next(others, span.end - start) < len(bare) else after
    tail = _squeezed(rest)
    if _SEEN_ONLY.match(text[span.end : _next_title(span, spans, len(text))]):
        return "seen", False
    if re.search(r"(?:^|[,.!?])\s*(?:(?:and|but)\s+)?not\s+(?:the\s+)?$", before, re.IGNORECASE):
        said = re.split(r"[.!?;]", blank(text, [(s.start, s.end) for s in spans])[: span.start])[-1]
        if re.search(r"\b(?:i|we) mean(?:t)?\b", said, re.IGNORECASE):  # "I meant Rocky, not The Rock"
            return "withdrawn", False
        if re.match(
            r"\W*(?:(?:i|we)(?:'ve| have)? )?(?:already )?(?:seen|watched|saw) (?:it|that)\b",
            text[span.end :],
            re.IGNORECASE,
        ):
            return "seen", False  # "not The Shining, seen it"
        only_seen = lexicon.SEEN.search(said) and sentiment(said) is None  # "I've seen Heat, but not Casino"
        return "mentioned" if only_seen else "disliked", False
    if re.search(r"\bnot (?:so|as|that) much\s+(?:(?:in|for|with|on)\s+)?(?:the\s+)?$", before, re.IGNORECASE):
        return "disliked", False
    if re.match(
        r"\s+is (?:one|a film|something) (?:that )?(?:i|we)(?:'ve| have|'d)? (?:still )?(?:have|got|need|want|mean|ought|like) to\b",
        after,
        re.IGNORECASE,
    ):
        return "mentioned", False
    if _PASSED_OVER.search(before) and _SEEN_THEM.match(text[_listed_to(span, spans, text) :]):
        return "seen", False
    if _PASSED_OVER.search(before) or _STANDARD.search(before):
        return "mentioned", False
    if re.search(
        r"\b(?:forget|ignore|remove|delete|scratch|strike|disregard|never ?mind|take (?:it |that )?back|cross out|didn't say i (?:\w+ )?liked?)\s+(?:(?:that|it|everything|what i (?:just )?said|(?:the|that) (?:bit|part|thing))\s+)?(?:about |on |the |my )*$",
        before,
        re.IGNORECASE,
    ):
        return "withdrawn", False
    if re.match(
        r"\s*[,–—-]*\s*(?:but\s+)?not (?:so much|really|at all|my (?:thing|cup|type|kind|style)|for (?:me|us))\b(?! (?:in|on|with) \w)",
        text[span.end :],
        re.IGNORECASE,
    ):
        return "disliked", False
    if re.search(r"\bthat (?:isn't|is not|ain't|'s not)\s+(?:the\s+)?$", before, re.IGNORECASE) or re.match(
        r"\s+it is\W*(?:$|[!.,])", text[span.end :], re.IGNORECASE
    ):
        return "mentioned", False  # "something else that isn't Heat", "Heat it is!"
    if re.search(r"\bwhich\s+(?:of (?:the )?)?$", before, re.IGNORECASE):
        return "mentioned", False  # "which Wallace & Gromit is the one with the penguin?"
    own = verdict_later(text, end, span, spans)
    if _NOT_I.match(text[span.end :]):
        return "disliked", False
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
    if re.search(
        r"\banother (?:film|movie|one|book|game) (?:with|of|about|like)\s+(?:the\s+)?$", before, re.IGNORECASE
    ):
        return "liked", True  # "is there another film with Aladdin?"
    if _LIKE_BUT.fullmatch(before) and re.match(r"[^.!?]*?,?\s*\b(?:but|only|just)\b", text[span.end :], re.IGNORECASE):
        return "liked", True  # "like Heat but funnier"
    similar = next(reversed(list(lexicon.SIMILAR.finditer(before))), None)
    if similar and len(before[similar.end() :].split()) <= 3:
        unlike = before[: similar.start()] + " " + (re.match(r"nothing|not|no", similar[0]) or [""])[0]
        if re.search(r"\b(?:it|that|this)(?:'s not| is not| isn't|'s no)\b[^.!?]*$", unlike, re.IGNORECASE):
            return "mentioned", False  # "it's not a classic action movie like Predator"
        unlike = re.split(r"\b(?:i|we)\b", unlike, flags=re.IGNORECASE)[-1]
        refused = re.search(r"\b(?:nothing|not|no)\s*$", unlike, re.IGNORECASE) or sentiment(unlike) == "disliked"
        return ("disliked", False) if refused else ("liked", True)
    if re.search(r"\bnothing like\s*$", before, re.IGNORECASE):
        return "disliked", False
    if re.search(r"\bindifferent (?:about|to|towards?)\s+(?:the\s+)?$", before, re.IGNORECASE):
        return "seen", False
    if grade := graded(before, after):
        return grade, False
    if lexicon.SEEN_AFTER.match(text[span.end :]):
        return "seen", False
    if questioned(text, start, end, before, after):
        return "asked", False
    if direct := _subject(_squeezed(_said_next(text, span, end, spans))):
        return direct, False
    cues: list[
        tuple[int, int, Stance]
    ] = []  # where each ends, how far back it begins: "least favourite" is no "favourite"
    for m in lexicon.LIKED.finditer(before):
        if re.search(
            r"\b(?:would|d|i'd|feel|something|anything|looks|look|more|sounds)\s*$", before[: m.start()], re.IGNORECASE
        ) and m[0].lower() in ("like", "love"):
            continue
        cues.append((m.end(), -m.start(), "disliked" if _against(before[: m.start()]) else "liked"))
    for m in lexicon.DISLIKED.finditer(before):
        negated = NEGATED.search(before[: m.start()])
        spared = m[0].lower().startswith(("hat", "dislik")) and negated
        tireless = m[0].lower().startswith(("tired", "sick", "bored")) and negated  # "I never get tired of it"
        cues.append((m.end(), -m.start(), "liked" if tireless else "withdrawn" if spared else "disliked"))
    strong = max(cues, default=None)
    if strong:
        return strong[2], False
    if later := _subject(tail):
        return later, False
    unseen = lexicon.UNSEEN.search(before)
    if re.search(r"(?<!what )(?<!which one )\bshould (?:i|we)\b[^.!?]{0,25}\?", text[span.end :], re.IGNORECASE):
        return "asked", False
    if unseen or re.search(
        r"\b(?:told|telling|tell|begging|still have|have|need|ought|got|supposed|wanted|meant|meaning|try|trying) (?:me |us )?to (?:see|watch|check out|try)\s+(?:the\s+)?$|\b(?:want to|wanna|going to|plan to|should i|thinking of|would like to)\s+(?:see|watch(?:ing)?|rewatch)\b"
        r"|\b(?:i'?ll|i will|let'?s|we'?ll|we will|i'?m going to|i'?d) (?:just |rather |definitely |have to |need to )?(?:go (?:with|for)|pick|choose|take|try(?: out)?|watch|have|see|check out|look (?:into|up|for))\s+(?:the\s+)?$",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    if (
        lexicon.SEEN.search(before)
        or lexicon.DID.search(before)
        or lexicon.SEEN_AFTER.match(text[span.end :])
        or re.match(r"^\W*(?:i(?:'ve| have)? )?(?:already )?seen\b", after, re.IGNORECASE)
    ):
        return "seen", False
    if re.search(
        r"\b(?:not|no|except|besides|apart from|instead of|meant?)\s+(?:about |the )?$",
        before,
        re.IGNORECASE,
    ):
        return "mentioned", False
    if lexicon.KNOWN_TO_ME.match(behind):
        return "seen", False
    return ("asked" if in_question(text, span.start, span.end) else "liked"), False


_NOT_I = re.compile(
    r"^[\s,;.–-]*(?:but |though |while |and )?(?:i|we) (?:really )?(?:didn'?t|did not|don'?t|do not)(?:\s+(?:really|though|at all))?\s*(?:[.!,;]|$)",
    re.IGNORECASE,
)
"""What somebody adds who does not share another's liking: "my kids loved Frozen, I didn't"."""
APPOSED = re.compile(
    r"^,\s+(?:the|a|an|(?:[A-Z][\w.]*\s+){0,2}[A-Z][\w.]*'s)\s[^,.!?;]{2,50},(?=\s+(?:is|was|i|we|which|bored|made|who|what|when|how)\b)"
    r"|^\??,\s+the\s+(?:(?:\w+\s+){1,2}(?:one|version)|(?:one|version)\s+from)\b[^,.!?;]{0,30}(?=\s*(?:$|[.!?;]))",
    re.IGNORECASE,
)
"""What a title is called beside its name: "Speed, the bus film, …"."""
_FRONTED = re.compile(
    r"^,?\s*(?:on the other hand,?\s+)?(?:which (?:he|she|they|my \w+) [^,.!?;]{3,60},\s*)?(?:(?P<who>they|he|she)|i|we)(?:'ve| have|'s| has)?\s+"
    r"(?:(?:really|already|absolutely|simply|just|truly|both)\s+)*"
    r"(?:(?:seen|watched|saw)(?: (?:it|that))?(?: once| twice| ages ago)?,? (?:and|but) (?:i )?(?:really )?)?"
    r"(?P<verb>(?:didn't|did not|don't) (?:really )?(?:like|enjoy|care for)(?: (?:it|at all|much|one bit|a bit))*|(?:detest|loath|despis|hat|dislik|lov|ador|enjoy|lik)(?:e|ed|es|s)?|(?:couldn't|can't|cannot) (?:stand|bear|abide)|seen|watched|saw)(?:\s+(?:it|that|them))?\W*(?:$|[.!;,]|and they\b)",
    re.IGNORECASE,
)
"""A verdict whose object comes first: "Heat I loved", "Mary Poppins they have seen"."""
WITHOUT = re.compile(
    r"\b(?:without|nothing with|nothing from|no|other than|besides|except|minus)\s+(?:the\s+)?$", re.IGNORECASE
)
"""Before the name of a series that somebody wants left out."""
_PASSED_OVER = re.compile(
    r"\b(?:pass(?:ing)? on|without|minus|nothing with|leave out|skip(?:ping)?|any(?:thing| \w+| \w+ \w+)? (?:but|except|other than|besides)|everything (?:but|except))\s+(?:the\s+)?$"
    r"|\b(?:not|isn't) (?:so much |really )?that (?:i|we) (?:hate|dislike|(?:don't|didn't|do not|did not) (?:like|love|enjoy))d?\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""Titles that somebody does not want now, which is no verdict: "I'll pass on Evita", "not that I disliked Heat"."""
_LIKE_BUT = re.compile(r"\W*(?:(?:maybe|just|sort of|kind of|ok|hm+)\W+)*like\s+(?:the\s+)?", re.IGNORECASE)
_SEEN_THEM = re.compile(
    r",?\s*(?:(?:i|we)(?:'ve| have)? )?(?:already |both )?(?:seen|watched) (?:'?em|them|both|those|it|that)\b",
    re.IGNORECASE,
)
"""Why somebody passes titles over: "without Jaws and Alien, seen them"."""
_STANDARD = re.compile(
    r"\b(?:(?:\w+er|more \w+|better|worse|more|less|rather) than|prefer\b[^.!?;]*\bto|before|after|beats?)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What another title is measured by: "I like Alien more than Aliens", "older than Casablanca"."""


def verdict_later(text: str, end: int, span: Span, spans: list[Span]) -> Stance | None:
    """A judgement of the title in the next clauses, by "it" or without a word for it: "… but I thought it was dumb"."""
    stop = min((s.start for s in spans if s.start >= span.end), default=len(text))
    return verdict_of_it(text[span.end : min(stop, span.end + 200)], stop < len(text))


def verdict_of_it(text: str, cut: bool = False) -> Stance | None:
    """The first judgement in ``text`` of what "it" stands for; ``cut`` says that its last clause is not whole."""
    text = _RUN_ON.sub(lambda m: f"{m[1].rstrip()}. ", text)
    for m in re.finditer(r"[^.!?;:\n]+", text):
        clause = without_suppositions(m[0])
        asked = text[m.end() : m.end() + 1] == "?" and not re.search(r"\b(?:i|we)\b", clause, re.IGNORECASE)
        if asked or (_WISH.search(clause) and not OF_IT.search(clause) and not judged_alone(clause)):
            continue
        if _EXPLAINS.search(clause) or _HEARD.search(clause):
            continue
        if re.search(r"\b(?:movies|films)\b[^.!?]*\b(?:them|they)\b", clause, re.IGNORECASE):
            continue  # "I'm not keen on animated movies, they bore me"
        last = clause.rsplit(",", 1)[-1]  # "saw it last night, hated every minute"
        if not OF_IT.search(clause) and not judged_alone(clause) and judged_alone(last):
            clause = last
        if cut and re.fullmatch(r"\s*:\s*", text[m.end() :]):
            continue  # the heading of the next list: "Disliked: …"
        whole = m.end() < len(text) or not cut
        if OF_IT.search(clause) or (whole and judged_alone(clause)):
            verdict = sentiment(clause)
            if verdict in ("liked", "disliked"):
                return verdict
    return None


def judged_alone(clause: str) -> bool:
    """Whether a clause judges without a word for what it judges: "hated it", "not my type", "wasn't a huge fan"."""
    alone = _ALONE.match(clause)
    if alone is None:
        return False
    rest = clause[alone.end() :]
    if _OTHER_OBJECT.search(clause):
        return False
    if alone[1].lower() in ("hated", "loved", "liked", "disliked", "enjoyed"):  # "hated 1900" judges something else
        return (
            re.fullmatch(
                rf"\W*(?:(?:{_PRONOUN}|every|minute|of|so|much|a|lot|really|too|though|tbh|lol|both|most|best|all|even|more|least)\b\W*)*",
                rest,
                re.IGNORECASE,
            )
            is not None
        )
    return len(rest.split()) <= 7


_SUPPOSED = re.compile(
    r"\b(?:(?:if|unless|when) (?:it|they|you|people|anyone|anybody|somebody|someone|he|she)|as long as|(?:can'?t|cannot|don'?t|do not) (?:remember|recall|know|say|tell) (?:if|whether))\b(?:(?!\s+and (?:i |we )?(?:really )?(?:disliked|hated|loved|liked|enjoyed|adored)\b)[^,.!?;])*",
    re.IGNORECASE,
)
"""What is only supposed: "as long as it isn't dull", "I couldn't blame anyone if they did not like it"."""


def without_suppositions(clause: str) -> str:
    """The clause, with no more than the first word of what it only supposes ("I hate when")."""
    return _SUPPOSED.sub(lambda m: m[0].split()[0], clause)


_ENDS = r"(?=\s*(?:$|[,.!?;:)]|(?:much|most|more|best|at all|very|all|either|so|but|and|because|when|as|really|too|a lot|though|that much|for|with|or|thanks?|the)\b))"
_PRONOUN = rf"(?:it|them|they|(?:that|this) (?:one|film|movie)|(?:that|this){_ENDS})"
OF_IT = re.compile(
    rf"\b(?:it|that|this|they|(?:that|this) (?:one|film|movie))(?:'s| (?:is|was|were|are|just|really|isn't|wasn't|weren't|did|does|didn't|doesn't|felt|feels|looks?|looked|seem(?:s|ed)|sound(?:s|ed)|bored|sucked|sucks|made (?:me|us)|blew|knocked|swept|stuck|put|left|let|had|has|kind of|kinda|totally|definitely|never)\b)"
    rf"|\b(?:lov(?:e|ed)|lik(?:e|ed|ek)|liek|hat(?:e|ed)|enjoy(?:ed)?|dislik(?:e|ed)|ador(?:e|ed)|stand|finish(?:ed)?|(?:every \w+|fans?) of|into|for|through|in|about|by|with|of|off|past|found|on|switched|turned|shut)\s+{_PRONOUN}\b(?!\s+(?:when|if|kind|sort|type|genre)\b)",
    re.IGNORECASE,
)
"""Clauses that judge what a pronoun stands for."""
_OTHER_OBJECT = re.compile(
    rf"\b(?:like|love|enjoy|care for|into|fans? of|keen on|fond of|stand|interested in)\s+(?!(?:{_PRONOUN}|those|these|much|so|really|at|very|too|all|any|either|though|tbh|lol|and|but|or|anymore)\b)\w",
    re.IGNORECASE,
)
"""Where something else is judged: "I don't care for tear jerkers"."""
_EXPLAINS = re.compile(
    r"\b(?:it|that)(?:'s| is|'s not| is not| isn't)(?: not| just| only)? that (?:i|we)\b", re.IGNORECASE
)
"""Where "it" stands for nothing: "it's not that I didn't like …"."""
_HEARD = re.compile(
    r"\b(?:(?:i|we)(?:'ve| have)? (?:\w+ )?heard|(?:they|people|everyone|everybody|critics|reviews) (?:\w+ )?sa(?:y|id))\b(?! (?:bad|awful|terrible)\b)",
    re.IGNORECASE,
)
"""What is only heard of a title: "but I've heard it's too long"."""
_WISH = re.compile(r"\b(?:something|anything|more|movies?|films?|what else|recommend|want)\b", re.IGNORECASE)
_ALONE = re.compile(
    r"^\W*(?:(?:and|but|though|although|yes|yeah|yep|no|nope|nah|oh|well|hmm?|sorry|actually|honestly|unfortunately|sadly|ah|ugh|ok|okay)\W+)*(?:(?:i(?:'ve| have)?\W+)?(?:already\W+)?(?:seen|saw|watched|tried)\W+(?:it|that|this|that one|this one)\W+(?:(?:and|but)\W+)?)?(?:i(?: have|'ve)?\W+)?(?:(?:was|am|'m|were|just|really|honestly|kinda|kind of|definitely)\W+)*"
    r"(hated|loved|liked|disliked|enjoyed|boring|bored|awful|terrible|horrible|sucked|overrated|meh|dull|disappointing|disappointed|let down|fell asleep|walked out|turned it off|not\b|wasn't|didn't|did not|was not|couldn't|could not|don't|do not|never (?:finished|got into|liked)|worst|best|great|amazing|loved|wonderful|brilliant|fantastic|excellent|superb|lovely|beautiful|hilarious|magnificent|marvell?ous|stunning|(?:a |pure )?masterpiece|dreadful|rubbish|garbage|trash|tedious|(?:one of )?my (?:\w+ )?favou?rites?|a favou?rite)",
    re.IGNORECASE,
)


_PREDICATE = re.compile(
    r"^[\s\"”'’:=–-]*(?:\(\d{4}\)\W*)?(?:(?:it|that|this) )?(?:is|was|were|are|isn't|wasn't|weren't|aren't|isnt|wasnt|'s|looks?|looked|seem(?:s|ed)|sound(?:s|ed)|felt|bored|left|let|put|sent|did|didn't|does|doesn't|gave|made|blew|knocked|never|just|and i (?:was|wasn't|am|'m)|but i)\b",
    re.IGNORECASE,
)


def _subject(after: str) -> Stance | None:
    """The judgement in what follows a title that is its subject: "was great", "wasn't all that good", ": boring"."""
    if lexicon.NEUTRAL_AFTER.match(after) and not re.search(r"\bbut\b", after, re.IGNORECASE):
        return "seen"
    if lexicon.DISLIKED_AFTER.match(after):
        return "disliked"
    if _PREDICATE.match(after):
        return sentiment(
            re.split(
                r"\b(?:i|we)(?:'\w+)?\s+(?!think|thought|found|was|wasn't|am)\w", after, maxsplit=1, flags=re.IGNORECASE
            )[0]
        )
    return "liked" if lexicon.LIKED_AFTER.match(after) else None


def _against(before: str) -> bool:
    """Whether praise is turned round by what precedes it."""
    return bool(NEGATED.search(before) or re.search(r"\bleast\s*$", before, re.IGNORECASE))


def _said_next(text: str, span: Span, end: int, spans: list[Span]) -> str:
    """What follows a title in its sentence; up to the end of its clause where another title follows in the sentence."""
    sentence = re.match(r"[^.!?;\n]*", text[span.end :])
    stop = span.end + (sentence.end() if sentence else 0)
    following = [s.start for s in spans if span.end <= s.start < stop]
    return text[span.end : min(end, *following) if following else stop]


def _own(before: str, others: list[tuple[int, int]]) -> str:
    """What precedes a title, without earlier sentences that run on: "haven't seen A I did love" B."""
    gap = max((b for _, b in others if b <= len(before)), default=0)
    starts = [m.end(1) for m in _RUN_ON.finditer(before)] + [m.start() for m in _WILL.finditer(before)]
    if fresh := re.match(r"\s+(?=(?:i|we)(?:'\w+)?\s)", before[gap:], re.IGNORECASE) if gap else None:
        starts.append(gap + fresh.end())
    return before[max(starts, default=0) :]


_SEEN_ONLY = re.compile(
    r"(?:\s*\(\d{4}\))?\W+(?:(?:i|we)(?:'ve| have)?\s+)?(?:already\s+)?(?:saw|seen|watched)\b[^.!?]*\b(?:no (?:real |strong )?opinion|not sure what (?:i|to) th|can'?t say (?:if|whether))"
    r"|\W*(?:though|please)\W+(?:(?:i|we)(?:'ve| have)?\s+)?(?:already\s+)?(?:saw|seen|watched) (?:it|that)\b",
    re.IGNORECASE,
)
"""What follows a title that was seen, and no more: "I saw too, no opinion", "not Seven though, seen it"."""
_RUN_ON = re.compile(
    r"(\b(?:have not|haven't|did not|didn't|not yet|yes|yeah|yep|no|nope|sure)\s+)(?=(?:i|we)(?:'\w+)?\s)",
    re.IGNORECASE,
)
"""Where a short answer ends and the next sentence begins without a mark."""
_WILL = re.compile(
    r"(?<=[a-z] )(?:I'll|I will|I might|I may)\b(?= (?:\w+ )?(?:check|watch|try|look|give|see)\b)", re.IGNORECASE
)
"""Where what somebody means to do begins: "I'm not into subtitles I'll check out Carol"."""


def _squeezed(text: str) -> str:
    """Runs of spaces as one: patterns with several optional spaces would try every way to share a long run out."""
    return re.sub(r"\s+", " ", text)


def _listed_to(span: Span, spans: list[Span], text: str) -> int:
    """Where the list ends that a title begins or goes on."""
    end = span.end
    for other in spans:
        if other.start >= end and re.fullmatch(r"\s*(?:,|&|,?\s*and|,?\s*or)\s*", text[end : other.start]):
            end = other.end
    return end


def _next_title(span: Span, spans: list[Span], end: int) -> int:
    return min((other.start for other in spans if other.start >= span.end), default=end)


def _next(others: list[tuple[int, int]], end: int) -> int:
    """Where the next title starts, or far away."""
    return min((a for a, _ in others if a >= end), default=10**6)
