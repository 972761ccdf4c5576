"""Reasons: planned from facts, checked word by word, plain where the model speaks nonsense."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import Words
from chatrec.dialogue.nlg.explanations import Reasoner, check, evidence
from chatrec.dialogue.tracking.state import State
from chatrec.ilm.phrasing import ADJECTIVES, DETAILS, LINKS, ReasonFacts
from chatrec.ilm.tasks import details, link_words, traits

WORDS = Words()
ANCHORED = ("director", "series", "person", "theme", "mood", "category", "neighbours")


def every_fact(catalogue):
    """True facts of every kind for every item: each shared trait with each other item, each wish, each detail."""
    for item in catalogue:
        plans = [
            ReasonFacts(item, "liked_by", liked_by=(15, 20)),
            ReasonFacts(item, "wish_years"),
            *(ReasonFacts(item, "portrait", link_words("portrait", [name])) for name in item.categories),
            *(ReasonFacts(item, "wish_category", link_words("wish_category", [name])) for name in item.categories),
            *(ReasonFacts(item, "wish_person", name) for name in item.all_people),
            *(ReasonFacts(item, "wish_mood", name) for name in item.moods),
            *(ReasonFacts(item, "wish_topic", name) for name in (*item.keywords, *item.themes)),
        ]
        for anchor in catalogue:
            if anchor.title == item.title:
                continue
            plans.append(ReasonFacts(item, "neighbours", "", anchor))
            shared = set(traits(item)) & set(traits(anchor))
            plans += [ReasonFacts(item, kind, link_words(kind, [value]), anchor) for kind, value in sorted(shared)]
        for number, facts in enumerate(plans):
            yield facts
            options = details(facts)
            if options:
                kind, detail = options[number % len(options)]
                yield replace(facts, detail_kind=kind, detail=detail)


@pytest.fixture(scope="module")
def all_facts(catalogue):
    return list(every_fact(catalogue))


@pytest.fixture(scope="module")
def reasoner(catalogue):
    count = len(catalogue)
    neighbours = np.array([[(row + step) % count for step in (1, 2, 3)] for row in range(count)])
    likes = (np.arange(count) % 9 + 1, np.full(count, 10))
    return Reasoner(catalogue, likes, neighbours, None)


def facts_of(catalogue, name, kind, link="", anchor=None, **more):
    item = catalogue[catalogue.find(name)]
    return ReasonFacts(item, kind, link, catalogue[catalogue.find(anchor)] if anchor else None, **more)


def assert_true(facts, catalogue):
    """Link and detail are facts of the item, and of the anchor where there is one."""
    item, anchor = facts.item, facts.anchor
    assert (anchor is not None) == (facts.kind in ANCHORED)
    moods = facts.link.split(" and ")
    adjectives = {ADJECTIVES.get(name, name.lower()) for name in item.categories}
    for one in filter(None, (item, anchor)):
        own = {ADJECTIVES.get(name, name.lower()) for name in one.categories}
        match facts.kind:
            case "director":
                assert facts.link in one.people["director"]
            case "person":
                assert facts.link in one.people["cast"]
            case "series":
                assert facts.link == one.series[0]
            case "theme":
                assert facts.link in one.themes
            case "mood" | "wish_mood":
                assert set(moods) <= set(one.moods)
            case "category" | "wish_category" | "portrait":
                assert set(moods) <= own
            case "wish_person":
                assert set(moods) <= set(one.all_people)
            case "wish_topic":
                assert facts.link in (*one.keywords, *one.themes)
            case "neighbours" | "liked_by" | "wish_years":
                assert facts.link == ""
    match facts.detail_kind:
        case "director":
            assert set(facts.detail.split(" and ")) <= set(item.people["director"])
        case "cast":
            assert set(facts.detail.split(" and ")) <= set(item.people["cast"])
        case "theme":
            assert facts.detail in item.themes
        case "mood":
            assert set(facts.detail.split(" and ")) <= set(item.moods)
        case "":
            assert facts.detail == ""
    assert adjectives


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_what_is_planned_is_true_of_the_items(catalogue, reasoner, data):
    ids = [item.item_id for item in catalogue]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=9))
    cut = data.draw(st.integers(0, len(chosen)))
    pick = lambda values, size=2: data.draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=size))  # noqa: E731
    state = State(
        liked=[*chosen[:cut], "of another catalogue"],
        genres_wanted=pick(catalogue.category_names),
        people_wanted=pick(catalogue.people_rows),
        moods_wanted=pick({mood for item in catalogue for mood in item.moods}),
        topics=pick(["a bank robbery", "marines and creatures", "time loops", "zebras"]),
        year_min=data.draw(st.none() | st.just(1950)),
    )
    rows = [catalogue.row[item] for item in chosen[cut:]]
    planned = reasoner.plan(rows, state)
    assert [facts.item for facts in planned] == [catalogue[row] for row in rows]
    for facts in planned:
        assert_true(facts, catalogue)
        if facts.anchor:
            assert facts.anchor.item_id in state.liked
        wished = {
            "wish_category": state.genres_wanted,
            "wish_person": state.people_wanted,
            "wish_mood": state.moods_wanted,
        }
        for value in facts.link.split(" and ") if facts.kind in wished else ():
            asked = {
                ADJECTIVES.get(name, name.lower() if facts.kind == "wish_category" else name)
                for name in wished[facts.kind]
            }
            assert value in asked
        if facts.kind == "liked_by":
            row = catalogue.row[facts.item.item_id]
            assert facts.liked_by == (reasoner.likes[0][row], reasoner.likes[1][row])
        if facts.kind == "neighbours":
            row = catalogue.row[facts.item.item_id]
            assert row in reasoner.neighbours[catalogue.row[facts.anchor.item_id]]


def test_a_shared_person_counts_more_than_a_shared_genre(catalogue, reasoner):
    (facts,) = reasoner.plan(
        [catalogue.find("Blade Runner")], State(liked=[catalogue[catalogue.find("Alien")].item_id])
    )
    assert (facts.kind, facts.link) == ("director", "Ridley Scott")


def test_links_of_a_slate_are_not_all_the_same(catalogue, reasoner):
    rows = [catalogue.find(name) for name in ("Casino", "Heat", "The Godfather: Part II")]
    planned = reasoner.plan(rows, State(liked=[catalogue[catalogue.find("Taxi Driver")].item_id, "5"]))
    assert len({(facts.kind, facts.link) for facts in planned}) == 3


def test_a_wish_leads_to_a_reason_that_names_it(catalogue, reasoner):
    (facts,) = reasoner.plan([catalogue.find("Heat")], State(topics=["something about robbing banks, a bank robbery"]))
    assert (facts.kind, facts.link) == ("wish_topic", "bank robbery")


@pytest.mark.parametrize("kind", sorted(LINKS))
def test_forms_differ_within_a_slate_and_from_turn_to_turn(catalogue, kind):
    planned = [facts_of(catalogue, "Heat", kind, "Al Pacino", liked_by=(15, 20))] * 3
    for turn in range(9):
        forms, following = Reasoner.forms(planned, turn), Reasoner.forms(planned, turn + 1)
        assert len(set(forms)) == 3
        assert all(one != two for one, two in zip(forms, following, strict=True))


def test_every_authored_sentence_passes_the_check(all_facts):
    assert {facts.kind for facts in all_facts} == set(LINKS)
    assert {facts.detail_kind for facts in all_facts} == set(DETAILS)
    for facts in all_facts:
        for form in range(facts.forms):
            text = facts.sentence(form, WORDS)
            assert check(text, facts, WORDS) is None, text


def test_every_authored_sentence_names_the_item_or_stands_beside_its_card_and_names_the_anchor(all_facts):
    for facts in all_facts:
        for form in range(facts.forms):
            text = facts.sentence(form, WORDS)
            assert facts.anchor is None or facts.anchor.title in text
            assert facts.link in text
            assert facts.detail in text
            assert not re.search(r"[{}]|\bNone\b|  ", text)


@pytest.mark.parametrize(
    "text",
    [
        "The Godfather had Al Pacino; so does Casino.",  # another film's title
        "Casablanca had Al Pacino; so does Heat.",
        "The Godfather had Robert De Niro; so does Heat.",  # another person of the film
        "The Godfather had Tom Hanks; so does Heat.",
        "The Godfather had Al Pacino; so does Heat (1996).",  # a year
        "The Godfather had Al Pacino; so does Heat, a western.",  # a genre
        "The Godfather had Al; so does Heat.",  # half a name
        "Godfather had Al Pacino; so does Heat.",
        "The Godfather had Al Pacino; so does Heat. It won six prizes.",  # one sentence more
        "The Godfather had Al Pacino; so does The Godfather.",  # the wrong one of two titles
        "The Godfather had Al Pacino; so does Heat. Al Pacino directs.",  # the wrong role
        "Michael Mann is in Heat as well as in The Godfather, which you liked. Al Pacino directs.",
        "The Godfather had Al Pacino; so does Heat. It is directed by Heat.",
        "Heat is here.",  # neither link nor anchor
        "The Godfather is here, which you liked.",
        "It has Al Pacino.",
        "",
        " ",
        "Al Pacino " * 41,
        "The Godfather had Al Pacino; so doesn't Heat.",
        "The Godfather had Al Pacino; never so does Heat.",
        "<|im_start|>The Godfather had Al Pacino; so does Heat.",
        "The Godfather had Al Pacino; so does Heat. 🎬 100%",
    ],
)
def test_a_sentence_that_is_not_the_facts_is_rejected(catalogue, text):
    facts = facts_of(
        catalogue, "Heat", "person", "Al Pacino", "The Godfather", detail_kind="director", detail="Michael Mann"
    )
    assert check("The Godfather had Al Pacino; so does Heat. Michael Mann directs.", facts, WORDS) is None
    assert check("The Godfather had Al Pacino; so does Heat.", facts, WORDS) is None
    assert check(text, facts, WORDS)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("15 of the 20 people who rated Fargo here liked it.", True),
        ("20 of the 15 people who rated Fargo here liked it.", False),
        ("Of 20 people who rated it, 15 liked it.", True),
        ("Of 15 people who rated it, 20 liked it.", False),
        ("It is well liked: 16 of 20 ratings are four stars or more.", False),
        ("It is well liked: 15 of 15 ratings are four stars or more.", False),
        ("It is well liked: 20 ratings are four stars or more.", False),
        ("A safe start: 15 of its 200 raters liked it.", False),
    ],
)
def test_counts_are_the_right_ones_in_the_right_places(catalogue, text, good):
    facts = facts_of(catalogue, "Fargo", "liked_by", liked_by=(15, 20))
    assert (check(text, facts, WORDS) is None) is good


def test_a_year_is_the_items_own(catalogue):
    facts = facts_of(catalogue, "2001: A Space Odyssey", "wish_years")
    assert check("You set the years; this one is from 1968.", facts, WORDS) is None
    assert check("You set the years; this one is from 1969.", facts, WORDS)
    assert check("You set the years; this one is from 2001.", facts, WORDS)


def test_a_title_cut_short_is_rejected(catalogue):
    facts = facts_of(catalogue, "The Godfather", "series", "The Godfather", "The Godfather: Part II")
    person = facts_of(catalogue, "Heat", "person", "Al Pacino", "The Godfather: Part II")
    assert check("You enjoyed The Godfather: Part II, and Al Pacino is in this one too.", person, WORDS) is None
    assert check("You enjoyed The Godfather, and Al Pacino is in this one too.", person, WORDS)
    assert check("You enjoyed The Godfather: Part, and Al Pacino is in this one too.", person, WORDS)
    assert check("More of The Godfather, after The Godfather: Part II.", facts, WORDS) is None


def test_two_items_of_one_title_are_left_to_the_plain_sentence(catalogue):
    old, new = (catalogue[row] for row in range(len(catalogue)) if catalogue[row].title == "Sabrina")
    facts = ReasonFacts(new, "theme", "class", old)
    assert check(facts.sentence(0, WORDS), facts, WORDS)


@settings(deadline=None, max_examples=250)
@given(data=st.data())
def test_a_word_from_elsewhere_anywhere_in_a_true_sentence_is_noticed(catalogue, all_facts, data):
    facts = data.draw(st.sampled_from(all_facts))
    sentence = facts.sentence(data.draw(st.integers(0, facts.forms - 1)), WORDS).split(" ")
    other = data.draw(st.sampled_from(catalogue.items))
    foreign = st.sampled_from(
        [
            other.title,
            str(other.year),
            *other.all_people,
            *(kind.lower() for kind in other.categories),
            *other.moods,
            *other.themes,
        ]
    )
    inserted = data.draw(
        foreign | st.sampled_from(["not", "never", "worst", "1999", "7", "Oscar", "remake", "without"])
    )
    authored = " ".join([*LINKS[facts.kind], *DETAILS[facts.detail_kind], "film films stars lead a an"])
    known = " ".join([authored, facts.item.title, facts.anchor.title if facts.anchor else "", facts.link, facts.detail])
    numbers = (
        {str(facts.item.year)} if facts.kind == "wish_years" else {"15", "20"} if facts.kind == "liked_by" else set()
    )
    spoken = set(re.findall(r"[^\W_]+", known.casefold())) | numbers
    assume(any(word not in spoken for word in re.findall(r"[^\W_]+", inserted.casefold())))
    place = data.draw(st.integers(0, len(sentence)))
    text = " ".join([*sentence[:place], inserted, *sentence[place:]])
    assert check(text, facts, WORDS), text


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_another_item_in_the_place_of_the_one_that_is_meant_is_noticed(catalogue, all_facts, data):
    facts = data.draw(st.sampled_from(all_facts))
    other = data.draw(st.sampled_from([item for item in catalogue if item not in (facts.item, facts.anchor)]))
    role = data.draw(st.sampled_from(["item", "anchor"] if facts.anchor else ["item"]))
    wrong = replace(facts, **{role: other})
    names = {facts.item.title, facts.anchor.title if facts.anchor else "", facts.link, facts.detail}
    assume(not any(other.title in name for name in names))  # The Godfather stands in the name of its second part
    text = wrong.sentence(data.draw(st.integers(0, facts.forms - 1)), WORDS)
    assume(re.search(rf"(?<!\w){re.escape(other.title)}(?!\w)", text))
    assert check(text, facts, WORDS), text


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=120), data=st.data())
def test_the_check_takes_any_text(all_facts, text, data):
    facts = data.draw(st.sampled_from(all_facts))
    problem = check(text, facts, WORDS)
    assert problem is None or problem.strip()


def test_without_a_model_every_reason_is_the_plain_sentence(catalogue, reasoner):
    planned = reasoner.plan([0, 1, 2], State(liked=["4"]))
    said = dict(reasoner.say(planned, 3))
    assert sorted(said) == [0, 1, 2]
    for place, facts in enumerate(planned):
        assert (said[place].spoken_by, said[place].tries) == ("plain", 0)
        assert said[place].text in [facts.sentence(form, WORDS) for form in range(facts.forms)]


@pytest.mark.parametrize(
    ("facts", "chips"),
    [
        (("Heat", "person", "Al Pacino", "The Godfather"), ("you liked The Godfather", "with Al Pacino")),
        (("Blade Runner", "director", "Ridley Scott", "Alien"), ("you liked Alien", "directed by Ridley Scott")),
        (("Aliens", "series", "Alien", "Alien"), ("you liked Alien", "series: Alien")),
        (("Heat", "neighbours", "", "Alien"), ("you liked Alien", "liked by the same people")),
        (("Fargo", "wish_years", ""), ("from 1996",)),
        (("Fargo", "wish_category", "crime"), ("you asked for crime",)),
        (("Fargo", "portrait", "crime"), ("crime",)),
    ],
)
def test_evidence_is_told_in_chips(catalogue, facts, chips):
    assert evidence(facts_of(catalogue, *facts), WORDS) == chips


def test_evidence_tells_counts_and_the_detail(catalogue):
    facts = facts_of(catalogue, "Fargo", "liked_by", liked_by=(15, 20), detail_kind="director", detail="Joel Coen")
    assert evidence(facts, WORDS) == ("liked by 15 of 20", "directed by Joel Coen")
    assert evidence(replace(facts, detail_kind="mood", detail="dark"), WORDS) == ("liked by 15 of 20", "dark")


@pytest.mark.slow
def test_nonsense_of_the_model_is_never_shown(trained_workspace):
    """The tiny model's words are random: every reason has to end up as an authored sentence, and true."""
    from chatrec.dialogue.tracking.store import Sessions
    from chatrec.recommender import Recommender
    from chatrec.workspace import Workspace

    reasoner = Recommender(Workspace(trained_workspace), Sessions("sqlite://")).manager.reasoner
    assert reasoner.model is not None
    planned = reasoner.plan(list(range(6)), State(liked=["10", "14"], genres_wanted=["Crime"]))
    said = dict(reasoner.say(planned, 1))
    assert sorted(said) == list(range(6))
    for place, facts in enumerate(planned):
        assert_true(facts, reasoner.catalogue)
        assert said[place].facts == facts
        assert (said[place].spoken_by, said[place].tries) == ("plain", 2)
        assert said[place].text in [facts.sentence(form, WORDS) for form in range(facts.forms)]


def test_a_reason_by_one_actor_does_not_call_another_the_lead(catalogue):
    facts = facts_of(catalogue, "Heat", "person", "Al Pacino", "The Godfather")
    assert "cast" not in dict(details(facts))
    assert (
        dict(details(facts_of(catalogue, "Heat", "theme", "duty", "High Noon")))["cast"]
        == "Al Pacino and Robert De Niro"
    )


def test_two_directors_take_the_plural(catalogue):
    facts = facts_of(
        catalogue, "Heat", "theme", "duty", "High Noon", detail_kind="director", detail="Ann Lee and Bo Ray"
    )
    said = facts.sentences(WORDS)
    assert any(text.endswith("Ann Lee and Bo Ray direct.") for text in said)
    assert not any("directs." in text or "director is" in text for text in said)


def test_no_film_is_explained_by_itself(catalogue, reasoner):
    for row, item in enumerate(catalogue):
        (facts,) = reasoner.plan([row], State(liked=[item.item_id]))
        assert facts.anchor is None or facts.anchor.item_id != item.item_id
