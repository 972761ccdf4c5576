"""The words people use for categories, moods, stances and content. Data, apart from the rules that read them."""

import re

CATEGORY_WORDS: dict[str, tuple[str, ...]] = {
    "Action": ("action", "action packed", "action-packed", "shoot em up", "blow stuff up", "explosions"),
    "Adventure": ("adventure", "adventures", "swashbuckler", "swashbucklers"),
    "Animation": ("animation", "animated", "animations", "cartoon", "cartoons", "anime"),
    "Children": ("children", "childrens", "children's", "kids one", "kids ones", "kiddie one", "kids thing", "kids movie", "kids film", "kids movies", "kids films", "kid movie", "kid friendly", "kid-friendly", "for kids", "for children", "for my kids", "for the kids", "for our kids", "for my children", "for our children", "for the children", "with kids", "with my kids", "with the kids", "with our kids", "with children", "with my children", "with the children", "with our children", "with the whole family", "with my grandkids", "for my grandkids", "for my nieces", "for my nephews", "for my niece", "for my nephew", "for my grandchildren", "for the grandchildren", "for the whole family", "family film", "family films", "family movie", "family movies", "family friendly", "family-friendly", "kids stuff", "kids' stuff", "kid stuff", "children's film", "children's films", "for the little ones", "family night"),
    "Comedy": ("comedy", "comedies", "comedic", "funny", "hilarious", "laugh", "laughs", "romcom", "romcoms", "rom com", "rom coms", "rom-com", "rom-coms", "farce", "slapstick", "screwball", "humour", "humor", "humorous", "spoof", "spoofs", "parody", "parodies"),
    "Crime": ("crime", "gangster", "gangsters", "mob", "mafia", "heist", "heists", "crime movies"),
    "Documentary": ("documentary", "documentaries", "docs", "documentarys"),
    "Drama": ("drama", "dramas", "dramatic", "tearjerker", "tearjerkers", "tear jerker", "weepie"),
    "Fantasy": ("fantasy", "fantasies", "fairy tale", "fairy tales", "fairytale"),
    "Film Noir": ("film noir", "film-noir", "noir", "noirs", "films noirs", "hard boiled"),
    "Horror": ("horror", "horrors", "scary", "slasher", "slashers", "spooky", "creepy", "gory", "terrifying", "frightening", "horror flick", "scary movies"),
    "Musical": ("musical", "musicals", "singing and dancing", "song and dance"),
    "Mystery": ("mystery", "mysteries", "whodunit", "whodunits", "whodunnit", "murder mystery", "murder mysteries", "detective story", "detective stories", "detective"),
    "Romance": ("romance", "romances", "romantic", "love story", "love stories", "love film", "love films", "love movie", "love movies", "romcom", "romcoms", "rom com", "rom coms", "rom-com", "rom-coms", "date movie", "lovey dovey", "mushy", "chick flick", "chick flicks"),
    "Sci-Fi": ("sci-fi", "scifi", "sci fi", "science fiction", "science-fiction", "sf", "space opera", "futuristic", "aliens"),
    "Thriller": ("thriller", "thrillers", "suspense", "suspenseful", "thrilling", "psychological thriller"),
    "War": ("war", "war film", "war films", "war movie", "war movies", "wartime", "war stories"),
    "Western": ("western", "westerns", "cowboy", "cowboys", "wild west", "spaghetti western"),
}  # fmt: skip
"""Words for the categories of films. A catalogue of another kind is read by its own categories' names."""

