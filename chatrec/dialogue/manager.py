"""One turn of conversation: understand, decide, retrieve, rank, reason, store. Each step is a part of its own."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from chatrec.catalogue.encoder import TextEncoder
from chatrec.catalogue.items import Catalogue, Item, clean_text
from chatrec.collab.scorer import History
from chatrec.dialogue.acts import Before, Intent
from chatrec.dialogue.events import Card, Done, Event, ItemsShown, ReasonReady, Reply, StateChanged, TextPiece
from chatrec.dialogue.nlg import answers, profile
from chatrec.dialogue.nlg.comparison import compare
from chatrec.dialogue.nlg.explanations import Reasoner, evidence
from chatrec.dialogue.nlg.templates import say
from chatrec.dialogue.nlu.language import LINES
from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.policy.decide import Plan, decide
from chatrec.dialogue.policy.elicitation import POOL, best_question
from chatrec.dialogue.policy.extremes import extreme_rows
from chatrec.dialogue.policy.relaxation import described, frame, relaxations
from chatrec.dialogue.scheduling import Floor
from chatrec.dialogue.tracking.state import MOST, SLATE, State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.dialogue.tracking.tracker import apply, carried_frame
from chatrec.ilm.phrasing import adjective, listed
from chatrec.ranking.ranker import Ranked, Ranker, Request
from chatrec.retrieval.index import Constraints
from chatrec.retrieval.stories import story_vectors
from chatrec.trace import Recorder, Trace, each, step

FAINT, CLEAR = 0.45, 0.15
"""Nearness of a story below which no item fits it well, and lead over the next from which it surely is the one."""
PHRASED = 9
"""Reasons whose wording is not used again so soon: those of about three slates."""


class DialogueManager:
    """Carries conversations of many people on; one turn of a person at a time.

    Args:
        catalogue: the items.
        understanding, ranker, reasoner, encoder, sessions: the parts.

    Attributes:
        recorder: keeps what each turn did, where somebody wants to look; None by default.
        floor: lets the replies of several people use the language model one after the other.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        understanding: Understanding,
        ranker: Ranker,
        reasoner: Reasoner,
        encoder: TextEncoder,
        sessions: Sessions,
    ) -> None:
        self.catalogue, self.understanding, self.ranker = catalogue, understanding, ranker
        self.reasoner, self.encoder, self.sessions = reasoner, encoder, sessions
        self.recorder: Recorder | None = None
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self.floor = Floor()

    def turn(self, user_id: str, text: str) -> Iterator[Event]:
        """Answer one message, streaming events; the turn is stored before ``Done``."""
        with self.lock(user_id):
            yield from self._turn(user_id, text)

    def lock(self, user_id: str) -> threading.Lock:
        """The lock under which a person's state is read and written."""
        with self._guard:
            return self._locks.setdefault(user_id, threading.Lock())

    def _turn(self, user_id: str, text: str) -> Iterator[Event]:
        state = self.sessions.state(user_id)
        said = clean_text(text)
        trace = self.recorder.begin(user_id, said) if self.recorder else None
        with step("understood", trace) as understood:
            reading = self.understanding.read(said, state)
            before = state.model_copy(deep=True)
            apply(reading, state, self.catalogue)
            understood.found = {"reading": reading}
        state.turn += 1
        state.hear(said)
        yield StateChanged(state.profile(self.catalogue))
        with step("decided", trace) as decided:
            plan = decide(reading, before, state, self.catalogue)
            decided.found = {"plan": plan}
        state.question = ""
        plan, pieces = self._opening(plan, reading, state)
        cards: list[Card] = []
        if plan.act == "answer":
            pieces.append(self._answer(plan, state))
        elif plan.act == "recommend":
            with step("chosen", trace) as chosen:
                lead, ranked, tail = self._recommend(plan, reading, state)
                chosen.found = {"items": [entry.row for entry in ranked]}
            pieces.append(lead)
            cards = [self._card(entry) for entry in ranked]
            if cards:
                state.shown.append([card.item_id for card in cards])
                state.focus = [card.item_id for card in cards[:1]]
                yield ItemsShown(tuple(cards))
            plan = replace(plan, closing=(*tail, *plan.closing))
        body = " ".join(piece for piece in pieces if piece)
        yield TextPiece(body)
        if cards:
            yield from self._worded(cards, plan, state, trace)
        asked = [self._best_of(kind, plan, reading, state, cards) for kind in plan.closing]
        closing = " ".join(self._closing(kind, state) for kind in asked if kind)
        if closing:
            closing = f" {closing}" if body else closing
            yield TextPiece(closing, closing=True)
        state.answer(body + closing, (card.name for card in cards))
        state.done = self._done(plan, reading, bool(cards), state)
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be stored
        known = state.profile(self.catalogue)
        reply = Reply(state.turn, text, body + closing, tuple(cards), known, closing.strip())
        with step("stored", trace):
            self.sessions.save(user_id, state, reply, before=before)
        yield Done(reply)

    def _opening(self, plan: Plan, reading: Reading, state: State) -> tuple[Plan, list[str]]:
        """What is said before anything is shown, and the plan with what that finds out."""
        words = self.catalogue.words
        values = {**words.model_dump(), "name": self.catalogue.name, "items": f"{len(self.catalogue):,}"}
        values["foreign"] = LINES.get(reading.tongue, "")
        values["unmet"] = listed([what.format(**words.model_dump()) for what in reading.unmet])
        values |= {"titles": listed([self.catalogue[row].name for row in plan.rows])} | self._example()
        pieces = [say(kind, state.turn, values) for kind in plan.opening]
        state.asked += [kind for kind in plan.opening if kind == "unclear"]
        strange = [*reading.unknown, *reading.unknown_people]
        pieces += [self._unknown(title, state.turn) for title in strange[:2]] if plan.act != "ask" else []
        if reading.truncated:
            pieces.append(say("truncated", 0))
        meant = self._meant(state) if plan.act == "recommend" and not reading.story else None
        if meant is not None:  # known already, so what comes is close to it instead
            plan = replace(plan, rows=(*plan.rows, meant), lead="lead_near" if reading.topic else plan.lead)
            if reading.topic:
                pieces.append(say("recognised", state.turn, {"title": self.catalogue[meant].name}))
        return plan, pieces

    def _worded(self, cards: list[Card], plan: Plan, state: State, trace: Trace | None) -> Iterator[Event]:
        """Put reasons into ``cards``, one after the other."""
        with self.floor.taken() as free:
            rows = [self.catalogue.row[card.item_id] for card in cards]
            recent = tuple(state.phrased)
            with step("reasons planned", trace) as links:
                planned = self.reasoner.plan(rows, state, plan.rows)
                links.found = {"links": [facts.kind for facts in planned]}
            worded: list[tuple[str, int]] = []
            with step("worded and checked", trace) as checked:
                checked.found = {"said": worded, "busy": not free and self.reasoner.model is not None}
            for place, reason in each(self.reasoner.say(planned, state.turn, recent, plainly=not free), checked):
                worded.append((reason.spoken_by, reason.tries))
                state.phrased = [*state.phrased, reason.form][-PHRASED:]
                chips = evidence(reason.facts, self.catalogue.words)
                cards[place] = replace(cards[place], reason=reason.text, evidence=chips, spoken_by=reason.spoken_by)
                yield ReasonReady(cards[place])

    def shown_for(self, text: str, count: int) -> list[Ranked]:
        """What a message that opens a conversation would be answered with, ``count`` items deep; empty for an answer in words."""
        state = State()
        reading = self.understanding.read(clean_text(text), state)
        reading.count = count
        apply(reading, state, self.catalogue)
        state.hear(clean_text(text))
        plan = decide(reading, State(), state, self.catalogue)
        return self._recommend(plan, reading, state)[1] if plan.act == "recommend" else []

    def rank(self, state: State, count: int) -> list[Ranked]:
        """What a state asks for, best first."""
        request = self._request(Plan("recommend"), Reading(""), state, state.constraints(self.catalogue))
        return self.ranker.rank(request, count)

    def slate(self, state: State, count: int) -> list[Card]:
        """Cards for a state, with reasons, outside any conversation."""
        ranked = self.rank(state, count)
        cards = [self._card(entry) for entry in ranked]
        planned = self.reasoner.plan([entry.row for entry in ranked], state)
        with self.floor.taken() as free:
            for place, reason in self.reasoner.say(planned, 0, plainly=not free):
                chips = evidence(reason.facts, self.catalogue.words)
                cards[place] = replace(cards[place], reason=reason.text, evidence=chips, spoken_by=reason.spoken_by)
        return cards

    @staticmethod
    def _done(plan: Plan, reading: Reading, shown: bool, state: State) -> str:
        """What this turn did, as the next message is read in its light."""
        if shown:
            return Before.SHOWN
        if plan.act == "answer":
            return Before.ANSWERED if plan.rows else Before.CHAT
        if plan.opening == ("ask_opinion",):
            return Before.ASKED_OPINION
        if plan.act == "ask" or state.question:
            return Before.ASKED_WISH
        return Before.UNKNOWN if reading.unknown else Before.CHAT

    def _best_of(self, kind: str, plan: Plan, reading: Reading, state: State, cards: list[Card]) -> str:
        """A kind of closing sentence; of a question only if its answer would change the slate, otherwise empty."""
        if kind.startswith("ask_") and cards and len(cards) < (reading.count or SLATE):
            return ""  # all that fits is there
        return self._question(plan, reading, state, len(cards)) if kind == "ask_wish" else kind

    def _question(self, plan: Plan, reading: Reading, state: State, slate: int) -> str:
        """The question whose answer would change the slate most; empty where none is worth asking."""
        constraints = state.constraints(self.catalogue, state.shown[-1] if state.shown else ())
        ranked = self.ranker.rank(self._request(plan, reading, state, constraints), POOL)
        items = [(entry.row, self.catalogue[entry.row]) for entry in ranked]
        return best_question(items, slate, state, self.ranker.axes["dark"], self.ranker.popularity) or ""

    def _example(self) -> dict[str, str]:
        """A title and a category of the catalogue, to show how one may ask."""
        kinds = self.catalogue.category_names
        best = self.catalogue[int(self.ranker.popularity.argmax())]
        return {"title": best.title, "kind": adjective(kinds[0]) if kinds else self.catalogue.words.one}

    def _closing(self, kind: str, state: State) -> str:
        if kind.startswith("ask_") or kind == "more_question":
            state.asked.append(kind)
            state.question = kind
        return say(kind, state.turn + state.asked.count(kind), self.catalogue.words.model_dump())

    def _answer(self, plan: Plan, state: State) -> str:
        items = [self.catalogue[row] for row in plan.rows]
        if items:
            state.focus = [item.item_id for item in items]
        words = self.catalogue.words
        match plan.topic:
            case "saved":
                return profile.kept(state, {item.item_id: item.name for item in self.catalogue}, words)
            case "catalogue":
                return profile.counted_out(self.catalogue)
            case "known":
                return profile.known(state, {item.item_id: item.name for item in self.catalogue}, words)
            case "compare":
                return compare(
                    items[0], items[1], state, self.catalogue, plan.reading is not None and plan.reading.asks_order
                )
            case "why":
                return " ".join(self._why(item, state) for item in items[:3])
            case _:
                asked = plan.reading or Reading("")
                if items and Intent.ASK_DIRECTOR in asked.requested:
                    state.person = next(
                        iter(items[0].people.get("director", ())), state.person
                    )  # "what else has he made?"
                return " ".join(answers.about(item, asked, words, self._parts(item)) for item in items[:2])

    def _parts(self, item: Item) -> list[Item]:
        """The parts of an item's series, the first one first."""
        return [self.catalogue[row] for row in self.understanding.linker.parts(self.catalogue.row[item.item_id])]

    def _why(self, item: Item, state: State) -> str:
        """The evidence for an item, said plainly."""
        evidence = self.reasoner.evidence_of(self.catalogue.row[item.item_id], state)
        said = " ".join(
            facts.sentence(state.turn + place, self.catalogue.words) for place, facts in enumerate(evidence)
        )
        return f"{item.name}: {said}"

    def _recommend(self, plan: Plan, reading: Reading, state: State) -> tuple[str, list[Ranked], tuple[str, ...]]:
        """Lead sentence, slate, and closing sentences."""
        count = min(reading.count or SLATE, MOST)
        if reading.story:
            return self._of_story(reading, state, count)
        if reading.extreme and carried_frame(reading, state):
            state.drop_frame()  # "the oldest you have" is of all, whatever years an earlier wish was for
        constraints = state.constraints(self.catalogue)
        if reading.among:
            constraints = state.constraints(self.catalogue, again=state.shown_ids)
            others = frozenset(range(len(self.catalogue))) - frozenset(reading.among)
            constraints = replace(constraints, exclude=constraints.exclude | others)
        if reading.extreme and (ranked := self._extreme(plan, reading, state, constraints, count)):
            wish = described(constraints, self.catalogue.words)
            values = {"which": reading.extreme, "wish": wish, "title": self.catalogue[ranked[0].row].name}
            return say("extreme", state.turn, values), ranked, ()
        if reading.year_ranges or reading.genres_each:
            return say(plan.lead, state.turn), self._of_each(plan, reading, state, constraints, count), ()
        ranked = self.ranker.rank(self._request(plan, reading, state, constraints), count)
        if not ranked:
            return self._nothing(plan, reading, state, constraints, count)
        lead = plan.lead
        if lead in ("lead", "lead_more", "lead_critique") and len(ranked) == 1:
            lead = "lead_one"
        if lead == "lead" and state.history(self.catalogue).empty and not state.wishes:
            lead = "lead_popular"
        tail = ("few",) if len(ranked) < count and not reading.among else ()
        return say(lead, state.turn), ranked, tail

    def _blocked(self, state: State) -> frozenset[int]:
        """Rows that are never shown, whatever else is left out of account."""
        return frozenset(self.catalogue.row[item] for item in state.blocked if item in self.catalogue.row)

    def _of_story(self, reading: Reading, state: State, count: int) -> tuple[str, list[Ranked], tuple[str, ...]]:
        """The likeliest items of a story that is told, and how sure that is."""
        vectors = story_vectors(self.encoder, reading.story)
        ranked = self.ranker.of_story(reading.story, vectors, reading.clues, self._blocked(state), count + 1)
        lead = ranked[0].score - ranked[1].score if len(ranked) > 1 else 1.0
        ranked = ranked[:count]
        faint = not ranked or ranked[0].score < FAINT
        kind = "story_unsure" if faint else "story" if lead >= CLEAR else "story_maybe"
        return say(kind, state.turn, {"title": self.catalogue[ranked[0].row].name if ranked else ""}), ranked, ()

    def _extreme(
        self, plan: Plan, reading: Reading, state: State, constraints: Constraints, count: int
    ) -> list[Ranked]:
        """The oldest or the newest items that fit, in that order; what was shown before counts again."""
        constraints = replace(constraints, exclude=self._blocked(state))
        rows = extreme_rows(reading.extreme, constraints, self.catalogue, count)
        others = frozenset(range(len(self.catalogue))) - frozenset(rows)
        request = self._request(plan, reading, state, replace(constraints, exclude=others))
        return sorted(self.ranker.rank(request, count), key=lambda entry: rows.index(entry.row))

    def _of_each(
        self, plan: Plan, reading: Reading, state: State, constraints: Constraints, count: int
    ) -> list[Ranked]:
        """Some items of each of several ranges of years or categories, in turn."""
        each = [replace(constraints, year_min=first, year_max=last) for first, last in reading.year_ranges] or [
            replace(constraints, categories_any=(name,), categories_all=()) for name in reading.genres_each
        ]
        lists = [self.ranker.rank(self._request(plan, reading, state, own), count) for own in each]
        turns = [entry for place in zip_longest(*lists) for entry in place if entry is not None]
        return list({entry.row: entry for entry in turns}.values())[:count]

    def _query(self, state: State) -> tuple[str, np.ndarray] | None:
        """What was described: its words, and their vector of the text encoder."""
        told = " ".join(state.topics[-2:])
        return (told, self.encoder.encode([told])[0]) if told else None

    def _sure(self, state: State) -> int | None:
        """The item that was surely described; a subject that several items have ("grief") describes none of them."""
        query = self._query(state)
        if query is None or self.catalogue.subjects.of(state.topics[-1]):
            return None
        return self.ranker.described(*query)

    def _meant(self, state: State) -> int | None:
        """The item that a description surely means, where it is known already and so will not be among the cards."""
        row = self._sure(state)
        known = {*state.shown_ids, *state.liked, *state.disliked, *state.seen}
        return row if row is not None and self.catalogue[row].item_id in known else None

    def _request(self, plan: Plan, reading: Reading, state: State, constraints: Constraints) -> Request:
        row = self.catalogue.row
        history = state.history(self.catalogue)
        anchors = tuple(plan.rows)
        if not history.liked and anchors:
            history = History(anchors, history.disliked)
        meant = self._meant(state)
        query = self._query(state) if meant is None or meant not in anchors else None
        about = self.catalogue.subjects.of(state.topics[-1]) if state.topics else {}
        sure = () if query is None or (best := self._sure(state)) is None else (best,)
        return Request(
            history=history,
            constraints=replace(constraints, exclude=constraints.exclude | frozenset(anchors)),
            query=query[1] if query else None,
            told=query[0] if query else "",
            anchors=anchors,
            moods=tuple(state.moods_wanted),
            critiques=tuple(reading.critiques),
            shown=tuple(row[item] for item in (state.shown[-1] if state.shown else state.liked[-2:]) if item in row),
            all_categories=tuple(state.genres_wanted),
            all_people=tuple(state.people_wanted),
            promoted=tuple(r for r in (*reading.series, *sure) if constraints.allows(r, self.catalogue[r])),
            subjects={r: much for r, much in about.items() if constraints.allows(r, self.catalogue[r])},
            said=state.heard,
            popularity=state.popularity,
            adventure=state.adventure,
        )

    def _nothing(
        self, plan: Plan, reading: Reading, state: State, constraints: Constraints, count: int
    ) -> tuple[str, list[Ranked], tuple[str, ...]]:
        """An honest no: name what stands in the way, and offer the nearest that exists.

        First what an earlier request left behind is dropped; then items shown before count again, if the message only judges
        or narrows what they were shown for, or if they were shown for want of better; then the wishes are bent.
        """
        words = self.catalogue.words
        if carried_frame(reading, state):
            left = replace(constraints, year_min=None, year_max=None, language="", black_and_white=None)
            wish = described(constraints, words, together=state.people_together)
            values = {"wish": wish, "frame": frame(constraints)}
            constraints = left
            state.drop_frame()
            if ranked := self.ranker.rank(self._request(plan, reading, state, left), count):
                return say("carried", state.turn, values), ranked, ()
        known = replace(constraints, exclude=self._blocked(state))
        other = any(known.allows(row, self.catalogue[row]) for row in constraints.exclude)
        wish = described(constraints, words, other, state.people_together)
        if not reading.acts & {"more", "no"} and not reading.among:
            asked = reading.subject or reading.year_min or reading.year_max or reading.moods_wanted
            same = reading.refines or reading.adds or not asked or reading.story
            shown = state.shown_ids if same else state.offered
            again = state.constraints(self.catalogue, shown)
            if shown and (ranked := self.ranker.rank(self._request(plan, reading, state, again), count)):
                return say("again", state.turn), ranked, ()
        for bent in relaxations(constraints, words, self.catalogue.years, state.people_together):
            if ranked := self.ranker.rank(self._request(plan, reading, state, bent.constraints), count):
                values = {"wish": wish, "barrier": bent.barrier}
                state.offered += [self.catalogue[entry.row].item_id for entry in ranked]
                return say("nothing", state.turn, values), ranked, ()
        values = {"wish": wish, "category": words.category}
        return say("nothing_at_all", state.turn, values), [], ()

    def _unknown(self, title: str, turn: int) -> str:
        found = self.understanding.linker.nearest_title(title)
        near = f"; the closest title is {self.catalogue[found[0]].name}" if found and found[1] >= 76 else ""
        return say("unknown", turn, {"title": clean_text(title, 80), "near": near})

    def _card(self, entry: Ranked) -> Card:
        item = self.catalogue[entry.row]
        return Card(
            item_id=item.item_id,
            title=item.title,
            year=item.year,
            name=item.name,
            categories=item.categories,
            directors=item.people.get("director", ()),
            cast=item.people.get("cast", ()),
            moods=item.moods,
            synopsis=item.description,
            content=dict(item.content),
            match=entry.match,
        )
