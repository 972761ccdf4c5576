"""Reasons as facts and as sentences.

A reason is planned as facts first. The authored sentences below are what the learned prefix is trained on and what is
said plainly when the language model's own sentence does not pass the check; every placeholder is filled with a fact.
"""

import re
from dataclasses import dataclass
from typing import Literal

from chatrec.catalogue.items import Item, Words

LinkKind = Literal[
    "director", "person", "category", "theme", "mood", "series", "neighbours", "wish_category", "wish_person",
    "wish_years", "wish_mood", "wish_topic", "liked_by", "portrait",
]  # fmt: skip
DetailKind = Literal["", "director", "cast", "theme", "mood"]

ADJECTIVES = {
    "Animation": "animated",
    "Children": "family",
    "Sci-Fi": "science-fiction",
    "Film Noir": "noir",
    "Romance": "romantic",
    "Musical": "musical",
}
"""How a category stands before the catalogue's word for one thing ("an animated film"), where not as written."""

LINKS: dict[LinkKind, tuple[str, ...]] = {
    "director": (
        "{A} and {T} share a director, {L}.",
        "{L} made {A}, which you liked, and this one too.",
        "It comes from {L}, who also directed {A}.",
        "If {A} worked for you, stay with {L}, who directed both.",
        "You liked {A}; {L} directed that and this.",
        "One more by {L}, the director of {A}.",
        "Same director as {A}: {L} made {T} as well.",
        "Having liked {A}, you already know how {L} directs, and {T} is by the same hand.",
    ),
    "person": (
        "{L} is in {T} as well as in {A}, which you liked.",
        "You enjoyed {A}, and {L} is in this one too.",
        "{A} had {L}; so does {T}.",
        "If {L} was part of what you liked about {A}, here is more.",
        "What it has in common with {A} is {L}.",
        "{L}, whom you know from {A}, is in {T}.",
        "Another one with {L}, after {A}.",
        "Since {A} pleased you, see {L} here too.",
    ),
    "category": (
        "Like {A}, {T} is {aL} {one}.",
        "You liked {A}, and this is another {L} {one}.",
        "{T} is close to {A} in kind: both are {L} {many}.",
        "If you want more in the line of {A}, this {L} {one} fits.",
        "{A} and {T} are both {L} {many}.",
        "For {aL} {one} after {A}, try {T}.",
        "It sits on the same {L} shelf as {A}.",
        "Because you liked {A}: here is one more {L} {one}.",
    ),
    "theme": (
        "{A} and {T} are both about {L}.",
        "You liked {A}; {T} also deals with {L}.",
        "The theme it shares with {A} is {L}.",
        "As in {A}, {L} is at the heart of {T}.",
        "If {L} drew you to {A}, it is here too.",
        "{T} takes up {L}, as {A} did.",
        "Here is {L} once more, after {A}.",
        "What links it to {A}, which you liked, is {L}.",
    ),
    "mood": (
        "{T} is {L}, much as {A} is.",
        "You liked {A}; this one is {L} too.",
        "It has the same {L} feel as {A}.",
        "If the {L} side of {A} suited you, so should {T}.",
        "{A} and {T} are both {L}.",
        "Expect something {L}, as with {A}.",
        "The mood is close to {A}: {L}.",
        "Being {L}, {T} goes well with {A}.",
    ),
    "series": (
        "{T} belongs to the same series as {A}: {L}.",
        "You liked {A}, and this is from the same series, {L}.",
        "It continues {L}, the series of {A}.",
        "More of {L}, after {A}.",
    ),
    "neighbours": (
        "People who liked {A} often liked {T} too.",
        "Among people who share your liking for {A}, {T} is a favourite.",
        "You liked {A}; others who did tend to like this.",
        "{T} is often liked by the same people as {A}.",
        "Those who rate {A} highly tend to rate {T} highly as well.",
        "It is a frequent companion of {A} in people's ratings.",
        "In the ratings, {A} and {T} go together.",
        "Your liking for {A} points here: the two share many admirers.",
    ),
    "wish_category": (
        "You asked for {L} {many}, and {T} is one.",
        "It is {aL} {one}, as you wished.",
        "This one fits your wish for {aL} {one}.",
        "Since you are after {L} {many}, {T} qualifies.",
        "You wanted {aL} {one}; here is {T}.",
        "{T} is the kind of {L} {one} you asked for.",
    ),
    "wish_person": (
        "You asked for {L}, who is part of {T}.",
        "{L} is in this one, as you wished.",
        "It has {L}, whom you asked for.",
        "Since you want {L}, here is {T}.",
        "{T} is one with {L}, as requested.",
    ),
    "wish_years": (
        "It is from {Y}, so it fits the years you gave.",
        "{T} came out in {Y}, within the years you asked for.",
        "You set the years; this one is from {Y}.",
        "Released in {Y}, as you wanted.",
    ),
    "wish_mood": (
        "You wanted something {L}, and {T} is that.",
        "It is {L}, as you asked.",
        "For {aL} mood, {T} fits.",
        "{T} should meet your wish for something {L}.",
    ),
    "wish_topic": (
        "You mentioned {L}, and that is part of {T}.",
        "It has {L} in it, which you asked about.",
        "Your words pointed to {L}; {T} has it.",
        "{T} matches what you described: {L}.",
    ),
    "liked_by": (
        "{N} of the {M} people who rated {T} here liked it.",
        "It is well liked: {N} of {M} ratings are four stars or more.",
        "Of {M} people who rated it, {N} liked it.",
        "A safe start: {N} of its {M} raters liked it.",
    ),
    "portrait": (
        "{T} is {aL} {one}.",
        "In short, it is {aL} {one}.",
        "Here is {aL} {one}.",
        "This one is {aL} {one}.",
    ),
}

