"""The guided tour of ``chatrec ui --demo``: a script as data, played by the browser on the real recommender."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatrec.errors import BadInput

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

SCRIPT = Path(__file__).with_name("demo.js").read_text(encoding="utf-8")
LOOKS = {
    "panel": "#cr-panel",
    "answer": "#cr-chat .bot-row:last-child",
    "cards": "#cr-chat .bot-row:last-child .cr-card",
    "reasons": "#cr-chat .bot-row:last-child .cr-card .cr-reason",
    "box": "#cr-box",
    "map": "#cr-map .cr-map-frame",
    "trace": "#cr-trace",
    "parts": "#cr-parts",
    **{name: f"section:has(#cr-{name})" for name in ("read", "blend", "towards", "like")},
}
"""What a step can light up, as CSS selectors; of several elements the first is lit."""
WORDS_A_SECOND = 2.6  # at which a caption is read by a room, not by one person
LEAST = 5.0  # seconds that a caption stands


class Form(BaseModel):
    """A form of the tab behind the words, and what is written into its fields."""

    model_config = ConfigDict(extra="forbid")
    name: Literal["read", "blend", "towards", "like"]
    values: dict[str, str]


class Step(BaseModel):
    """One idea: something is done, something is lit up, and a caption says why it matters."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1)
    caption: str = Field(min_length=1)
    notes: str = ""
    say: str = ""
    press: Literal["", "liked", "disliked", "seen"] = ""
    card: int = Field(default=1, ge=1, le=6)
    form: Form | None = None
    tab: Literal["chat", "map", "words", "evaluation", "about"] = "chat"
    look: str = ""
    reads: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        if sum(map(bool, (self.say, self.press, self.form))) > 1:
            raise ValueError("a step does one thing: say, press or form")
        if self.look and self.look not in LOOKS:
            raise ValueError(f"look {self.look!r} is not known; there are {', '.join(LOOKS)}")
        return self

    @property
    def seconds(self) -> float:
        """How long the caption stands."""
        return max(LEAST, len(self.caption.split()) / WORDS_A_SECOND)


class Tour(BaseModel):
    """A script.

    Attributes:
        titles: that its lines name; a catalogue must have them all.
    """

    model_config = ConfigDict(extra="forbid")
    title: str
    welcome: str = ""
    titles: list[str] = Field(default_factory=list)
    steps: list[Step] = Field(min_length=1)


def read_tour(path: Path | None = None) -> Tour:
    """Read a script; without a path the one that ships.

    Raises:
        BadInput: naming the file, the step, and what is wrong with it.
    """
    if path is None:
        import chatrec_data

        path = Path(chatrec_data.__file__).with_name("demo.yaml")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"the tour's script {path} cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid YAML: {str(error).splitlines()[0]}") from error
    try:
        return Tour.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise BadInput(f"{path}: {place or 'the whole'}: {first['msg']}") from error


def fitting(tour: Tour, recommender: "Recommender") -> dict[str, Any]:
    """The tour for the browser, without the steps that need a trained adapter where there is none.

    Raises:
        BadInput: if the catalogue does not have what the lines name.
    """
    catalogue = recommender.catalogue
    missing = [title for title in tour.titles if catalogue.find(title) is None]
    if missing:
        raise BadInput(
            f"the tour's script speaks of {missing[0]!r}, which is not in {catalogue.name}; "
            "write one for this catalogue (data/demo.yaml is the pattern) and give it with --script FILE"
        )
    ready = recommender.reads_items
    steps = [
        {**step.model_dump(exclude={"notes", "reads"}), "look": LOOKS.get(step.look, ""), "seconds": step.seconds}
        for step in tour.steps
        if ready or not step.reads
    ]
    return {"title": tour.title, "welcome": tour.welcome, "steps": steps}


def function(tour: Tour, recommender: "Recommender") -> Callable[..., dict[str, Any]]:
    """What the browser calls for the tour; raises as :func:`fitting` does."""
    fitted = fitting(tour, recommender)

    def script(_: object = None) -> dict[str, Any]:
        """The guided tour."""
        return fitted

    return script


def skeleton() -> str:
    """The bar under the page, in which the captions stand; the browser's script fills it."""
    return (
        '<section id="cr-demo" aria-label="Guided tour" hidden><div class="cr-demo-text"><p class="cr-demo-at"></p>'
        '<h2 id="cr-demo-title"></h2><p id="cr-demo-caption" aria-live="polite"></p></div><div class="cr-demo-tools">'
        '<button type="button" class="cr-firm" name="cr-demo-play">Start the tour</button>'
        '<button type="button" class="cr-quiet" name="cr-demo-next">Next</button>'
        '<button type="button" class="cr-quiet" name="cr-demo-stop">Just talk</button></div></section>'
    )
