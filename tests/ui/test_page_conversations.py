"""Conversations on the page, and what a person sets by hand: handlers on a real recommender, then a browser."""

import re
from urllib.parse import urlsplit

import pytest

from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender
from chatrec.workspace import Workspace

pytest.importorskip("gradio")
from chatrec_ui import actions, app
from chatrec_ui.conversations import listing
from chatrec_ui.knobs import knobs
from fakes import HOSTILE, USER, Parsed, press, run, said

from chatrec.dialogue.events import Profile
from chatrec.dialogue.tracking.store import Conversation

OTHER = "f" * 32


@pytest.fixture
def recommender(small_workspace, tmp_path):
    return Recommender(Workspace(small_workspace), Sessions.in_workspace(tmp_path))


def titles(step):
    return [re.sub(r"<.*?>", "", title) for title in re.findall(r'name="cr-open".*?>(<span>.*?)</button>', step.past)]


def items(step):
    return re.findall(r'name="cr-compare" value="(.*?)"', "".join(message["content"] for message in step.chat))


# --- HTML ----------------------------------------------------------------------------------------------------------


def test_a_title_is_text_and_the_current_one_is_marked():
    made = listing([Conversation(2, HOSTILE, 1, True), Conversation(1, "Older", 3, False)])
    page = Parsed(made)
    assert {tag for tag, _ in page.elements} <= {"nav", "div", "button", "svg", "path", "ul", "li", "span", "h2"}
    assert [button["aria-current"] for button in page.buttons("cr-open")] == ["true", "false"]
    assert page.buttons("cr-ask-delete")[0]["aria-label"] == f"Delete {HOSTILE}"
    assert "kept here" in Parsed(listing([])).text


def test_sliders_say_where_they_stand():
    page = Parsed(knobs(Profile(year_min=1970, popularity=-2), (1930, 1998)))
    sliders = {attrs["id"]: attrs for tag, attrs in page.elements if tag == "input"}
    assert (sliders["cr-knob-year_min"]["value"], sliders["cr-knob-year_max"]["value"]) == ("1970", "1998")
    assert sliders["cr-knob-popularity"]["aria-valuetext"] == "hidden gems"
    assert "from 1970 on" in page.text and page.buttons("cr-say")
    assert "Years" not in Parsed(knobs(Profile(), None)).text  # a catalogue without years
    far = Parsed(knobs(Profile(year_min=1800, year_max=2500), (1930, 1998)))  # said, outside the catalogue
    assert [attrs["value"] for tag, attrs in far.elements if tag == "input"][:2] == ["1930", "1998"]


# --- the handlers --------------------------------------------------------------------------------------------------


def test_conversations_are_kept_taken_up_renamed_and_deleted(recommender):
    page = actions.Page(recommender)
    first = run(page.send(USER, "I loved Fargo and Heat, no musicals please"))[-1]
    assert titles(first) == ["I loved Fargo and Heat, no musicals please"]
    step = press(page, "cr-new")[-1]
    assert not step.chat and "Remove Fargo (1996)" in step.panel
    run(page.send(USER, "A comedy, please"))
    press(page, "cr-rename-2", "Friday <i>night</i>")
    page = actions.Page(Recommender(recommender.workspace, recommender.sessions))  # after a restart
    step = run(page.load(USER))[-1]
    assert titles(step) == ["Friday &lt;i&gt;night&lt;/i&gt;", "I loved Fargo and Heat, no musicals please"]

    step = press(page, "cr-open", "1")[-1]
    assert items(step) == items(first) and "cr-reason" in step.chat[-1]["content"]
    assert "Remove Comedy" not in step.panel and "Opened: I loved Fargo" in step.panel
    more = run(page.send(USER, "More, please"))[-1]
    assert not set(items(more)[len(items(first)) :]) & set(items(first))  # it knows what it has shown
    assert "Remove Comedy" in press(page, "cr-open", "2")[-1].panel

    step = press(page, "cr-delete", "1")[-1]
    assert "comedy" in said(step) and len(titles(step)) == 1
    step = press(page, "cr-delete", "2")[-1]
    assert not step.chat and not titles(step) and "Remove Fargo (1996)" in step.panel
    assert recommender.transcript(USER) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cr-open", "9"),
        ("cr-open", "x"),
        ("cr-open", "9" * 30),
        ("cr-delete", "-1"),
        ("cr-delete", ""),
        ("cr-rename-9", "x"),
        ("cr-rename-1", " "),
        ("cr-rename-", "x"),
        ("cr-tune-popularity", "5"),
        ("cr-tune-popularity", "1e3"),
        ("cr-tune-liked", "1"),
        ("cr-tune-year_min", "-900000000"),
        ("cr-turn-liked", "nope"),
        ("cr-turn-shown", "1"),
    ],
)
def test_what_cannot_be_done_changes_nothing(recommender, name, value):
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Fargo"))
    before = recommender.sessions.state(USER), recommender.conversations(USER)
    step = press(page, name, value)[-1]
    assert "Traceback" not in said(step) and "I loved Fargo" in said(step)
    assert (recommender.sessions.state(USER), recommender.conversations(USER)) == before