UNRATED = ("Nobody has rated {T} here yet.", "{T} has no ratings here yet.")
SEVERAL_DIRECTORS = (
    ("share a director, {L}", "share the directors {L}"),
    (", the director of", ", the directors of"),
    ("Same director as", "Same directors as"),
    ("how {L} directs", "how {L} direct"),
    ("by the same hand", "by the same hands"),
)
"""What changes in the sentences of a shared director where there is more than one."""

LIKING = re.compile(
    r"\byou (?:liked|enjoyed|already know|know)\b|\byour liking\b|\b(?:pleased|drew|suited|worked for) you\b|\bhaving liked\b",
    re.IGNORECASE,
)
"""What only a person may be told who likes the anchor; whoever merely named it gets the other sentences."""
PRAISE = ("It is well liked", "A safe start")
"""How the count of likes begins where it is praise: said from :data:`PRAISED` on only."""
PRAISED = (10, 0.6)
"""Fewest ratings, and the share of likes among them, that make an item well liked."""

ONE_NAME = (
    ("series as {A}: {L}.", "series as {A}."),
    ("same series, {L}.", "same series."),
    ("continues {L}, the series of {A}.", "continues the series of {A}."),
    ("More of {L}, after {A}.", "More from the series of {A}."),
)
"""What changes in the sentences of a series that has the anchor's own name."""

DETAILS: dict[DetailKind, tuple[str, ...]] = {
    "": ("",),
    "director": (" {D} directs.", " It is directed by {D}.", " The director is {D}."),
    "cast": (" {D} star.", " The leads are {D}.", " It stars {D}."),
    "theme": (" At heart it is about {D}.", " Its subject is {D}.", " It turns on {D}."),
    "mood": (" The tone is {D}.", " Overall it is {D}.", " Expect it to be {D}."),
}


_PLACEHOLDER = re.compile(r"\{([A-Z])\}")


