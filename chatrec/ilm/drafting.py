"""Drafts of item texts by the frozen LLM, for a person to correct.

A draft is marked as one (``"draft": true``) and reading item texts refuses it: only what a person has checked, by taking
the mark away, becomes part of a catalogue.
"""

import json
import os
from pathlib import Path
from typing import Any

from chatrec.catalogue.items import Catalogue, Item, clean_text
from chatrec.catalogue.texts import ItemText
from chatrec.errors import BadInput
from chatrec.ilm.llm import FrozenLLM
from chatrec.workspace import Report, writing

ASKED = {
    "synopsis": "Say in two plain sentences what {name} is about. Use only these facts: {facts}",
    "pitch": "Say in one plain sentence why someone might love {name}. Use only these facts: {facts}",
}
"""What the LLM is asked for, field by field."""
LENGTH = 70


def template(catalogue: Catalogue, out: Path) -> int:
    """Write one record an item with all text fields empty, what the catalogue knows filled in; returns how many.

    Raises:
        BadInput: if ``out`` exists: somebody may have worked on it.
    """
    if out.exists():
        raise BadInput(f"{out} exists already; name another file, or move it away")
    records = [_record(item) for item in catalogue]
    _write(out, records)
    return len(records)


def draft(llm: FrozenLLM, source: Path, out: Path, limit: int | None = None, report: Report = lambda _: None) -> int:
    """Have the LLM fill empty synopses and pitches of a template from the fields that are given; returns how many records.

    Args:
        llm: the frozen model, as it was published.
        source: a file that :func:`template` wrote, facts filled in by a person.
        out: the drafts, each marked as one.
        limit: at most so many records.
        report: told of progress.
    """
    if not source.is_file():
        raise BadInput(f"there is no file {source}; `chatrec data template` writes one")
    if out.exists():
        raise BadInput(f"{out} exists already; name another file, or move it away")
    records = []
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise BadInput(f"{source}, line {number}: not JSON ({error.msg})") from error
    done: list[dict[str, Any]] = []
    for record in records:
        facts = _facts(record)
        missing = [name for name in ASKED if not record.get(name)]
        if not facts or not missing or (limit is not None and len(done) >= limit):
            continue
        name = clean_text(
            f"{record.get('title', '')} ({record.get('year')})" if record.get("year") else str(record.get("title"))
        )
        for field in missing:
            record[field] = _say(llm, ASKED[field].format(name=name, facts=facts))
        done.append({**record, "draft": True})
        report(f"{len(done)}: {name}")
    _write(out, done)
    return len(done)


def _record(item: Item) -> dict[str, Any]:
    known = {
        "directors": list(item.people.get("director", ())),
        "cast": list(item.people.get("cast", ())),
        "keywords": list(item.keywords),
        "themes": list(item.themes),
        "moods": list(item.moods),
        "language": item.language,
        "synopsis": item.description,
        "pitch": item.pitch,
        "caveat": item.caveat,
        "audience": item.audience,
    }
    empty = ItemText(item_id=item.item_id, title=item.title, year=item.year, confidence="none").model_dump()
    return {**empty, **known, "confidence": "none"}


def _facts(record: dict[str, Any]) -> str:
    """The given fields in words, or nothing where there is too little to write from."""
    parts = []
    for field in ("directors", "cast", "keywords", "themes", "moods"):
        values = record.get(field) or []
        if isinstance(values, list) and values:
            parts.append(f"{field}: {', '.join(clean_text(str(value), 80) for value in values)}")
    return "; ".join(parts)


def _say(llm: FrozenLLM, question: str) -> str:
    import torch

    tokenizer: Any = llm.tokenizer
    turns = [{"role": "user", "content": question}]
    text = (
        tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        if tokenizer.chat_template
        else question
    )
    ids = llm.tensor([llm.tokens(str(text), markers=True)])
    model: Any = llm.model
    with torch.no_grad():
        said = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=LENGTH,
            do_sample=False,
            repetition_penalty=1.2,
            pad_token_id=llm.end_of_text,
        )
    return clean_text(str(tokenizer.decode(said[0, ids.shape[1] :], skip_special_tokens=True)))


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        os.replace(temporary, path)
