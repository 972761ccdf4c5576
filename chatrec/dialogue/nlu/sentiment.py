"""Whether words speak well or ill of what they are about.

A small lexicon with negation and contrast, in the manner of rule-based sentiment analysis (Taboada et al., 2011): a praised
word that is negated blames, a blamed one that is negated is neutral, and what follows "but" weighs more than what precedes it.
"""

import re

from chatrec.dialogue.nlu.reading import Stance

_FILLER = r"(?:really|actually|even|quite|all|that|so|very|too|much|particularly|exactly|overly|terribly|especially|ever|a|an|the|at|my|our|(?:think|thought|believe|feel|felt|say)(?: that)?(?: (?:i|we|it|they))?|find|found|it|them|this|those|these|would|woudl|will|'d|was|is|were|are|be|been|being|get|going to|gonna|to|as|nearly|super|big|huge|personally|honestly|one of|any|consider|both|either|of|quite|look|looked|seem|seemed|sound|entirely|totally|completely)"
_NEGATOR = r"(?:\b(?:not|never|no|nor|hardly|barely|cannot|cant|wasnt|isnt|arent|werent|wont|didnt|dont|doesnt|couldnt|wouldnt|nothing)\b|n't\b)"
NEGATED = re.compile(
    rf"(?<!who does)(?<!who did){_NEGATOR}(?!\s+(?:only|just|sure)\b)(?:\s+{_FILLER}){{0,5}}\s*$", re.IGNORECASE
)
"""What stands before a word that is negated: only fillers lie between the two."""

