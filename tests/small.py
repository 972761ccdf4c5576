"""A small catalogue: films enough for genres, people, years, series and two of one name, and ratings of them."""

import numpy as np
import pandas as pd

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.movielens import Source


def small_items() -> list[Item]:
    """24 films, enough for genres, people, years, series and two of one name."""
    rows = [
        ("1", "Toy Story", 1995, "Animation Children Comedy", "John Lasseter", "Tom Hanks|Tim Allen", "funny warm", "friendship|growing up", "toys come to life|space ranger"),
        ("2", "Heat", 1995, "Action Crime Thriller", "Michael Mann", "Al Pacino|Robert De Niro", "tense stylish", "obsession|duty", "bank robbery|Los Angeles"),
        ("3", "Casino", 1995, "Drama Crime", "Martin Scorsese", "Robert De Niro|Sharon Stone|Joe Pesci", "violent gritty", "greed|downfall", "Las Vegas|mob"),
        ("4", "Taxi Driver", 1976, "Drama Thriller", "Martin Scorsese", "Robert De Niro|Jodie Foster", "dark tense", "loneliness|violence", "taxi|New York"),
        ("5", "The Godfather", 1972, "Action Crime Drama", "Francis Ford Coppola", "Marlon Brando|Al Pacino", "epic dark", "family|power", "mafia|wedding"),
        ("6", "The Godfather: Part II", 1974, "Action Crime Drama", "Francis Ford Coppola", "Al Pacino|Robert De Niro", "epic dark", "family|power", "mafia|Cuba"),
        ("7", "Fargo", 1996, "Crime Drama Thriller", "Joel Coen", "Frances McDormand|William H. Macy", "dark witty", "greed|decency", "kidnapping|snow"),
        ("8", "Alien", 1979, "Action Horror Sci-Fi Thriller", "Ridley Scott", "Sigourney Weaver", "scary tense", "survival", "spaceship|creature"),
        ("9", "Aliens", 1986, "Action Sci-Fi Thriller War", "James Cameron", "Sigourney Weaver", "exciting tense", "survival|motherhood", "marines|creatures"),
        ("10", "Blade Runner", 1982, "Film Noir Sci-Fi", "Ridley Scott", "Harrison Ford", "melancholy stylish", "identity", "androids|rain"),
        ("11", "Star Wars", 1977, "Action Adventure Romance Sci-Fi War", "George Lucas", "Mark Hamill|Harrison Ford|Carrie Fisher", "adventurous exciting", "good against evil", "desert planet|space station"),
        ("12", "The Empire Strikes Back", 1980, "Action Adventure Drama Romance Sci-Fi War", "Irvin Kershner", "Mark Hamill|Harrison Ford", "epic dark", "fathers and sons", "ice planet|swamp"),
        ("13", "Casablanca", 1942, "Drama Romance War", "Michael Curtiz", "Humphrey Bogart|Ingrid Bergman", "romantic bittersweet", "sacrifice|lost love", "nightclub|letters of transit"),
        ("14", "The Big Sleep", 1946, "Film Noir Mystery", "Howard Hawks", "Humphrey Bogart|Lauren Bacall", "witty stylish", "blackmail", "private detective|Los Angeles"),
        ("15", "Sabrina", 1954, "Comedy Romance", "Billy Wilder", "Audrey Hepburn|Humphrey Bogart", "charming romantic", "class|first love", "chauffeur's daughter|Paris"),
        ("16", "Sabrina", 1995, "Comedy Romance", "Sydney Pollack", "Harrison Ford|Julia Ormond", "charming light", "class|first love", "chauffeur's daughter|Paris"),
        ("17", "Duck Soup", 1933, "Comedy War", "Leo McCarey", "Groucho Marx|Harpo Marx", "absurd silly", "war|power", "imaginary country|mirror"),
        ("18", "Groundhog Day", 1993, "Comedy Romance", "Harold Ramis", "Bill Murray|Andie MacDowell", "funny warm", "second chances", "weatherman|time loop|small town"),
        ("19", "The Wizard of Oz", 1939, "Adventure Children Drama Musical", "Victor Fleming", "Judy Garland", "magical whimsical", "home|friendship", "tornado|yellow road"),
        ("20", "High Noon", 1952, "Western", "Fred Zinnemann", "Gary Cooper|Grace Kelly", "tense quiet", "duty|courage", "marshal|train"),
        ("21", "Unforgiven", 1992, "Western", "Clint Eastwood", "Clint Eastwood|Gene Hackman", "dark violent", "revenge|ageing", "bounty|sheriff"),
        ("22", "Hoop Dreams", 1994, "Documentary", "Steve James", "William Gates", "inspiring bittersweet", "ambition|family", "basketball|Chicago"),
        ("23", "2001: A Space Odyssey", 1968, "Drama Mystery Sci-Fi Thriller", "Stanley Kubrick", "Keir Dullea", "slow surreal", "evolution|machines", "monolith|computer"),
        ("24", "Babe", 1995, "Children Comedy Drama", "Chris Noonan", "James Cromwell", "warm charming", "belonging|kindness", "pig|sheep farm"),
    ]  # fmt: skip
    items = []
    for item_id, title, year, genres, director, cast, moods, themes, keywords in rows:
        kinds = genres.replace("Film Noir", "Film_Noir").split()
        series = {"5": ("The Godfather", 1), "6": ("The Godfather", 2), "8": ("Alien", 1), "9": ("Alien", 2)}.get(
            item_id
        )
        items.append(
            Item(
                item_id=item_id,
                title=title,
                year=year,
                categories=tuple(kind.replace("_", " ") for kind in kinds),
                people={"director": (director,), "cast": tuple(cast.split("|"))},
                moods=tuple(moods.split()),
                themes=tuple(themes.split("|")),
                keywords=tuple(keywords.split("|")),
                content={
                    "violence": "strong" if "violent" in moods or "dark" in moods else "none",
                    "scares": "strong" if "scary" in moods else "none",
                    "sex": "none",
                    "language": "none",
                },
                description=f"A story of {themes.split('|')[0]} with {keywords.split('|')[0]}, told in a way that is {moods.split()[0]}, from start to finish and back again.",
                pitch=f"Watch it for {keywords.split('|')[-1]} and for how {moods.split()[-1]} it manages to be from the first scene on.",
                series=series,
                language="English",
            )
        )
    return items


def small_source(users: int = 40, seed: int = 3) -> Source:
    """The small catalogue with ratings of people who like either crime and noir or comedy and romance."""
    items = small_items()
    random = np.random.default_rng(seed)
    rows = []
    for user in range(users):
        dark = user % 2 == 0
        for number, row in enumerate(random.permutation(len(items))[:14]):
            kinds = set(items[row].categories)
            fits = bool(kinds & ({"Crime", "Thriller", "Film Noir"} if dark else {"Comedy", "Romance", "Children"}))
            rating = int(np.clip((4.5 if fits else 2.5) + random.normal(0, 0.6), 1, 5))
            rows.append((f"u{user}", items[row].item_id, float(rating), 1000 * user + number))
    frame = pd.DataFrame(rows, columns=["user_id", "item_id", "rating", "timestamp"])
    return Source(Catalogue(items, name="Small films"), interactions_frame(frame))