def test_one_cannot_open_what_another_person_has(recommender):
    page = actions.Page(recommender)
    run(page.send(USER, "my secret taste is Fargo"))
    run(page.send(OTHER, "hello"))
    press(page, "cr-new", who=USER)
    run(page.send(USER, "hello again"))
    step = press(page, "cr-open", "2", who=OTHER)[-1]
    assert "secret" not in said(step) and "There is no conversation 2" in said(step)
    assert "secret" not in press(page, "cr-open", "1", who=OTHER)[-1].past


def test_forgetting_says_what_is_gone_and_nothing_is_left(recommender, tmp_path):
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Fargo but hated Alien"))
    press(page, "cr-new")
    run(page.send(USER, "A comedy, please"))
    press(page, "cr-tune-adventure", "2")
    step = press(page, "cr-forget")[-1]
    gone = "2 conversations with 2 messages, 1 like, 1 dislike, 1 wish and 1 setting"
    assert f"Deleted for good: {gone}. Nothing about you is stored any more." in Parsed(step.panel).text
    assert not step.chat and not titles(step) and recommender.stored(USER) == "nothing"
    assert not any(b"Fargo" in path.read_bytes() for path in tmp_path.glob("sessions.db*"))
    assert "Deleted for good" not in run(page.send(USER, "hello"))[-1].panel


def test_what_is_set_by_hand_changes_the_next_slate_and_can_be_undone(recommender):
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Fargo"))
    step = press(page, "cr-tune-popularity", "-2")[-1]
    assert "Set: hidden gems" in step.panel and "Remove hidden gems" in step.panel
    press(page, "cr-tune-year_max", "1960")
    gems = items(run(page.send(USER, "What do you suggest?"))[-1])[-3:]
    assert all(recommender.catalogue.by_id(item).year <= 1960 for item in gems)
    press(page, "cr-tune-popularity", "1")
    step = press(page, "cr-restore")[-1]
    assert "Remove hidden gems" in step.panel and recommender.sessions.state(USER).year_max == 1960
    press(page, "cr-remove-popularity", "")
    assert recommender.profile(USER).popularity == 0


def test_an_entry_turns_into_its_opposite_and_back(recommender):
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Fargo. No westerns"))
    step = press(page, "cr-turn-liked", "7")[-1]
    assert "Fargo (1996): move to You like" in step.panel and "Moved: Fargo (1996)" in step.panel
    step = press(page, "cr-turn-genres_unwanted", "Western")[-1]
    assert recommender.profile(USER).genres_wanted == ("Western",)
    step = press(page, "cr-restore")[-1]
    assert recommender.profile(USER).genres_unwanted == ("Western",) and "Undone." in step.panel


def test_another_conversation_waits_for_the_answer_that_is_on_its_way(recommender):
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Fargo"))
    mine = page.desks.at(USER)
    with recommender.manager.lock(USER):  # the answer cannot go on
        assert mine.say("A comedy, please")
        mine.new()
        mine.open(1)
        assert "still answering" in mine.view.notice and len(mine.view.turns) == 2
    assert "comedy" in said(run(page.load(USER))[-1])


# --- a browser -----------------------------------------------------------------------------------------------------


