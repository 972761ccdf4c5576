"""From what a message says to the state: what is added, replaced, taken back.

How long a wish lives:

- **Standing**: verdicts on items, and what is ruled out (categories, people, content) stay until they are taken back.
- **A request** has a subject (categories, people, a description, a likeness), moods, and a frame (years, language, shade).
  A message without a subject ("older", "before 1980", "no horror please", "just two", "seen it") refines the request.
- **A new subject after a slate** ends the request: subject and moods of the old one go. Its frame is carried over as long
  as something fits; where nothing does, the frame goes too, and the reply says so.
- What an item is to be about, in a word or two ("a film about grief"), narrows the request as long as something fits.
- It does not end the request if it comes on top ("also", "and scary"), clearly narrows it ("but funny", "with him",
  "a musical one", "of those"), or answers the question that the last reply ended in.
- "Scratch that" undoes what the message before changed.
"""

from dataclasses import replace

from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.subjects import subject_words
from chatrec.dialogue.nlu.reading import Reading, Stance
from chatrec.dialogue.tracking.state import CONTENT, VERDICTS, State

FRAGMENT = 6
"""Words of a message that only names another subject."""
TOPICS = 3
"""Descriptions that are kept."""
SLOTS = (
    *VERDICTS,
    *("genres_wanted", "genres_unwanted", "genres_together", "people_wanted", "people_unwanted", "people_together"),
    *("moods_wanted", "topics", "limits", "year_min", "year_max", "language", "black_and_white"),
    *("popularity", "adventure", "blocked", "saved"),
)
"""What a message can change, and "scratch that" brings back."""


def apply(reading: Reading, state: State, catalogue: Catalogue) -> None:
    """Change ``state`` by what ``reading`` says."""
    if "retract" in reading.acts and not any(stance == "withdrawn" for stance in stances(reading)):
        for slot, value in state.undo.items():
            setattr(state, slot, list(value) if isinstance(value, list) else value)
    before = state.model_dump(include=set(SLOTS))
    if reading.nopref:
        state.drop_wishes()
    if "reset" in reading.acts:
        if reading.everything:
            state.liked, state.disliked, state.seen = [], [], []
        state.drop_wishes()
        state.genres_unwanted, state.people_unwanted, state.limits = [], [], []
        state.popularity = state.adventure = 0
    narrows = _subject_narrows(reading, state, catalogue)
    if not narrows and ends_request(reading, state):
        state.genres_wanted, state.people_wanted, state.moods_wanted, state.topics = [], [], [], []
        state.genres_together = state.people_together = False
    narrowed = bool(state.shown) and fragment(reading, state)
    _verdicts(reading, state, catalogue)
    _genres(reading, state)
    _people(reading, state)
    if narrowed and not _possible(state, catalogue):
        state.genres_wanted, state.people_wanted = list(reading.genres_wanted), list(reading.people_wanted)
    state.moods_wanted = _merged(state.moods_wanted, reading.moods_wanted, reading.adds)
    _frame(reading, state)
    wanted = subject_words(reading.topic)
    state.limits = [kind for kind in state.limits if kind in CONTENT or not subject_words(kind) & wanted]
    state.limits = [kind for kind in state.limits if kind not in reading.limits_lifted]
    state.limits = list(dict.fromkeys([*state.limits, *reading.limits]))
    _topic(reading, state, narrows)
    if any(getattr(state, slot) != value for slot, value in before.items()):
        state.undo = before


def ends_request(reading: Reading, state: State) -> bool:
    """Whether the message opens a new request: a subject after a slate that does not build on the one before."""
    return (
        reading.subject
        and bool(state.shown)
        and not (reading.adds or reading.refines or reading.among or fragment(reading, state))
        and not state.question.startswith("ask_wish")
    )


def fragment(reading: Reading, state: State) -> bool:
    """Whether a message is no more than a category, or a person, and goes with the people, or categories, wanted so far.

    "Michelle Pfeiffer films", and then "a romance": with nothing said around it, the second narrows the first.
    """
    kinds, people = bool(reading.genres_wanted), bool(reading.people_wanted)
    alone = kinds != people and not reading.topic and not reading.mentions and not reading.series
    short = reading.words <= (2 if kinds else 4)
    return alone and short and bool(state.people_wanted if kinds else state.genres_wanted)


def _subject_narrows(reading: Reading, state: State, catalogue: Catalogue) -> bool:
    """Whether a message asks for no more than a subject, which something has that fits the request so far."""
    short = reading.words <= FRAGMENT  # "sport instead", after another subject
    other = reading.genres_wanted or reading.people_wanted or reading.mentions or reading.series
    if not reading.topic or other or (state.topics and not short):
        return False
    constraints = state.constraints(catalogue)
    if not state.people_wanted:  # what was shown counts, too: of a whole category, others are not far from the subject
        constraints = replace(constraints, exclude=frozenset())
    return any(constraints.allows(row, catalogue[row]) for row in catalogue.subjects.of(reading.topic))


