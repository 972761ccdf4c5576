"""chatrec: a conversational recommender whose frozen language model reads items through a trained Q-Former.

>>> from chatrec import Recommender                                    # doctest: +SKIP
>>> recommender = Recommender.open()                                   # doctest: +SKIP
>>> print(recommender.reply("me", "I loved Fargo. What next?").text)   # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

__version__ = "0.1.0"
__all__ = ["Recommender"]


def __getattr__(name: str) -> object:
    """Import the engine only when it is asked for: ``import chatrec`` stays instant."""
    if name == "Recommender":
        from chatrec.recommender import Recommender

        return Recommender
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
