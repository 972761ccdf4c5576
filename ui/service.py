"""The recommender for programs: the same functions as named endpoints (REST, Gradio's clients) and as MCP tools.

Each method's docstring is what clients read of it, so it speaks to them: first what the tool does, then its arguments.
"""

import functools
import inspect
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr
from pydantic import ConfigDict, ValidationError, validate_call

from chatrec.catalogue.items import Item
from chatrec.dialogue.events import Card, Profile
from chatrec.errors import BadInput, ChatrecError

from .actions import USER_ID, known
from .desk import OOPS, one_line

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

log = logging.getLogger(__name__)
MOST = 20  # items of one answer


class Service:
    """What programs may call; everything returned is plain data.

    Args:
        recommender: the same that the page talks to, so that a person's id is good in both.
    """

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender

    def chat(self, message: str, person: str = "") -> dict[str, Any]:
        """Say something in a conversation that recommends items, and get the whole answer: its text, the items with their
        reasons, what is known about the person by now, and the person's id.

        Args:
            message: What the person says, in English, for example "I loved Fargo, something like it from the seventies?"
            person: The id that an earlier answer gave, so that the conversation goes on; leave it empty for somebody new.
        """
        person = self._person(person)
        reply = self.recommender.reply(person, message)
        return {
            "person": person,
            "text": reply.text,
            "items": [_card(card) for card in reply.cards],
            "known": _profile(reply.profile),
        }

    def recommend(
        self, liked: list[str] | None = None, disliked: list[str] | None = None, query: str = "", count: int = 5
    ) -> list[dict[str, Any]]:
        """Recommend items for a taste, without a conversation. Only items of the catalogue come back, each with a reason
        that was checked against its record.

        Args:
            liked: Titles that are liked, as people write them, for example ["Fargo", "Heat (1995)"].
            disliked: Titles that are disliked.
            query: What it should be about, in words; may be empty.
            count: How many items, 1 to 20.
        """
        if not 1 <= count <= MOST:
            raise BadInput(f"count {count} is out of range; give 1 to {MOST}")
        return [_card(card) for card in self.recommender.recommend(liked or (), disliked or (), query, count)]

    def explain(self, title: str, liked: list[str], disliked: list[str] | None = None) -> dict[str, Any]:
        """Say why an item may suit somebody with these likes: the strongest true link between it and them, as a sentence
        and as short pieces of evidence.

        Args:
            title: The item to explain, as people write it.
            liked: Titles that are liked.
            disliked: Titles that are disliked.
        """
        item, reason, evidence = self.recommender.explain(title, liked, disliked or ())
        return {"name": item.name, "reason": reason, "evidence": list(evidence)}

    def item(self, title: str) -> dict[str, Any]:
        """Look up the record of an item: year, genres, people, moods, themes, what it is about.

        Args:
            title: Its title as people write it, or its id.
        """
        return _item(self.recommender.item(title))

    def feedback(self, title: str, verdict: Literal["liked", "disliked", "seen"], person: str = "") -> dict[str, Any]:
        """Note what a person thinks of an item, and get what is known about them by now.

        Args:
            title: The item, as people write it.
            verdict: What the person thinks of it; "seen" says only that they know it.
            person: The id that an earlier answer gave; leave it empty for somebody new.
        """
        item = self.recommender.item(title)
        person = self._person(person)
        return {"person": person, "known": _profile(self.recommender.feedback(person, item.item_id, verdict))}

    def about_me(self, person: str) -> dict[str, Any]:
        """Get what is known about a person: likes, dislikes, wishes, limits.

        Args:
            person: The id that an earlier answer gave.
        """
        return _profile(self.recommender.profile(self._person(person, new=False)))

    def forget(self, person: str) -> dict[str, Any]:
        """Delete everything that is stored about a person: likes, dislikes, wishes and conversations.

        Args:
            person: The id that an earlier answer gave.
        """
        person = self._person(person, new=False)
        self.recommender.forget(person)
        return {"person": person, "forgotten": True}

    @property
    def endpoints(self) -> tuple[Callable[..., Any], ...]:
        """All that is offered."""
        return self.chat, self.recommend, self.explain, self.item, self.feedback, self.about_me, self.forget

    def offer(self) -> None:
        """Add the endpoints to the Blocks that are being composed."""
        for function in self.endpoints:
            gr.api(_guarded(function), api_name=function.__name__, queue=False)

    @staticmethod
    def _person(person: str, new: bool = True) -> str:
        if not USER_ID.fullmatch(person) and (person or not new):
            way = "leave it empty for somebody new, or send" if new else "send"
            raise BadInput(f"{person[:40]!r} is not the id of a person; {way} one that an earlier answer gave")
        return known(person)


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with every failure as one line that the client sees; details of faults stay in the server's log."""
    checked = validate_call(config=ConfigDict(strict=True))(function)

    @functools.wraps(function)
    def guarded(request: gr.Request, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = checked(*args, **kwargs)
            return json.dumps(answer, ensure_ascii=False) if _from_mcp(request) else answer
        except ValidationError as error:
            first = error.errors()[0]
            place = inspect.getfullargspec(function).args[1:]  # Gradio passes arguments by position
            name = place[first["loc"][0]] if isinstance(first["loc"][0], int) else first["loc"][0]
            raise gr.Error(f"{name}: {first['msg']}; got {first['input']!r:.80}", print_exception=False) from None
        except ChatrecError as error:
            raise gr.Error(one_line(error), print_exception=False) from None
        except Exception:
            log.exception("an endpoint failed")
            raise gr.Error(OOPS, print_exception=False) from None

    # Gradio hands the request over where the signature has one, and names all other parameters to clients.
    own, first = inspect.signature(function), inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    vars(guarded)["__signature__"] = own.replace(parameters=[first, *own.parameters.values()])
    guarded.__annotations__ = {**function.__annotations__, "request": gr.Request}
    return guarded


def _from_mcp(request: gr.Request) -> bool:
    """Whether an MCP client asks. Its tools answer in text, which Gradio makes of plain data as Python writes it."""
    return "/gradio_api/mcp/" in f"{request.url.path}/"


def _card(card: Card) -> dict[str, Any]:
    kept = ("item_id", "name", "title", "year", "categories", "directors", "cast", "moods", "synopsis", "content")
    shown = {name: value for name, value in asdict(card).items() if name in (*kept, "reason", "evidence", "match")}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}


def _item(item: Item) -> dict[str, Any]:
    return {**item.model_dump(mode="json", exclude_defaults=True), "name": item.name}


def _profile(profile: Profile) -> dict[str, Any]:
    return {name: value for name, value in profile.as_dict().items() if value not in ([], None)}
