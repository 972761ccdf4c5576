"""The page: its parts composed as Gradio Blocks, and served."""

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from chatrec.dialogue.events import Profile
from chatrec.errors import BadInput

from . import about, demo, evaluation, frame, view
from .actions import Page
from .behind_html import skeleton as behind_skeleton
from .conversations import listing
from .evaluation import Evaluation
from .panel import panel as known_panel
from .server import address, free_port
from .service import Service
from .tabs import behind_functions, evaluation_functions, map_functions
from .taste_map import TasteMap
from .taste_map import skeleton as map_skeleton
from .text import plain
from .titles import completions

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

# Runs once in the browser. Every button of ours has a name that begins with "cr-"; most go to the server with their value.
SCRIPT = "".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("script.js", "conversations.js", "knobs.js", "complete.js", "map.js", "behind.js", "evaluation.js")
)

SAVE = """(text) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  link.download = 'chatrec-my-data.json';
  link.click();
  URL.revokeObjectURL(link.href);
}"""
TRACE = "(text) => { window.chatrecTrace?.(text); }"


def build(recommender: "Recommender", tour: demo.Tour | None = None) -> gr.Blocks:
    """The page as Gradio Blocks. Its looks come with :func:`launch`, where Gradio takes them.

    Args:
        recommender: whom the page talks to.
        tour: a guided tour to play on it.
    """
    catalogue = recommender.catalogue
    words = catalogue.words
    page = Page(recommender)

    def titles(_: object = None) -> list[list[object]]:
        """Title and year of every item, best known first: what the box completes."""
        return completions(catalogue, recommender.workspace.likes[0])

    taste, behind = TasteMap(recommender), page.behind
    functions: list[Callable[..., Any]] = [
        titles,
        *map_functions(taste),
        *behind_functions(behind),
        *evaluation_functions(Evaluation(recommender)),
    ]
    if tour is not None:
        functions.append(demo.function(tour, recommender))

    with gr.Blocks(title="chatrec", analytics_enabled=False, fill_width=True) as blocks:
        # The secret is no secret, only the same after a restart: a random one would make browsers forget who they are.
        who = gr.BrowserState("", storage_key="chatrec-who" if tour is None else "chatrec-visitor", secret="chatrec")
        fixed: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
        gr.HTML(frame.header(words), elem_id="cr-header", **fixed)
        with gr.Row(elem_id="cr-main"):
            past = gr.HTML(listing(None), elem_id="cr-list", **fixed)
            with gr.Column(elem_id="cr-talk"):
                gr.HTML(
                    "<h2>Conversation</h2>", elem_classes="cr-vh", **fixed
                )  # the cards' headings are one level below
                chat = gr.Chatbot(
                    [{"role": "assistant", "content": view.thinking("One moment")}],
                    elem_id="cr-chat",
                    label="Conversation",
                    show_label=False,
                    container=False,
                    placeholder=view.welcome(recommender.examples(), words),
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
                    stop_btn=True,
                    autofocus=True,
                )
            with gr.Column(elem_id="cr-side"):
                empty = known_panel(Profile(), words, years=catalogue.years)
                panel = gr.HTML(
                    empty,
                    elem_id="cr-panel",
                    apply_default_css=False,
                    js_on_load=SCRIPT if tour is None else SCRIPT + demo.SCRIPT,
                    server_functions=functions,
                )
        with gr.Column(elem_id="cr-map-tab"):
            gr.HTML(map_skeleton(plain(words.many), words.category, taste.spaces), elem_id="cr-map", **fixed)
        with gr.Column(elem_id="cr-words-tab"):
            made = behind_skeleton(words.many, words.one, behind.model is not None, behind.moods)
            gr.HTML(made, elem_id="cr-words", **fixed)
        with gr.Column(elem_id="cr-evaluation-tab"):
            gr.HTML(evaluation.skeleton(catalogue.name, words.one), elem_id="cr-evaluation", **fixed)
        with gr.Column(elem_id="cr-about-tab"):
            for head, told in about.sections(recommender).items():
                gr.Markdown(f"## {head}\n\n{told}", elem_classes="cr-about", container=False)
        footer = frame.footer(catalogue.name, len(catalogue), words)
        touring = "" if tour is None else demo.skeleton()
        gr.HTML(footer + frame.DIALOGS + touring, elem_id="cr-footer", **fixed)

        outbox = gr.Textbox(visible="hidden", label="Data on its way to a file", elem_id="cr-outbox")
        steps = gr.Textbox(visible="hidden", label="Steps of the last turn", elem_id="cr-steps")
        outputs = [chat, panel, past, box, who]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        blocks.load(page.load, who, outputs, **quiet)
        box.submit(page.send, [who, box], outputs, **quiet)
        panel.export(page.export, who, outbox, **quiet).then(None, outbox, None, js=SAVE)
        panel.trace(page.trace, who, steps, **quiet).then(None, steps, None, js=TRACE)
        panel.click(page.act, who, outputs, trigger_mode="multiple", **quiet)
        Service(recommender).offer()
    return blocks


def launch(
    recommender: "Recommender", host: str, port: int, open_browser: bool = False, tour: demo.Tour | None = None
) -> None:
    """Serve the page until interrupted, after printing its address. Port 0 takes any free one.

    Raises:
        BadInput: if the address cannot be used, for instance because the port is taken, or if the catalogue does not have
            what the tour speaks of.
    """
    blocks = serve(recommender, host, port, open_browser, tour)
    print(f"chatrec is ready: {address(host, blocks.server_port)}", flush=True)
    blocks.block_thread()


def serve(
    recommender: "Recommender", host: str, port: int, open_browser: bool = False, tour: demo.Tour | None = None
) -> gr.Blocks:
    """Start the server in a thread of its own and return the running Blocks; raises as :func:`launch` does."""
    port = free_port(host, port)
    direct = [os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "", "localhost,127.0.0.1,::1", host]
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, direct))  # Gradio asks itself if it is up
    blocks = build(recommender, tour)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # "quiet" does not keep it from announcing the MCP server
            blocks.queue(default_concurrency_limit=None).launch(
                server_name=host,
                server_port=port,
                inbrowser=open_browser,
                share=False,
                quiet=True,
                prevent_thread_lock=True,
                theme=frame.theme(),
                head=frame.head(),
                footer_links=[],
                run_history=False,
                ssr_mode=False,
                enable_monitoring=False,
                mcp_server=True,
                max_file_size="1kb",  # the page takes no files
                # Gradio itself packs only what has a file's name: not the page, which is a fifth then, nor its titles
                app_kwargs={"middleware": [Middleware(GZipMiddleware, compresslevel=5)]},
            )
    except OSError as error:  # somebody else was quicker
        raise BadInput(f"cannot serve on {host}:{port}: {error}; choose another with --port") from None
    return blocks
