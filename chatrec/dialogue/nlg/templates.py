"""What is said around the cards. Authored sentences, several of each, so that neighbouring turns differ."""

from collections.abc import Mapping

SENTENCES: dict[str, tuple[str, ...]] = {
    "greet": (
        "Hello! Tell me about one or two {many} you love, or what you are in the mood for. Which come to mind?",
        "Hi there! Which {many} have you enjoyed lately, or what would you like tonight?",
        "Good to see you! Name a {one} you love or hate and I can start from there. Which one?",
    ),
    "ask_taste": (
        "Which {many} have you loved? One or two titles are enough for me to find more.",
        "Can you name a {one} you enjoyed, or a {category} you feel like?",
        "What would help most is a title you like. Is there one that comes to mind?",
    ),
    "ask_wish_category": (
        "Do you feel like any {category} in particular?",
        "Is there a {category} you would like more than others?",
    ),
    "ask_wish_tone": (
        "Should it be something light, or rather something serious?",
        "Are you after something cheerful, or something darker?",
    ),
    "ask_wish_fame": (
        "Would you rather have something well known, or a hidden gem?",
        "Shall I stay with the famous ones, or look for something lesser known?",
    ),
    "ask_wish_decade": (
        "Is there a decade you would like to stay in?",
        "Older or newer: is there a decade you prefer?",
    ),
    "thanks": ("You're welcome. Enjoy!", "Glad to help. Come back any time.", "My pleasure. Have a good time with it."),
    "bye": ("Goodbye, and enjoy!", "See you next time. I'll remember what you like.", "Take care!"),
    "wellbeing": (
        "Very well, thank you, and ready to talk about {many}.",
        "All is well here. I have {items} {many} to choose from.",
    ),
    "favourite": (
        "I have no taste of my own: I only know what people say and rate. Yours is what counts here.",
        "I do not {use} anything myself, so I have no favourites.",
    ),
    "joke": (
        "Jokes are not my strength, but I can find you a {one} that has some.",
        "I leave the jokes to the {many}.",
    ),
    "praise": ("Thank you!", "That is kind of you."),
    "nod": (
        "Good. Say \"more\" whenever you would like others.",
        "Fine. I am here if you want others, or something else.",
    ),
    "insult": (
        "I am sorry. Tell me what was wrong with those, and I will change it.",
        "That went badly, then. Say what you did not want, and I will leave it out.",
    ),
    "small": (
        "I only know about {many}, but those I know well.",
        "That is beyond me; {many} are what I know.",
    ),
    "bored": ("Let's change that.", "Then it is time for a {one}."),
    "blocked": ("I will not show {titles} again.", "Understood: {titles} will not come up again."),
    "saved": ("Kept for later: {titles}.", "{titles}: on your list for later."),
    "accepted": ("Good choice: enjoy {titles}!", "{titles} it is. Enjoy!"),
    "foreign": ("{foreign}",),
    "forgotten": ("Forgotten: {titles}.", "I have taken that back: {titles}."),
    "help": (
        "I recommend {many} from {name}: {items} of them, and nothing that is not in it. Tell me what you love or hate, "
        "a {category}, a person, some years, or what it should be about. Would you like to start with a title?",
    ),
    "empty": (
        "That was empty. Say \"more\" for others, or tell me what you would like.",
        "Nothing arrived. I can show you more, or something else: just say what.",
    ),
    "unclear": (
        "I did not quite get that. Could you tell me a {one} you like, or what you are in the mood for?",
        "I am not sure what you mean. Is there a {one}, a {category} or a person you have in mind?",
    ),
    "unfound": (
        "I find nothing by that name in my catalogue. Is there another {one} you like?",
        "Nothing in my catalogue goes by that name. Which {one} that you like shall I start from?",
    ),
    "unclear_again": (
        "I still did not get that. Something like \"I loved {title}\" or \"{kind} {many} from before 1990\" works best.",
        "Sorry, that is beyond me. A title, a {category}, a person or some years are what I understand.",
    ),
    "ask_opinion": ("Did you like {titles}?", "{titles}: did you enjoy it?"),
    "noted": ("Noted.", "Got it.", "Good to know.", "Thanks, that helps."),
    "lead": (
        "Here is what I would try:",
        "These should suit you:",
        "How about these:",
        "My suggestions:",
        "You might enjoy these:",
    ),
    "lead_one": ("Here is one I would try:", "This should suit you:", "How about this one:", "My suggestion:"),
    "lead_more": ("Here are some more:", "A few others:", "Then perhaps these:", "More to choose from:"),
    "lead_popular": (
        "I know little about you yet, so here are some that many people here like:",
        "To begin with, some that are widely liked:",
    ),
    "lead_critique": ("Going in that direction:", "With that in mind:", "Then rather these:"),
    "lead_near": ("In that line:", "Close to that:", "Something along those lines:"),
    "story": ("That sounds like {title}:", "I think you mean {title}:", "That should be {title}:"),
    "story_maybe": (
        "It could be {title}; if not, one of the others:",
        "My best guess is {title}, but look at the others too:",
    ),
    "story_unsure": (
        "Nothing here fits that well; the nearest I have:",
        "I am not sure that I have it; closest to what you tell comes:",
    ),
    "extreme": (
        "Of my {wish}, the {which} is {title}:",
        "{title} is the {which} of my {wish}:",
    ),
    "recognised": (
        "That sounds like {title}, which has come up already.",
        "You mean {title}, I think; we have had that one.",
    ),
    "few": ("That is all I have that fits.", "No more than that fits everything you asked for."),
    "nothing": (
        "Nothing fits: I have no {wish}. Leaving {barrier} aside, the nearest I have:",
        "Nothing here is all of that: I have no {wish}. If {barrier} may bend, there is:",
        "I have nothing for that: no {wish}. What stands in the way is {barrier}; without that, the nearest:",
    ),
    "nothing_at_all": (
        "Nothing fits: I have no {wish} that you would not know. Shall we drop one of those wishes?",
        "I have nothing left for that: no {wish}. Would another {category} do, or other years?",
    ),
    "carried": (
        "I have no {wish}, so I left aside {frame}:",
        "There are no {wish}; leaving aside {frame}, there is:",
    ),
    "again": (
        "I have no others that fit; from what I showed you, there is still:",
        "Nothing new fits all of that, but of those from before there is still:",
    ),
    "unknown": (
        "I couldn't find {title} in my catalogue{near}.",
        "I don't have {title} in my catalogue{near}.",
    ),
    "reset": (
        "All right, your wishes are cleared; I still know what you like. What would you like now?",
        "Wiped clean, apart from your likes and dislikes. What shall it be?",
    ),
    "reset_all": (
        "All right, everything is forgotten, your likes and dislikes too. What would you like now?",
        "Wiped clean: I know nothing of you any more. Where shall we begin?",
    ),
    "unmet": (
        "I don't know {unmet}, so I can't go by that.",
        "My catalogue doesn't say {unmet}, so I leave that aside.",
    ),
    "truncated": ("That was long, so I read the first part of it.",),
    "more_question": (
        "Does one of them appeal to you?",
        "Is that the right direction?",
        "Shall I go on in this line, or try something else?",
    ),
}  # fmt: skip


def say(kind: str, turn: int, values: Mapping[str, object] | None = None) -> str:
    """The sentence of a kind for a turn; neighbouring turns get different ones."""
    sentences = SENTENCES[kind]
    sentence = sentences[turn % len(sentences)]
    return sentence.format(**values) if values else sentence
