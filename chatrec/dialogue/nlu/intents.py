"""What a person wants done, and what "it" and "the second one" mean."""

import re

from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import blank, bounds, clause_at, disliking, liking
from chatrec.dialogue.nlu.reading import Reading, Stance
from chatrec.dialogue.nlu.sentiment import sentiment
from chatrec.dialogue.nlu.stance import OF_IT, verdict_of_it, without_suppositions
from chatrec.dialogue.tracking.state import State

_NUMBER = {"one": 1, "a": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ORDINALS = {
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
_ORD = "|".join(ORDINALS)
_LED_BY_THANKS = re.compile(
    r"^\W*(?:(?:ok|okay|oh|wow|ah|yes|yeah|cool|hm+)\W+)*(?:(?:sounds?|looks?|that's|those are|they're|these are|all|very|really)\s+)*"
    r"(?:great|perfect|good|nice|cool|lovely|awesome|excellent|brilliant|wonderful|amazing|fantastic|super|fine|thanks?|thank you|cheers|thx)\b"
    r"(?:[\s,]+(?:thanks?(?: you)?|thx|cheers|ones?|choices?|ideas?|picks?|suggestions?|list|stuff|so much|a lot|then))*\s*[.!,;:–-]+\s+(?=\S)",
    re.IGNORECASE,
)
"""A nod before what is really said ("great, thanks! Now …"): it judges no item."""
_SIMILAR = re.compile(
    r"\bmore of (?:that|it|this)\b|\b(?:something|anything|stuff|others?|ones?|films?|movies?|more|what else is)\s+(?:(?:is|are|with|of|very|quite|that's|a|an|the|in)\s+)*(?:similar\b(?! to\b)|like (?:that|it|this)\b|same (?:kind|sort|idea|vein|style|spirit)|along (?:those|these|that) lines|(?:that|this|the same) (?:vein|spirit|style))",
    re.IGNORECASE,
)
_MORE_LIKE = re.compile(
    r"(?<!it's )(?<!is )(?<!was )\b(?:more|something|anything|similar|stuff|another)\b[^.!?]{0,20}\b(?:like|to|as)\b",
    re.IGNORECASE,
)

SMALL_TALK: dict[str, str] = {
    "wellbeing": r"\bhow (?:are|r) (?:you|u)\b|\bhow(?:'s| is) it going\b|\bhow do you do\b|\bwhat'?s up\b|\bhow(?:'s| is) your day\b",
    "favourite": r"\b(?:what(?:'s| is| are)|which is|do you have a) (?:your )?(?:own )?(?:all[- ]time )?favou?rite\b|\byour favou?rite\b|\bwhat do you (?:like|love|watch|read)\b(?! about)|\bdo you (?:like|love|watch|enjoy) (?:films|movies|it|them|watching)\b",
    "joke": r"\btell (?:me|us) (?:a|another) (?:joke|story|riddle)\b|\b(?:say something funny|make me laugh)\b",
    "praise": r"\b(?:you(?:'re| are)|ur) (?:so |really |very |the |a )*(?:best|great|good|awesome|amazing|cool|nice|kind|smart|clever|funny|helpful|genius|star|legend|sweet|lovely)\b|\bi (?:love|like) you\b|^\W*(?:good|great|nice|well) (?:job|work|one|done|stuff)\W*$",
    "nod": r"^\W*(?:(?:oh|ah|ok|okay|hm+)\W+)?(?:nice|cool|great|wow|awesome|perfect|brilliant|lovely|haha+|lol|ha|sweet|excellent|good|fine|amazing|interesting|i see|got it|all right|alright|hm+|never mind)(?: (?:then|stuff|to know))?\W*$",
    "insult": r"\b(?:you(?:'re| are)|this is|that(?:'s| is| was)|you) (?:so |really |very |just |a |such a )*(?:useless|stupid|dumb|terrible|awful|rubbish|annoying|an idiot|idiot|suck|no help|not helpful|not very good|bad at this)\b|^\W*(?:bad|terrible|awful|useless|rubbish) (?:suggestions|recommendations|choices|picks|ideas)\W*$",
    "small": r"\bwhat(?:'s| is) the (?:weather|time|date|capital|meaning of life)\b|\bwhat (?:day|time) is it\b|\b(?:where|how old) (?:are|do) you\b|\bwho (?:made|built|created|programmed|wrote) you\b|\b(?:will you marry me|sing (?:me )?a song|do you (?:dream|sleep|eat))\b|\bwho (?:won|is the president|will win)\b|\bwhat(?:'s| is) \d+ ?[-+*/x] ?\d+",
    "bored": r"\b(?:i'm|i am|im|we're|we are) (?:so |really |a bit |very )?bored(?! (?:by|with|of))\b",
}
"""Talk about nothing in particular, each answered in one line."""

QUESTION = r"(?:^|[.!?,]\s*)\W*(?:and |so |but |ok |okay )*(?:where|when|who|how|what|which|did|does|has|is|was|can|could|do (?:you know|they))\b(?! it be\b)[^.!?]*(?<! in )\b(?:it|that one|this one)\b(?! (?:going|like (?:out|there)))[^.!]*\?"
"""A question about an item that is called "it"."""
_FROM_WHEN = (
    r"^\W*(?:(?:and|so|ok|but|worth a try)\W+)*(?:(?:it|that|this)(?:'s| is| was) (?:from|made|by) (?:when|what year|which year|whom?|what)\b"
    r"|(?:from (?:which|what) year|how (?:violent|scary|long|old|gory)|(?:in |is it )?(?:black and white or (?:in )?colou?r|colou?r or black and white|in colou?r))\b[^.!?]*\?)"
)
"""A fact asked for, of what was talked of last: "and it's from when?", "how violent?"."""

_WITHDRAWS = re.compile(
    r"\b(?:forget|ignore|disregard|delete|remove|drop|scratch|take back)\b[^.!?]*\b(?:that )?(?:i|we) (?:ever |really )?(?:said|like[ds]?|love[ds]?|enjoyed|hate[ds]?|dislike[ds]?|saw|(?:have |'ve )?seen|mentioned)\b"
    r"|\b(?:delete|remove|take|drop|strike)\b[^.!?]* (?:from|off|out of) (?:my|the|your) (?:\w+ )?(?:likes|dislikes|list|profile|tastes?|memory|notes)\b"
    r"|\btake\b[^.!?]*\boff\b(?=\s*(?:again|then|please|[.,!?]|$))"
    r"|\bi (?:never|didn't|did not) (?:say|said|tell|told)\b[^.!?]*\b(?:i|we) (?:like[ds]?|love[ds]?|enjoy(?:ed)?|hate[ds]?|saw|(?:have |'ve )?seen)\b",
    re.IGNORECASE,
)
"""Ways of taking back what was said of a title."""

_COURTESY = re.compile(
    r"^\W*(?:(?:ok|okay|oh|wow|ah|yes|cool)\W+)*(?:(?:thanks?(?: you)?|thx|cheers|ty)(?: (?:so|very) much| a lot| again)?\W*"
    r"|(?:(?:that|this|it|they|these|those)(?:'?s| is|'?re| are| sounds?| looks?)?\W+)?(?:all |so |really |very |just |absolutely )*"
    r"(?:great|good|perfect|wonderful|awesome|excellent|amazing|brilliant|fantastic|lovely|helpful|nice|super|fine)"
    r"(?: (?:ones?|ideas?|picks?|suggestions?|list|choices?|stuff|work|job))?\W*)+$",
    re.IGNORECASE,
)
"""Thanks, with no more than praise beside them: said to the one who recommends, not about an item."""


_WHICH = re.compile(
    r"\bwhich (?:one |film |movie |of (?:the two|them|those|these) )?(?:is|was|came|has|would|should|do you|did)\b|\bwhich (?:one|of (?:the two|them))\W*$",
    re.IGNORECASE,
)
"""A choice between the items that were talked of last."""


_ABOUT_THEM = re.compile(
    r"\b(?:who|when)\b[^.!?]*\b(?:directed|made|from|stars?|in)\s+(?:them|those|these|both)\b[^.!]*\?", re.IGNORECASE
)
"""A fact of all that was named: "who directed them?"."""
_EACH_OF = re.compile(r"\b(?:each|both) of (?:them|those|these|the two)\b[^.!]*\?", re.IGNORECASE)
_OF_THE_CAST = re.compile(
    r"\bwho (?:is|was) behind the camera\b|\bwhose (?:film|movie) (?:is|was) (?:it|that)\b"
    r"|\b(?:who(?:'s| is)?|and) (?:in )?the (?:cast|director|actors)\W*\?|\bname (?:a couple|some|a few|two) of the (?:actors|cast)\b",
    re.IGNORECASE,
)
"""Facts asked for without a word for the item."""


_ON_REFLECTION = re.compile(
    r"\W*(?:(?:no|well|hm+|ok(?:ay)?|actually|sorry)\W+)*(?:(?:that|this)(?:'s| is| was)|i (?:was|am)|i'm)(?: being)?(?: a bit| a little| too)? (?:not fair|unfair|harsh|mean|wrong|too hard)\b",
    re.IGNORECASE,
)
"""What takes back how something was judged: "No, that's unfair. It was good really"."""


def courtesy(text: str, reading: Reading) -> bool:
    """Whether a message only thanks ("thanks, that's great")."""
    return "thanks" in reading.acts and not reading.mentions and bool(_COURTESY.match(text))


def read_acts(text: str, reading: Reading, titles: bool) -> None:
    """What is to be done: greet, recommend, more, why, compare, forget …; ``titles`` tells whether any was named."""
    patterns = {
        "greet": r"^\W*(?:hi|hello|hey|hiya|howdy|good (?:morning|evening|afternoon|day)|greetings|yo)\b",
        "thanks": r"\b(?:thanks|thank you|thx|cheers|ty|ta(?=\W*$)|much appreciated)\b",
        "bye": r"\b(?:bye+|goodbye|see you|good night|farewell|night night|nodding off|off to bed|that's all|thats all|that(?:'ll| will) be (?:all|it)|i'm done|im done)(?! with)\b",
        "more": r"\b(?:more(?:,? please| of (?:these|those|the same|them))?\W*$|(?:show|give|tell|got|any|some|few|couple|have you)(?: me)?(?: any| some)? more\b(?! (?:about|info))|another(?: one)?\b|others\b|(?:anything|something|what) else|next\b(?! (?:to|week|year|time))|keep (?:going|them coming)|different ones|other (?:suggestions|options|ideas|recommendations|ones|films|movies)|try again|new ones|more (?:ideas|suggestions|options|recommendations|films|movies|like (?:that|those|these|this)))",
        "why": r"\bwhy\b(?! not\b)|\bhow come\b|\bon what grounds\b|\bwhat ma(?:kes|de) you\b|\bhow did you (?:come up|choose|pick)\b|\breason for\b|\bexplain\b",
        "compare": r"\b(?:compare|can't decide|torn between|difference between|which (?:one )?(?:is|of|should|would)|better:? |\bor\b.*\bwhich\b|versus|vs\.?)\b",
        "profile": r"\bwhat do you (?:know|remember) about (?:me|us|my tastes?)\b|\b(?:which|what) (?:films?|movies?|ones?|books?|titles?) (?:did|have) (?:i|we) (?:tell|told|say|said|mention|name)|\b(?:what|which|how many)\b[^.!?]*\b(?:did|have|has) (?:i|we)\b[^.!?]*\b(?:sa(?:y|id)|tell|told|mention(?:ed)?|enjoy(?:ed)?|liked?|loved?|hated?|disliked?|complain(?:ed)?|walk(?:ed)? out|switch(?:ed)? off|named?)\b|\bwhich (?:films?|movies?|ones?) (?:i|we) (?:say|said|like|liked)\b|\b(?:remind me|remember|recall|repeat|tell me again|say again) (?:of )?(?:what|which) (?:\w+ )?(?:i|we)(?:'ve| have)? (?:said|told|liked|like|mentioned|wanted)|\bmy (?:profile|tastes?|likes)\b\??$|\bwhat (?:have|did) (?:i|you) (?:told|tell|said|say|learned?|noted?)\b|\bwhat(?: films?| movies?)? do i like\b|\bsummar\w+ (?:my|what)\b|\bread (?:me |it |that )*back\b|\bwhat you(?:'ve| have)? (?:have|got|know|remember|noted) (?:on|about|down for) me\b|\bmy taste is\b|\b(?:list|show me|read out|tell me)\b[^.!?]*\bmy (?:likes|dislikes|tastes?|list)\b|\bnoted (?:down )?(?:as|about|for) (?:my|me)\b",
        "reset": r"\b(?:start over|start again|forget (?:all|everything|it all|what i (?:said|wanted))(?! about)|reset|clear (?:all|everything)|never ?mind (?:all )?(?:that|the (?:genre|years?))|from scratch)\b",
        "retract": r"\b(?:forget|scratch|ignore|disregard|undo|cancel|strike) (?:that(?! (?:i|we)\b)|it|this|what i just said|my last (?:message|wish|request))\b(?! (?:one|film|movie|book|game|about))|\btake (?:that|it) back\b(?! about)",
        "help": r"\b(?:what can you do|how does this work|how do (?:you|i)|who are you|what are you|help(?: me)?$|are you (?:a |an )?(?:bot|robot|human|ai|real))\b",
        "recommend": r"\b(?:recommend\w*|suggest\w*|give us|what would (?:be right|be good|suit|work)|(?:could|can|may) (?:i|we) (?:have|get)|what should (?:i|we)|what(?:'s| is)? (?:to|now|next|(?:can|could|would|do|should|shall) (?:i|you|we)) (?:\w+ )?(?:watch|read|play|see|recommend|suggest|have|pick|choose|try|go for|put on)|looking for|i want|i'd like|id like|i need|give me|show me|find me|find something|in the mood|i feel like|feel like|pick (?:me |us )?|a (?:good )?(?:movie|film)\b|how about|what about|(?:movie|film|date) night|any (?:good|ideas|suggestions|recommendations)|got any|do you have|can you|could you|let's (?:watch|try)|something|anything|surprise me|tonight|ideas\b|no (?:real |particular |strong )?preferences?|(?:you (?:choose|decide|pick|tell me)|up to you|dealer'?s choice|your (?:choice|call|pick))|go ahead|whatever|either(?: one)?(?: is| would be)? fine|don'?t (?:really )?(?:care|mind)\b|(?:doesn'?t|does not) matter|not (?:fussy|picky|bothered)|nothing (?:else )?(?:special|specific|particular|in particular|comes to mind)|(?:no idea|not sure|dunno|i don'?t know)|i'?m (?:easy|open)|open to anything|anything is fine)",
    }
    for act, pattern in (patterns | SMALL_TALK).items():
        if re.search(pattern, text.strip(), re.IGNORECASE):
            reading.acts.add(act)
    if re.search(r"^\W*(?:yes|yeah|yep|sure|ok|okay|please|go on|yes please)\b\W*$", text, re.IGNORECASE):
        reading.acts.add("yes")
    if re.search(
        r"^\W*(?:(?:no|nope|nah|neither|none|pass|not really|no thanks?|sorry|next)\b(?: of (?:them|these|those|the two))?\W*)+(?:please|appeals?(?: to me)?|for me|really)?\W*$|\b(?:none|neither) of (?:them|these|those)\b",
        text,
        re.IGNORECASE,
    ):
        reading.acts.add("no")
    if taken_back := _WITHDRAWS.search(text):
        for mention in reading.mentions:
            if re.search(r"[,;.!]", text[taken_back.end() : mention.start]):
                continue  # "I take back what I said about him, Ghost was lovely"
            mention.stance = verdict_of_it(text[max(taken_back.end(), mention.end) :]) or "withdrawn"
    if (
        reading.acts & {"compare"}
        and not titles
        and not re.search(r"\b(?:compare|difference|versus|vs|which)\b", text, re.IGNORECASE)
    ):
        reading.acts.discard("compare")


def read_references(text: str, state: State, reading: Reading, rows_of: dict[str, int]) -> None:
    """ "the second one", "that one", "both", "the first two", "it": items shown last, or in focus."""
    slate = state.shown[-1] if state.shown else []
    rows = [rows_of[item] for item in slate if item in rows_of]
    named = [m.row for m in reading.mentions]
    if len(named) >= 2:  # "I've seen Alien, Aliens and Alien 3. Loved the second one"
        rows = named
    elif (
        len(state.focus) >= 2
        and re.search(
            r"\b(?:i|we) (?:named|mentioned|said|asked about)\b|\bof the (?:two|three)\b|\bof (?:those|them)\b",
            text,
            re.IGNORECASE,
        )
    ) or (len(state.focus) >= 2 and not set(state.focus) & set(slate)):
        rows = [rows_of[item] for item in state.focus if item in rows_of]
    text = _SOUGHT_IN_IT.sub(lambda m: " " * len(m[0]), text)
    said_before = state.heard[-1] if state.heard else ""
    pending = [rows_of[item] for item in state.just_named if item in rows_of]
    known = {*state.liked, *state.disliked}
    if not named and len(pending) >= 2 and not known.issuperset(state.just_named) and sentiment(text):
        rows = pending  # "I rented Twister and The Piano." "The second one bored me"
    text = re.sub(
        r"\b(?:which|what)(?: one| film| movie)?(?:'s| is| was) (?:that|it)(?: called\b|\W*$)",
        lambda m: " " * len(m[0]),
        text,
    )  # the one that was just told of
    text = _LED_BY_THANKS.sub(lambda m: " " * len(m[0]), text)
    if _ON_REFLECTION.match(text) and len(pending) == 1 and not named and (verdict := verdict_of_it(text)):
        reading.referred.append((pending[0], verdict))
        return
    focus = [rows_of[item] for item in state.focus if item in rows_of]
    if len(pending) >= 2 and not named and _ABOUT_THEM.search(text):
        reading.referred += [(row, "asked") for row in pending[:3]]
        return
    if len(focus) >= 2 and not named and _EACH_OF.search(text):
        reading.referred += [(row, "asked") for row in focus[:2]]
        return
    if (
        focus
        and not named
        and re.match(r"\W*(?:(?:the )?same (?:director|cast|actors?)\b)[^.!]*\?", text, re.IGNORECASE)
    ):
        reading.referred += [(row, "asked") for row in focus]
        return
    if len(focus) >= 2 and not named and _WHICH.search(text):
        reading.acts.add("compare")
        reading.referred += [(row, "asked") for row in focus]
        return
    slate_rows = tuple(rows_of[item] for item in slate if item in rows_of)
    if (
        slate_rows
        and not reading.referred
        and re.search(
            r"\b(?:one|any|which|some|two|either|something|anything)\s+(?:one\s+)?(?:of|among|from|out of)\s+(?:those|these|them)\b(?=\s+(?:\w+ )*(?:that|which|with|is|are|was|has|have|from|by|before|after|\w+er\b))",
            text,
            re.IGNORECASE,
        )
    ):
        reading.among, reading.refines = slate_rows, True
        return
    referred: list[tuple[int, int]] = []
    if rows:
        for m in re.finditer(rf"\b(?:the |your )?(first|last) (two|three|2|3|couple)\b", text, re.IGNORECASE):  # noqa: F541
            count = int(m[2]) if m[2].isdigit() else _NUMBER[m[2].lower()]
            chosen = rows[:count] if m[1].lower() == "first" else rows[-count:]
            referred += [(m.start(), row) for row in chosen]
            text = blank(text, [(m.start(), m.end())])
        for m in re.finditer(
            rf"\b(?:the |number |#)?({_ORD})(?: (?:one|film|movie|book|game|suggestion|recommendation|pick|option|title))?\b(?! (?:time|of all|half|date|love))(?!(?<!one)(?<!film)(?<!movie)(?<!book)(?<!game)(?<!suggestion)(?<!recommendation)(?<!pick)(?<!option)(?<!title)\s+(?!(?:and|or|but|is|was|looks?|sounds?|seems?|please|then|though|with|by|you|i|has|again|instead|about|from|in|for|to|too|of|on|was|doesn't|isn't|bored|sucked|again|already|if|because)\b)[a-z])|(?:\bnumber|\bno\.|#) ?([1-6])\b",
            text,
            re.IGNORECASE,
        ):
            if (
                m[1]
                and not re.search(r"\bthe\b|\bone\b|\bfilm\b|\bmovie\b|\bnumber\b", m[0], re.IGNORECASE)
                and m[1].lower() in ("first", "last", "second")
            ):
                continue
            place = ORDINALS[m[1].lower()] if m[1] else int(m[2]) - 1
            if -1 <= place < len(rows):
                referred.append((m.start(), rows[place]))
        if hit := re.search(r"\b(?:but|just) not (?:any of )?the (?:others?|rest)\b", text, re.IGNORECASE):
            reading.referred += [(row, "disliked") for row in slate_rows if row not in named]
            text = blank(text, [hit.span()])
        told = min(
            (m.end for m in reading.mentions), default=len(text)
        )  # "Heat and … were both great": not of the slate
        if hit := re.search(
            r"(?<!we )(?<!us )(?<!you )\b(?:both(?! (?:enjoy|like|love|want|of us))|all of (?:them|these|those)|all three|(?<!so none of )(?:these|those)|(?<!of )them all|seen them|(?<!so )none of (?:them|these|those))\b",
            text,
            re.IGNORECASE,
        ):
            referred += [(hit.start(), row) for row in rows if len(named) >= 2 or hit.start() < told]
    other = re.search(r"\bthe other (?:one|film|movie)\b", text, re.IGNORECASE)
    pair = [rows_of[item] for item in state.named[-2:] if item in rows_of]
    if other and not referred and not named and len(pair) == 2 and focus[:1] and focus[0] in pair:
        referred.append(
            (other.start(), pair[pair[0] == focus[0]])
        )  # of the two that were named, not the one just talked of
    if reading.referred:  # pointed at already: "the middle one"
        rows = focus = []
    if not referred and (focus or rows) and (verdict := _answer(text, reading, len(focus or rows) == 1)):
        reading.referred.append(((focus or rows)[0], verdict))
        return
    head = text[
        : _answer_ends(text, reading)
    ]  # "yes, it was awful. I loved Fargo": "it" is none of the titles after it
    if not referred and (focus or rows) and head.strip():
        target = focus[:1] or rows[:1]
        if len(pending) == 1 and not {*known, *state.seen} & {*state.just_named}:
            target = pending  # "Brazil is one I still have to see." "Who's in it?"
        elif len(pending) == 1 and len(slate_rows) > 1 and _ASKS_WHO.search(head) and not _SEEKS.search(said_before):
            target = pending  # "that" is none of three cards, but the one title that was named
        judged = r"(?:seen|saw|watched|love[ds]?|like[ds]?|hate[ds]?|enjoyed|disliked|know|about|directed|is|was|with|not|than|why|of|stand|like|in)"
        hit = re.search(
            rf"\b{judged}\b[^.!?]*?(?<!not )\b(it|that(?: one| film| movie)?|this(?: one| film| movie)?)\b(?! (?:kind|sort|type|genre|would|doesn|is all|are|where|in which|whose))(?!(?:'s| is) (?:not|just|only) that\b)|^\W*(?:(?:why|lol|haha|oh|ok|ah|hm+|no|yes|and|but)\W+)*(?:that|this) one\b|\b(?:that|this) (?:one|film|movie)\b(?! (?:where|in which|whose))|\bnot (?:that|this)\b|\bwho(?:'s| is| was|'re| are| were| plays| played)? the (?:lead |main )?(?:actors?|actress(?:es)?|director|stars?|lead|cast)\b(?!\s+(?:of|in)\s+\S)|\bwhat's it about\b|{_OF_THE_CAST.pattern}|\bis it\b|^\W*(?:already )?seen it\b|\bwho (?:made|directed|wrote) it\b|^\W*(?:and )?who(?:'s| is| was|se)?\b[^?.!]*\b(?:it|that)\b|\bin it\b|{_FROM_WHEN}|{QUESTION}",
            head,
            re.IGNORECASE,
        )
        if hit:
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
    if not referred and not named and focus and focus[0] not in slate_rows and _SIMILAR.search(text):
        referred.append((0, focus[0]))  # "more of that", after talk of one item
        reading.acts.add("similar")
    if referred and not named and _SIMILAR.search(text):
        reading.acts.add("similar")  # "the first one. what else is similar?"
    seen = {mention.row for mention in reading.mentions if mention.stance == "seen"}
    for position, row in dict.fromkeys(referred):
        if not (row in seen and _LEFT_OUT.search(text)):
            reading.referred.append((row, reference_stance(text, position, reading)))


_ASKS_WHO = re.compile(r"\b(?:who|when|what year|directed|what(?:'s| is) (?:it|that) about)\b", re.IGNORECASE)
_SEEKS = re.compile(
    r"\?|\b(?:any|some|more|another|others?|recommend\w*|suggest\w*|something|anything|give|show|want|need|films?|movies?|like that)\b",
    re.IGNORECASE,
)
_SOUGHT_IN_IT = re.compile(
    r"\b(?:which|what|any|an?|some|another|one|something|anything)\s+(?:[\w-]+\s+){0,3}?(?:films?|movies?|one|with|that has)\b[^.!?]*\bin it\b",
    re.IGNORECASE,
)
"""Where "it" is what is sought: "which Bond film has Michelle Yeoh in it?"."""
_LEFT_OUT = re.compile(r"(?:[,.;!]|\b(?:so|but|and|please))\s+not (?:those|these|that one|them)\b", re.IGNORECASE)
"""What is seen and not wanted again, which is no verdict: "we've seen Jaws and Alien, so not those"."""


def _answer(text: str, reading: Reading, single: bool) -> Stance | None:
    """What a message says, before its first title, about what was talked of: "yes, it was awful. I loved …".

    A judgement without a word for what it judges counts where a ``single`` item is talked of.
    """
    first = min((m.start for m in reading.mentions), default=len(text))
    before = text[:first]
    if _MORE_LIKE.search(before) or not (single or OF_IT.search(before)):
        return None
    return verdict_of_it(before, cut=first < len(text))


def _answer_ends(text: str, reading: Reading) -> int:
    """Where the part of a message ends that answers what was said before: at the clause of its first title."""
    first = min((m.start for m in reading.mentions), default=len(text))
    return bounds(text, first)[0] if first < len(text) else len(text)


def reference_stance(text: str, position: int, reading: Reading) -> Stance:
    """What is said of an item that a reference at ``position`` means; notes the act of asking for similar ones."""
    more_like = _MORE_LIKE.search(text)
    stance: Stance = "mentioned"
    clause = without_suppositions(clause_at(text, position))
    unseen = re.search(
        r"\b(?:haven't|havent|not|never) (?:\w+ )?(?:seen|watched|saw)\b|\bi haven't\b|\bi have not\b",
        clause,
        re.IGNORECASE,
    )
    if re.search(r"\bn[o']t (?:that|this|the|those|these)\b", clause, re.IGNORECASE) or re.search(
        r"\bnone of\b", clause, re.IGNORECASE
    ):
        stance = "disliked"
    elif lexicon.SEEN.search(clause) and not unseen:
        stance = "seen"
    good = lexicon.GOOD.search(clause)
    praised = good and not re.search(
        r"\b(?:looks?|sounds?|seems?)\s+(?:\w+\s+)?$|\b(?:n't|not|no|never|wasn't|isn't)\b[^,]{0,14}$",
        clause[: good.start()],
        re.IGNORECASE,
    )
    statement = not re.match(r"[^.!?]*\?", text[position:]) and not re.search(
        r"\b(?:recommend|something|anything|more|show|give|want)\b", clause, re.IGNORECASE
    )
    if disliking(clause) or (statement and (lexicon.BAD.search(clause) or sentiment(clause) == "disliked")):
        stance = "disliked"
    elif (statement and praised) or (
        liking(clause)
        and not unseen
        and not (more_like and not re.search(r"\b(?:i|we) (?:\w+ )?(?:loved?|liked?|enjoyed)\b", clause, re.IGNORECASE))
    ):
        stance = "liked"
    if stance in ("seen", "mentioned") and statement:  # "I've seen the second one but I didn't like it"
        stance = verdict_of_it(text[bounds(text, position)[1] :]) or stance
    if reading.acts & {"why"} or (
        re.search(
            r"\b(?:about|directed|who|who's|when|where|(?:what|which) year|how long|how scary|how violent)\b|^\W*(?:is|was|does|are) (?:it|that|this|the)\b",
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
    if stance == "mentioned" and (_OF_THE_CAST.search(text) or re.match(_FROM_WHEN, text, re.IGNORECASE)):
        stance = "asked"
    if stance == "mentioned" and not more_like and re.search(QUESTION, text, re.IGNORECASE):
        stance = "asked"
    if stance == "mentioned" and more_like:
        reading.acts.add("similar")
    return stance
