"""The page's wiring: one desk per person, Gradio's Blocks, the server.

An answer is produced by a thread of its own and written to the person's desk; the page only watches the desk. So a
reload in the middle of an answer loses nothing, and a press on a card while an answer streams is not overwritten by
the next piece.
"""

import contextlib
import errno
import logging
import os
import re
import secrets
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import gradio as gr

from chatrec.dialogue.events import Done, Profile
from chatrec.errors import BadInput, ChatrecError

from . import cards
from .cards import Turn, View, advance

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

log = logging.getLogger(__name__)

SORRY = "Sorry, something went wrong here. Your message is kept; please try again."
OOPS = "Sorry, that did not work. Please try again."
LOST = "That answer was cut off. Please try again."
FRAME = 0.05  # seconds between two looks at a desk: smooth to the eye, light on the browser
DESKS = 1000  # people kept in memory; everybody else is read again from the store
SLOTS = frozenset(field.name for field in fields(Profile))
USER_ID = re.compile(r"[0-9a-f]{32}")

# --- desks ---------------------------------------------------------------------------------------------------------


def one_line(error: ChatrecError) -> str:
    """An error's message as one sentence."""
    text = " ".join(str(error).split()) or SORRY
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?' else '.'}"


class Desk:
    """One person's conversation as this server holds it. Every method may be called from any thread.

    The recommender is never called with the view locked: it may make a call wait until an answer is complete, and the
    answer needs the view.
    """

    def __init__(self, recommender: "Recommender", user_id: str) -> None:
        self.recommender = recommender
        self.user_id = user_id
        self.view = View()
        self._changed = threading.Condition(threading.RLock())
        self._acting = threading.RLock()  # one action after the other: an older profile never replaces a newer one
        self._answering: threading.Thread | None = None  # whose events count
        self._meanwhile: list[Callable[[], Profile]] = []  # what was pressed since the message that is being answered
        self._kept = 0  # turns that the store had when the last message was sent

    def change(self, how: Callable[[View], View]) -> None:
        """Put ``how(view)`` in the view's place and wake those who watch."""
        with self._changed:
            self.view = how(self.view)
            self._changed.notify_all()

    def watch(self) -> Iterator[View]:
        """The view now, and again after changes, until no answer is on its way."""
        seen: View | None = None
        while seen is None or seen.live or self.view is not seen:
            with self._changed:
                self._changed.wait_for(lambda old=seen: self.view is not old, timeout=1.0)  # type: ignore[misc]
                latest = self.view
            if latest is not seen:
                seen = latest
                yield latest
            time.sleep(FRAME if latest.live else 0)

    def refresh(self) -> None:
        """Read the conversation from the store; a message that has no stored answer yet stays at the end."""
        with self._act():
            told = self.recommender.transcript(self.user_id)
            profile = self.recommender.profile(self.user_id)
            turns = tuple(Turn(one.user, one.text, one.cards, "done") for one in told)

            def reread(view: View) -> View:
                if view.live:
                    return view
                loose = [turn for turn in view.turns[-1:] if turn.stage == "failed" and len(turns) <= self._kept]
                return View((*turns, *loose), profile)

            self.change(reread)

    def say(self, text: str) -> bool:
        """Begin to answer a message; False, and nothing happens, while another is being answered."""
        with self._changed:
            if self.view.live:
                return False
            self._meanwhile = []
            self._kept = sum(turn.stage == "done" for turn in self.view.turns)
            self.change(lambda view: replace(view, turns=(*view.turns, Turn(text)), notice="", status=""))
            self._answering = threading.Thread(target=self._answer, args=(text,), name="chatrec-answer", daemon=True)
            self._answering.start()
            return True

    def retry(self) -> bool:
        """Send the last message again if it has no answer."""
        with self._changed:
            if not self.view.turns or self.view.turns[-1].stage != "failed":
                return False
            text = self.view.turns[-1].user
            self.change(lambda view: replace(view, turns=view.turns[:-1]))
            return self.say(text)

    def mark(self, item_id: str, verdict: str) -> None:
        """Give a verdict on an item."""
        used = self.recommender.catalogue.words.used
        said = {"liked": "you like", "disliked": "not for you", "seen": f"already {used}"}
        with self._act():
            profile = self._tell(lambda: self.recommender.feedback(self.user_id, item_id, cast(Any, verdict)))
            name = next((ref.name for ref in getattr(profile, verdict) if ref.item_id == item_id), "")
            self.change(lambda view: replace(view, profile=profile, notice="", status=f"{name}: {said[verdict]}"))

    def take_back(self, slot: str, value: str) -> None:
        """Remove one thing that is known."""
        with self._act():
            name = next((n for s, v, n in cards.entries(self.view.profile) if (s, v) == (slot, value)), value)
            profile = self._tell(lambda: self.recommender.remove(self.user_id, slot, value))
            self.change(lambda view: replace(view, profile=profile, notice="", status=f"Removed: {name}"))

    def start_over(self, forget: bool) -> None:
        """Begin a new conversation; with ``forget``, delete everything stored about the person."""
        with self._changed:  # an answer that is on its way sees this at its next event and stops
            working, self._answering = self._answering, None
        if working is not None:
            working.join(timeout=10)  # without holding any lock that it may need to come to its end
        with self._act():
            self.change(lambda view: view.last(stage="failed", problem=LOST, retry=True) if view.live else view)
            profile = (self.recommender.forget if forget else self.recommender.new_conversation)(self.user_id)
            status = "Everything about you is deleted." if forget else "A new conversation."
            self.change(lambda _: View(profile=profile, status=status))

    def _tell(self, what: Callable[[], Profile]) -> Profile:
        """Do it now and, if an answer is on its way, once more when it is complete: the answer stores what was known
        when it began, and a press must neither wait for that nor be lost to it."""
        with self._changed:
            if self.view.live:
                self._meanwhile.append(what)
        return what()

    @contextlib.contextmanager
    def _act(self) -> Iterator[None]:
        """What goes wrong inside becomes a notice on the page."""
        notice = ""
        with self._acting:
            try:
                yield
            except ChatrecError as error:
                notice = one_line(error)
            except Exception:
                log.exception("an action on the page failed")
                notice = OOPS
            if notice:
                self.change(lambda view: replace(view, notice=notice, status=notice))

    def _answer(self, text: str) -> None:
        def write(how: Callable[[View], View]) -> bool:
            with self._changed:
                if mine := self._answering is threading.current_thread():
                    self.change(how)
                return mine

        problem, retry, done = LOST, True, None
        try:
            with contextlib.closing(cast(Any, self.recommender.chat(self.user_id, text))) as events:
                for event in events:
                    if isinstance(event, Done):
                        done = event
                    elif not write(lambda view, event=event: advance(view, event)):  # type: ignore[misc]
                        return
            with self._act():
                for pressed in self._meanwhile:
                    pressed()
                profile = self.recommender.profile(self.user_id)
                write(lambda view: replace(view, profile=profile))
            if done is not None:
                write(lambda view: advance(view, done))
        except ChatrecError as error:
            problem, retry = one_line(error), not isinstance(error, BadInput)
        except Exception:
            log.exception("an answer failed")
            problem = SORRY
        finally:
            write(lambda view: view.last(stage="failed", problem=problem, retry=retry) if view.live else view)