MOOD_WORDS: dict[str, str] = {
    "light": "light", "lighthearted": "light", "light-hearted": "light", "feel good": "uplifting", "feel-good": "uplifting",
    "uplifting": "uplifting", "heartwarming": "warm", "heart-warming": "warm", "warm": "warm", "cosy": "warm", "cozy": "warm",
    "witty": "witty", "clever": "witty", "silly": "silly", "goofy": "silly", "charming": "charming", "sweet": "charming",
    "inspiring": "inspiring", "inspirational": "inspiring", "nostalgic": "nostalgic", "whimsical": "whimsical",
    "magical": "magical", "dreamy": "dreamy", "epic": "epic", "exciting": "exciting", "fast-paced": "fast-paced",
    "fast paced": "fast-paced", "tense": "tense", "eerie": "eerie", "disturbing": "disturbing", "gritty": "gritty",
    "dark": "dark", "bleak": "bleak", "depressing": "bleak", "sad": "sad", "bittersweet": "bittersweet",
    "melancholy": "melancholy", "cynical": "cynical", "satirical": "satirical", "satire": "satirical", "absurd": "absurd",
    "quirky": "quirky", "offbeat": "quirky", "weird": "surreal", "strange": "surreal", "surreal": "surreal", "trippy": "surreal",
    "mind-bending": "surreal", "stylish": "stylish", "sexy": "sensual", "slow": "slow", "quiet": "quiet",
    "thoughtful": "thoughtful", "thought-provoking": "thoughtful", "thought provoking": "thoughtful", "deep": "thoughtful",
    "smart": "thoughtful", "intelligent": "thoughtful", "moving": "tender",
    "tender": "tender", "hopeful": "hopeful", "playful": "playful", "angry": "angry", "sensual": "sensual", "violent": "violent",
    "adventurous": "adventurous",
}  # fmt: skip
"""Words for moods, to the vocabulary of the item texts."""

CRITIQUES: dict[str, tuple[str, float]] = {
    "lighter": ("dark", -1), "happier": ("dark", -1), "more cheerful": ("dark", -1), "funnier": ("dark", -1), "less depressing": ("dark", -1), "less dark": ("dark", -1), "less sad": ("dark", -1), "less bleak": ("dark", -1), "less heavy": ("dark", -1), "more fun": ("dark", -1), "more upbeat": ("dark", -1),
    "darker": ("dark", 1), "sadder": ("dark", 1), "bleaker": ("dark", 1), "grittier": ("dark", 1), "more serious": ("dark", 1), "heavier": ("dark", 1),
    "slower": ("pace", -1), "calmer": ("pace", -1), "quieter": ("pace", -1), "less action": ("pace", -1),
    "faster": ("pace", 1), "more exciting": ("pace", 1), "more action": ("pace", 1), "less boring": ("pace", 1), "less slow": ("pace", 1),
    "weirder": ("weird", 1), "stranger": ("weird", 1), "more unusual": ("weird", 1), "more original": ("weird", 1), "quirkier": ("weird", 1),
    "less weird": ("weird", -1), "more normal": ("weird", -1), "more conventional": ("weird", -1),
    "scarier": ("fear", 1), "more suspense": ("fear", 1), "tenser": ("fear", 1), "more tense": ("fear", 1),
    "less scary": ("fear", -1), "not so scary": ("fear", -1), "gentler": ("fear", -1), "less violent": ("fear", -1), "less gory": ("fear", -1), "less tense": ("fear", -1),
    "older": ("year", -1), "earlier": ("year", -1), "newer": ("year", 1), "more recent": ("year", 1), "more modern": ("year", 1), "later": ("year", 1),
    "less known": ("popularity", -1), "less well known": ("popularity", -1), "lesser known": ("popularity", -1), "less popular": ("popularity", -1), "more obscure": ("popularity", -1), "less mainstream": ("popularity", -1), "hidden gem": ("popularity", -1), "hidden gems": ("popularity", -1), "underrated": ("popularity", -1),
    "better known": ("popularity", 1), "more popular": ("popularity", 1), "more famous": ("popularity", 1), "more mainstream": ("popularity", 1),
}  # fmt: skip
"""Comparisons with what was just shown: the axis and the direction."""

