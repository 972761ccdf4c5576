"""The tagger's own parts: masking, decoding, and that what training is told is what reading would give back."""

import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.acts import Attitude, Before, Intent, Kind
from chatrec.dialogue.nlu.corpus import parse, read_corpus
from chatrec.dialogue.nlu.tagger import KINDS, LABELS, MASK, SHIPPED, Tagger, decode, load_tagger, masked
from chatrec.dialogue.nlu.training import encode, vary
from chatrec.errors import AssetError


@given(st.text(max_size=60), st.integers(0, 60), st.integers(1, 20))
def test_every_character_of_a_masked_text_knows_where_it_stood(text, start, length):
    end = min(start + length, len(text))
    titles = [(start, end)] if start < end else []
    shown, places = masked(text, titles)
    assert len(shown) == len(places)
    for place, character in zip(places, shown, strict=True):
        inside = titles and start <= place < end
        assert inside or text[place].translate({91: 40, 93: 41}) == character


def test_nobody_writes_a_mask():
    assert masked("I loved [MASK]", [])[0] == "I loved (MASK)"


def test_a_span_starts_at_a_word_and_goes_on_in_its_kind():
    text = "no horrorfilms"
    labels = np.full((3, LABELS), 0.01)
    labels[0, 0] = labels[1, 1 + 2 * KINDS.index(Kind.CATEGORY)] = labels[2, 2 + 2 * KINDS.index(Kind.CATEGORY)] = 0.9
    assert decode(labels, [0, 3, 9], text) == [(1, 2, Kind.CATEGORY)]
    labels[1] = 0.01
    labels[1, 0] = 0.9  # within a word nothing begins
    assert decode(labels, [0, 3, 9], text) == []


def test_what_training_is_told_decodes_to_the_spans_it_was_told():
    tagger = load_tagger()
    chance = random.Random(0)
    for example in read_corpus()[::40]:
        varied = vary(example, {Kind.TITLE: ["Heat", "The Third Man"]}, chance)
        batch = encode([varied], tagger.tokenizer)
        own = [n for n, label in enumerate(batch.kind[0].tolist()) if label != -100]
        labels = torch.nn.functional.one_hot(batch.kind[0, own], LABELS).numpy().astype(float)
        offsets = tagger.tokenizer(
            "x", varied.text, truncation="only_second", max_length=384, return_offsets_mapping=True
        )
        seconds = [o for o, s in zip(offsets["offset_mapping"], offsets.sequence_ids(), strict=True) if s == 1]
        found = decode(labels, [start for start, _ in seconds], varied.text)
        assert [kind for *_, kind in found] == [span.kind for span in varied.spans][: len(found)]
        assert len(found) >= len(varied.spans) - 1 or len(own) > 300


def test_varying_keeps_spans_on_their_words():
    example = parse("opine | I loved [Heat](title like), not [comedies](category dislike)")
    for seed in range(20):
        varied = vary(example, {Kind.TITLE: ["Big"]}, random.Random(seed))
        title, kind = varied.spans
        assert varied.text[title.start : title.end].casefold() in {"heat", "big", MASK.casefold()}
        assert varied.text[kind.start : kind.end].casefold() == "comedies"


def test_the_shipped_tagger_is_small():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 15e6


def test_a_folder_without_a_tagger_is_named(tmp_path):
    with pytest.raises(AssetError, match="chatrec nlu train"):
        Tagger(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "a" * 20_000, "[](title like) | [x](y z)", "\0 \ud800"[:2], "😀" * 500]
)
def test_odd_messages_are_read(text):
    tagged = load_tagger().read(text, Before.SHOWN)
    assert all(0 <= note.start < note.end <= len(text) for note in tagged.spans)
    assert set(tagged.intents) == set(Intent)


def test_a_masked_title_is_a_title_and_gets_the_attitude_of_its_sentence():
    text = "I hated Blorbo the Grim, it bored me"
    start = text.index("Blorbo")
    (title,) = [n for n in load_tagger().read(text, titles=[(start, start + 15)]).spans if n.kind is Kind.TITLE]
    assert (title.start, title.end, title.attitude) == (start, start + 15, Attitude.DISLIKE)
