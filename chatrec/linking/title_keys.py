"""Words of a message and keys of titles: the forms in which the two are compared."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from chatrec.catalogue.items import title_key

_WORD = re.compile(r"(?<!\w)[^\W_](?:[.*][^\W_](?!\w))+|[^\W_]+(?:['’][^\W_]+)*|&", re.UNICODE)
_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), map(str, range(1, 13)), strict=True)
)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(frozen=True)
class Span:
    """A stretch of the text, ``text[start:end]``, linked to rows of the catalogue (best first).

    ``certain`` is False for spans that were recognised by a typo-tolerant comparison or by a part of the title.
    """

    start: int
    end: int
    rows: tuple[int, ...]
    certain: bool = True


@dataclass(frozen=True)
class Word:
    """A word of a message, with its place and its bare form."""

    start: int
    end: int
    text: str
    key: str


def words_of(text: str) -> list[Word]:
    """The words of a text with their places."""
    return [Word(m.start(), m.end(), m[0], _plain(m[0])) for m in _WORD.finditer(text)]


def _plain(word: str) -> str:
    word = unicodedata.normalize("NFKD", word.replace("&", "and"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in word if not unicodedata.combining(c)).casefold())


def key_of(part: list[Word]) -> str:
    """The key of consecutive words, comparable with a title's."""
    return numbers(title_key(" ".join(word.text for word in part)))


def numbers(key: str) -> str:
    """One spelling for "part ii", "part two", "part 2", "ii" and "2", and for "twelve monkeys" and "12 monkeys"."""
    words = [_ROMAN.get(word, word) if place else word for place, word in enumerate(key.split())]
    if len(words) > 1:
        words = [_NUMBERS.get(word, word) for word in words]
    counted = [
        word
        for word, after in zip(words, [*words[1:], ""], strict=False)
        if not (word in ("part", "episode", "vol", "volume") and after.isdigit())
    ]
    return " ".join(counted) or key


def forms_of(title: str) -> set[str]:
    """The keys under which a title is found: whole, before its colon if that tells it apart, and after it."""
    forms = {numbers(title_key(title))}
    if ":" in title:
        head, _, tail = title.partition(":")
        forms.add(numbers(title_key(head)) if re.search(r"\d|\b[IVX]+$", head) else numbers(title_key(title)))
        if len(tail.split()) >= 2 and not numbers(title_key(tail.strip())).isdigit():  # "Part II" alone names nothing
            forms.add(numbers(title_key(tail.strip())))
    if initials := re.match(r"(?:[^\W_][.*]){2,}[^\W_]?(?=\s)", title):  # "E.T. the Extra-Terrestrial"
        forms.add(title_key(initials[0]))
    return {form for form in forms if form}


def joined(text: str, part: list[Word]) -> bool:
    """Whether the words stand together: between them only spaces, hyphens, and marks that titles contain."""
    return all(
        re.fullmatch(r"[\s\-–,:'’.&!/]{0,3}", text[one.end : two.start]) and "\n" not in text[one.end : two.start]
        for one, two in pairwise(part)
    )


def overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch touches any that are taken."""
    return any(start < b and a < end for a, b in taken)
