"""``chatrec evaluate``: every figure in the README comes from one of these."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from chatrec.commands.console import (
    JsonOption,
    WorkspaceOption,
    err,
    gain_line,
    out,
    ranking_table,
    report,
    show,
    write_json,
)
from chatrec.errors import BadInput

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

app = typer.Typer(no_args_is_help=True, help="Measure. Every figure in the README comes from one of these.")


@app.command("scenarios")
def evaluate_scenarios(
    file: Annotated[Path, typer.Argument(help="YAML file of scripted conversations.")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Play scripted conversations and check what they expect."""
    from chatrec.evaluation.dialogue.scenarios import read_scenarios, run_scenarios
    from chatrec.recommender import Recommender

    scenarios = read_scenarios(file)
    result = run_scenarios(Recommender.open(workspace, report=report), scenarios, err)
    write_json(json_, result)
    for failure in result["failures"]:
        out.print(
            f"[red]{escape(failure['scenario'])}[/], turn {failure['turn']}: {escape(failure['check'])}: {escape(failure['got'])}",
            highlight=False,
        )
    show(result)


@app.command("turns")
def evaluate_turns(
    turns: Annotated[Path, typer.Option(help="Turns of human dialogues (jsonl or jsonl.gz): context, rec.")],
    workspace: WorkspaceOption = None,
    folds: Annotated[
        int, typer.Option(help="Learn from the file itself, a share of its dialogues left out at a time.", min=0)
    ] = 0,
    json_: JsonOption = None,
) -> None:
    """Rank the catalogue after each context: is what people recommended next among the first?"""
    from chatrec.catalogue.turns import read_turns
    from chatrec.evaluation.dialogue.turns import run_turns
    from chatrec.sources import context_ranker, open_workspace

    read = read_turns(turns)
    result = run_turns(context_ranker(open_workspace(workspace, report)), read, folds, report)
    write_json(json_, result)
    table = Table("ranking", "n", "recall@1", "recall@10", "recall@50", "ndcg@10", "mrr", box=None)
    rows = {"fusion": result, "fusion, new titles only": result["new_only"], **result["parts"], **result["baselines"]}
    for name, row in rows.items():
        figures = (f"{row[key]:.4f}" for key in ("recall@1", "recall@10", "recall@50", "ndcg@10", "mrr"))
        table.add_row(name, f"{row['n']:,}", *figures)
    out.print(table)
    if result["learned_from"]:
        share = f"{result['learned_from']:,} of {len(read):,}"
        err.print(f"[yellow]{share} turns are among those this workspace learned from; --folds 5 leaves them out[/]")


