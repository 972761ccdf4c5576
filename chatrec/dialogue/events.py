"""What a turn of conversation produces, in the order in which a person sees it.

``StateChanged`` (what was understood) → ``ItemsShown`` (cards, reasons still empty) → ``TextPiece`` … (the reply, to be
appended) and ``ReasonReady`` … (one for each card) → ``Done`` (the whole turn, stored).
"""

from dataclasses import dataclass, field

from chatrec.dialogue.settings import ADVENTURE, POPULARITY


@dataclass(frozen=True)
class ItemRef:
    """An item by id, with the name that people read."""

    item_id: str
    name: str


@dataclass(frozen=True)
class Profile:
    """What is known about a person, ready to show. Names are plain text: escape them before they become markup."""

    liked: tuple[ItemRef, ...] = ()
    disliked: tuple[ItemRef, ...] = ()
    seen: tuple[ItemRef, ...] = ()
    blocked: tuple[ItemRef, ...] = ()
    saved: tuple[ItemRef, ...] = ()
    genres_wanted: tuple[str, ...] = ()
    genres_unwanted: tuple[str, ...] = ()
    people_wanted: tuple[str, ...] = ()
    people_unwanted: tuple[str, ...] = ()
    moods_wanted: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    popularity: int = 0
    adventure: int = 0

    def as_dict(self) -> dict[str, object]:
        """The state as scripts and scenarios read it: items by name."""
        return {
            "liked": [ref.name for ref in self.liked],
            "disliked": [ref.name for ref in self.disliked],
            "seen": [ref.name for ref in self.seen],
            "blocked": [ref.name for ref in self.blocked],
            "saved": [ref.name for ref in self.saved],
            "genres_wanted": list(self.genres_wanted),
            "genres_unwanted": list(self.genres_unwanted),
            "people_wanted": list(self.people_wanted),
            "people_unwanted": list(self.people_unwanted),
            "moods_wanted": list(self.moods_wanted),
            "topics": list(self.topics),
            "limits": list(self.limits),
            "year_min": self.year_min,
            "year_max": self.year_max,
            "popularity": POPULARITY[self.popularity] if self.popularity else None,
            "adventure": ADVENTURE[self.adventure] if self.adventure else None,
        }


@dataclass(frozen=True)
class Card:
    """One recommended item. All text is plain text.

    Attributes:
        reason: one or two sentences; empty until it is ready.
        evidence: what the reason rests on, as short chips ("you liked Fargo", "crime", "directed by Joel Coen").
        match: the ILM's calibrated estimate that this person likes it, 0 to 1 (:mod:`chatrec.ilm.calibration`), or None.
        spoken_by: ``llm`` or ``plain``: who worded the reason.
    """

    item_id: str
    title: str
    year: int | None
    name: str
    categories: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    synopsis: str = ""
    content: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    evidence: tuple[str, ...] = ()
    match: float | None = None
    spoken_by: str = ""


@dataclass(frozen=True)
class StateChanged:
    """The profile after the message was understood."""

    profile: Profile


@dataclass(frozen=True)
class ItemsShown:
    """The slate, best first."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class TextPiece:
    """A piece of the reply's text, to be appended to what came before; the closing is what follows the cards."""

    text: str
    closing: bool = False


@dataclass(frozen=True)
class ReasonReady:
    """A card whose reason has been said and checked."""

    card: Card


@dataclass(frozen=True)
class Reply:
    """One whole turn, as it is stored. The text ends with the closing, which a page shows after the cards."""

    turn: int
    user: str
    text: str
    cards: tuple[Card, ...]
    profile: Profile
    closing: str = ""

    @property
    def around(self) -> tuple[str, str]:
        """The text before the cards and the text after them."""
        if not self.cards or not self.closing:
            return self.text, ""
        return self.text.removesuffix(self.closing).rstrip(), self.closing


@dataclass(frozen=True)
class Done:
    """The end of a turn."""

    reply: Reply


Event = StateChanged | ItemsShown | TextPiece | ReasonReady | Done
