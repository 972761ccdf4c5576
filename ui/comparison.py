"""Two items side by side."""

from chatrec.catalogue.items import Item, Words

from .posters import poster
from .text import plain


def _facts(item: Item, words: Words) -> dict[str, tuple[str, ...]]:
    """What is set side by side, by the row's name."""
    return {
        words.categories.capitalize(): item.categories,
        **{role.capitalize(): names for role, names in item.people.items()},
        "Mood": item.moods,
        "Themes": item.themes,
        "Language": (item.language,) if item.language else (),
        "Take care": tuple(f"{level} {kind}" for kind, level in item.content.items() if level != "none"),
    }


def comparison(one: Item, two: Item, words: Words) -> str:
    """A dialog with both items; what they share stands out."""
    both = (one, two)
    heads = "".join(
        f"<th scope=col>{poster(item.item_id, item.title, item.year, item.categories)}"
        f"<span>{plain(item.title)}{f' <i>{item.year}</i>' if item.year else ''}</span></th>"
        for item in both
    )
    facts = [_facts(item, words) for item in both]
    rows = ""
    for name in dict.fromkeys((*facts[0], *facts[1])):
        values = [own.get(name, ()) for own in facts]
        if not any(values):
            continue
        shared = set(values[0]) & set(values[1])
        cells = "".join(
            f"<td>{', '.join(f'<b>{plain(v)}</b>' if v in shared else plain(v) for v in own) or '–'}</td>"
            for own in values
        )
        rows += f"<tr><th scope=row>{plain(name)}</th>{cells}</tr>"
    texts = "".join(f"<td>{plain(item.description) or '–'}</td>" for item in both)
    rows += f"<tr><th scope=row>Story</th>{texts}</tr>" if any(item.description for item in both) else ""
    return (
        '<dialog id="cr-compared" class="cr-dialog" aria-label="Two side by side">'
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        "<p>What both have is set in bold.</p>"
        '<div class="cr-choices"><button type="button" class="cr-firm" name="cr-uncompare" value="" autofocus>Close'
        "</button></div></dialog>"
    )
