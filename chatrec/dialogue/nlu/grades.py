"""Verdicts given as grades: "4/5", "two stars", "gave it a 9"."""

import re

from chatrec.dialogue.nlu.reading import Stance

_GRADES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "zero": 0, "a single": 1, "half a": 0.5}
_GRADE = rf"(\d+(?:[.,]\d)?|{'|'.join(_GRADES)})"


def graded(before: str, after: str) -> Stance | None:
    """The verdict in a grade beside a title: "4/5", "two stars", "gave … a 9", "thumbs down for …"."""
    if rated := re.match(
        rf"\W{{0,3}}(?:gets? |an? |got )*{_GRADE}\s*(?:/|out of)\s*(5|10|100)\b", after, re.IGNORECASE
    ):
        return _by_share(_number(rated[1]) / int(rated[2]))
    if rated := re.match(
        rf"\W{{0,3}}(?:i|we)(?:'d| would)? (?:gave|give|rated?) (?:it |that )?(?:an? )?{_GRADE}\s*(?:/|out of)\s*(5|10|100)\b",
        after,
        re.IGNORECASE,
    ):
        return _by_share(_number(rated[1]) / int(rated[2]))
    if rated := re.search(
        rf"\b{_GRADE}\s*(?:/|out of)\s*(5|10|100) (?:is |was |goes )?(?:for|to)\s+(?:the\s+)?$", before, re.IGNORECASE
    ):
        return _by_share(_number(rated[1]) / int(rated[2]))
    stars = re.match(
        rf"\W{{0,3}}(?:gets? |an? |got |is |was )*{_GRADE}[\s-]*stars?\b", after, re.IGNORECASE
    ) or re.search(rf"\b{_GRADE}[\s-]*stars? (?:for|to)\s+(?:the\s+)?$", before, re.IGNORECASE)
    if stars:
        return _by_share(_number(stars[1]) / (5 if _number(stars[1]) <= 5 else 10))
    given = re.search(r"\b(?:g[ai]ve|rated?|(?:i'd|would) give|and)\s+(?:the\s+)?$", before, re.IGNORECASE)
    mark = re.match(r"\s+(?:gets? )?an? (10|[0-9])\b(?!\s*(?:years?|hours?|minutes?|times?|st|nd|rd|th))", after)
    if mark and (given or re.match(r"\s+gets?\b", after)):
        return _by_share(int(mark[1]) / 10)
    thumbs = re.search(r"\bthumbs? (up|down) (?:for|to)\s+(?:the\s+)?$", before, re.IGNORECASE) or re.match(
        r"\W{0,3}(?:gets? |an? |two |big )*thumbs? (up|down)\b", after, re.IGNORECASE
    )
    return None if not thumbs else "liked" if thumbs[1].lower() == "up" else "disliked"


def _number(word: str) -> float:
    known = _GRADES.get(word.lower())
    return float(word.replace(",", ".")) if known is None else known


def _by_share(share: float) -> Stance:
    return "liked" if share >= 0.7 else "disliked" if share <= 0.4 else "seen"
