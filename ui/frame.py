"""What stands around the conversation: the page's head, its looks, header, footer and dialogs."""

from pathlib import Path
from urllib.parse import quote

import gradio as gr

from chatrec.catalogue.items import Words

from .text import plain

TABS = {"chat": "Chat", "map": "Taste map", "words": "Behind the words", "evaluation": "Evaluation", "about": "About"}
SHORT = {"map": "Map", "words": "Words"}  # on a phone, so that all tabs fit in one line
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


def _label(name: str, label: str) -> str:
    short = SHORT.get(name)
    return f'<span class="cr-full">{label}</span><span class="cr-brief">{short}</span>' if short else label


def header(words: Words) -> str:
    """The line above everything."""
    tabs = "".join(
        f'<button type="button" class="cr-tab" name="cr-tab" value="{name}" '
        f'aria-current="{"page" if name == "chat" else "false"}">{_label(name, label)}</button>'
        for name, label in TABS.items()
    )
    lines = '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M3 5h12M3 9h12M3 13h8"/></svg>'
    return (
        '<button type="button" class="cr-mini" id="cr-list-button" name="cr-list" value="" aria-expanded="false" '
        f'aria-controls="cr-conversations" aria-label="Your conversations" title="Your conversations">{lines}</button>'
        f'<div class="cr-brand"><h1>chatrec</h1><p>Good {plain(words.many)}, and why they suit you</p></div>'
        f'<nav class="cr-tabs" aria-label="Parts of the page">{tabs}</nav>'
        '<div class="cr-tools">'
        '<button type="button" class="cr-quiet cr-narrow" name="cr-show-known" value="">About you</button>'
        '<button type="button" class="cr-quiet" name="cr-new" value="" aria-label="New conversation">New'
        '<span class="cr-wide">&nbsp;conversation</span></button></div>'
    )


def footer(catalogue_name: str, count: int, words: Words) -> str:
    """The line under everything."""
    return (
        f"<p>Runs on this machine. Recommends only what is in {plain(catalogue_name)}: "
        f"{count:,} {plain(words.one if count == 1 else words.many)}.</p>"
    )


def _dialog(name: str, title: str, text: str, keep: str, go: str) -> str:
    """A question before something is lost. It is opened by a button called cr-ask-NAME; cr-NAME does it."""
    return (
        f'<dialog id="cr-{name}" class="cr-dialog" aria-labelledby="cr-{name}-title">'
        f'<h2 id="cr-{name}-title">{title}</h2><p>{text}</p><div class="cr-choices">'
        f'<button type="button" class="cr-quiet" name="cr-keep" value="" autofocus>{keep}</button>'
        f'<button type="button" class="cr-firm" name="cr-{name}" value="">{go}</button></div></dialog>'
    )


DIALOGS = _dialog(
    "forget",
    "Forget everything about you?",
    "Your likes, dislikes, wishes and conversations are deleted from this machine. This cannot be undone.",
    "Keep it",
    "Forget me",
) + _dialog(
    "delete",
    "Delete this conversation?",
    "<b></b><br>Its messages and cards are deleted from this machine. This cannot be undone. What you like and dislike stays.",
    "Keep it",
    "Delete",
)