AXES: dict[str, tuple[str, float]] = {
    "dark": ("dark", 1), "sad": ("dark", 1), "depressing": ("dark", 1), "bleak": ("dark", 1), "serious": ("dark", 1), "heavy": ("dark", 1), "grim": ("dark", 1),
    "light": ("dark", -1), "silly": ("dark", -1), "goofy": ("dark", -1), "slow": ("pace", -1), "boring": ("pace", -1), "fast": ("pace", 1),
    "weird": ("weird", 1), "strange": ("weird", 1), "artsy": ("weird", 1), "arty": ("weird", 1), "conventional": ("weird", -1),
    "scary": ("fear", 1), "violent": ("fear", 1), "gory": ("fear", 1), "tense": ("fear", 1), "creepy": ("fear", 1), "intense": ("fear", 1),
    "old": ("year", -1), "dated": ("year", -1), "new": ("year", 1), "recent": ("year", 1),
    "mainstream": ("popularity", 1), "popular": ("popularity", 1), "famous": ("popularity", 1), "obvious": ("popularity", 1), "obscure": ("popularity", -1),
}  # fmt: skip
"""Words that complain about what was shown ("too dark"): the axis and which way it leads; what is wanted lies the other way."""

CONTENT_WORDS: dict[str, tuple[str, ...]] = {
    "violence": ("violence", "violent", "gore", "gory", "blood", "bloody", "killing", "bloodshed"),
    "scares": ("scary", "scares", "frightening", "jump scares", "creepy"),
    "sex": ("sex", "sexual", "nudity", "sex scenes", "nude"),
    "language": ("swearing", "bad language", "cursing", "profanity", "swear words", "foul language"),
}
"""Content that people ask to be spared."""