class Desks:
    """The desks of the people seen lately."""

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self._lock = threading.Lock()
        self._desks: OrderedDict[str, Desk] = OrderedDict()

    def at(self, user_id: str, again: bool = False) -> Desk:
        """A person's desk, read from the store if it is new here or ``again`` is asked for."""
        with self._lock:
            old = self._desks.pop(user_id, None)
            desk = self._desks[user_id] = old or Desk(self.recommender, user_id)
            if len(self._desks) > DESKS:
                del self._desks[next((name for name, other in self._desks.items() if not other.view.live), user_id)]
        if old is None or again:
            desk.refresh()
        return desk


# --- what the page does --------------------------------------------------------------------------------------------

Shown = tuple[Any, ...]  # chat, panel, box, who


class Page:
    """The handlers behind the page: generators of values for the chat, the panel, the box and the browser's id."""

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self.words = recommender.catalogue.words
        self.desks = Desks(recommender)

    def load(self, who: object) -> Iterator[Shown]:
        """Take up where this browser left off, with an id of its own if it has none yet."""
        user_id = known(who)
        yield from self._follow(self.desks.at(user_id, again=True), who=user_id)

    def send(self, who: object, text: object) -> Iterator[Shown]:
        """Answer what stands in the box; an empty line is left alone."""
        user_id, text = known(who), str(text or "")
        desk = self.desks.at(user_id)
        if not text.strip():
            yield self._show(desk.view, who=user_id)
            return
        if not desk.say(text):
            gr.Info("One moment, I am still answering.", duration=4)
            yield self._show(desk.view, who=user_id)
            return
        # The box is emptied once: what is typed while the answer streams must stay.
        yield from self._follow(desk, box="", who=user_id)
        last = desk.view.turns[-1] if desk.view.turns else None
        if last and last.problem and not last.retry:  # a message that has to be put differently: back into the box
            yield self._show(desk.view, box=text)

    def act(self, who: object, event: gr.EventData) -> Iterator[Shown]:
        """Do what a button says. Its name and value come from the browser, so :meth:`do` checks both."""
        data = event._data if isinstance(event._data, dict) else {}
        user_id = known(who)
        desk = self.desks.at(user_id)
        self.do(desk, str(data.get("name", "")), str(data.get("value", "")))
        yield from self._follow(desk, who=user_id)

    def do(self, desk: Desk, name: str, value: str) -> None:
        """One action by its name; a name that the page does not have does nothing."""
        action, _, detail = name.removeprefix("cr-").partition("-")
        match action:
            case "say" if value.strip():
                desk.say(value)
            case "retry":
                desk.retry()
            case "mark" if detail in cards.VERDICTS:
                desk.mark(value, detail)
            case "undo" if detail in cards.VERDICTS:
                desk.take_back(detail, value)
            case "remove" if detail in SLOTS:
                desk.take_back(detail, value)
            case "new" | "forget":
                desk.start_over(forget=action == "forget")

    def _follow(self, desk: Desk, box: Any = None, who: str | None = None) -> Iterator[Shown]:
        for view in desk.watch():
            yield self._show(view, box, who)
            box = who = None

    def _show(self, view: View, box: str | None = None, who: str | None = None) -> Shown:
        """Values for the outputs; None leaves the box or the id as it is."""
        return (
            cards.messages(view, self.words),
            cards.panel(view.profile, self.words, view.status, started=bool(view.turns)),
            gr.skip() if box is None else box,
            gr.skip() if who is None else who,
        )