_PRAISE = re.compile(
    r"\b(?:lov(?:e|ed|es|ing)|luv(?:ed)?|liked|enjoy(?:ed|s|able)?|ador(?:e|ed)|appreciat(?:e|ed)|fan(?:s)? of|fond of|keen on|crazy about|wild about|thrilled|impress(?:ed|ive)|interest(?:ed|ing) in"
    r"|great|good|amazing|awesome|fantastic|brilliant|better|excellent|wonderful|perfect|superb|favou?rites?|masterpiece|terrific|incredible|lovely|beautiful|fun|funny|hilarious|classics?|blast|outstanding|guilty pleasure|pure gold|a gem|bangers?|genius|delightful|entertaining|interesting|cute|cool|solid|gripping|touching|worth (?:it|watching|seeing)|(?:blew|blown) (?:me|us) away|blew my mind|knocked my socks off|swept me away|edge of my seat|a joy|a treat|a delight|couldn't stop (?:watching|laughing)|stuck with me|(?:scary|creepy|dark) in a good way|best)\b"
    r"|\b(?:i|we|they|really|also|do|did|don't|didn't|doesn't|not|never|wouldn't|actually|ever|definitely|absolutely|always|still|personally|quite|even|honestly|much|exactly|would|woudl|could) (?P<like>likes?|liek|likek)\b",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(?:hat(?:e|ed|es|ing)(?! (?:when|that (?!most|one|too|film|movie|even)|to|how)\b)|dislik(?:e|ed|es)|detest(?:ed|s)?|loath(?:e|ed|es)|despis(?:e|ed|es)|(?:can't|cannot|couldn't|could not) (?:stand|bear|abide)|regret(?:ted)?"
    r"|bor(?:ed|ing)|a bore|a snooze|bad|awful|terrible|horrible|horrendous|dreadful|atrocious|dull|overrated|over rated|overhyped|rubbish|stupid|dumb|trash|garbage|crap|crappy|worst|worse|dis{1,2}ap{1,2}oint(?:ed|ing|ment|s)|annoy(?:ed|ing)|suck(?:s|ed)?|tedious|let ?down|let me down|waste(?: of)?|lame|meh|cringe\w*|unwatchable|a mess|a flop|ridiculous|pointless|sick of|tired of|fed up with|put (?:me|us) off|underwhelm(?:ed|ing)|left me cold|made me sick|gave me nightmares|(?:did|does) nothing for (?:me|us)|bored me|least favou?rites?"
    r"|walked out|turned it off|switched it off|gave up on|stopped watching|fell asleep|(?:put|sent) (?:me|us|him|her|them) to sleep|expected (?:more|better)|could(?: have|'ve) been better|no good)\b"
    r"|(?:\b(?:not|never|hardly|no)|n't)\b(?: (?:too|really|actually|quite|exactly|even|particularly|at|all|that|so|just|entirely|ever|much|too|be|was|is)){0,3} (?:(?:my|our) (?:\w+ )?(?:type|thing|cup|style|tastes?|kind|genre|jam|speed|bag)\b|for (?:me|us)\b|an? (?:\w+ ){0,2}fan\b|(?:big |huge |a |much of a |the biggest )*fans?\b|(?:too |much )*into\b|(?:get|see|understand) (?:it|the (?:appeal|hype|fuss|point))\b|get(?:ting)? into|finish(?:ed)?\b|get through|got through|make it through|made it through|sit through|get past|stay (?:focused|awake)|care (?:too much |much |at all )?for|(?:keep|hold) my (?:attention|interest)|do (?:it|anything|much) for (?:me|us)|work for (?:me|us)|grab me|live up|(?:enthuse|impress|wow|thrill|excite|amuse|convince|do it for) (?:me|us)\b|as (?:good|great|funny|scary|interesting|much) as (?:i|we|everyone|everybody|people|they|the hype)\w*)",
    re.IGNORECASE,
)
_WEAK_BLAME = re.compile(
    r"\b(?:too (?:long|slow|violent|scary|sad|silly|weird|much|dark|old|gory|cheesy|predictable|confusing|short|childish|depressing|young|mature|intense|heavy|complicated|graphic)|a bit\W{1,4}(?:too )?much|slow|weird|creepy|silly|confusing|predictable|cheesy|corny|unfunny)\b",
    re.IGNORECASE,
)
"""Faults that a film can have and be liked for all that: they count where nothing praises it."""
_FINE = re.compile(
    r"\b(?:so[- ]so|indifferent|in two minds|neither here nor there|ok|okay|alright|all right|average|nothing special|middling|decent|not (?:too |so |that |half )?bad|(?:don't|didn't|wouldn't) mind)\b",
    re.IGNORECASE,
)
_MILD = re.compile(
    r"(?:amazing|awesome|fantastic|brilliant|perfect|outstanding|incredible|favou?rites?|masterpiece|(?:good|great|funny|scary) as (?!i\b|we\b|every|people|they|the hype))\b|love\W*$",
    re.IGNORECASE,
)
"""Praise so high that who denies it may well have liked the film: "wasn't amazing", "not as good as the first"."""
_EXPECTS = r"\b(?:would|woudl|could|will|'ll|going to|gonna|looks?|sounds?|seems?)(?: (?:like|really|pretty|so|very|an?|be))*\s*$"
"""What someone hopes for is no verdict: "sounds good"."""
_CONTRAST = re.compile(r"\b(?:but|though|although|however|except|yet)\b", re.IGNORECASE)


_TAKES_LEAVE = re.compile(
    r"(?<!no )(?<=\w )(?:thanks?(?: you)?|thx) (?:for|so much|again)\b|\bhave a (?:great|good|nice|lovely) \w+",
    re.IGNORECASE,
)
"""What is said to the one who recommends, run on without a full stop."""


def sentiment(text: str) -> Stance | None:
    """``liked``, ``disliked``, ``seen`` for a judgement that is neither, None where nothing is judged."""
    text = _TAKES_LEAVE.split(text)[0]
    marks: list[tuple[int, Stance, bool]] = []
    fine = [m.span() for m in _FINE.finditer(text)]
    for m in _PRAISE.finditer(text):
        start = m.start("like") if m["like"] else m.start()
        negated = NEGATED.search(text[:start])
        wish = re.search(_EXPECTS, text[:start], re.IGNORECASE)
        mild = negated and _MILD.match(text[start:])
        if not _inside(m, fine) and (negated or not wish):
            marks.append((start, "seen" if mild else "disliked" if negated else "liked", True))
    for m in _BLAME.finditer(text):
        if not _inside(m, fine):
            marks.append((m.start(), "seen" if NEGATED.search(text[: m.start()]) else "disliked", True))
    marks += [(start, "seen", True) for start, _ in fine]
    for m in _WEAK_BLAME.finditer(text):
        marks.append((m.start(), "seen" if NEGATED.search(text[: m.start()]) else "disliked", False))
    if any(verdict == "liked" for _, verdict, _ in marks):
        marks = [mark for mark in marks if mark[2]]
    if not marks:
        return None
    if contrast := next(reversed(list(_CONTRAST.finditer(text))), None):
        marks = [mark for mark in marks if mark[0] > contrast.start()] or marks
    verdicts = [verdict for _, verdict, _ in sorted(marks)]
    if "disliked" in verdicts and "liked" in verdicts:
        return "seen"
    return next((verdict for verdict in ("disliked", "liked", "seen") if verdict in verdicts), None)


def _inside(found: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= found.start() and found.end() <= end for start, end in spans)
