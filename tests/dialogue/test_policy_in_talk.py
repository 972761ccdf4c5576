"""What is done in a conversation: small talk, taking back, comparing, facts that are unknown, critiques, known descriptions."""

import pytest

from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender


@pytest.fixture(scope="module")
def recommender(small_workspace):
    return Recommender.open(small_workspace, Sessions("sqlite://"))


@pytest.fixture
def say(recommender, request):
    return lambda *lines: [recommender.reply(request.node.name, line) for line in lines][-1]


@pytest.mark.parametrize(
    "line",
    ["How are you?", "what's your favourite film?", "tell me a joke", "you're the best", "what's the weather?", "wow"],
)
def test_small_talk_is_one_line_without_cards_or_question(say, line):
    reply = say(line)
    assert not reply.cards and "\n" not in reply.text and "?" not in reply.text


def test_a_like_can_be_taken_back(say):
    reply = say("I loved Heat and Fargo", "forget that I liked Heat")
    assert "Heat (1995)" in reply.text and not reply.cards
    assert [ref.name for ref in reply.profile.liked] == ["Fargo (1996)"]
    assert "Heat" not in say("what do you know about me?").text


@pytest.mark.parametrize(
    "line", ["did it win any Oscars?", "where was it filmed?", "how long is it?", "is it available on Netflix?"]
)
def test_a_fact_that_is_unknown_is_said_to_be(say, line):
    reply = say("What is Alien about?", line)
    assert reply.text.startswith("I don't know") and "Alien (1979)" in reply.text and not reply.cards
    assert reply.text.endswith(".")  # a whole sentence


def test_words_of_a_title_ask_for_no_fact(say):
    assert "directors" not in say("I loved Heat", "do you have Little Women (2019)?").text


@pytest.mark.parametrize(
    "line", ["Do you have The Revenant?", "have you got Mad Max: Fury Road?", "do you have Oppenheimer?"]
)
def test_a_title_that_is_not_there_is_quoted_whole(say, line):
    title = line.rstrip("?").split(" ", 3)[3]
    assert f"{title} in my catalogue" in say("I loved Heat", line).text


def test_two_items_are_compared_on_what_the_person_cares_about(say):
    text = say("I loved The Godfather", "Compare Heat and Sabrina (1954)").text
    assert "The Godfather" in text and "Heat is nearer to your taste" in text
    assert "Al Pacino" in text or "crime" in text


def test_the_same_question_is_never_asked_twice(say):
    lines = ["Hello", "hm", "qwerty", "asdf", "I loved Heat", "more", "more", "lighter", "more"]
    asked = [part for line in lines for part in say(line).text.replace("\n", " ").split(". ") if part.endswith("?")]
    assert len(asked) == len(set(asked))


def test_at_most_one_question_a_turn(say):
    assert all(say(line).text.count("?") <= 1 for line in ["I loved Heat", "something else", "a comedy", "more"])


@pytest.mark.parametrize(("line", "way"), [("older", -1), ("newer", 1)])
def test_a_critique_moves_from_what_was_shown(say, line, way):
    shown = [card.year for card in say("I loved Heat, Casino and Alien").cards]
    moved = [card.year for card in say(line).cards]
    assert all((year - sum(shown) / len(shown)) * way > 0 for year in moved) and moved


def test_years_that_were_bent_are_not_called_wished_for(say):
    reply = say("a western from after 1995")
    assert "1995" in reply.text or "1996" in reply.text
    assert reply.cards and not any("wanted" in card.reason or "years you" in card.reason for card in reply.cards)


def test_no_more_of_something_is_not_none_of_it(say):
    reply = say("westerns please", "more")
    assert "other western" in reply.text


def test_something_like_an_item_is_explained_by_it_without_calling_it_liked(say):
    cards = say("Something like Alien").cards
    assert any("Alien" in card.reason.replace(card.title, "") for card in cards)
    assert not any("you liked" in card.reason.casefold() for card in cards)


def test_reasons_stay_short_and_begin_differently(say):
    recent: list[str] = []
    for line in ("I loved Heat, Fargo and The Godfather", "more", "more"):
        reasons = [card.reason for card in say(line).cards]
        assert all(len(reason.split()) <= 30 for reason in reasons)
        assert len({" ".join(reason.split()[:2]) for reason in reasons}) == len(reasons)
        assert not set(recent) & set(reasons)
        recent = reasons


def test_which_of_two_is_older_compares_them(say):
    reply = say("is Fargo any older than Casino?")
    assert "1996" in reply.text
    assert "1995" in reply.text
    assert not reply.cards


@pytest.mark.parametrize("said", ["so, what do you think my taste is?", "list what you have on me"])
def test_what_is_known_can_be_asked_for_in_many_ways(say, said):
    assert "Fargo (1996)" in say("I loved Fargo", said).text


def test_two_wanted_people_are_both_named_when_nothing_is_left(say):
    reply = say("something with Al Pacino and Robert De Niro together", "I have seen Heat and The Godfather Part II")
    assert "Al Pacino or" not in reply.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("is Alien scary?", "Alien (1979) has plenty of scares."),
        ("is Toy Story violent?", "Toy Story (1995) has no violence to speak of."),
    ],
)
def test_how_much_of_something_there_is(say, said, answer):
    assert say(said).text == answer


def test_several_questions_in_one_message_are_all_answered(say):
    reply = say("who directed Fargo, and when was it made?")
    assert reply.text == "Fargo (1996) was directed by Joel Coen. It is from 1996."
    reply = say("who's in it, and is it in black and white? Also did Spielberg direct it?")
    assert "Frances McDormand" in reply.text
    assert "in colour" in reply.text
    assert not reply.cards
    assert say("is Frances McDormand in Fargo?").text.startswith("Yes, Frances McDormand is in Fargo (1996).")


def test_thanks_with_a_wish_is_a_wish(say):
    assert len(say("a comedy please", "thank you, only one film please, I can not choose").cards) == 1


def test_what_was_shown_comes_again_where_only_that_is_left(say):
    reply = say("films with Humphrey Bogart", "without Lauren Bacall or Ingrid Bergman")
    assert [card.name for card in reply.cards] == ["Sabrina (1954)"]


def test_nothing_is_called_close_to_a_title_that_is_not_there(say):
    reply = say("I loved Heat", "do you have shrek?")
    assert "shrek" in reply.text.lower()
    assert not any(phrase in reply.text for phrase in ("In that line", "Close to that", "along those lines"))
