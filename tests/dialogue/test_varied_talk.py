"""What clubs, families and people on their phones showed: other words for seeing and passing over, lists, subjects, endings."""

import pytest

from chatrec.dialogue.nlu.lexicon import spelled_out
from chatrec.dialogue.policy.decide import decide
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.dialogue.tracking.tracker import apply
from chatrec.recommender import Recommender


def stances(understanding, text):
    return {understanding.catalogue[m.row].title: m.stance for m in understanding.read(text, State()).mentions}


def talk(understanding, *lines, shown=("20", "21")):
    """The state after some messages; the same slate stands after each."""
    state = State()
    for line in lines:
        apply(understanding.read(line, state), state, understanding.catalogue)
        state.hear(line)
        state.answer("", ())
        state.shown.append(list(shown))
        state.focus = [shown[0]]
    return state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We did Casablanca last month", {"Casablanca": "seen"}),
        ("we've done alien and fargo already", {"Alien": "seen", "Fargo": "seen"}),
        ("I caught Heat on telly", {"Heat": "seen"}),
        ("We did love Casablanca", {"Casablanca": "liked"}),
        ("without Casablanca and Fargo, seen em", {"Casablanca": "seen", "Fargo": "seen"}),
        ("Fargo i have seen already, also Casablanca", {"Fargo": "seen", "Casablanca": "seen"}),
        ("Liked: Fargo, Babe, Heat. Disliked: Casino, Alien.", {"Fargo": "liked", "Babe": "liked", "Heat": "liked", "Casino": "disliked", "Alien": "disliked"}),
        ("Fargo: hated it. Casablanca: hated that most of all.", {"Fargo": "disliked", "Casablanca": "disliked"}),
        ("I saw Fargo when it was in the cinema and disliked it", {"Fargo": "disliked"}),
        ("the 2/10 was for Fargo", {"Fargo": "disliked"}),
        ("minus Casablanca, please", {"Casablanca": "mentioned"}),
        ("not casablanca, seen it", {"Casablanca": "seen"}),
        ("I've got Fargo on DVD and I've watched it.", {"Fargo": "seen"}),
        ("Casablanca is known to me as well", {"Casablanca": "seen"}),
        ("Fargo, which he proposed, I have seen with everybody, so that is out.", {"Fargo": "seen"}),
        ("There's nothing like a bit of home, and it's Casablanca I'd go back to; what would you put beside it?", {"Casablanca": "liked"}),
        ("If it helps: Heat we both liked a lot.", {"Heat": "liked"}),
        ("Heat, Casino and Fargo are great", {"Heat": "liked", "Casino": "liked", "Fargo": "liked"}),
        ("Casino ✅ Blade Runner ✅ love both of those", {"Casino": "liked", "Blade Runner": "liked"}),
        ("omg casino, tell me about it", {"Casino": "asked"}),
        ("Heat is from what year?", {"Heat": "asked"}),
        ("Fargo, who else is in that?", {"Fargo": "asked"}),
        ("Heat is by Mann, if I remember rightly?", {"Heat": "asked"}),
        ("Would you say a few words about Fargo?", {"Fargo": "asked"}),
    ],
)  # fmt: skip
def test_what_is_said_of_titles(understanding, text, expected):
    assert stances(understanding, text) == expected


@pytest.mark.parametrize(
    "text", ["the heat was awful last week", "we had a casino night", "I did it", "he had heat in mind"]
)
def test_everyday_words_stay_no_titles(understanding, text):
    assert stances(understanding, text) == {}


@pytest.mark.parametrize(
    "text",
    ["like Fargo but older", "I saw Fargo. Something in the same spirit, please", "is there another film like Fargo"],
)
def test_a_title_that_serves_as_an_example(understanding, text):
    (mention,) = understanding.read(text, State()).mentions
    assert mention.similar


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("any w basketball", "basketball"),
        ("got ones on spaceships?", "spaceships"),
        ("sport instead then", "sport"),
        ("i need basketball films for school", "basketball"),
    ],
)
def test_a_subject_in_a_word(understanding, text, topic):
    assert understanding.read(text, State()).topic == topic


def test_another_subject_takes_the_place_of_the_one_before_within_the_genre(understanding):
    state = talk(understanding, "documentaries please", "any with ambition?", "basketball instead")
    assert state.genres_wanted == ["Documentary"] and state.topics == ["basketball"]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("nothing heavy, something for kids really", ["Children"], []),
        ("he is frightened by anything scary", [], ["Horror"]),
        ("once the children are asleep, a thriller", ["Thriller"], []),
        ("RAINY DAY. TWO SMALL KIDS. HELP", ["Children"], []),
        ("a comedy, nowt with war in it", ["Comedy"], ["War"]),
        ("forget what I said about no romance, romance is fine again", [], []),
        ("My grandfather loves westerns. Can you find him one from before 1970?", ["Western"], []),
        ("A comedy would be fine, but nothing with Al Pacino", ["Comedy"], []),
        ("it must be science fiction, and it must not be a comedy", ["Sci-Fi"], ["Comedy"]),
        ("that whole horror business can stay away from my television", [], ["Horror"]),
        ("a love film, please", ["Romance"], []),
    ],
)
def test_for_whom_and_what_not(understanding, text, wanted, unwanted):
    reading = understanding.read(text, State())
    assert (reading.genres_wanted, reading.genres_unwanted) == (wanted, unwanted)