@dataclass(frozen=True)
class ReasonFacts:
    """The evidence of one reason.

    Attributes:
        item: the item recommended.
        kind: what connects it with the person.
        link: the shared trait, in words ("Joel Coen", "dark and witty"); the series for ``series``.
        anchor: the item of the person's that the link leads to, or None for wishes, ratings and portraits.
        likes_anchor: whether they like that item, or have only named it ("something like Heat").
        detail_kind, detail: one more fact of the item, or empty.
        liked_by: for ``liked_by`` how many liked it, of how many.
    """

    item: Item
    kind: LinkKind
    link: str = ""
    anchor: Item | None = None
    detail_kind: DetailKind = ""
    detail: str = ""
    liked_by: tuple[int, int] = (0, 0)
    likes_anchor: bool = True

    @property
    def links(self) -> tuple[str, ...]:
        """The patterns in which the link may truly be said."""
        patterns = LINKS[self.kind]
        if self.anchor is not None and not self.likes_anchor:
            patterns = tuple(pattern for pattern in patterns if not LIKING.search(pattern))
        liked, rated = self.liked_by
        if self.kind == "liked_by" and not rated:
            return UNRATED
        if self.kind == "liked_by" and (rated < PRAISED[0] or liked < PRAISED[1] * rated):
            patterns = tuple(pattern for pattern in patterns if not pattern.startswith(PRAISE))
        return patterns

    @property
    def forms(self) -> int:
        """In how many forms the link can be said."""
        return len(self.links)

    def values(self) -> dict[str, str]:
        """What stands for each placeholder of the authored sentences; empty ones are left out."""
        values = {
            "A": self.anchor.title if self.anchor else "",
            "T": self.item.title,
            "L": self.link,
            "D": self.detail,
            "Y": str(self.item.year) if self.kind == "wish_years" else "",
            "N": str(self.liked_by[0]) if self.kind == "liked_by" else "",
            "M": str(self.liked_by[1]) if self.kind == "liked_by" else "",
        }
        return {name: value for name, value in values.items() if value}

    def pattern(self, form: int, words: Words) -> str:
        """The authored sentence of a form (counted from 0, wrapping round), placeholders unfilled."""
        patterns, details = self.links, DETAILS[self.detail_kind if self.detail else ""]
        return self._fit(patterns[form % len(patterns)] + details[(form // 2) % len(details)], words)

    def sentence(self, form: int, words: Words) -> str:
        """The authored sentence of a form with the facts in it."""
        return self._fill(self.pattern(form, words))

    def sentences(self, words: Words) -> list[str]:
        """Every way in which these facts may be said; the detail may be left out."""
        details = {"", *DETAILS[self.detail_kind if self.detail else ""]}
        return [self._fill(self._fit(link + detail, words)) for link in self.links for detail in details]

    def _fit(self, pattern: str, words: Words) -> str:
        """Number, article and the catalogue's words."""
        if self.detail_kind == "cast" and ", " not in self.detail and " and " not in self.detail:
            pattern = pattern.replace("{D} star.", "{D} stars.").replace("leads are", "lead is")
        if self.detail_kind == "director" and " and " in self.detail:
            pattern = pattern.replace("{D} directs.", "{D} direct.").replace(
                "The director is {D}", "The directors are {D}"
            )
        if self.kind == "director" and " and " in self.link:
            for one, several in SEVERAL_DIRECTORS:
                pattern = pattern.replace(one, several)
        if self.kind == "wish_person" and " and " in self.link:
            pattern = pattern.replace("{L} is in", "{L} are in").replace("who is part", "who are part")
        if self.kind == "series" and self.anchor and self.anchor.title == self.link:
            for named, bare in ONE_NAME:  # "More of Alien, after Alien"
                pattern = pattern.replace(named, bare)
        pattern = pattern.replace("{aL}", f"{'an' if self.link[:1] in 'aeiou' else 'a'} {{L}}")
        return pattern.replace("{one}", words.one).replace("{many}", words.many)

    def _fill(self, pattern: str) -> str:
        values = self.values()
        return _punctuated(_PLACEHOLDER.sub(lambda found: values.get(found[1], ""), pattern))


def adjective(category: str) -> str:
    """A category as it stands before a noun: ``Animation`` is ``animated``."""
    return ADJECTIVES.get(category, category.lower() if category.isascii() else category)


def listed(names: list[str] | tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _punctuated(text: str) -> str:
    """Start with a capital; drop the full stop after a title that ends in a mark of its own."""
    text = re.sub(r"([?!]|\.\.\.)\.(?=\s|$)", r"\1", text)
    text = re.sub(r"(?<!\.)\.\.(?=\s|$)", ".", text)
    return text[:1].upper() + text[1:]
