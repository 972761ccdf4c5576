"""Series: whole ones that are judged or asked for, and their parts in order."""

import re

from chatrec.catalogue.items import title_key
from chatrec.dialogue.nlg.answers import FIRST_OF
from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import clause_at, disliking, liking
from chatrec.dialogue.nlu.intents import ORDINALS
from chatrec.dialogue.nlu.reading import Mention, Reading, Stance
from chatrec.dialogue.nlu.stance import WITHOUT, stance_of
from chatrec.dialogue.tracking.state import State
from chatrec.linking.title_keys import Span
from chatrec.linking.titles import TitleLinker

REQUEST = re.compile(
    r"\b(?:(?:could|can|may) (?:i|we) (?:have|get|see)|(?:i|we)(?:'d| would) (?:like|love) to (?:see|watch)|(?:i|we) want to (?:see|watch)|which (?:ones|of them) (?:do|have) you|recommend|suggest|something|anything|show me|find me|find us|give me|looking for|another|more|other)\b",
    re.IGNORECASE,
)
"""Where something is asked for, and not only judged."""
_LEFT_OUT = re.compile(
    r"\b(?:skip|without|no|not|no more|leave|avoid|besides|other than)\s+(?:the |all the |any )?$", re.IGNORECASE
)

_KNOWN_WELL = re.compile(
    r"\s*(?:trilogy|films?|movies?|series|ones)?\s*(?:i|we)(?:'ve| have)? (?:all )?(?:know|seen|watched)\b",
    re.IGNORECASE,
)
"""What is said of a series that somebody does not want, or has seen."""

_WHICH_PART = re.compile(
    r"\W*(?:(?:and|so|then)\W+)*(?:(?:which|what)(?: one| film| movie| part)?(?: is| was|'s| comes| came)?(?: the)?|the)\s+"
    r"(?P<place>first|second|third|fourth|last|next)(?: one| part| film| movie)?\W*$",
    re.IGNORECASE,
)

_ONE_MORE = re.compile(
    r"\W*(?:(?:and|so|but|wait|oh)\W+)*(?:isn't there|is there|there's|there is)(?: also)? an? (?P<place>second|third|fourth)"
    r"(?: one| part| film| movie)?\b",
    re.IGNORECASE,
)
"""What is said to be there of a series: "there's a fourth one, isn't there?"."""


_PART = re.compile(
    r"\bthe (?P<place>sequel|one after(?= (?:it|that|this)\b)|(?:first|second|third|fourth|last|next)(?= (?:part|instalment)\b))",
    re.IGNORECASE,
)
"""A part of a series that is asked about: "what's the sequel called?", "when was the second part made?"."""


def read_series(
    text: str, reading: Reading, spans: list[Span], near: list[int], linker: TitleLinker
) -> list[tuple[int, int]]:
    """Whole series: judged ("seen all the Star Wars films") or asked for ("other Star Trek films", "the other two").

    Returns:
        the stretches that name them.
    """
    stretches = []
    for start, end, key in linker.series_names(text):
        if any(span.start < end and start < span.end for span in spans):
            continue  # "the second Terminator film" is one of them
        places = linker.series[key]
        rows = tuple(places[place] for place in sorted(places))
        stretches.append((start, end))
        span = Span(start, end, rows)
        stance, _ = stance_of(text, span, [*spans, span])
        clause = clause_at(text, start)
        if FIRST_OF.search(text) or (
            re.match(r"\W*(?:who|when|what|how)\b[^.!]*$", text, re.IGNORECASE) and not lexicon.SEEN.search(clause)
        ):
            reading.mentions.append(Mention(rows[0], "asked", start, end))  # "who directed the Godfather films?"
        elif _LEFT_OUT.search(text[:start]) or _KNOWN_WELL.match(text[end:]):
            left: Stance = "seen" if _KNOWN_WELL.match(text[end:]) else "mentioned"
            known = {m.row for m in reading.mentions}
            reading.mentions += [Mention(row, left, start, end) for row in rows if row not in known]
        elif REQUEST.search(clause) or not (lexicon.SEEN.search(clause) or liking(clause) or disliking(clause)):
            reading.series = rows
        else:
            known = {m.row for m in reading.mentions}
            reading.mentions += [Mention(row, stance, start, end) for row in rows if row not in known]
    other = re.search(
        r"\bthe other (?:two|three|ones|films?|parts?|movies?)\b|\bthe rest of (?:the|that) (?:series|trilogy)\b|\bothers? (?:films? |parts? |movies? |ones? )?(?:of|in|from) (?:the|that|this) (?:series|trilogy|saga)\b",
        text,
        re.IGNORECASE,
    )
    series = next((s for row in near if (s := linker.catalogue[row].series)), None)
    if other and series and not reading.series and not reading.mentions:
        places = linker.series[title_key(series[0])]
        reading.series = tuple(places[place] for place in sorted(places))
    return stretches


