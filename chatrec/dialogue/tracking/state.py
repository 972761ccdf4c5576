"""What a conversation remembers of a person."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatrec.catalogue.items import Catalogue
from chatrec.collab.scorer import History
from chatrec.dialogue.events import ItemRef, Profile
from chatrec.retrieval.index import FOREIGN, Constraints

Verdict = Literal["liked", "disliked", "seen"]
VERDICTS: tuple[Verdict, ...] = ("liked", "disliked", "seen")
CONTENT = ("violence", "scares", "sex", "language")
"""Limits that are degrees of content; others are subjects that nothing may be about."""
STANDING = (*VERDICTS, "blocked", "saved", "genres_unwanted", "people_unwanted", "limits", "popularity", "adventure")
"""What stands in every conversation; everything else belongs to one."""
OPPOSITE = {
    "liked": "disliked",
    "disliked": "liked",
    "genres_wanted": "genres_unwanted",
    "genres_unwanted": "genres_wanted",
    "people_wanted": "people_unwanted",
    "people_unwanted": "people_wanted",
}
SLATE = 3
"""Items recommended at a time, unless the person asks for another number."""
MOST = 10
"""Items recommended at most, however many are asked for."""
REMEMBERED = 20
"""Utterances that are kept for ranking."""


class State(BaseModel):
    """Everything is kept by item id or name, so that it survives a rebuilt workspace."""

    model_config = ConfigDict(extra="ignore")
    liked: list[str] = Field(default_factory=list)
    disliked: list[str] = Field(default_factory=list)
    seen: list[str] = Field(default_factory=list)
    blocked: list[str] = Field(default_factory=list)
    """Items that are never to be shown."""
    saved: list[str] = Field(default_factory=list)
    """Items kept for later."""
    genres_wanted: list[str] = Field(default_factory=list)
    genres_unwanted: list[str] = Field(default_factory=list)
    people_wanted: list[str] = Field(default_factory=list)
    people_unwanted: list[str] = Field(default_factory=list)
    moods_wanted: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    limits: list[str] = Field(default_factory=list)
    """Kinds of content of which nothing strong is wanted."""
    year_min: int | None = None
    year_max: int | None = None
    language: str = ""
    black_and_white: bool | None = None
    popularity: int = 0
    """How well known it should be, a step of :data:`~chatrec.dialogue.settings.POPULARITY`."""
    adventure: int = 0
    """How far from what is liked, a step of :data:`~chatrec.dialogue.settings.ADVENTURE`."""
    shown: list[list[str]] = Field(default_factory=list)
    """The slates of this conversation, oldest first."""
    genres_together: bool = False
    """Whether an item must have all the wanted genres ("a war comedy") or any of them."""
    people_together: bool = False
    """Whether an item must have all the wanted people or any of them."""
    person: str = ""
    """The person that "him" or "her" means."""
    named: list[str] = Field(default_factory=list)
    """Items that the person named in this conversation, latest last: they know them, so they are not recommended."""
    just_named: list[str] = Field(default_factory=list)
    """Items named in the last message, in its order; they stay while the person goes on to judge them."""
    focus: list[str] = Field(default_factory=list)
    """The items that "it" and "that one" may mean, most recent first."""
    asked: list[str] = Field(default_factory=list)
    """Questions already asked in this conversation."""
    phrased: list[str] = Field(default_factory=list)
    """Patterns of the reasons said last, oldest first, so that the next ones are worded differently."""
    offered: list[str] = Field(default_factory=list)
    """Items shown for want of anything that fitted: they may come again when they do fit."""
    done: str = ""
    """What the system did in the turn before, a :class:`~chatrec.dialogue.acts.Before`."""
    question: str = ""
    """The kind of question that the last reply ended in."""
    undo: dict[str, Any] = Field(default_factory=dict)
    """Slots as they were before the last message that changed them, for "scratch that"."""
    said: list[str] = Field(default_factory=list)
    """This conversation, oldest first: the person's utterances and the answers, with the items shown, in turn."""
    turn: int = 0

    def judge(self, item_id: str, verdict: Verdict) -> None:
        """Record a verdict; the last one stands, and an item is in one list only (a liked film counts as seen anyway)."""
        self.undo = {}
        for name in VERDICTS:
            values = getattr(self, name)
            if item_id in values:
                values.remove(item_id)
        getattr(self, verdict).append(item_id)

    def forget_item(self, item_id: str) -> None:
        """Take back every verdict on an item."""
        self.undo = {}
        for name in VERDICTS:
            setattr(self, name, [other for other in getattr(self, name) if other != item_id])

    def block(self, item_id: str) -> None:
        """Never show an item again; it is no longer kept for later either."""
        self.undo = {}
        self.saved = [other for other in self.saved if other != item_id]
        if item_id not in self.blocked:
            self.blocked = [*self.blocked, item_id]

    def save(self, item_id: str) -> None:
        """Keep an item for later; who keeps it does not want it blocked."""
        self.undo = {}
        self.blocked = [other for other in self.blocked if other != item_id]
        if item_id not in self.saved:
            self.saved = [*self.saved, item_id]

    def carried_into(self, conversation: "State") -> "State":
        """The state of another conversation, with what stands now: likes, dislikes, what is ruled out."""
        return conversation.model_copy(update={**{name: getattr(self, name) for name in STANDING}, "undo": {}})

    def tune(self, knob: str, value: int | None) -> None:
        """Turn a knob; years that would cross move along."""
        self.undo = {}
        setattr(self, knob, value)
        if self.year_min and self.year_max and self.year_min > self.year_max:
            self.year_min = self.year_max = value

    def reverse(self, slot: str, value: str) -> None:
        """Turn one entry into its opposite (liked and disliked, wanted and unwanted); others are left alone."""
        self.undo = {}
        other = OPPOSITE.get(slot)
        if other in VERDICTS:
            self.judge(value, other)  # type: ignore[arg-type]
        elif other and value in getattr(self, slot):
            setattr(self, slot, [entry for entry in getattr(self, slot) if entry != value])
            setattr(self, other, [*(entry for entry in getattr(self, other) if entry != value), value])

    @property
    def shown_ids(self) -> list[str]:
        """Every item shown in this conversation, once each, latest slate last."""
        return list(dict.fromkeys(item for slate in self.shown for item in slate))

    @property
    def wishes(self) -> bool:
        """Whether the person has said what they are after."""
        return bool(
            self.genres_wanted
            or self.people_wanted
            or self.moods_wanted
            or self.topics
            or self.year_min
            or self.year_max
        )

    def drop_wishes(self) -> None:
        """Forget what is wanted now; likes and dislikes stay."""
        self.undo = {}
        self.genres_wanted, self.people_wanted, self.moods_wanted, self.topics = [], [], [], []
        self.genres_together = self.people_together = False
        self.drop_frame()

    def drop_frame(self) -> None:
        """Forget the years, the language and the shade that are wanted now."""
        self.year_min = self.year_max = None
        self.language, self.black_and_white = "", None

    def history(self, catalogue: Catalogue) -> History:
        """Likes and dislikes as rows; items that the catalogue no longer has are passed over."""
        row = catalogue.row
        return History(
            tuple(row[item] for item in self.liked if item in row),
            tuple(row[item] for item in self.disliked if item in row),
        )

    def constraints(self, catalogue: Catalogue, again: Iterable[str] = ()) -> Constraints:
        """What a recommendation must satisfy. Nothing judged, named or shown comes again; of what was shown, ``again`` may."""
        row = catalogue.row
        gone = {*self.liked, *self.disliked, *self.seen, *self.blocked, *self.named, *({*self.shown_ids} - {*again})}
        people = [catalogue.spellings(name) for name in self.people_wanted]
        rows = {twin for item in gone if item in row for twin in catalogue.twins(row[item])}
        rows |= {r for subject in self.limits if subject not in CONTENT for r in catalogue.touching(subject)}
        if self.people_together and len(people) > 1:
            rows |= {r for r, i in enumerate(catalogue) if not all(set(own) & set(i.all_people) for own in people)}
        return Constraints(
            categories_any=() if self.genres_together else tuple(self.genres_wanted),
            categories_all=tuple(self.genres_wanted) if self.genres_together else (),
            categories_none=tuple(self.genres_unwanted),
            people_any=tuple(name for own in people for name in own),
            people_none=tuple(name for own in self.people_unwanted for name in catalogue.spellings(own)),
            year_min=self.year_min,
            year_max=self.year_max,
            content_none=tuple(kind for kind in self.limits if kind in CONTENT),
            language=self.language,
            black_and_white=self.black_and_white,
            exclude=frozenset(rows),
        )

    def hear(self, text: str) -> None:
        """Remember what the person says now, until it is answered."""
        self.said = [*self.said[: len(self.said) // 2 * 2], text]

    def answer(self, text: str, items: Iterable[str]) -> None:
        """Remember the answer to it, and the names of the items that were shown."""
        self.said = [*self.said, " ".join((text, *items))][-REMEMBERED:]

    @property
    def heard(self) -> tuple[str, ...]:
        """The conversation up to what the person said last."""
        return tuple(self.said[: len(self.said) - (len(self.said) + 1) % 2])

    def profile(self, catalogue: Catalogue) -> Profile:
        """The state, ready to show."""

        def refs(ids: list[str]) -> tuple[ItemRef, ...]:
            return tuple(ItemRef(item, catalogue.by_id(item).name) for item in ids if item in catalogue.row)

        limits = [f"no strong {kind}" if kind in CONTENT else f"no {kind}" for kind in self.limits]
        if self.language:
            limits.append(f"in {self.language}" if self.language != FOREIGN else "not in English")
        if self.black_and_white is not None:
            limits.append("black and white" if self.black_and_white else "in colour")
        return Profile(
            liked=refs(self.liked),
            blocked=refs(self.blocked),
            saved=refs(self.saved),
            disliked=refs(self.disliked),
            seen=refs(self.seen),
            genres_wanted=tuple(self.genres_wanted),
            genres_unwanted=tuple(self.genres_unwanted),
            people_wanted=tuple(self.people_wanted),
            people_unwanted=tuple(self.people_unwanted),
            moods_wanted=tuple(self.moods_wanted),
            topics=tuple(self.topics),
            limits=tuple(limits),
            year_min=self.year_min,
            year_max=self.year_max,
            popularity=self.popularity,
            adventure=self.adventure,
        )

    def remove(self, slot: str, value: str) -> None:
        """Take one entry out of a slot, as the profile panel names it; unknown entries are ignored."""
        self.undo = {}
        if slot in ("year_min", "year_max"):
            setattr(self, slot, None)
        elif slot in ("popularity", "adventure"):
            setattr(self, slot, 0)
        elif slot == "limits":
            self.limits = [kind for kind in self.limits if value not in (f"no strong {kind}", f"no {kind}")]
            self.language = (
                "" if value == "not in English" or (value.startswith("in ") and value != "in colour") else self.language
            )
            self.black_and_white = None if value in ("black and white", "in colour") else self.black_and_white
        elif isinstance(getattr(self, slot, None), list) and slot not in (
            "shown",
            "named",
            "just_named",
            "focus",
            "asked",
            "offered",
            "phrased",
            "said",
        ):
            setattr(self, slot, [entry for entry in getattr(self, slot) if entry != value])