def carried_frame(reading: Reading, state: State) -> bool:
    """Whether years, language or shade come from an earlier message than the subject."""
    said = reading.year_min or reading.year_max or reading.language or reading.black_and_white is not None
    framed = state.year_min or state.year_max or state.language or state.black_and_white is not None
    return bool(reading.subject and framed and not said and not reading.adds and not reading.refines)


def _possible(state: State, catalogue: Catalogue) -> bool:
    constraints = state.constraints(catalogue)
    return any(constraints.allows(row, item) for row, item in enumerate(catalogue))


def stances(reading: Reading) -> list[Stance]:
    """How the person stands to each item of a message."""
    return [mention.stance for mention in reading.mentions] + [stance for _, stance in reading.referred]


def _verdicts(reading: Reading, state: State, catalogue: Catalogue) -> None:
    for row in reading.withdrawn:
        state.forget_item(catalogue[row].item_id)
    judged = {
        m.row for m in reading.mentions if m.stance in ("liked", "disliked")
    }  # its own name says more than an "it"
    pointed = [(row, stance) for row, stance in reading.referred if row not in judged]
    for row, stance in [(m.row, m.stance) for m in reading.mentions] + pointed:
        item_id = catalogue[row].item_id
        if stance in ("liked", "disliked", "seen"):
            keep = stance == "seen" and (item_id in state.liked or item_id in state.disliked)
            if not keep:  # a film that was loved is not merely seen
                state.judge(item_id, stance)  # type: ignore[arg-type]
        elif stance == "withdrawn":
            state.forget_item(item_id)
            state.blocked = [other for other in state.blocked if other != item_id]
            state.saved = [other for other in state.saved if other != item_id]
        elif stance == "blocked":
            state.block(item_id)
        elif stance in ("saved", "accepted"):
            state.save(item_id)
    mentioned = [catalogue[m.row].item_id for m in reading.mentions]
    named = mentioned + [catalogue[row].item_id for row, _ in reading.referred]
    if mentioned or not named or not set(named) <= set(state.just_named):
        state.just_named = mentioned
    if named:
        state.named = [*(item for item in state.named if item not in mentioned), *mentioned]
        state.focus = list(dict.fromkeys(named))


def _genres(reading: Reading, state: State) -> None:
    if reading.any_genre:
        state.genres_wanted, state.genres_together = [], False
    if reading.genres_wanted:
        state.genres_together = reading.genres_together
    state.genres_wanted = _merged(state.genres_wanted, reading.genres_wanted, reading.adds)
    state.genres_wanted = [name for name in state.genres_wanted if name not in reading.genres_unwanted]
    state.genres_together = state.genres_together and len(state.genres_wanted) > 1
    state.genres_wanted = [name for name in state.genres_wanted if name not in reading.genres_dropped]
    back = {*reading.genres_wanted, *reading.genres_allowed, *reading.genres_dropped}
    state.genres_unwanted = [name for name in state.genres_unwanted if name not in back]
    state.genres_unwanted += [name for name in reading.genres_unwanted if name not in state.genres_unwanted]


def _people(reading: Reading, state: State) -> None:
    if reading.people_wanted:
        state.people_together = reading.people_together
    state.people_wanted = _merged(state.people_wanted, reading.people_wanted, reading.adds)
    free = {*reading.people_allowed}
    state.person = reading.person or state.person
    state.people_wanted = [name for name in state.people_wanted if name not in {*reading.people_unwanted} | free]
    state.people_unwanted = [name for name in state.people_unwanted if name not in {*reading.people_wanted} | free]
    state.people_unwanted = list(dict.fromkeys([*state.people_unwanted, *reading.people_unwanted]))


def _frame(reading: Reading, state: State) -> None:
    if reading.any_year or reading.year_ranges:
        state.year_min = state.year_max = None
    if reading.year_min or reading.year_max:
        one_sided = (reading.year_min is None) != (reading.year_max is None)
        if not (one_sided and reading.adds):
            state.year_min = state.year_max = None
        state.year_min = reading.year_min or state.year_min
        state.year_max = reading.year_max or state.year_max
    state.language = reading.language or state.language
    state.black_and_white = state.black_and_white if reading.black_and_white is None else reading.black_and_white


def _topic(reading: Reading, state: State, narrows: bool) -> None:
    if (
        reading.topic and not reading.adds and not narrows
    ):  # a description is a search of its own: what it does not say is over
        state.genres_wanted = list(reading.genres_wanted)
        state.people_wanted = list(reading.people_wanted)
        state.moods_wanted = list(reading.moods_wanted)
        state.year_min, state.year_max = reading.year_min, reading.year_max
    if reading.topic:
        state.topics = [*state.topics, reading.topic][-TOPICS:] if reading.adds else [reading.topic]
    elif reading.genres_wanted or any(m.similar for m in reading.mentions):
        state.topics = []  # a new wish; what was described before is over


def _merged(old: list[str], new: list[str], adds: bool) -> list[str]:
    """New wishes take the place of old ones of their kind, unless they are said to come on top."""
    if not new:
        return old
    return [*old, *(value for value in new if value not in old)] if adds else list(new)
