"""The page: sections in plain words, made from results alone; no request to anywhere, no script."""

from pathlib import Path
from typing import Any

from chatrec.evaluation.report import charts
from chatrec.evaluation.report.parts import (
    failures,
    figure,
    number,
    paragraph,
    percent,
    plain,
    section,
    table,
    tile,
    transcript,
)  # fmt: skip

Results = dict[str, Any]
MODES = {
    "attribute": "They name one attribute of what they have in mind each turn",
    "free": "They say what else they love, what they have seen, what it is about",
}
BESIDE = {
    "collaborative": "collaborative filtering",
    "popularity": "most popular, ten more each turn",
    "popularity_as_shown": "most popular, as many more as the chat shows",
}


def page(results: Results) -> str:
    """The whole report as HTML."""
    names = {name: f"talk-{place}" for place, name in enumerate(results.get("transcripts", {}))}
    made = [
        (name, title, build(results[name], names))
        for name, title, build in (
            ("scenarios", "Scripted conversations", scenarios),
            ("simulate", "Simulated people", simulated),
            ("grounding", "Truth of replies", grounding),
            ("calibration", "The match score", calibration),
            ("latency", "Waiting", waiting),
            ("bias", "What sways the ranking", bias),
        )
        if name in results
    ]
    if names:
        talks = "".join(transcript(name, names[name], entry) for name, entry in results["transcripts"].items())
        intro = paragraph(
            "Whole conversations, unedited; those in which something failed come first of their kind and are open."
        )
        made.append(("transcripts", "Conversations", intro + talks))
    if results.get("environment"):
        made.append(("environment", "What this was made with", surroundings(results["environment"])))
    links = "".join(f'<li><a href="#{name}">{plain(title)}</a></li>' for name, title, _ in made)
    known = results.get("environment", {})
    about = " · ".join(plain(known[key]) for key in ("catalogue", "language model", "made") if known.get(key))
    style = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>chatrec: how well it recommends</title><style>{style}</style></head><body>"
        '<a class="skip" href="#main">To the figures</a>'
        f'<header><h1>How well chatrec recommends</h1><p class="soft">{about}</p>'
        f'<nav aria-label="Parts of this report"><ul>{links}</ul></nav></header>'
        f'<main id="main"><ul class="tiles">{tiles(results)}</ul>'
        f"{''.join(section(name, title, body) for name, title, body in made)}</main>"
        "<footer><p>Every figure here is measured by the command that made this page; baselines were run on the same people, "
        "in the same run. The same figures stand in report.json beside it.</p></footer></body></html>\n"
    )


def tiles(results: Results) -> str:
    """The figures that matter most, each with what stands beside it."""
    made = []
    if found := results.get("scenarios"):
        made.append(tile(f"{found['passed']} of {found['scenarios']}", "scripted conversations go as they should", f"{found['checks_passed']} of {found['checks']} checks"))  # fmt: skip
    if found := results.get("grounding"):
        made.append(tile(percent(found["grounded"], 1), "of replies name only what the catalogue has", f"{found['replies']} replies"))  # fmt: skip
        made.append(tile(percent(found["faithful"], 1), "of reasons are true", f"{found['reasons']} reasons, each read by a second checker"))  # fmt: skip
    if found := results.get("simulate"):
        best = {mode: found[mode]["success@10"][-1] for mode in MODES if found.get(mode, {}).get("success@10")}
        popular = {mode: found[mode]["baselines"]["popularity"]["success@10"][-1] for mode in best}
        if best:
            mode = max(best, key=lambda name: best[name])
            made.append(tile(percent(best[mode]), "of simulated people meet what they later loved", f"within five turns, among ten; most popular: {percent(popular[mode])}"))  # fmt: skip
    if found := results.get("latency"):
        made.append(tile(f"{found['p95_s']:.1f} s", "is the longest wait in 19 of 20 replies", f"half of them within {found['p50_s']:.1f} s"))  # fmt: skip
    if (found := results.get("calibration")) and "calibrated" in found:
        made.append(tile(f"{100 * found['calibrated']['ece']:.1f} points", "is how far the match score is off, on average", f"uncalibrated: {100 * found['uncalibrated']['ece']:.1f} points"))  # fmt: skip
    return "".join(made)


def scenarios(found: Results, anchors: dict[str, str]) -> str:
    """Scripted conversations and what failed in them."""
    lines = [
        (f"{f['scenario']}, turn {f['turn']}, “{f['user']}”: {f['check']}: {f['got']}", f"script: {f['scenario']}")
        for f in found["failures"]
    ]
    rows = [
        ("conversations", [str(found["scenarios"]), str(found["passed"])]),
        ("checks", [str(found["checks"]), str(found["checks_passed"])]),
    ]
    return (
        paragraph("Conversations written line by line, with what each reply must satisfy: which items may come, what must be understood, when to ask.")
        + table("Scripted conversations", ["", "number", "as they should be"], rows)
        + failures(lines, anchors, "Nothing failed.")
    )  # fmt: skip