def known(who: object) -> str:
    """The browser's id, or a new one in place of anything else."""
    return who if isinstance(who, str) and USER_ID.fullmatch(who) else secrets.token_hex(16)


# --- Gradio --------------------------------------------------------------------------------------------------------

# Runs once. Every button of ours has a name that begins with "cr-"; most go to the server with their value.
SCRIPT = """
const one = (selector) => document.querySelector(selector);
const log = () => one('#cr-chat [role="log"]');
const local = {
  'cr-show-known': () => { one('#cr-known')?.scrollIntoView(); one('#cr-known')?.focus({preventScroll: true}); },
  'cr-ask-forget': () => one('#cr-forget')?.showModal(),
  'cr-keep': () => one('#cr-forget')?.close(),
};
const stored = (use) => { try { return use(sessionStorage); } catch { return null; } };  // it may be forbidden
const squeezed = (text) => (text || '').replace(/\\s/g, '');
let pressed = null, following = false, count = 0, begun = false;

window.chatrecOff?.();
const off = new AbortController();
window.chatrecOff = () => { off.abort(); watcher.disconnect(); };

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[name^="cr-"]');
  if (!button || button.classList.contains('cr-pending')) return;
  if (local[button.name]) return local[button.name]();
  one('#cr-forget')?.close();
  if (button.name === 'cr-forget') stored((store) => store.removeItem('chatrec-draft'));
  button.classList.add('cr-pending');  // no second press until the page has changed, or has had its time
  setTimeout(() => button.classList.remove('cr-pending'), 1200);
  pressed = button.id || button.name;
  trigger('click', {name: button.name, value: button.value});
}, {signal: off.signal});

// A press re-draws its card, and a removal takes its own button away: the keyboard must not lose its place.
const keepPlace = () => {
  if (!pressed || document.activeElement !== document.body) return;
  const touch = matchMedia('(pointer: coarse)').matches;  // there, the box would bring up the keyboard
  const near = pressed.startsWith('cr-known-') ? '#cr-known' : touch ? '#cr-chat [role="log"]' : '#cr-box textarea';
  (document.getElementById(pressed) || one(near))?.focus({preventScroll: true});
};

// What is typed but not sent outlives a reload, such as Gradio's own after the server was away.
const keepDraft = () => {
  const field = one('#cr-box textarea'), draft = stored((store) => store.getItem('chatrec-draft'));
  begun = Boolean(field);
  if (!field || field.value || !draft) return;
  field.value = draft;
  field.dispatchEvent(new Event('input', {bubbles: true}));
};
document.addEventListener('input', (event) => {
  if (event.target.matches?.('#cr-box textarea')) stored((store) => store.setItem('chatrec-draft', event.target.value));
}, {signal: off.signal});

// The last message stays at the top while its answer grows, until the person scrolls.
const keepInView = (box) => {
  const said = box.querySelectorAll('.cr-said');
  if (said.length > count) {
    following = true;
    const sent = squeezed(said[said.length - 1].textContent);
    stored((store) => squeezed(store.getItem('chatrec-draft')) === sent && store.removeItem('chatrec-draft'));
  }
  count = said.length;
  if (!following || !count) return;
  const top = said[count - 1].getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 12;
  box.scrollTop = Math.min(top, box.scrollHeight - box.clientHeight);
};

const watcher = new MutationObserver(() => {
  const box = log();
  if (!box) return;
  one('#cr-box .submit-button')?.setAttribute('aria-label', 'Send');
  for (const message of box.querySelectorAll('[data-testid="user"], [data-testid="bot"]')) {
    // Gradio puts the message's whole source into its label
    const label = message.dataset.testid === 'user' ? 'You' : 'Answer';
    if (message.ariaLabel !== label) { message.role = 'group'; message.ariaLabel = label; }
  }
  if (!begun) keepDraft();
  if (box.tabIndex !== 0) {
    box.tabIndex = 0;
    box.setAttribute('aria-live', 'off');  // the panel's status line says each answer once, whole
    for (const kind of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      box.addEventListener(kind, () => { following = false; }, {passive: true, signal: off.signal});
  }
  keepInView(box);
  keepPlace();
});
watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
document.addEventListener('focusin', (event) => {
  if (event.target.id !== pressed) pressed = null;
}, {signal: off.signal});
"""

ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='9' fill='#9c3d1c'/>"
    "<path d='M9 10h14v9H15l-4 4v-4H9z' fill='#fff8ee'/></svg>"
)


