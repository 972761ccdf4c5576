"""The one currency of a turn: what a stage found in the text, and what the person does with it.

Understanding hands on :class:`Understood`, a tuple of dialogue acts. Tracker, policy and wording see acts alone, never text.
Everything here is frozen, hashable and printable. Intents and slots follow the dialogue-act tradition (Traum and Hinkelstein,
1992; Young et al., 2013): an act has an intent and carries items or constraints.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text stands for."""

    TITLE = "title"
    SERIES = "series"
    REF = "ref"
    PERSON = "person"
    CATEGORY = "category"
    MOOD = "mood"
    SUBJECT = "subject"
    STORY = "story"
    YEAR = "year"
    WHEN = "when"
    LANGUAGE = "language"
    CONTENT = "content"
    AUDIENCE = "audience"
    WHOM = "whom"
    COUNT = "count"
    LENGTH = "length"
    FAME = "fame"
    OTHER = "other"


class Attitude(StrEnum):
    """How the person stands to it. The first row is of items, the second of everything else; ``mention`` is no stand."""

    LIKE = "like"
    DISLIKE = "dislike"
    SEEN = "seen"
    MIXED = "mixed"
    ASK = "ask"
    SIMILAR = "similar"
    OPPOSITE = "opposite"
    WANT = "want"
    SAVE = "save"
    BLOCK = "block"
    RETRACT = "retract"
    ACCEPT = "accept"
    REJECT = "reject"
    UNSEEN = "unseen"
    AVOID = "avoid"
    MORE = "more"
    LESS = "less"
    ALLOW = "allow"
    MENTION = "mention"


class Intent(StrEnum):
    """What a message does; one message may do several things."""

    REQUEST = "request"
    INFORM = "inform"
    OPINE = "opine"
    MORE = "more"
    REJECT = "reject"
    ACCEPT = "accept"
    AFFIRM = "affirm"
    DENY = "deny"
    NOPREF = "nopref"
    DESCRIBE = "describe"
    COMPARE = "compare"
    EXPLAIN = "explain"
    RETRACT = "retract"
    CORRECT = "correct"
    BLOCK = "block"
    SAVE = "save"
    LISTS = "lists"
    RESET = "reset"
    PROFILE = "profile"
    GREET = "greet"
    THANK = "thank"
    BYE = "bye"
    CHITCHAT = "chitchat"
    INSULT = "insult"
    HELP = "help"
    UNSUPPORTED = "unsupported"
    FOREIGN = "foreign"
    ASK_DIRECTOR = "inquire:director"
    ASK_CAST = "inquire:cast"
    ASK_YEAR = "inquire:year"
    ASK_PLOT = "inquire:plot"
    ASK_GENRE = "inquire:genre"
    ASK_LENGTH = "inquire:length"
    ASK_LANGUAGE = "inquire:language"
    ASK_CONTENT = "inquire:content"
    ASK_ABOUT = "inquire:about"
    ASK_HAVE = "inquire:have"
    ASK_QUALITY = "inquire:quality"
    ASK_SERIES = "inquire:series"
    ASK_PERSON = "inquire:person"
    ASK_CATALOGUE = "inquire:catalogue"
    ASK_OTHER = "inquire:other"


class Before(StrEnum):
    """What the system did in the turn before."""

    NOTHING = ""
    SHOWN = "shown"
    ASKED_WISH = "asked-wish"
    ASKED_OPINION = "asked-opinion"
    ASKED_WHICH = "asked-which"
    ASKED_YESNO = "asked-yesno"
    ANSWERED = "answered"
    UNKNOWN = "unknown"
    CHAT = "chat"


ITEMS = frozenset({Kind.TITLE, Kind.REF, Kind.SERIES})
"""Kinds that stand for items."""


@dataclass(frozen=True)
class Annotation:
    """What a stage found in the text.

    Attributes:
        start, end: where, in characters.
        kind: what it stands for.
        attitude: how the person stands to it.
        score: probability of the attitude, calibrated.
        certainty: probability of the kind, calibrated.
        met: probability that the person has met the item, whatever they think of it.
        soft: whether it is a preference and no condition ("maybe", "ideally").
        other: whether it is somebody else's.
        source: the stage that found it.
    """

    start: int
    end: int
    kind: Kind
    attitude: Attitude = Attitude.MENTION
    score: float = 1.0
    certainty: float = 1.0
    soft: bool = False
    other: bool = False
    source: str = "tagger"
    met: float = 0.0

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it shares a character with a stretch."""
        return self.start < end and start < self.end
