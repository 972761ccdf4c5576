"""Scripted conversations: the format, and whether each check passes and fails as it should."""

import chatrec_data
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.dialogue.events import Card, ItemRef, Profile, Reply
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.scenarios import Expectation, check_reply, read_scenarios, run_scenarios, same_item
from chatrec.recommender import Recommender
from chatrec.workspace import Workspace

SHIPPED = sorted((chatrec_data.ROOT / "scenarios").glob("*.yaml"))

EVERY_KEY = """
- id: every-key
  turns:
    - user: "hello"
    - user: "I loved Fargo"
      expect:
        recommends: {min: 1, max: 5}
        all: {year_min: 1930, year_max: 1998, genres_any: [Crime], genres_all: [Crime, Drama], genres_none: [Horror], people_any: [Al Pacino], people_none: [Tom Hanks]}
        any: {year_min: 1930, year_max: 1998, genres_any: [Crime], genres_all: [Crime], genres_none: [Horror], people_any: [Al Pacino], people_none: [Tom Hanks]}
        none_of: ["Fargo (1996)"]
        includes_any_of: ["The Godfather (1972)"]
        state: {liked: [Fargo], disliked: [], seen: [], genres_wanted: [], genres_unwanted: [], people_wanted: [], people_unwanted: [], year_min: 1930, year_max: 1998}
        state_none: {liked: [Heat], disliked: [], seen: [], genres_wanted: [], genres_unwanted: [], people_wanted: [], people_unwanted: [], year_min: 1950, year_max: 1951}
        asks: true
        says_any: [crime]
        says_none: [western]
        about: "Fargo (1996)"
"""


def written(tmp_path, text):
    path = tmp_path / "talk.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def ref(catalogue, name):
    item = catalogue[catalogue.find(name)]
    return ItemRef(item.item_id, item.name)


def reply(catalogue, *names, text="Have a look at these.", reason="", **profile):
    cards = []
    for name in names:
        item = catalogue[catalogue.find(name)]
        cards.append(Card(item.item_id, item.title, item.year, item.name, item.categories, reason=reason))
    for slot in ("liked", "disliked", "seen"):
        profile[slot] = tuple(ref(catalogue, name) for name in profile.get(slot, ()))
    return Reply(1, "hi", text, tuple(cards), Profile(**profile))


def failed(catalogue, said, **expect):
    """The checks that fail; there is at least one check."""
    outcome = check_reply(said, Expectation.model_validate(expect), catalogue)
    assert outcome.checks >= 1
    return [name for name, _ in outcome.failed]


def test_every_key_of_the_format_is_read(tmp_path):
    (scenario,) = read_scenarios(written(tmp_path, EVERY_KEY))
    assert scenario.id == "every-key"
    assert scenario.turns[0].expect == Expectation()
    expect = scenario.turns[1].expect
    assert expect.model_fields_set == set(Expectation.model_fields)
    assert expect.all.model_fields_set == set(type(expect.all).model_fields)
    assert expect.state.model_fields_set == set(type(expect.state).model_fields)
    assert (expect.recommends.min, expect.recommends.max) == (1, 5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- id: first\n  turns: [{user: hi}]\n- id: second\n  turns: [{user: hi, expct: {}}]", ["second", "expct"]),
        ("- id: second\n  turns: [{user: hi, expect: {recommend: {min: 1}}}]", ["second", "recommend"]),
        ("- id: second\n  turns: [{user: hi, expect: {recommends: {minimum: 1}}}]", ["second", "minimum"]),
        ("- id: second\n  turns: [{user: hi, expect: {all: {genre: [War]}}}]", ["second", "genre"]),
        ("- id: second\n  turns: [{user: hi, expect: {state: {moods: [dark]}}}]", ["second", "moods"]),
        ("- id: second\n  turns: [{user: hi, expect: {all: {year_min: soon}}}]", ["second", "year_min"]),
        ("- id: second\n  turns: [{user: hi, expect: {none_of: Fargo}}]", ["second", "none_of"]),
        ("- id: second\n  turns: [{expect: {asks: true}}]", ["second", "user"]),
        ("- id: second\n  turns: []", ["second", "turns"]),
        ("- id: second", ["second", "turns"]),
        ("- id: second\n  note: x\n  turns: [{user: hi}]", ["second", "note"]),
        ("- id: first\n  turns: [{user: hi}]\n- turns: [{user: hi}]", ["number 2", "id"]),
        ("- id: first\n  turns: [{user: hi}]\n- just words", ["number 2"]),
        ("id: first\nturns: []", ["list"]),
        ("", ["list"]),
        ("[]", ["list"]),
        ("- id: [", ["YAML"]),
        ("- id: a\n\tturns: b", ["YAML"]),
        ("!!python/object/apply:os.getcwd []", ["YAML"]),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_the_scenario(tmp_path, text, told):
    with pytest.raises(BadInput) as refused:
        read_scenarios(written(tmp_path, text))
    message = str(refused.value)
    assert all(part in message for part in [*told, "talk.yaml"]), message
    assert "\n" not in message


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"no file .*nowhere\.yaml"):
        read_scenarios(tmp_path / "nowhere.yaml")
    with pytest.raises(BadInput):
        read_scenarios(tmp_path)
    (tmp_path / "talk.yaml").write_bytes(b"- id: \xff\xfe\n")
    with pytest.raises(BadInput, match="YAML"):
        read_scenarios(tmp_path / "talk.yaml")


YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "turns", "user", "expect", "all", "state", "year_min", "liked"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=120)
@given(value=YAML_VALUES, whole=st.booleans(), rest=st.text(max_size=30))
def test_any_file_is_read_or_refused_in_one_line(tmp_path_factory, value, whole, rest):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(
        (yaml.safe_dump([value] if whole else value) if len(rest) < 20 else rest).encode("utf-8", "replace")
    )
    try:
        assert read_scenarios(path)
    except BadInput as problem:
        assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("expect", "good"),
    [
        ({"recommends": {"min": 2}}, True),
        ({"recommends": {"min": 3}}, False),
        ({"recommends": {"max": 2}}, True),
        ({"recommends": {"max": 1}}, False),
        ({"recommends": {"max": 0}}, False),
        ({"all": {"year_min": 1972}}, True),
        ({"all": {"year_min": 1973}}, False),
        ({"all": {"year_max": 1996}}, True),
        ({"all": {"year_max": 1995}}, False),
        ({"all": {"genres_any": ["thriller", "Action"]}}, True),
        ({"all": {"genres_any": ["Thriller"]}}, False),
        ({"all": {"genres_all": ["Crime", "Drama"]}}, True),
        ({"all": {"genres_all": ["Crime", "Thriller"]}}, False),
        ({"all": {"genres_none": ["Horror"]}}, True),
        ({"all": {"genres_none": ["Thriller"]}}, False),
        ({"all": {"people_any": ["al pacino", "Joel Coen"]}}, True),
        ({"all": {"people_any": ["Al Pacino"]}}, False),
        ({"all": {"people_none": ["Tom Hanks"]}}, True),
        ({"all": {"people_none": ["Al Pacino"]}}, False),
        ({"any": {"year_min": 1990, "genres_any": ["Thriller"]}}, True),
        ({"any": {"year_min": 1990, "people_any": ["Al Pacino"]}}, False),  # of two different items
        ({"none_of": ["Heat (1995)", "Casino"]}, True),
        ({"none_of": ["Heat (1995)", "Godfather, The (1972)"]}, False),
        ({"includes_any_of": ["Heat", "the godfather"]}, True),
        ({"includes_any_of": ["Heat", "The Godfather: Part II"]}, False),
        ({"includes_any_of": []}, False),
        ({"state": {"liked": ["Sabrina (1995)"]}}, True),
        ({"state": {"liked": ["Sabrina (1954)"]}}, False),
        ({"state": {"liked": ["Sabrina (1995)", "Heat"]}}, False),
        ({"state": {"liked": ["No Such Film"]}}, False),
        ({"state": {"seen": ["HEAT"]}}, True),
        ({"state": {"disliked": ["Heat"]}}, False),
        ({"state": {"genres_wanted": ["crime"]}}, True),
        ({"state": {"genres_wanted": ["War"]}}, False),
        ({"state": {"people_unwanted": ["tom hanks"]}}, True),
        ({"state": {"year_min": 1970}}, True),
        ({"state": {"year_min": 1971}}, False),
        ({"state": {"year_max": None}}, True),
        ({"state_none": {"liked": ["Heat"]}}, True),
        ({"state_none": {"liked": ["Heat", "Sabrina (1995)"]}}, False),
        ({"state_none": {"liked": ["No Such Film"]}}, True),
        ({"state_none": {"genres_wanted": ["Crime"]}}, False),
        ({"state_none": {"year_min": 1970}}, False),
        ({"state_none": {"year_min": 1980}}, True),
        ({"asks": False}, True),
        ({"asks": True}, False),
        ({"says_any": ["zebra", "LOOK AT"]}, True),
        ({"says_any": ["zebra"]}, False),
        ({"says_any": ["because of the snow"]}, True),  # reasons count as said
        ({"says_none": ["zebra"]}, True),
        ({"says_none": ["zebra", "look"]}, False),
        ({"about": "Fargo (1996)"}, True),
        ({"about": "Godfather, The (1972)"}, True),
        ({"about": "Far"}, False),
        ({"about": "Heat (1995)"}, False),
    ],
)
def test_each_check_passes_and_fails_as_it_should(catalogue, expect, good):
    said = reply(
        catalogue, "Fargo", "The Godfather", reason="Because of  the snow.",
        liked=["Sabrina (1995)"], seen=["Heat"], genres_wanted=("Crime",), people_unwanted=("Tom Hanks",), year_min=1970,
    )  # fmt: skip
    assert (failed(catalogue, said, **expect) == []) is good