def head() -> str:
    """What goes into the page's head: icon and style. Gradio's ``css`` would rewrite the style's selectors."""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"""<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<link rel="icon" href="data:image/svg+xml,{quote(ICON)}">
<style>
{style}
</style>"""


def theme() -> gr.themes.Base:
    """Gradio's plain theme with the system's own letters: nothing is fetched. Colours and shapes are in style.css."""
    sans = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
    mono = ("ui-monospace", "monospace")
    return gr.themes.Base(primary_hue="orange", neutral_hue="stone", text_size="lg", font=sans, font_mono=mono).set(
        body_background_fill="#faf6f0",
        body_background_fill_dark="#171412",
        body_text_color="#2a2420",
        body_text_color_dark="#f1eae2",
    )


def build(recommender: "Recommender") -> gr.Blocks:
    """The page as Gradio Blocks. Its looks come with :func:`launch`, where Gradio takes them."""
    catalogue = recommender.catalogue
    words = catalogue.words
    page = Page(recommender)
    with gr.Blocks(title="chatrec", analytics_enabled=False, fill_width=True) as blocks:
        # The secret is no secret, only the same after a restart: a random one would make browsers forget who they are.
        who = gr.BrowserState("", storage_key="chatrec-who", secret="chatrec")
        fixed: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
        gr.HTML(cards.header(words), elem_id="cr-header", **fixed)
        with gr.Row(elem_id="cr-main"):
            with gr.Column(elem_id="cr-talk"):
                chat = gr.Chatbot(
                    [{"role": "assistant", "content": cards.thinking("One moment")}],
                    elem_id="cr-chat",
                    label="Conversation",
                    show_label=False,
                    container=False,
                    placeholder=cards.welcome(recommender.examples(), words),
                    height=None,
                    autoscroll=False,
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    layout="panel",
                    allow_file_downloads=False,
                    allow_tags=False,
                )
                box = gr.Textbox(
                    elem_id="cr-box",
                    label="Your message",
                    show_label=False,
                    container=False,
                    placeholder=f"{words.many.capitalize()} you loved, a mood…",
                    lines=1,
                    max_lines=6,
                    submit_btn=True,
                    autofocus=True,
                )
            with gr.Column(elem_id="cr-side"):
                empty = cards.panel(Profile(), words)
                panel = gr.HTML(empty, elem_id="cr-panel", apply_default_css=False, js_on_load=SCRIPT)
        footer = cards.footer(catalogue.name, len(catalogue), words)
        gr.HTML(footer + cards.FORGET_DIALOG, elem_id="cr-footer", **fixed)

        outputs = [chat, panel, box, who]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        blocks.load(page.load, who, outputs, **quiet)
        box.submit(page.send, [who, box], outputs, **quiet)
        panel.click(page.act, who, outputs, trigger_mode="multiple", **quiet)
    return blocks