def test_an_age_is_no_number_of_items(understanding):
    assert understanding.read("he's only nine, a comedy", State()).count is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Tom refuses everything made after 1990", (None, 1990)),
        ("a comedy, neither violent nor later than 1960", (None, 1960)),
        ("it must date from the period 1950 to 1969", (1950, 1969)),
        ("a romance, not too old, 90s maybe", (1990, 1999)),
    ],
)
def test_years_in_passing(understanding, text, years):
    reading = understanding.read(text, State())
    assert (reading.year_min, reading.year_max) == years


def test_what_is_forgotten_ends_at_the_comma(understanding):
    reading = understanding.read("forget Scorsese, 70s action then", State(people_wanted=["Martin Scorsese"]))
    assert reading.people_allowed == ["Martin Scorsese"] and reading.genres_wanted == ["Action"]
    assert (reading.year_min, reading.year_max) == (1970, 1979)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("some bogart please", ["Humphrey Bogart"]),
        ("same thing for scorsese instead", ["Martin Scorsese"]),
        ("films with frances mcdormond", ["Frances McDormand"]),
        ("Did Ridley Scott make others that you have?", ["Ridley Scott"]),
        ("It's not Scorsese in disguise, is it?", []),
        ("I have never watched anything by Howard Hawks. Where should I begin?", ["Howard Hawks"]),
        ("The one who made Fargo, did he do any others?", ["Joel Coen"]),
    ],
)
def test_people_in_passing(understanding, text, people):
    reading = understanding.read(text, State())
    assert ([*dict.fromkeys(reading.people_wanted)], reading.people_unwanted) == (people, [])
    assert not reading.topic


@pytest.mark.parametrize(
    "text",
    [
        "we want that one byeeee",
        "great let's do that one then thank you very much bye bye",
        "I shall watch Fargo. So kind of you, goodbye",
        "nodding off here, night night x",
    ],
)
def test_who_takes_leave_is_shown_nothing_more(understanding, text):
    state = State(shown=[["20", "21"]], focus=["20"])
    before = state.model_copy(deep=True)
    reading = understanding.read(text, state)
    apply(reading, state, understanding.catalogue)
    assert decide(reading, before, state, understanding.catalogue).opening == ("bye",)


def test_a_question_after_a_slate_is_about_the_one_title_that_was_named(understanding):
    row = next(row for row, item in enumerate(understanding.catalogue) if item.title == "Fargo")
    state = talk(understanding, "Fargo yeah seen that heaps of times, love it to bits")
    assert understanding.read("who directed that?", state).referred == [(row, "asked")]
    sought = talk(understanding, "loved Fargo. any westerns?")
    assert understanding.read("who directed that?", sought).referred != [(row, "asked")]


def test_which_of_those_has_a_person(understanding):
    state = talk(understanding, "westerns please")
    reading = understanding.read("Which of those has Grace Kelly?", state)
    assert [(understanding.catalogue[row].title, stance) for row, stance in reading.referred] == [
        ("High Noon", "asked")
    ]


def test_pictures_part_words_and_alone_stay(understanding):
    assert spelled_out("Fargo 🔥 more like it 😍") == "Fargo, more like it"
    assert spelled_out("👍") == "👍"


def test_a_question_that_names_a_title_is_no_description(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    reply = recommender.reply(
        "me", "Is Duck Soup a film about an imaginary country and a mirror or a war? Who directed it?"
    )
    assert "McCarey" in reply.text and not reply.cards


def test_the_sequel_is_named(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    told = recommender.reply("me", "Is there a sequel to The Godfather?")
    assert "The Godfather: Part II (1974) comes after The Godfather" in told.text and not told.cards
    assert "1974" in recommender.reply("me", "When was the second part made?").text


def test_the_sequel_is_that_of_the_title_named_and_not_of_a_card(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    assert recommender.reply("me", "Alien was great").cards
    assert "Aliens (1986)" in recommender.reply("me", "whats the sequel called").text


def test_of_a_title_without_a_sequel_that_is_said(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    assert recommender.reply("me", "Fargo was great").cards
    assert recommender.reply("me", "whats the sequel called").text == "I know of no series with Fargo (1996)."
