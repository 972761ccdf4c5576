"""The corpus: lines are read back as they are written, faults are named, and what ships is whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.acts import ITEMS, Before, Intent, Kind
from chatrec.dialogue.nlu.corpus import FOLDER, OF_ITEMS, OF_VALUES, Example, Marked, check, parse, read_corpus, write
from chatrec.errors import BadInput

words = (
    st.text(
        st.characters(codec="utf-8", exclude_characters="[]()|\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
        min_size=1,
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)


@st.composite
def examples(draw):
    text, spans = "", []
    for _ in range(draw(st.integers(0, 4))):
        text += draw(words) + " "
        said = draw(words)
        kind = draw(st.sampled_from(list(Kind)))
        attitude = draw(st.sampled_from(sorted(OF_ITEMS if kind in ITEMS else OF_VALUES)))
        spans.append(Marked(len(text), len(text) + len(said), kind, attitude, draw(st.booleans()), draw(st.booleans())))
        text += said + " "
    text += draw(words)
    intents = draw(st.frozensets(st.sampled_from(list(Intent)), min_size=1, max_size=3))
    return Example(text, tuple(spans), intents, draw(st.sampled_from(list(Before))))


@given(examples())
def test_a_written_line_is_read_back(example):
    assert parse(write(example)) == example


@given(st.text(max_size=60))
def test_any_line_is_read_or_refused_in_one_line(line):
    try:
        parse(line)
    except BadInput as error:
        assert "\n" not in str(error).strip()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("I loved [Heat](title like)", "between intents and message"),
        ("opine | [Heat](film like)", "'film'"),
        ("opine | [Heat](title adore)", "'adore'"),
        ("opine | [Heat](title avoid)", "none of kind title"),
        ("praise | Heat", "'praise'"),
        ("@later opine | Heat", "'later'"),
        ("@shown | Heat", "no intent"),
        ("opine | [Heat(title like)", "bracket"),
    ],
)
def test_a_fault_is_named(line, named):
    with pytest.raises(BadInput, match=named.replace("(", r"\(")):
        parse(line)


def test_what_ships_is_whole_and_varied():
    found = check()
    assert found.faults == ()
    assert found.doubled < found.examples / 100
    assert {kind.split()[0] for kind in found.kinds} == {str(kind) for kind in Kind}
    assert set(found.intents) == {str(intent) for intent in Intent}


def test_what_is_held_out_is_never_trained_on():
    taught = {example.text.casefold() for example in read_corpus()}
    held = [example for example in read_corpus(held_out=True) if len(example.text.split()) > 5]
    assert held
    assert not [example.text for example in held if example.text.casefold() in taught]


def test_a_folder_without_examples_says_so(tmp_path):
    with pytest.raises(BadInput, match="no examples"):
        read_corpus(tmp_path)


def test_a_fault_in_a_file_names_file_and_line(tmp_path):
    (tmp_path / "mine.txt").write_text("greet | hi\ngreet hi\n")
    assert check(tmp_path).faults == ("mine.txt, line 2: no ' | ' between intents and message",)
    with pytest.raises(BadInput, match=r"mine\.txt, line 2"):
        read_corpus(tmp_path)


def test_the_folder_is_where_the_readme_says():
    assert FOLDER.name == "nlu"