class Tab:
    """A page of the app, and what a person does there."""

    def __init__(self, context, url):
        self.page, self.trouble, self.hosts = context.new_page(), [], set()
        self.page.set_default_timeout(30_000)
        self.page.on(
            "console", lambda told: self.trouble.append(told.text) if told.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        self.page.goto(url)
        self.page.wait_for_selector(".cr-example, .cr-said")

    def say(self, text):
        count = self.page.locator(".cr-said").count()
        self.page.fill("#cr-box textarea", text)
        self.page.press("#cr-box textarea", "Enter")
        self.done(count + 1)

    def done(self, count):
        self.page.wait_for_function(
            f"document.querySelectorAll('.cr-said').length == {count} && !document.querySelector('.cr-live')"
        )

    def titles(self, count):
        self.page.wait_for_function(f"document.querySelectorAll('.cr-open').length == {count}")
        return self.page.locator(".cr-open").all_inner_texts()


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_conversations_in_a_browser(browser, recommender):
    blocks = app.serve(recommender, "127.0.0.1", 0)
    try:
        context = browser.new_context(viewport={"width": 1366, "height": 860}, reduced_motion="reduce")
        tab = Tab(context, blocks.local_url)
        page = tab.page
        tab.say("I loved Fargo")
        page.click("#cr-header [name=cr-new]")
        page.wait_for_selector(".cr-example")
        tab.say(f"A comedy, please {HOSTILE}")

        # the list opens, and stays open after a reload, with everything in it
        page.click("#cr-list-button")
        assert tab.titles(2)[1] == "I loved Fargo"
        assert page.get_attribute("#cr-list-button", "aria-expanded") == "true"
        page.reload()
        page.wait_for_selector("#cr-conversations [aria-current=true]")
        tab.done(1)
        tab.trouble.clear()  # the browser may complain of the stream that the reload cut

        # renamed by keyboard; Escape keeps the old title
        page.focus("#cr-rename-1")
        page.keyboard.press("Enter")
        page.keyboard.type("Crime night")
        page.evaluate("document.querySelector('#cr-open-1').dataset.before = 'true'")
        page.keyboard.press("Enter")
        page.wait_for_function("!document.querySelector('#cr-open-1').dataset.before")  # the server's list stands
        page.wait_for_function("document.querySelector('#cr-open-1').innerText == 'Crime night'")
        page.focus("#cr-rename-1")
        page.keyboard.press("Enter")
        page.keyboard.type("Never mind")
        page.keyboard.press("Escape")
        assert page.inner_text("#cr-open-1") == "Crime night"
        assert page.evaluate("document.activeElement.id") == "cr-rename-1"

        # taken up again: its cards with their reasons; then deleted, after a question
        page.click("#cr-open-1")
        page.wait_for_function("document.querySelector('.cr-said').innerText == 'I loved Fargo'")
        assert page.locator(".cr-card .cr-reason").count() == 3
        page.click("#cr-delete-2")
        assert "A comedy" in page.inner_text("#cr-delete b")
        page.click("#cr-delete [name=cr-keep]")
        page.click("#cr-delete-2")
        page.click("#cr-delete [name=cr-delete]")
        assert tab.titles(1) == ["Crime night"]

        # sliders, by keyboard: the words move along, the keyboard keeps its place, and the state goes to the server
        page.focus("#cr-knob-popularity")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector("[name=cr-remove-popularity]")
        page.wait_for_function("document.activeElement.id == 'cr-knob-popularity'")
        assert page.get_attribute("#cr-knob-popularity", "aria-valuetext") == "hidden gems"
        page.focus("#cr-knob-year_max")
        page.keyboard.press("Home")  # to the first year: both ends meet there at most
        page.wait_for_selector("[name=cr-remove-year_max]")
        page.click(".cr-undone [name=cr-restore]")
        page.wait_for_selector("[name=cr-remove-year_max]", state="detached")
        page.click(".cr-knobs [name=cr-say]")
        tab.done(2)

        # an entry is turned around; another browser knows nothing of all this
        page.click("[name=cr-turn-liked]")
        page.wait_for_selector("[name=cr-turn-disliked]")
        other = Tab(browser.new_context(viewport={"width": 390, "height": 800}), blocks.local_url)
        assert "Nothing yet" in other.page.inner_text("#cr-panel") and other.titles(0) == []

        # on a phone the list is a drawer
        other.say("I loved Heat")
        assert not other.page.locator("#cr-list").is_visible()
        other.page.click("#cr-list-button")
        assert other.titles(1) == ["I loved Heat"]
        other.page.keyboard.press("Escape")
        other.page.wait_for_selector("#cr-list", state="hidden")
        assert other.page.evaluate("document.activeElement.id") == "cr-list-button"
        other.page.click("#cr-list-button")
        other.page.click("#cr-conversations [name=cr-new]")
        other.page.wait_for_selector("#cr-list", state="hidden")
        other.page.wait_for_selector(".cr-example")
        assert other.page.evaluate("document.documentElement.scrollWidth") <= 390

        # forgetting asks, and says what is gone
        page.click("[name=cr-ask-forget]")
        page.click("#cr-forget [name=cr-forget]")
        page.wait_for_selector("text=Deleted for good: 1 conversation with 2 messages")
        assert tab.titles(0) == []
        other.page.reload()
        other.page.wait_for_selector("#cr-panel [name=cr-remove-liked]")

        other.trouble.clear()
        assert page.evaluate("window.hacked") is None
        assert tab.trouble == other.trouble == []
        assert tab.hosts | other.hosts <= {"127.0.0.1", None}
    finally:
        blocks.close(verbose=False)
