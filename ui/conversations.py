"""The list of a person's conversations, at the side of the page or in a drawer."""

from collections.abc import Sequence

from chatrec.dialogue.tracking.store import Conversation

from .text import plain

_PEN = '<svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z"/></svg>'
_BIN = (
    '<svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 4.5h10M6.3 4.5V3h3.4v1.5M4.3 4.5l.6 8.5h6.2'
    'l.6-8.5M6.8 7v3.5m2.4-3.5v3.5"/></svg>'
)


def _row(one: Conversation) -> str:
    title, number = plain(one.title), one.number
    return (
        f'<li class="cr-past"><button type="button" class="cr-open" id="cr-open-{number}" name="cr-open" value="{number}" '
        f'aria-current="{"true" if one.current else "false"}"><span>{title}</span></button>'
        '<div class="cr-past-tools">'
        f'<button type="button" class="cr-mini" id="cr-rename-{number}" name="cr-ask-rename" value="{number}" '
        f'aria-label="Rename {title}" title="Rename">{_PEN}</button>'
        f'<button type="button" class="cr-mini" id="cr-delete-{number}" name="cr-ask-delete" value="{number}" '
        f'aria-label="Delete {title}" title="Delete">{_BIN}</button></div></li>'
    )


def listing(conversations: Sequence[Conversation] | None) -> str:
    """The list; None while it is not known yet."""
    rows = "".join(map(_row, conversations or ()))
    none = '<p class="cr-nothing">What you talk about is kept here, so that you can come back to it.</p>'
    return (
        f'<nav id="cr-conversations" aria-label="Your conversations" class="{"cr-unread" if conversations is None else ""}">'
        '<div class="cr-list-head"><h2>Conversations</h2>'
        '<button type="button" class="cr-mini" name="cr-list" value="" aria-label="Close the list" title="Close">'
        '<svg width="14" height="14" viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 2.5l7 7m0-7l-7 7"/></svg></button></div>'
        '<button type="button" class="cr-quiet" name="cr-new" value="">New conversation</button>'
        f"{f'<ul>{rows}</ul>' if rows else none}</nav>"
    )