LIKED = re.compile(
    r"\b(?:(?:really |absolutely |totally |just |also |quite |rather |truly )*(?:lov(?:e|ed|es|ing)|luv(?:ed)?|liked|likes?(?!\s+(?:\d+|ten|a (?:million|hundred|thousand|dozen)|twice|hell))|enjoy(?:ed|s)?|ador(?:e|ed)|ador|dig|dug|appreciat(?:e|ed)|cherish)"
    r"|(?:big |huge )?fan(?:s)? of|into|favou?rites?(?: (?:movies?|films?|ones?))?(?: (?:is|are|was|were|include|would be|has to be))?(?: of all time)?|obsessed with|crazy about|was blown away by|can't get enough of|fond of)\b",
    re.IGNORECASE,
)
LIKED_AFTER = re.compile(
    r"^\W*(?:\(\d{4}\)\W*)?(?:and [^.!?;]{1,60}? )?(?:is|was|were|are|'s|being)?\s*(?:(?:so|really|very|pretty|just|such|also|both|all|a|an|one of|my|the|absolutely|truly|quite|still)\s+)*"
    r"(?:what an? (?:\w+ )?(?:lovely|great|wonderful|beautiful|brilliant|fantastic|amazing|terrific|good|fun|gem|joy|delight|treat|masterpiece)|great|good|amazing|awesome|fantastic|brilliant|excellent|wonderful|perfect|superb|favou?rites?|best|even better|better still|masterpiece|masterful|terrific|incredible|lovely|beautiful|fun|funny|hilarious|classic|blast|fab|outstanding|genius|gold|unbeatable|loved it|enjoyed it|blew me away|rocks|rules|rocked|ruled)\b",
    re.IGNORECASE,
)
DISLIKED = re.compile(
    r"\b(?:least favou?rites?|worst (?:movies?|films?)|heard (?:\w+ )?(?:bad|terrible|awful) things about|not (?:really |too |that |particularly |all |very |so )*(?:interested in|keen on|crazy about|sold on)|couldn't (?:finish|get through|sit through)|never finished|gave up on|let down by|not (?:really )?fond of|hat(?:e|ed|es|ing)(?! (?:when|that (?!most|one|too|film|movie|even)|to|how)\b)|dislik(?:e|ed|es)|detest(?:ed)?|loath(?:e|ed)|despis(?:e|ed)|can't (?:stand|bear|abide)|cannot (?:stand|bear|abide)|couldn't (?:stand|bear|abide)|cant (?:stand|bear)|couldnt (?:stand|bear)"
    r"|(?:was |were |am |got )?(?:so |really |very |a bit |pretty )?(?:bored|disappointed|annoyed|put off|underwhelmed) (?:by|with|of|in)|sick of|tired of|fed up with|not (?:a |a big |really a |much of a )?fans? of|couldn't get into|couldnt get into|could not get into|can't get into|walked out of|(?:fell asleep|dozed off|nodded off) (?:halfway |half way |midway )?(?:during|in|watching|through|at)|didn't care for|didnt care for|did not care for|don't care for|dont care for|turned off|not into|not keen on|not (?:really )?my thing)\b",
    re.IGNORECASE,
)
DISLIKED_AFTER = re.compile(
    r"^\W*(?:\(\d{4}\)\W*)?(?:(?:ugh|yuck|meh|oh dear|bah|eww?)\b\W*)?(?:is|was|were|are|'s)?\s*(?:(?:so|really|very|pretty|just|such|also|too|a|an|the|absolutely|a bit|kind of|kinda|way|all|utterly|totally)\s+)*"
    r"(?:what an? (?:\w+ )?(?:bore|mess|waste|disappointment|snooze|awful|terrible|boring|dull|stupid|let ?down)|bored me|boring|bad|awful|terrible|horrible|dull|overrated|rubbish|stupid|dumb|trash|garbage|crap|crappy|worst|disappointing|disappointed|annoying|annoyed me|sucked|sucks|a bore|a snooze|a snoozer|(?:a )?(?:snooze|bore)[- ]?fest|a dud|a stinker|tedious|let ?down|waste|dreadful|lame|meh|not (?:good|great|for me|my thing|my cup)|(?:put|sent) (?:me|us|him|her|them) to sleep|left me cold|did nothing for me|didn't work|didnt work|wasn't (?:good|great|for me)|wasnt (?:good|great|for me)|too (?:long|slow|violent|scary|sad|silly|weird|much|dark|boring))\b",
    re.IGNORECASE,
)
NEUTRAL_AFTER = re.compile(
    r"^\W*(?:\(\d{4}\)\W*)?(?:is|was|were|'s)?\s*(?:(?:just|only|kind of|kinda|pretty|a bit)\s+)*(?:so[- ]so|ok|okay|alright|all right|average|nothing special|middling|fine|decent|passable|not (?:too |so |that |half )?bad)\b(?! for (?:a|an|kids|children)\b)",
    re.IGNORECASE,
)
GOOD = re.compile(
    r"\b(?:great|good|amazing|awesome|fantastic|brilliant|excellent|wonderful|perfect|superb|terrific|incredible|lovely|beautiful|hilarious|loved it|enjoyed it|a classic|masterpiece)\b",
    re.IGNORECASE,
)
BAD = re.compile(
    r"\b(?:suck(?:s|ed)|boring|awful|terrible|horrible|dull|overrated|rubbish|stupid|dumb|trash|garbage|crap|disappointing|bored|tedious|dreadful|lame)\b",
    re.IGNORECASE,
)
SEEN = re.compile(
    r"\b(?:(?:have |'ve |ive |i've |already |just |recently |had )*(?:seen|watched|saw|rewatched|rented|did see|sat through)|(?:have|'ve|ive) (?:already )?(?:seen|watched))\b",
    re.IGNORECASE,
)
SEEN_AFTER = re.compile(
    r"^\W*(?:i(?:'ve| have)?|we(?:'ve| have)?)?\s*(?:already )?(?:seen|watched|saw) (?:it|that|them|both|those)\b",
    re.IGNORECASE,
)
DID = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:already |just |only |finally )?(?:did|done|caught|went to(?: see)?|showed (?:them|him|her|the kids))\s*(?:\s(?:the\s+)?$|[,&]|\sand\b)",
    re.IGNORECASE,
)
"""Other words for having seen a title, right before it or its list: "we did Psycho last month", "I caught Heat on telly"."""
KNOWN_TO_ME = re.compile(
    r"[^.!?;]{0,40}?\b(?:is (?:well )?known to (?:me|us)|and (?:i|we)(?:'ve| have)? (?:already )?(?:seen|watched) (?:it|that))\b",
    re.IGNORECASE,
)
"""Behind a title that somebody has seen: "is known to me", "I've got … on DVD and I've watched it"."""
UNSEEN = re.compile(
    r"\b(?:haven't|have not|never|not) (?:yet )?(?:got(?:ten)?|come|made it) (?:a?round )?to\b"
    r"|\bnever (?:bothered (?:with|to see|to watch)|got (?:a?round to|to see)|made it to)\b"
    r"|\b(?:haven't|havent|have not|never|not|didn't) (?:\w+ )?(?:seen|watched|saw|see|watch)\b",
    re.IGNORECASE,
)
"""Before a title that somebody does not know."""
SIMILAR = re.compile(
    r"\b(?:(?:something|anything|movies?|films?|more|stuff|things?|one|ones|another|others?|books?|games?|someth?ing|much)(?: else)? (?:just |a bit |kind of |sort of |similar |else )*like(?!\s+(?:\d+|ten|twenty|a (?:million|hundred|thousand|dozen)|crazy|mad|hell|every|last|yesterday)\b)|similar(?: \w+)? to|same (?:vein|spirit|style|vibe) (?:as|of)|in the (?:vein|spirit|style|mood|line) of|along the lines of|reminds? me of|comparable to|akin to|close to|remind me of|in the mood for (?:something|another)(?: like)?|based on)\b",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"(?:\b(?:tell me (?:more )?about|what(?:'s| is| was)? (?:it |the plot of |the story of )?(?:about)?|what about|who(?:'s|s)?(?: (?:is|was|are|were|directed|directs|made|stars|starred|acted|plays|played))?(?: the)?(?: director of| actors? in| in)?|which (?:director|actor|year|language)|can't decide(?: between)?|when (?:was|did|is)|what year|is|are|was|does|did|do you have|do you know|have you (?:got|heard of|seen)|how (?:long|old|scary|violent|good) is|describe|more about|info(?:rmation)? (?:on|about)|should i watch|would i like|explain|thoughts on|what do you think (?:of|about)|ever heard of)\b[^.!?]*)$",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:n[o']t|not|never|no(?!,)|none|nobody(?: called)?|no one|forget(?: about)?(?: the)?|without|don'?t|doesn'?t|didn'?t|isn'?t|aren'?t|wasn'?t|won'?t|wouldn'?t|can'?t|cannot|nothing|neither|nor|hardly|anything but|other than|except|excluding|avoid|skip|minus|instead of|rather than|less|enough of|too much|too many|no more|stop with|stop (?:showing|recommending|suggesting)(?: me)?|rule out|leave out|hold the|drop the|sick of|tired of|fed up with|done with|hates?|hated|dislikes?|can't stand|detest|loathe|allergic to|spare (?:me|us)|keep away from|(?:frightened|scared|afraid|terrified) (?:of|by))\b",
    re.IGNORECASE,
)
WANTED_AFTER_ALL = re.compile(
    r"\b(?:not only|not just|don'?t mind|wouldn'?t mind|no problem with|why not|can'?t get enough|(?:can'?t|cannot|never) (?:go wrong|beat|resist|say no to|wait|get tired of|tire of)|nothing wrong with|(?:nothing|not) against|okay with|fine with|nothing beats|nothing like|not (?:a )?bad)\b",
    re.IGNORECASE,
)
HATRED = re.compile(r"hates?|hated|dislikes?|detest|loathe", re.IGNORECASE)
"""Words of :data:`NEGATION` that a negation before them turns into no objection."""
UNCONCERNED = re.compile(
    r"\bdon'?t (?:hold (?:that|it) against|conclude|think|assume)\b|\b(?:don'?t|doesn'?t|do not|does not)(?: (?:really|much|particularly))? (?:care (?:which|what|who|how|if|whether|when|where)|know|matter|need to know)\b|\bnot (?:sure|important)\b|\bno (?:matter|idea|clue|preference|rush|hurry|worries|problem|wait|sorry|actually|rather|i mean)\b|\b(?:can'?t|cannot) (?:decide|remember|recall|think of)\b",
    re.IGNORECASE,
)
"""Negations that rule nothing out: "I don't care which"."""


SLANG: dict[str, str] = {
    "b4": "before", "pls": "please", "plz": "please", "smthng": "something", "smth": "something", "sth": "something",
    "thru": "through", "w": "with", "w/": "with", "w/o": "without", "u": "you", "ur": "your", "r": "are", "gimme": "give me",
    "wanna": "want to", "gonna": "going to", "lemme": "let me", "recs": "recommendations", "rec": "recommend", "cuz": "because",
    "tho": "though", "fave": "favourite", "faves": "favourites", "fav": "favourite", "favs": "favourites", "luv": "love",
    "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't", "cant": "can't", "couldnt": "couldn't",
    "wouldnt": "wouldn't", "arent": "aren't", "werent": "weren't", "hasnt": "hasn't", "shouldnt": "shouldn't", "theres": "there's", "thats": "that's", "theyre": "they're", "youre": "you're", "weve": "we've", "wheres": "where's", "hows": "how's", "n": "and", "havent": "haven't", "hes": "he's", "shes": "she's", "whos": "who's", "whats": "what's", "ive": "I've",
    "im": "I'm", "id": "I'd", "nuthin": "nothing", "summat": "something", "flix": "films", "yr": "year", "yrs": "years", "wich": "which", "wat": "what", "gr8": "great", "bout": "about", "sumthin": "something", "somthing": "something", "wot": "what", "wats": "what's", "whod": "who'd", "nowt": "nothing", "owt": "anything", "k": "ok", "nite": "night", "dir": "director",
}  # fmt: skip
"""Short forms that people type, spelled out before anything else is read."""


IDIOMS = (
    (re.compile(r"\b(?:there's|there is) nothing like (?=an?\b|the\b)", re.IGNORECASE), "great is "),
    (re.compile(r"\b(?:couldn't|could not|can't) (?:take|keep) (?:my|our) eyes off(?: of)?\b", re.IGNORECASE), "loved"),
    (re.compile(r"\b(?:broke|breaks|melted|stole) my heart\b", re.IGNORECASE), "was heart-breaking, lovely"),
    (
        re.compile(r"\b(?:was|were|am) (?:\w+ly )?(?:charmed|delighted|enchanted|spellbound)\b", re.IGNORECASE),
        "loved it",
    ),
    (re.compile(r"\bwhat a (?:marvel|delight|treat|joy|gem|film|movie)\b", re.IGNORECASE), "wonderful film"),
    (re.compile(r"\s[-–]\s(the (?:\w+ ){1,3}(?:one|film|movie))\s[-–]\s", re.IGNORECASE), r", \1, "),
)
"""Ways of speaking that say nothing word by word, in plain words."""


EMOJI = re.compile(r"\s*(?:[\U0001F000-\U0001FAFF\u2600-\u2604\u2607-\u27BF][\uFE0F\u200D]*\s*)+")
"""Pictures between words part them like commas: "Brazil ✅ Twelve Monkeys ✅"."""


def spelled_out(text: str) -> str:
    """The message with short forms and idioms spelled out and one kind of apostrophe."""
    text = text.replace("’", "'").replace("`", "'")
    text = EMOJI.sub(", ", text).strip(" ,") if EMOJI.sub("", text).strip() else text
    for pattern, plain in IDIOMS:
        text = pattern.sub(plain, text)
    text = re.sub(r"(?<!\w)[*_]{1,3}(?=\w)|(?<=\w)[*_]{1,3}(?!\w)", "", text)  # marks of emphasis
    return re.sub(
        r"(?<![\w'])(?:" + "|".join(re.escape(s) for s in sorted(SLANG, key=len, reverse=True)) + r")(?![\w'])",
        lambda m: SLANG[m[0].lower()],
        text,
        flags=re.IGNORECASE,
    )
