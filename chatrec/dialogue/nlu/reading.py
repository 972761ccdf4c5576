"""What a message says, as data."""

from dataclasses import dataclass, field
from typing import Literal

from chatrec.dialogue.acts import Annotation, Intent

Stance = Literal[
    "liked", "disliked", "seen", "asked", "mentioned", "withdrawn",
    "saved", "blocked", "accepted", "opposite", "rejected", "wanted",
]  # fmt: skip
"""``mentioned`` leaves it open what the person thinks; ``withdrawn`` takes an earlier verdict back."""


@dataclass
class Mention:
    """A title in the message, and what the person thinks of it."""

    row: int
    stance: Stance
    start: int
    end: int
    certain: bool = True
    similar: bool = False
    score: float = 1.0
    rows: tuple[int, ...] = ()
    """Every item of the name, the one that is meant first."""


@dataclass
class Reading:
    """All that a message says. Rows are the catalogue's."""

    text: str
    mentions: list[Mention] = field(default_factory=list)
    genres_wanted: list[str] = field(default_factory=list)
    genres_unwanted: list[str] = field(default_factory=list)
    genres_allowed: list[str] = field(default_factory=list)
    """Categories that are fine again ("musicals are okay now")."""
    genres_dropped: list[str] = field(default_factory=list)
    """Categories that are neither wanted nor unwanted any more ("it doesn't have to be a comedy")."""
    people_wanted: list[str] = field(default_factory=list)
    people_unwanted: list[str] = field(default_factory=list)
    moods_wanted: list[str] = field(default_factory=list)
    topic: str = ""
    year_min: int | None = None
    year_max: int | None = None
    any_year: bool = False
    limits: list[str] = field(default_factory=list)
    language: str = ""
    black_and_white: bool | None = None
    critiques: list[tuple[str, float]] = field(default_factory=list)
    count: int | None = None
    genres_together: bool = False
    """Whether the wanted categories are one compound ("war comedies")."""
    any_genre: bool = False
    people_allowed: list[str] = field(default_factory=list)
    person: str = ""
    series: tuple[int, ...] = ()
    withdrawn: list[int] = field(default_factory=list)
    """Items that were understood wrongly before."""
    referred: list[tuple[int, Stance]] = field(default_factory=list)
    acts: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    """Titles that the person names and the catalogue does not have."""
    unmet: list[str] = field(default_factory=list)
    """Facts that a wish asks for and no catalogue here has ("how long films are")."""
    adds: bool = False
    """Whether the wishes add to earlier ones ("also", "too") instead of replacing them."""
    refines: bool = False
    """Whether a new subject narrows the request at hand ("but funny", "a musical one") instead of replacing it."""
    among: tuple[int, ...] = ()
    """Items shown before, out of which to choose ("one of those that's funny")."""
    year_ranges: tuple[tuple[int | None, int | None], ...] = ()
    """Ranges that exclude each other ("an oldie from before 1960, and something from the nineties"): some of each."""
    genres_each: tuple[str, ...] = ()
    """Categories of which some items each are wanted ("one comedy and one western")."""
    extreme: Literal["", "oldest", "newest"] = ""
    """Whether the oldest or the newest of all that fits is wanted."""
    people_together: bool = False
    """Whether an item must have all the wanted people."""
    truncated: bool = False
    words: int = 0
    """Words of the message."""
    intents: dict[Intent, float] = field(default_factory=dict)
    """Probability of each intent."""
    notes: tuple[Annotation, ...] = ()
    """What the stages found in the text."""
    requested: tuple[Intent, ...] = ()
    """What is asked of an item, a person or the catalogue."""
    people_asked: list[str] = field(default_factory=list)
    values_asked: list[str] = field(default_factory=list)
    """Words of what is asked whether an item has it: "is it scary?"."""
    unknown_people: list[str] = field(default_factory=list)
    limits_lifted: list[str] = field(default_factory=list)
    story: str = ""
    """What is told of one item that is sought."""
    clues: tuple[tuple[str, str], ...] = ()
    """What else is said of the item that is sought: ("person", name), ("category", name), ("first", year), ("last", year)."""
    everything: bool = False
    """Whether a reset takes likes and dislikes too."""
    asks_order: bool = False
    """Whether a comparison is about age."""
    series_asked: Literal["", "sequel", "prequel", "first"] = ""
    unsure: tuple[int, ...] = ()
    """Items that are judged, it seems, though not how."""
    tongue: str = ""
    """ISO 639-1 code of the language of a message that is not in English."""
    nopref: bool = False
    """Whether anything will do: wishes end."""

    def drop_wishes(self) -> None:
        """A question about an item wishes nothing."""
        self.genres_wanted, self.genres_unwanted, self.moods_wanted, self.limits = [], [], [], []
        self.people_wanted, self.topic, self.year_min, self.year_max = [], "", None, None
        self.language, self.black_and_white, self.critiques = "", None, []
        self.unmet = []

    @property
    def empty(self) -> bool:
        """Whether nothing at all was understood."""
        return not (
            self.mentions
            or self.wishes
            or self.referred
            or self.critiques
            or self.acts
            or self.unknown
            or self.unmet
            or self.limits
            or self.count
        )

    @property
    def empty_but_for_talk(self) -> bool:
        """Whether it says nothing but that somebody talks."""
        rest = (
            self.mentions or self.wishes or self.referred or self.critiques or self.unknown or self.count or self.tongue
        )
        return not rest and self.acts <= {"nod", "small", "insult", "foreign"}

    @property
    def asks(self) -> bool:
        """Whether it asks about an item."""
        stances = [mention.stance for mention in self.mentions] + [stance for _, stance in self.referred]
        return "asked" in stances or ("wanted" in stances and Intent.ASK_HAVE in self.requested)

    @property
    def subject(self) -> bool:
        """Whether it says what a slate is to be about: a category, a person, a description, a likeness, a series."""
        return bool(
            self.genres_wanted
            or self.people_wanted
            or self.topic
            or self.series
            or self.extreme
            or any(m.similar for m in self.mentions)
        )

    @property
    def wishes(self) -> bool:
        """Whether it says what is wanted or unwanted now."""
        return bool(
            self.genres_wanted or self.genres_unwanted or self.genres_allowed or self.genres_dropped
            or self.people_wanted or self.people_unwanted
            or self.moods_wanted or self.topic or self.year_min or self.year_max or self.any_year
            or self.language or self.black_and_white is not None or self.limits or self.series or self.any_genre
            or self.people_allowed or self.year_ranges or self.among or self.extreme
        )  # fmt: skip
