"""Ranking after a dialogue context: a made-up corpus from build to figures, and the parts it is made of."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import small_items
from typer.testing import CliRunner

from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.turns import read_turns
from chatrec.cli import app
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput, ChatrecError, WorkspaceError
from chatrec.evaluation.dialogue.turns import run_turns
from chatrec.linking.exact import ExactLinker
from chatrec.ranking.fusion import fit_curve, fit_softmax
from chatrec.recommender import Recommender
from chatrec.sources import build_source, context_ranker
from chatrec.workspace import Workspace

FIGURES = {"n", "recall@1", "recall@10", "recall@50", "ndcg@10", "mrr"}
PAIRS = (("Heat (1995)", "Casino (1995)"), ("Alien (1979)", "Aliens (1986)"), ("Babe (1995)", "Toy Story (1995)"))
"""In the made-up dialogues, who names the first is always told the second."""


def dialogue(number):
    named, told = PAIRS[number % len(PAIRS)]
    return {
        "dialog_id": number,
        "context": [f"Hello, I am number {number}!", f"Hi, I liked {named}, what else is there?"],
        "rec": [told],
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A corpus folder and the workspace that the command line built from it."""
    folder = tmp_path_factory.mktemp("redial")
    records = (
        {"item_id": i.item_id, "title": i.name, "genres": [c.lower() for c in i.categories], "plot": i.description,
         "director": list(i.people["director"]), "cast": list(i.people["cast"])}
        for i in small_items()
    )  # fmt: skip
    (folder / "items.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    with gzip.open(folder / "valid_turns.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps(dialogue(n)) + "\n" for n in range(60))
    out = folder / "workspace"
    result = CliRunner().invoke(
        app,
        [
            "build",
            "--source",
            f"redial:{folder}",
            "--ratings-from",
            "ml-100k",
            "--out",
            str(out),
            "--json",
            str(folder / "b.json"),
        ],
    )
    assert result.exit_code == 0, result.output
    return folder


def evaluate(corpus, turns, *more):
    (corpus / "t.jsonl").write_text("".join(json.dumps(turn) + "\n" for turn in turns))
    arguments = ["evaluate", "turns", "-w", str(corpus / "workspace"), "--turns", str(corpus / "t.jsonl"), *more]
    result = CliRunner().invoke(app, [*arguments, "--json", str(corpus / "r.json")])
    assert result.exit_code == 0, result.output
    return json.loads((corpus / "r.json").read_text())


def test_build_reports_the_contracts_keys(corpus):
    built = json.loads((corpus / "b.json").read_text())
    assert built["items"] == 24 and built["matched"] == 24 and built["users"] > 500 and built["interactions"] > 1000


def test_a_build_that_is_cut_off_while_it_learns_leaves_no_workspace(corpus, tmp_path, monkeypatch):
    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("chatrec.sources.learn_from", cut_off)
    with pytest.raises(KeyboardInterrupt):
        build_source(f"redial:{corpus}", tmp_path / "w")
    assert list(tmp_path.iterdir()) == []


def test_what_the_dialogues_teach_is_found_again_in_new_words(corpus):
    turns = [{"context": ["", f"My son adores {named}. Ideas?"], "rec": [told]} for named, told in PAIRS]
    report = evaluate(corpus, turns)
    assert set(report) >= FIGURES | {"new_only", "parts", "baselines"}
    assert set(report["new_only"]) == FIGURES == set(report["baselines"]["popularity"]) - {"new_only"}
    assert report["n"] == 3 and report["learned_from"] == 0
    assert report["recall@1"] == 1.0 > report["baselines"]["popularity"]["recall@1"]
    assert report["parts"]["co_mention"]["recall@1"] == 1.0


def test_a_named_title_is_not_new_and_an_unknown_one_is_missed(corpus):
    turns = [
        {
            "context": ["I saw Heat (1995) and Fargo"],
            "rec": ["Heat (1995)", "Fargo (1996)", "Babe (1995)", "Zardoz (1974)"],
        }
    ]
    report = evaluate(corpus, turns)
    assert report["n"] == 4 and report["new_only"]["n"] == 2
    assert report["recall@50"] == 0.75  # 24 items: all but Zardoz are within 50
    assert report["new_only"]["recall@50"] == 0.5


def test_turns_that_were_learned_from_are_counted(corpus):
    assert evaluate(corpus, [dialogue(n) for n in range(6)])["learned_from"] == 6


def test_folds_leave_out_the_dialogues_that_are_ranked(corpus):
    """Every dialogue has a secret of its own: known when it was learned from, unguessable from the others."""
    names = [item.name for item in small_items()]
    random = np.random.default_rng(0)
    words = [
        "zebra",
        "quartz",
        "violin",
        "harbour",
        "pepper",
        "comet",
        "saddle",
        "lantern",
        "walrus",
        "turnip",
        "anvil",
        "igloo",
    ]
    turns = [
        {"dialog_id": word, "context": [f"{word} {word} please"], "rec": [names[random.integers(24)]]} for word in words
    ]
    assert evaluate(corpus, turns, "--folds", "6")["parts"]["co_mention"]["recall@1"] < 0.5


@pytest.mark.parametrize(("named", "told"), PAIRS)
def test_what_the_dialogues_teach_leads_the_chat(corpus, named, told):
    """Ratings alone would not say so; what was shown or is loved already still does not come again."""
    recommender = Recommender.open(corpus / "workspace", Sessions("sqlite://"))
    first = [card.name for card in recommender.reply("a", f"I loved {named}. What else is there?").cards]
    assert first[0] == told and named not in first
    assert not {told, named} & {card.name for card in recommender.reply("a", "More please").cards}
    recommender.new_conversation("a")
    assert recommender.sessions.state("a").said == []