def simulated(found: Results, anchors: dict[str, str]) -> str:
    """Success by turn, beside plain baselines."""
    blocks, tables = [], []
    for mode, meaning in MODES.items():
        block = found.get(mode)
        if not block:
            continue
        models = {
            "chatrec": block,
            **{name: block["baselines"][key] for key, name in BESIDE.items() if key in block["baselines"]},
        }
        curves = {name: values["success@10"] for name, values in models.items()}
        blocks.append(
            figure(
                f"{meaning}. Share who have met something they later loved, by turn.",
                charts.lines("Success at 10 by turn", curves),
            )
        )
        rows = [
            (
                name,
                [
                    *(percent(values[f"success@{cut}"][-1]) for cut in (1, 5, 10)),
                    number(values["turns_to_success"], 0),
                    percent(block["repeats"], 1) if name == "chatrec" else "–",
                ],
            )
            for name, values in models.items()
        ]
        tables.append(
            table(
                f"{mode.capitalize()} mode, {found['users']} people, after five turns",
                ["", "first", "among 5", "among 10", "median turn", "repeats"],
                rows,
            )
        )
    missed = [
        (f"{mode} mode, person {user}: nothing they later loved came up in five turns.", f"simulated: {mode}-{user}")
        for mode in MODES
        for user in found.get(mode, {}).get("missed", [])
        if f"simulated: {mode}-{user}" in anchors
    ]
    return (
        paragraph("People made from real ratings tell what they loved; what they came to love later was kept from every model, and they never say its title.")
        + f'<div class="charts">{"".join(blocks)}</div>{"".join(tables)}'
        + (f"<h3>Some who were not served</h3>{failures(missed, anchors, '')}" if missed else "")
    )  # fmt: skip


def grounding(found: Results, anchors: dict[str, str]) -> str:
    """Truth of replies and reasons."""
    talks = [*found.get("failed_talks", [])]
    lines = [
        (text, f"checked: {talks[place]}" if place < len(talks) else "") for place, text in enumerate(found["failures"])
    ]
    rows = [
        ("replies that name only items of the catalogue", [percent(found["grounded"], 1), f"{found['replies']:,}"]),
        ("reasons whose every name, number, role and genre is true", [percent(found["faithful"], 1), f"{found['reasons']:,}"]),
        ("reasons said as plain sentences, without the language model", [percent(found["plain"], 1), f"{found['reasons']:,}"]),
        ("recommendations of something judged or shown before", [percent(found["repeats"] / max(found["items_shown"], 1), 1), f"{found['items_shown']:,}"]),
    ]  # fmt: skip
    return (
        paragraph("Simulated people talk; a checker that shares no code with the one inside the dialogue reads every finished reply.")
        + table("Truth of replies", ["", "share", "of"], rows)
        + failures(lines, anchors, "The checker found nothing untrue.")
    )  # fmt: skip


def calibration(found: Results, _: dict[str, str]) -> str:
    """Predicted against observed."""
    if "calibrated" not in found:
        return paragraph("There are too few held-out ratings to say.")
    kinds = {"calibrated": "on the cards", "uncalibrated": "before calibration"}
    series = {
        name: [(b["predicted"], b["observed"], b["count"]) for b in found[key]["bins"]] for key, name in kinds.items()
    }
    rows = [
        (name, [number(found[key]["ece"]), number(found[key]["brier"])])
        for key, name in {**kinds, "constant": f"always {percent(found['constant']['bins'][0]['predicted'])}"}.items()
    ]
    return (
        paragraph(f"A card that says 70% should be liked 7 times in 10. Measured on the last rating of {found['ratings']:,} people, which no model has seen; each point is a tenth of them.")
        + figure("Predicted and observed share of likes.", charts.reliability("Calibration of the match score", series))
        + table("Smaller is better; the constant knows nothing of item or person", ["", "expected calibration error", "Brier score"], rows, "on the cards")
    )  # fmt: skip


def waiting(found: Results, _: dict[str, str]) -> str:
    """Seconds of whole replies."""
    counts = found["counts_by_half_second"]
    labels = [f"{place / 2:g}" for place in range(len(counts))]
    rows = [
        ("half of the replies within", [f"{found['p50_s']:.2f} s"]),
        ("19 of 20 within", [f"{found['p95_s']:.2f} s"]),
        ("the slowest", [f"{found['worst_s']:.2f} s"]),
        ("over 6 s", [percent(found["over_6_s"], 1)]),
    ]
    return (
        paragraph(f"Seconds until a reply is whole, with all its reasons; cards are on the page much earlier. {found['replies']:,} replies of the conversations above, on the machine named below and whatever else it was doing.")
        + figure("Replies by seconds.", charts.bars("Seconds of whole replies", counts, labels, "seconds, from"))
        + table("Waiting for the whole reply", ["", "time"], rows)
    )  # fmt: skip


def bias(found: Results, _: dict[str, str]) -> str:
    """Position, popularity, groups."""
    models = list(found["position"])
    rows = [("same ten when likes are said in another order", [percent(found["position"][m]) for m in models])]
    for key, name in (
        ("mean_percentile", "how well known what is shown is (percentile)"),
        ("catalogue_shown", "share of the catalogue ever shown"),
        ("gini", "inequality of how often each is shown (Gini)"),
    ):
        rows.append((name, [number(found["popularity"][m][key], 2) for m in models]))
    for trait, name in (("ratings", "few | many ratings"), ("usual_taste", "unusual | usual taste")):
        both = [[percent(found["groups"][m][trait][half]) for half in ("low", "high")] for m in models]
        rows.append((f"later likes among ten: people of {name}", [" | ".join(pair) for pair in both]))
    liked = found["popularity"].get("what people like", {}).get("mean_percentile")
    return (
        paragraph(f"Measured on {found['users']} people. What these people like themselves stands at percentile {number(liked, 2)} of popularity.")
        + table("What sways the ranking", ["", *models], rows)
    )  # fmt: skip


def surroundings(known: dict[str, Any]) -> str:
    """Versions, machine, and the adapter's card."""
    rows = "".join(
        f"<tr><th scope=row>{plain(name)}</th><td>{plain(value)}</td></tr>"
        for name, value in known.items()
        if name != "adapter_card" and value
    )
    card = known.get("adapter_card")
    shown = f"<details><summary>The adapter's card</summary><pre>{plain(card)}</pre></details>" if card else ""
    return f'<div class="wide"><table><caption>Environment</caption><tbody>{rows}</tbody></table></div>{shown}'