@app.command("understanding")
def evaluate_understanding(
    dialogues: Annotated[Path, typer.Option(help="Dialogues of ReDial with the answers about each film.")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Read real dialogues: are the titles found, and what the person liked and disliked?"""
    from chatrec.catalogue.dialogues import read_dialogues
    from chatrec.dialogue.nlu.pipeline import Understanding
    from chatrec.evaluation.dialogue.understanding import run_understanding
    from chatrec.sources import open_workspace

    read = read_dialogues(dialogues)
    opened = open_workspace(workspace, report)
    known = opened.likes[1]
    result = run_understanding(Understanding(opened.catalogue, known), read, known, report)
    write_json(json_, result)
    show(result)
    for name in ("stated", *result["baselines"]):
        out.print(f"[bold]{name.replace('_', ' ')}[/]")
        show(result.get(name) or result["baselines"][name])


@app.command("nlu")
def evaluate_nlu(
    data: Annotated[Path, typer.Option(help="Messages with what is known of them.")],
    format_: Annotated[str, typer.Option("--format", help="native, converse, ccpe, iard or bio.")] = "native",
    json_: JsonOption = None,
) -> None:
    """Intents, spans and attitudes of single messages, with calibration."""
    from chatrec.dialogue.nlu.tagger import load_tagger
    from chatrec.evaluation.dialogue.nlu import read_judged, score

    messages, skipped = read_judged(data, format_)
    if not messages:
        raise BadInput(f"{data} has no message in the format {format_}")
    result = {**score(load_tagger(), messages), "skipped": skipped}
    write_json(json_, result)
    show(result)


@app.command("described")
def evaluate_described(
    data: Annotated[Path, typer.Option(help='Lines {"text", "title", "year"}: what is told, and of which item.')],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Stories of items whose name is forgotten: is the right one among what is shown?"""
    from chatrec.evaluation.dialogue.described import read_cases, run_described
    from chatrec.recommender import Recommender

    cases, skipped = read_cases(data, "text")
    result = {**run_described(Recommender.open(workspace, report=report), cases, report), "skipped": skipped}
    write_json(json_, result)
    show(result)


@app.command("titles")
def evaluate_titles(
    data: Annotated[Path, typer.Option(help='Lines {"said", "title", "year"}: a message, and the title in it.')],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Titles as people type them: is each found?"""
    from chatrec.dialogue.nlu.pipeline import Understanding
    from chatrec.evaluation.dialogue.described import read_cases, run_titles
    from chatrec.sources import open_workspace

    cases, skipped = read_cases(data, "said")
    opened = open_workspace(workspace, report)
    result = {**run_titles(Understanding(opened.catalogue, opened.likes[1], opened.encoder), cases), "skipped": skipped}
    write_json(json_, result)
    show(result)


@app.command("grounding")
def evaluate_grounding(
    workspace: WorkspaceOption = None,
    turns: Annotated[int, typer.Option(min=1)] = 200,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Talk with simulated people and check that every reply names only items of the catalogue."""
    from chatrec.evaluation.dialogue.grounding import run_grounding
    from chatrec.recommender import Recommender

    result = run_grounding(Recommender.open(workspace, report=report), turns, seed, err)
    write_json(json_, result)
    show(result)
    for line in result["failures"][:10]:
        out.print(escape(line), highlight=False)


@app.command("reasons")
def evaluate_reasons(
    workspace: WorkspaceOption = None,
    count: Annotated[int, typer.Option(min=1)] = 100,
    lora: Annotated[float, typer.Option(help="Minutes of LoRA training for the comparison; 0 leaves it out.")] = 0.0,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Reasons said with the learned prefix, with LoRA, and with neither, checked against their facts."""
    from chatrec.evaluation.ilm.reasons import compare_speakers
    from chatrec.sources import open_workspace

    result = compare_speakers(open_workspace(workspace, report), count, lora, seed, report)
    write_json(json_, result)
    for rule, meaning in result["rules"].items():
        out.print(f"[bold]{rule}[/]: {escape(meaning)}", highlight=False)
    columns = ("true", "specific", "fluent", "all_three", "passed", "exact", "log_perplexity", "words", "distinct_2")
    table = Table("speaker", *(name.replace("_", " ") for name in columns), "an example", box=None)
    for name, block in result["speakers"].items():
        figures = ("-" if block[key] is None else f"{block[key]:.2f}" for key in columns)
        table.add_row(name, *figures, escape(block["examples"][0].split("\n")[0][:90]))
    out.print(table)
    for name, block in result["speakers"].items():
        if "training_steps" in block:
            out.print(f"{name}: {block['training_steps']:,} training steps of ten reasons")


@app.command("simulate")
def evaluate_simulate(
    workspace: WorkspaceOption = None,
    users: Annotated[int, typer.Option(help="People, each in both modes.", min=1)] = 100,
    turns: Annotated[
        Path | None, typer.Option(help="Turns of human dialogues, to be carried on; without it people from ratings.")
    ] = None,
    folds: Annotated[
        int, typer.Option(help="Learn from the file of turns itself, without the dialogues that are carried on.", min=0)
    ] = 0,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Simulated people talk for five turns: does what they have in mind come up, and how soon?"""
    from chatrec.evaluation.dialogue.simulation import CUTS, MODES, simulate
    from chatrec.recommender import Recommender

    if folds and turns is None:
        raise BadInput("--folds needs --turns FILE")
    recommender = Recommender.open(workspace, report=report)
    result = (
        simulate(recommender, users, seed, err) if turns is None else _carry_on(recommender, turns, folds, users, seed)
    )
    write_json(json_, result)
    for mode in MODES:
        table = Table(f"{mode}, {result['users']} people", *(f"turn {turn + 1}" for turn in range(5)), box=None)
        for name, block in {"chatrec": result[mode], **result[mode]["baselines"]}.items():
            for cut in CUTS:
                table.add_row(f"{name} success@{cut}", *(f"{value:.3f}" for value in block[f"success@{cut}"]))
        out.print(table)
        show(result[mode])


def _carry_on(recommender: "Recommender", turns: Path, folds: int, users: int, seed: int) -> dict[str, Any]:
    """Simulated people in dialogues of a file; with folds, of the first fold, the others having been learned from."""
    from chatrec.catalogue.turns import read_turns
    from chatrec.evaluation.dialogue.continuation import simulate_turns
    from chatrec.ranking.learning import fold_of
    from chatrec.sources import context_ranker, learned_from

    read = read_turns(turns)
    if folds < 2:
        return simulate_turns(recommender, context_ranker(recommender.workspace), read, users, seed, err)
    ranker = learned_from(recommender.workspace, [t for t in read if fold_of(t.dialog_id, folds)], report)
    held_out = [turn for turn in read if not fold_of(turn.dialog_id, folds)]
    return simulate_turns(recommender, ranker, held_out, users, seed, err)


@app.command("bias")
def evaluate_bias(
    workspace: WorkspaceOption = None,
    users: Annotated[int, typer.Option(help="People.", min=1)] = 100,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Position, popularity and groups of people: what sways the ranking that should not."""
    from chatrec.evaluation.ranking.bias import measure_bias
    from chatrec.recommender import Recommender

    result = measure_bias(Recommender.open(workspace, report=report), users, seed, err)
    write_json(json_, result)
    table = Table("", *result["position"], box=None)
    rows = {"same ten in another order": result["position"]}
    for figure in ("mean_percentile", "catalogue_shown", "gini"):
        rows[figure.replace("_", " ")] = {name: result["popularity"][name][figure] for name in result["position"]}
    for trait in ("ratings", "usual_taste"):
        for half in ("low", "high"):
            label = f"hit rate at 10, {trait.replace('_', ' ')} {half}"
            rows[label] = {name: block[trait][half] for name, block in result["groups"].items()}
    for label, values in rows.items():
        table.add_row(label, *("-" if values[name] is None else f"{values[name]:.3f}" for name in result["position"]))
    out.print(table)
    out.print(f"what people like: mean percentile {result['popularity']['what people like']['mean_percentile']}")


@app.command("calibration")
def evaluate_calibration(
    workspace: WorkspaceOption = None,
    keep: Annotated[bool, typer.Option("--keep", help="Store what was fitted, for the match on the cards.")] = False,
    json_: JsonOption = None,
) -> None:
    """The match score: predicted against observed share of likes on held-out ratings."""
    from chatrec.evaluation.ranking.calibration import measure_calibration
    from chatrec.sources import open_workspace

    result = measure_calibration(open_workspace(workspace, report), keep, report)
    write_json(json_, result)
    show(result)
    table = Table("predictor", "ECE", "Brier", "predicted → observed, tenths of the ratings", box=None)
    for name in ("calibrated", "uncalibrated", "constant"):
        if name in result:
            bins = " ".join(f"{b['predicted']:.2f}→{b['observed']:.2f}" for b in result[name]["bins"])
            table.add_row(name, f"{result[name]['ece']:.3f}", f"{result[name]['brier']:.3f}", bins)
    out.print(table)


@app.command("ranking")
def evaluate_ranking(
    workspace: WorkspaceOption = None,
    sequences: Annotated[
        Path | None, typer.Option(help="OpenP5-style file (a user, then items) in place of a workspace.")
    ] = None,
    recbole: Annotated[
        int,
        typer.Option(help="Epochs of RecBole's SASRec as an outside reference (minutes each); 0 leaves it out.", min=0),
    ] = 0,
    titles: Annotated[
        int,
        typer.Option(help="People for whom the LLM also says titles (a second or more each); 0 leaves it out.", min=0),
    ] = 0,
    json_: JsonOption = None,
) -> None:
    """Leave-one-out, all items ranked, sequential and straightforward: baselines, the ILM, and all fused."""
    from chatrec.collab.scorer import History
    from chatrec.evaluation.ranking.leave_one_out import compare_ranking, read_sequences
    from chatrec.evaluation.ranking.titles import TitleSayer
    from chatrec.sources import open_workspace

    if sequences is not None and workspace is not None:
        raise BadInput("give either --workspace or --sequences, not both")
    if sequences is not None and titles:
        raise BadInput("--titles needs a workspace with an adapter; a file of sequences has no titles")
    if sequences is not None:
        result = compare_ranking(*read_sequences(sequences), report=report, recbole=recbole)
    else:
        opened = open_workspace(workspace, report)
        model = opened.model if (opened.adapter_folder / "model.safetensors").is_file() else None
        if titles and model is None:
            raise BadInput(f"--titles needs an adapter, and {opened.path} has none; `chatrec train` makes one")
        sayer = None
        if model is not None and titles:
            sayer = TitleSayer(model, lambda rows: opened.collab.fold_in(History(tuple(rows))), titles)
        table = opened.vectors["text"]
        result = compare_ranking(opened.catalogue, opened.interactions, table, model, report, recbole, sayer)
    write_json(json_, result)
    for protocol in ("sequential", "straightforward"):
        ranking_table(protocol, result[protocol]["models"])
        for gain in result[protocol]["gain"]:
            gain_line("fused", gain)
        if said := result[protocol].get("titles"):
            ranking_table(f"{protocol}, {said['people']} drawn people", said["models"])
            gain_line("titles said", said["gain"])


@app.command("cold-start")
def evaluate_cold_start(workspace: WorkspaceOption = None, json_: JsonOption = None) -> None:
    """Items that nobody has rated, and people of one, three and ten events: the ILM beside popularity and text."""
    from chatrec.evaluation.ranking.cold_start import measure_cold_start
    from chatrec.sources import open_workspace

    opened = open_workspace(workspace, report)
    model = opened.model if (opened.adapter_folder / "model.safetensors").is_file() else None
    if model is None:
        err.print("[yellow]this workspace has no adapter (`chatrec train` makes one); the ILM's rows are left out[/]")
    result = measure_cold_start(opened, model, report)
    write_json(json_, result)
    items = result["items"]
    tables = {
        f"{where.replace('_', ' ')}, {items['questions']} questions": items[where]
        for where in ("among_new", "among_all")
    }
    tables |= {f"{count} events told": block["models"] for count, block in result["people"].items()}
    for title, rows in tables.items():
        ranking_table(title, rows)
    show({f"will they like it, new items, AUC: {name}": value for name, value in items["like_auc"].items()})
    gains = {
        **items.get("gain", {}),
        **{f"{count} events": b["gain"] for count, b in result["people"].items() if "gain" in b},
    }
    for where, gain in gains.items():
        gain_line(f"{where.replace('_', ' ')}: ilm", gain)


@app.command("cost")
def evaluate_cost(
    workspace: WorkspaceOption = None,
    rounds: Annotated[int, typer.Option(help="How often each reading is timed.", min=1)] = 5,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Size and training of the adapter, and a history read as soft tokens beside the same history as text."""
    from chatrec.evaluation.ilm.cost import measure_cost
    from chatrec.sources import open_workspace

    result = measure_cost(open_workspace(workspace, report), rounds, seed, report)
    write_json(json_, result)
    for name, block in {"size": result["size"], **result["training"], "speaking": result["speaking"]}.items():
        out.print(f"[bold]{escape(name)}[/]")
        show(block)
    table = Table("items", "written as", "tokens", "ratio", "first token, s", "ratio", box=None)
    for length, ways in result["reading"].items():
        for name, row in ways.items():
            took = row["seconds"]
            seconds = (
                ("more than the LLM reads", "") if took is None else (f"{took:.3f}", f"{row['seconds_ratio']:.2f}")
            )
            table.add_row(length, name, f"{row['tokens']:,}", f"{row['tokens_ratio']:.2f}", *seconds)
    out.print(table)


@app.command("rating")
def evaluate_rating(
    train: Annotated[Path, typer.Option(help="Training events: user_id, item_id, label, timestamp.")],
    valid: Annotated[Path, typer.Option(help="Validation events, on which settings and one share were chosen.")],
    test: Annotated[Path, typer.Option(help="Events to measure on.")],
    items: Annotated[Path, typer.Option(help="A table of the items.")],
    minutes: Annotated[
        float, typer.Option(help="Of training, for the ILM and again for the MLP bridge; 0 leaves both out.")
    ] = 8,
    seed: Annotated[int, typer.Option(help="Of their training.")] = 0,
    alone: Annotated[
        bool,
        typer.Option(
            "--alone", help="From these files alone, without MovieLens 100K's texts and ratings and Wikidata's films."
        ),
    ] = False,
    json_: JsonOption = None,
) -> None:
    """Will this user like this item: AUC and UAUC of plain models, the ILM alone, and both together."""
    from chatrec.catalogue.encoder import load_encoder
    from chatrec.catalogue.tables import own_tables
    from chatrec.config import settings
    from chatrec.evaluation.rating.benchmark import evaluate_rating as measure
    from chatrec.evaluation.rating.benchmark import read_events, same_events
    from chatrec.evaluation.rating.content import content_of, with_others

    if not 0 <= minutes <= 600:
        raise BadInput(f"--minutes {minutes:g}: give a number from 0 to 600")
    catalogue = own_tables(items).catalogue
    known, chosen, asked = (read_events(path, catalogue) for path in (train, valid, test))
    tuning = same_events(chosen, asked)
    report(f"{len(known):,} training events, {len(asked):,} to score; reading {len(catalogue):,} items")
    encoder = load_encoder(settings().encoder)
    modest = content_of(catalogue, encoder.encode)
    content, beside = (modest, []) if alone else with_others(catalogue, encoder.encode, report)
    readers = []
    if minutes:
        from chatrec.evaluation.rating.ilm import ILM
        from chatrec.ilm.llm import load_llm

        titles, llm = encoder.encode([item.name for item in catalogue]), load_llm(settings().llm)
        readers = [ILM(catalogue, content, titles, llm, minutes, mlp, seed) for mlp in (False, True)]
    else:
        report("the ILM is left out (--minutes 0)")
    result = measure(known, chosen, asked, content, readers, report, None if alone else modest)
    write_json(json_, {**result, "tuning_split": tuning, "minutes": minutes, "seed": seed, "beside": beside})
    table = Table("model", "auc", "95%", "uauc", "95%", box=None)
    for name, row in {**result["baselines"], result["model"]: result}.items():
        spans = [f"{low:.4f}–{high:.4f}" for low, high in (row["auc_95"], row["uauc_95"])]
        table.add_row(name, f"{row['auc']:.4f}", spans[0], f"{row['uauc']:.4f}", spans[1])
    out.print(table)
    gain = result["gain"]
    spans = [
        f"{gain[name]:+.4f} ({gain[f'{name}_95'][0]:+.4f} to {gain[f'{name}_95'][1]:+.4f})" for name in ("auc", "uauc")
    ]
    out.print(f"{result['model']} over {gain['over']}: AUC {spans[0]}, UAUC {spans[1]}", highlight=False)
    if tuning:
        out.print("The test file is the validation file: settings were chosen on it, so these figures flatter.")