def test_dialogues_are_carried_on_in_both_modes(corpus):
    (corpus / "t.jsonl").write_text("".join(json.dumps(dialogue(n)) + "\n" for n in range(40)))
    arguments = ["evaluate", "simulate", "-w", str(corpus / "workspace"), "--turns", str(corpus / "t.jsonl")]
    result = CliRunner().invoke(app, [*arguments, "--folds", "5", "--users", "3", "--json", str(corpus / "r.json")])
    assert result.exit_code == 0, result.output
    report = json.loads((corpus / "r.json").read_text())
    assert report["users"] == 3 == report["users_new_only"] and report["learned_from"] == 0
    for mode in ("attribute", "free"):
        assert report[mode]["success@10"][0] == 1.0, "the pairs were learned from the other dialogues"
        assert set(report[mode]["baselines"]) == {"context_ranker", "popularity"}
        assert report[mode]["repeats"] <= 0.2, "of two dozen films, what was shown comes again where nothing new fits"


def test_a_damaged_file_of_weights_is_one_line(corpus, tmp_path):
    import shutil

    copy = tmp_path / "w"
    shutil.copytree(corpus / "workspace", copy)
    (copy / "context.safetensors").write_bytes(b"nothing")
    with pytest.raises(WorkspaceError, match=r"context\.safetensors"):
        context_ranker(Workspace(copy))


def test_a_workspace_without_dialogues_ranks_with_the_weights_that_ship(small_workspace, tmp_path):
    (tmp_path / "t.jsonl").write_text(
        json.dumps({"context": ["Something like Alien (1979)?"], "rec": ["Aliens (1986)"]})
    )
    report = run_turns(context_ranker(Workspace(small_workspace)), read_turns(tmp_path / "t.jsonl"))
    assert report["n"] == 1 and report["recall@10"] == 1.0


@pytest.mark.parametrize(
    ("line", "says"),
    [("", "no turns"), ("{", "line 1"), ('{"context": [], "rec": ["x"]}', "context"), ('{"context": ["x"]}', "rec")],
)
def test_broken_turns_are_one_line(small_workspace, tmp_path, line, says):
    (tmp_path / "t.jsonl").write_text(line)
    result = CliRunner().invoke(
        app, ["evaluate", "turns", "-w", str(small_workspace), "--turns", str(tmp_path / "t.jsonl")]
    )
    assert (
        isinstance(result.exception, BadInput) and says in str(result.exception) and "\n" not in str(result.exception)
    )


@given(st.binary(max_size=200))
def test_no_file_of_turns_crashes(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("turns") / "t.jsonl.gz"
    path.write_bytes(raw)
    with pytest.raises(ChatrecError):
        read_turns(path)


# Titles that are written out


@pytest.fixture(scope="module")
def linker():
    return ExactLinker(Catalogue(small_items()), np.ones(24))


def names(linker, text):
    return [linker.catalogue[title.rows[0]].name for title in linker.link(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I liked the godfather part ii (1974)", ["The Godfather: Part II (1974)"]),
        ("The Godfather (1972) or Blade Runner?", ["The Godfather (1972)", "Blade Runner (1982)"]),
        ("Sabrina (1954), not Sabrina (1995)", ["Sabrina (1954)", "Sabrina (1995)"]),
        ("the heat is on, my babe", []),  # common words in lower case
        ('have you seen "heat"?', ["Heat (1995)"]),
        ("Fargo (2014) is another thing", []),
        ("I saw 2001: A Space Odyssey", ["2001: A Space Odyssey (1968)"]),
    ],
)
def test_titles_are_found_where_the_sentence_means_them(linker, text, found):
    assert names(linker, text) == found


@given(st.text(max_size=80))
def test_spans_lie_in_the_text_in_order(linker, text):
    places = [place for title in linker.link(text) for place in (title.start, title.end)]
    assert places == sorted(places) and all(0 <= place <= len(text) for place in places)


def test_every_item_is_found_by_its_own_name(linker):
    assert [linker.find(item.name)[0] for item in linker.catalogue] == list(range(24))
    assert linker.find("Zardoz (1974)") == ()


# The fusion


def test_weights_find_the_feature_that_decides():
    random = np.random.default_rng(1)
    features = random.normal(size=(300, 11, 3)).astype(np.float32)
    best = features[:, :, 1].argmax(axis=1)
    for case, place in enumerate(best):
        features[case, [0, place]] = features[case, [place, 0]]
    weights = fit_softmax(features, np.zeros((300, 11)))
    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))


def test_the_curve_learns_what_no_weight_can_say():
    """The chosen item is the one whose feature is nearest 0: no line ranks it first."""
    random = np.random.default_rng(2)
    features = random.normal(size=(600, 9, 2)).astype(np.float32)
    best = np.abs(features[:, :, 0]).argmin(axis=1)
    for case, place in enumerate(best):
        features[case, [0, place]] = features[case, [place, 0]]
    offset = np.zeros((600, 9))
    weights = fit_softmax(features, offset)
    curve = fit_curve(features, offset, weights)
    test = random.normal(size=(2, 200)).astype(np.float32)
    order = np.argsort(-curve.scores(test))
    assert np.abs(test[0, order[:20]]).mean() < 0.5 * np.abs(test[0]).mean()
    assert np.abs(test[0, np.argsort(-(weights @ test))[:20]]).mean() > 0.5 * np.abs(test[0]).mean()