def test_asking_is_a_reply_that_ends_in_a_question(catalogue):
    assert failed(catalogue, reply(catalogue, text="Which ones? "), asks=True) == []
    assert failed(catalogue, reply(catalogue, text="Which ones? Tell me."), asks=True) == ["asks"]


def test_conditions_on_all_hold_of_no_items_but_any_needs_one(catalogue):
    nothing = reply(catalogue)
    assert failed(catalogue, nothing, all={"year_min": 1990}) == []
    assert failed(catalogue, nothing, any={"year_min": 1990}) == ["any"]
    assert failed(catalogue, nothing, recommends={"max": 0}) == []


def test_what_failed_is_told_with_what_was_got(catalogue):
    said = reply(catalogue, "Fargo")
    expect = Expectation.model_validate(
        {"recommends": {"min": 2}, "all": {"year_max": 1990}, "none_of": ["Fargo"], "asks": False}
    )
    outcome = check_reply(said, expect, catalogue)
    assert outcome.checks == 4
    told = dict(outcome.failed)
    assert set(told) == {"recommends 2–None", "all", "none_of"}
    assert "Fargo (1996)" in told["all"]
    assert "year_max" in told["all"]


def test_the_year_decides_between_items_of_one_name(catalogue):
    old = next(item for item in catalogue if item.name == "Sabrina (1954)")
    assert same_item("Sabrina (1954)", old, catalogue)
    assert not same_item("Sabrina (1995)", old, catalogue)
    assert not same_item("Sabrina (1970)", old, catalogue)


def test_a_run_reports_what_passed_and_leaves_the_persons_own_sessions_alone(small_workspace, tmp_path):
    recommender = Recommender(Workspace(small_workspace), Sessions.in_workspace(tmp_path))
    recommender.reply("scenario-0", "I loved Casablanca")
    path = written(
        tmp_path,
        """
- id: good
  turns:
    - {user: "I loved Fargo", expect: {recommends: {min: 1, max: 5}, state: {liked: [Fargo]}, state_none: {liked: [Casablanca]}}}
    - {user: "no crime please", expect: {all: {genres_none: [Crime]}, none_of: [Fargo]}}
- id: impossible
  turns:
    - {user: "I loved Heat", expect: {state: {disliked: [Heat]}, recommends: {min: 1}, state_none: {liked: [Fargo]}}}
    - {user: "who directed Fargo?", expect: {says_any: [Joel Coen]}}
""",
    )
    report = run_scenarios(recommender, read_scenarios(path))
    assert (report["scenarios"], report["passed"]) == (2, 1)
    assert (report["checks"], report["checks_passed"]) == (9, 8)
    (failure,) = report["failures"]
    assert (failure["scenario"], failure["turn"], failure["check"]) == ("impossible", 1, "state disliked")
    assert "Heat" in failure["got"]
    assert 0 <= report["latency_p50_s"] <= report["latency_p95_s"]
    assert [turn.user for turn in recommender.transcript("scenario-0")] == ["I loved Casablanca"]
    assert recommender.reply("scenario-0", "more").turn == 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_conversations_are_well_formed(path):
    scenarios = read_scenarios(path)
    ids = [scenario.id for scenario in scenarios]
    assert len(set(ids)) == len(ids)
    assert all(turn.user is not None for scenario in scenarios for turn in scenario.turns)
    assert all(any(turn.expect.model_fields_set for turn in scenario.turns) for scenario in scenarios)


def test_the_shipped_conversations_use_every_expectation():
    shipped = [scenario for path in SHIPPED for scenario in read_scenarios(path)]
    assert len(shipped) >= 80
    used = {key for scenario in shipped for turn in scenario.turns for key in turn.expect.model_fields_set}
    assert used == set(Expectation.model_fields)