def read_order(text: str, state: State, reading: Reading, linker: TitleLinker) -> bool:
    """ "which comes second?", "which do I watch first?": a part of the series that is talked of; whether one was found."""
    row = linker.catalogue.row
    focus = next((item for item in state.focus if item in row), None)
    shown = focus in (state.shown[-1] if state.shown else [])
    more = _ONE_MORE.match(text)
    talked = [focus] if focus and not (shown and more) else []  # "there's a fourth" goes on what was named, not shown
    part = _PART.search(text) if re.search(r"\?|\bcalled\b", text) else None
    meant = state.just_named if part and len(state.just_named) == 1 else []  # "Speed was great", cards, "the sequel?"
    about = [item for item in (*meant, *talked, *reversed(state.named if more else [])) if item in row]
    series = next((own for item in about if (own := linker.catalogue.by_id(item).series)), None)
    if (
        series is None
        and part
        and part["place"].lower() == "sequel"
        and about
        and not (reading.mentions or reading.referred)
    ):
        reading.referred.append((row[about[0]], "asked"))  # of which none is known, and that is said
        return True
    if series is None or reading.mentions or reading.referred:
        return False
    places = linker.series[title_key(series[0])]
    asked = more or part or FIRST_OF.search(text) or (None if shown else _WHICH_PART.match(text))
    if asked is None:
        return False
    named = asked.groupdict().get("place") or "first"
    order = sorted(places)
    after = [place for place in order if place > series[1]]
    last = {"last": order[-1:], "next": after[:1], "sequel": after[:1], "one after": after[:1]}.get(named.lower())
    found = last if last is not None else order[(at := ORDINALS[named.lower()]) : at + 1]
    if found:
        reading.referred.append((places[found[0]], "asked"))
    return bool(found)


def judge_series(text: str, slate: list[int], reading: Reading, linker: TitleLinker) -> None:
    """ "not a Star Wars fan", in answer to one of the films that begin so: it is disliked with the rest."""
    for mention in reading.mentions:
        after = re.match(r"\s*(?:fans?|films?|movies?|series|stuff|franchise)\b", text[mention.end :], re.IGNORECASE)
        series = linker.catalogue[mention.row].series
        own = series and title_key(series[0]) == title_key(text[mention.start : mention.end])
        if own and series and WITHOUT.search(text[: mention.start]):  # "but without Star Wars": any of them
            others = set(linker.series[title_key(series[0])].values()) - {m.row for m in reading.mentions}
            reading.mentions += [Mention(row, "mentioned", mention.start, mention.end) for row in sorted(others)]
            return
        if mention.stance != "disliked" or not after:
            continue
        name = title_key(linker.catalogue[mention.row].title)
        parts = [row for row in slate if title_key(linker.catalogue[row].title).startswith(f"{name} ")]
        reading.referred += [(row, "disliked") for row in parts]
