"""The three-line API: ``Recommender.open(path)``, ``.chat(user_id, text)``, ``.recommend(...)``."""

import copy
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from chatrec.catalogue.items import Catalogue, Item
from chatrec.config import settings
from chatrec.dialogue.events import Card, Done, Event, Profile, Reply
from chatrec.dialogue.manager import DialogueManager
from chatrec.dialogue.nlg.explanations import Reasoner, evidence
from chatrec.dialogue.nlg.profile import stored
from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.dialogue.settings import checked
from chatrec.dialogue.tracking.state import OPPOSITE, VERDICTS, State, Verdict
from chatrec.dialogue.tracking.store import Conversation, Sessions
from chatrec.errors import BadInput
from chatrec.ilm.calibration import Calibration
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ranking.ranker import Ranker
from chatrec.retrieval.index import ItemIndex, index_prefix
from chatrec.sources import learned_dialogue, open_workspace
from chatrec.trace import Recorder
from chatrec.workspace import Report, Workspace


class Recommender:
    """A workspace that talks.

    Args:
        workspace: an opened workspace; without a trained adapter it recommends by collaborative filtering and text alone
            and says its reasons in plain sentences.
        sessions: where conversations are stored; by default the settings' database, or the workspace itself.
    """

    def __init__(self, workspace: Workspace, sessions: Sessions | None = None) -> None:
        self.workspace = workspace
        url = settings().database
        self.sessions = sessions or (Sessions(url) if url else Sessions.in_workspace(workspace.path))
        if settings().threads:
            torch.set_num_threads(settings().threads)

    @classmethod
    def open(
        cls, path: str | Path | None = None, sessions: Sessions | None = None, report: Report = lambda _: None
    ) -> "Recommender":
        """Open a workspace; without a path MovieLens 100K, built on first use."""
        return cls(open_workspace(path, report), sessions)

    @property
    def catalogue(self) -> Catalogue:
        """The items."""
        return self.workspace.catalogue

    @cached_property
    def manager(self) -> DialogueManager:
        """The parts of a turn, put together."""
        space = self.workspace
        model = space.model if (space.adapter_folder / "config.json").is_file() else None
        index = ItemIndex.open(space.path / "index", index_prefix(space.path))
        liked, _ = space.likes
        return DialogueManager(
            space.catalogue,
            Understanding(space.catalogue, liked, space.encoder),
            Ranker(
                space.catalogue,
                space.collab,
                index,
                space.vectors["story"],
                liked,
                model,
                Calibration.load(space.adapter_folder),
                learned_dialogue(space),
            ),
            Reasoner(space.catalogue, space.likes, space.neighbours, model),
            space.encoder,
            self.sessions,
        )

    def chat(self, user_id: str, text: str) -> Iterator[Event]:
        """Answer one message; yields events as they happen (:mod:`chatrec.dialogue.events`).

        Raises:
            ChatrecError: in one line, for what cannot be done; nothing of the turn is stored then.
        """
        return self.manager.turn(user_id, text)

    def reply(self, user_id: str, text: str) -> Reply:
        """The whole reply to one message."""
        for happened in self.chat(user_id, text):
            if isinstance(happened, Done):
                return happened.reply
        raise AssertionError("a turn ends with Done")

    def recommend(
        self,
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        query: str = "",
        count: int = 5,
    ) -> list[Card]:
        """Recommendations without a conversation.

        Args:
            liked, disliked: item ids, or titles as people write them.
            query: what it should be about, in words.
            count: how many.

        Raises:
            BadInput: naming a title that the catalogue does not have.
        """
        state = State(liked=[self._id(name) for name in liked], disliked=[self._id(name) for name in disliked])
        state.topics = [query] if query else []
        return self.manager.slate(state, count)

    def explain(
        self, name: str, liked: Sequence[str] = (), disliked: Sequence[str] = ()
    ) -> tuple[Item, str, tuple[str, ...]]:
        """An item, why it may suit somebody with these likes (a plain sentence), and the evidence as chips.

        Args:
            name: item id, or title as people write it.
            liked, disliked: the same, of what the person knows.

        Raises:
            BadInput: naming a title that the catalogue does not have.
        """
        item, words = self.item(name), self.catalogue.words
        state = State(liked=[self._id(other) for other in liked], disliked=[self._id(other) for other in disliked])
        facts = self.manager.reasoner.plan([self.catalogue.row[item.item_id]], state)[0]
        return item, facts.sentence(0, words), evidence(facts, words)

    def item(self, name: str) -> Item:
        """An item by its id, or by its title as people write it.

        Raises:
            BadInput: if the catalogue does not have it.
        """
        if name in self.catalogue.row:
            return self.catalogue.by_id(name)
        row = self.catalogue.find(name) if name.strip() else None
        if row is None:
            raise BadInput(f"{name[:80]!r} is not in {self.catalogue.name}")
        return self.catalogue[row]

    def _id(self, name: str) -> str:
        return self.item(name).item_id

    @property
    def reads_items(self) -> bool:
        """Whether the workspace has a trained adapter, so that the LLM reads its items."""
        return self.manager.ranker.model is not None

    @property
    def model(self) -> ItemLanguageModel | None:
        """The item-language model, where the workspace has a trained adapter."""
        return self.manager.ranker.model

    def with_parts(self, sessions: Sessions | None = None) -> "Recommender":
        """The same recommender with conversations of its own: all else is shared, nothing is loaded again."""
        other = copy.copy(self)
        other.manager = copy.copy(self.manager)
        if sessions is not None:
            other.sessions = other.manager.sessions = sessions
        return other

    def observe(self, ranker: Callable[[Ranker], Any], recorder: Recorder) -> Any:
        """Let somebody look on: every turn from now on goes through their ranker, and is recorded.

        Args:
            ranker: gives the one to use in place of today's, which it wraps.
            recorder: of what each turn did.

        Returns:
            the ranker in use now.
        """
        self.manager.ranker, self.manager.recorder = ranker(self.manager.ranker), recorder
        return self.manager.ranker

    # What a page needs

    def profile(self, user_id: str) -> Profile:
        """What is known about a person."""
        return self.sessions.state(user_id).profile(self.catalogue)

    def transcript(self, user_id: str) -> list[Reply]:
        """This conversation so far, oldest first."""
        return self.sessions.transcript(user_id)

    def feedback(self, user_id: str, item_id: str, verdict: Verdict) -> Profile:
        """Record what a person thinks of an item."""
        if verdict not in VERDICTS:
            raise BadInput(f"verdict {verdict!r} is not known; give one of {', '.join(VERDICTS)}")
        self.catalogue.by_id(item_id)
        return self.change(user_id, lambda state: state.judge(item_id, verdict))

    def remove(self, user_id: str, slot: str, value: str) -> Profile:
        """Take one entry out of what is known."""
        if slot not in Profile.__dataclass_fields__:
            raise BadInput(f"there is no slot {slot!r}; there are {', '.join(Profile.__dataclass_fields__)}")
        return self.change(user_id, lambda state: state.remove(slot, value))

    def reverse(self, user_id: str, slot: str, value: str) -> Profile:
        """Turn one entry of what is known into its opposite: liked and disliked, wanted and unwanted."""
        if slot not in OPPOSITE:
            raise BadInput(f"{slot!r} has no opposite; these have: {', '.join(OPPOSITE)}")
        if slot in VERDICTS:
            self.catalogue.by_id(value)
        return self.change(user_id, lambda state: state.reverse(slot, value))

    def tune(self, user_id: str, knob: str, value: int | None) -> Profile:
        """Set years, popularity or adventure by hand (:mod:`chatrec.dialogue.settings`)."""
        value = checked(knob, value, self.catalogue)
        return self.change(user_id, lambda state: state.tune(knob, value))

    def change(self, user_id: str, how: Callable[[State], object]) -> Profile:
        """Change a person's state by their own hand; waits for an answer that is being given."""
        with self.manager.lock(user_id):
            return self.sessions.change(user_id, how).profile(self.catalogue)

    def undoable(self, user_id: str) -> frozenset[int]:
        """Numbers of this conversation's turns that can be taken back."""
        return self.sessions.undoable(user_id)

    def undo(self, user_id: str, turn: int) -> Profile:
        """Take back a turn and all later ones; what was pressed since stays.

        Raises:
            BadInput: for a turn that was too long ago.
        """
        with self.manager.lock(user_id):
            return self.sessions.back_to(user_id, turn).profile(self.catalogue)

    def conversations(self, user_id: str) -> list[Conversation]:
        """A person's conversations, the latest first."""
        return self.sessions.conversations(user_id)

    def new_conversation(self, user_id: str) -> Profile:
        """Start afresh; what is liked, disliked and seen stays, the wishes of the moment go."""
        with self.manager.lock(user_id):
            state = self.sessions.state(user_id).carried_into(State())
            self.sessions.save(user_id, state, new_conversation=True)
        return state.profile(self.catalogue)

    def open_conversation(self, user_id: str, number: int) -> Profile:
        """Take up an earlier conversation where it was left."""
        with self.manager.lock(user_id):
            return self.sessions.open(user_id, number).profile(self.catalogue)

    def rename_conversation(self, user_id: str, number: int, title: str) -> None:
        """Give a conversation another title."""
        self.sessions.rename(user_id, number, title)

    def delete_conversation(self, user_id: str, number: int) -> Profile:
        """Delete a conversation; what is liked, disliked and seen stays."""
        with self.manager.lock(user_id):
            return self.sessions.delete(user_id, number).profile(self.catalogue)

    def stored(self, user_id: str) -> str:
        """What is stored about a person, counted in words."""
        return stored(self.conversations(user_id), self.profile(user_id), self.catalogue.words)

    def forget(self, user_id: str) -> Profile:
        """Delete everything stored about a person."""
        with self.manager.lock(user_id):
            self.sessions.forget(user_id)
            if self.manager.recorder:
                self.manager.recorder.forget(user_id)
        return State().profile(self.catalogue)

    def examples(self) -> list[str]:
        """Four things one could say."""
        words, liked = self.catalogue.words, self.workspace.likes[0]
        best = [self.catalogue[int(row)] for row in (-liked).argsort(kind="stable")[:40]]
        titles = [item.title for item in best]
        kinds = self.catalogue.category_names
        kind = kinds[min(1, len(kinds) - 1)].lower() if kinds else words.one
        years = self.catalogue.years
        decade = f" from before {(years[1] - 25) // 10 * 10}" if years and years[1] - years[0] > 30 else ""
        first, second = (titles[0], titles[min(5, len(titles) - 1)])
        return [
            f"I loved {first} and {second}. What should I {words.use}?",
            f"Some {kind}{decade}, please",
            f"Something like {titles[min(12, len(titles) - 1)]}, but lighter",
            f"What is {titles[min(8, len(titles) - 1)]} about?",
        ]
