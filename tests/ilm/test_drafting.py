"""Templates and drafts of item texts: nothing unchecked becomes part of a catalogue."""

import json

import pytest

from chatrec.catalogue.texts import read_texts
from chatrec.errors import BadInput
from chatrec.ilm.drafting import draft, template
from chatrec.ilm.llm import load_llm


def test_a_template_is_valid_and_never_overwritten(catalogue, tmp_path):
    out = tmp_path / "texts.jsonl"
    assert template(catalogue, out) == len(catalogue)
    first = json.loads(out.read_text().splitlines()[0])
    assert first["title"] == "Toy Story" and first["directors"] == ["John Lasseter"] and first["caveat"] == ""
    with pytest.raises(BadInput, match="exists"):
        template(catalogue, out)


def test_drafts_are_marked_and_refused_until_checked(tmp_path, tiny_llm_folder):
    source, out = tmp_path / "t.jsonl", tmp_path / "d.jsonl"
    record = {"item_id": "1", "title": "One", "year": 1990, "confidence": "medium", "keywords": ["a lighthouse"]}
    empty = {"item_id": "2", "title": "Two", "confidence": "none"}
    source.write_text(json.dumps(record) + "\n" + json.dumps(empty) + "\n")
    assert draft(load_llm(str(tiny_llm_folder)), source, out) == 1, "nothing is drafted from nothing"
    made = json.loads(out.read_text())
    assert made["draft"] is True and made["item_id"] == "1" and "synopsis" in made
    with pytest.raises(BadInput, match="line 1: a draft"):
        list(read_texts(out))


def test_a_broken_template_names_its_line(tmp_path, tiny_llm_folder):
    source = tmp_path / "t.jsonl"
    source.write_text("{}\n{\n")
    with pytest.raises(BadInput, match="line 2"):
        draft(load_llm(str(tiny_llm_folder)), source, tmp_path / "d.jsonl")
