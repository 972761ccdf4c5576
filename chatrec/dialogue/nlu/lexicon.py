"""The words people use for categories, moods, content and renown: from words to the catalogue's own values."""

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

FAME_WORDS: dict[str, float] = {
    "hidden gem": -1, "hidden gems": -1, "gem": -1, "obscure": -1, "lesser known": -1, "lesser-known": -1, "little known": -1, "unknown": -1,
    "underrated": -1, "overlooked": -1, "indie": -1, "less popular": -1, "not mainstream": -1, "nobody": -1, "niche": -1, "forgotten": -1,
    "off the beaten": -1, "cult": -1, "popular": 1, "famous": 1, "well known": 1, "well-known": 1, "mainstream": 1, "blockbuster": 1,
    "blockbusters": 1, "big": 1, "must see": 1, "must-see": 1, "everyone": 1, "everybody": 1, "best known": 1, "biggest": 1, "hit": 1,
    "hits": 1, "classic": 1, "classics": 1, "beloved": 1, "iconic": 1,
}  # fmt: skip
"""Words for how well known an item is to be: 1 more, -1 less."""
