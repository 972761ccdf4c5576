"""What is said after the cards stands after them: in the terminal, in scripts, and on the page."""

from chatrec_ui.view import Turn, View, messages

from chatrec.catalogue.items import Words
from chatrec.dialogue.events import CARDS, Card, Profile, Reply
from chatrec.dialogue.terminal import full_text

CARD = Card("1", "Fargo", 1996, "Fargo (1996)", reason="It is a crime film.")
TEXT = f"Here is one:{CARDS}Should it be light?"


def test_a_question_stands_after_the_cards():
    said = full_text(Reply(1, "hello", TEXT, (CARD,), Profile()))
    assert said.splitlines() == ["Here is one:", "Fargo (1996): It is a crime film.", "Should it be light?"]


def test_without_cards_the_text_is_whole():
    assert Reply(1, "hello", TEXT, (), Profile()).around == (TEXT, "")


def test_the_page_puts_the_question_after_the_cards():
    page = messages(View(turns=(Turn("hello", TEXT, (CARD,), "done"),)), Words())[-1]["content"]
    assert page.index("Here is one:") < page.index("It is a crime film.") < page.index("Should it be light?")