def launch(recommender: "Recommender", host: str, port: int, open_browser: bool = False) -> None:
    """Serve the page until interrupted, after printing its address. Port 0 takes any free one.

    Raises:
        BadInput: if the address cannot be used, for instance because the port is taken.
    """
    blocks = serve(recommender, host, port, open_browser)
    print(f"chatrec is ready: {address(host, blocks.server_port)}", flush=True)
    blocks.block_thread()


def serve(recommender: "Recommender", host: str, port: int, open_browser: bool = False) -> gr.Blocks:
    """Start the server in a thread of its own and return the running Blocks; raises as :func:`launch` does."""
    port = free_port(host, port)
    direct = [os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "", "localhost,127.0.0.1,::1", host]
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, direct))  # Gradio asks itself if it is up
    blocks = build(recommender)
    try:
        blocks.queue(default_concurrency_limit=None).launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            theme=theme(),
            head=head(),
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            enable_monitoring=False,
            max_file_size="1kb",  # the page takes no files
        )
    except OSError as error:  # somebody else was quicker
        raise BadInput(f"cannot serve on {host}:{port}: {error}; choose another with --port") from None
    return blocks


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    host = "localhost" if host in ("0.0.0.0", "::", "") else host.strip("[]")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port(host: str, port: int) -> int:
    """The port if it can be served on; ``BadInput`` says why not."""
    if not 0 <= port <= 65535:
        raise BadInput(f"cannot serve on port {port}: ports go up to 65535; try --port 7861")
    try:
        found = socket.getaddrinfo(host.strip("[]") or None, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":  # as the server will do it; on Windows this would hide a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadInput(f"port {port} on {host} is taken; choose another, for example --port {port + 1}") from None
        raise BadInput(f"cannot serve on {host}:{port}: {error}; try --host 127.0.0.1 --port 7861") from None
