"""What is said after the cards stands after them: in the terminal and in scripts."""

from chatrec.dialogue.events import Card, Profile, Reply
from chatrec.dialogue.terminal import full_text

CARD = Card("1", "Fargo", 1996, "Fargo (1996)", reason="It is a crime film.")
ASKS = "Should it be light?"
TEXT = f"Here is one: {ASKS}"


def test_a_question_stands_after_the_cards():
    said = full_text(Reply(1, "hello", TEXT, (CARD,), Profile(), ASKS))
    assert said.splitlines() == ["Here is one:", "Fargo (1996): It is a crime film.", "Should it be light?"]


def test_without_cards_the_text_is_whole():
    assert Reply(1, "hello", TEXT, (), Profile(), ASKS).around == (TEXT, "")
