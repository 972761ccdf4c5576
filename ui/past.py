"""What a person's state was before each turn of this conversation, so that a turn can be taken back."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatrec.dialogue.state import State
    from chatrec.recommender import Recommender

KEPT = 50  # turns that can be taken back


class Past:
    """Kept in memory: after a restart, older turns stay.

    What was pressed since (a like, a removal) is the person's own word, not part of the turn: it is told again.
    """

    def __init__(self, recommender: "Recommender", user_id: str) -> None:
        self.recommender, self.user_id = recommender, user_id
        self._before: OrderedDict[int, State] = OrderedDict()
        self._pressed: list[tuple[int, Callable[[], object]]] = []
        self._now = 0  # number of the latest turn

    @property
    def turn(self) -> int:
        """Number of the last turn that counts; the store may hold a later one that was taken back."""
        return self.recommender.sessions.state(self.user_id).turn

    def begin(self) -> int:
        """Remember the state before a turn; its number."""
        state = self.recommender.sessions.state(self.user_id)
        self._now = state.turn + 1
        self._before[self._now] = state
        while len(self._before) > KEPT:
            self._before.popitem(last=False)
        return self._now

    def pressed(self, what: Callable[[], object]) -> None:
        """Remember what was pressed since the latest turn began."""
        self._pressed.append((self._now, what))

    def knows(self, number: int) -> bool:
        """Whether the turn of this number can be taken back."""
        return number in self._before

    def back_to(self, number: int) -> None:
        """Make the state what it was before a turn, but for what was pressed since."""
        self.put(self._before[number])
        self._now = number - 1
        for at, what in self._pressed:
            if at >= number:
                what()

    def put(self, state: "State") -> None:
        """Store a state."""
        with self.recommender.manager.lock(self.user_id):
            self.recommender.sessions.save(self.user_id, state)

    def change(self, fields: dict[str, Any]) -> None:
        """Set fields of the state as it is now."""
        with self.recommender.manager.lock(self.user_id):
            state = self.recommender.sessions.state(self.user_id)
            for name, value in fields.items():
                setattr(state, name, value)
            self.recommender.sessions.save(self.user_id, state)

    def difference(self, then: "State") -> dict[str, Any]:
        """Fields that differ now from what they were, with their values of then: what :meth:`change` needs to undo."""
        now = self.recommender.sessions.state(self.user_id)
        return {name: value for name, value in vars(then).items() if getattr(now, name) != value}

    def clear(self) -> None:
        """Begin anew."""
        self._before.clear()
        self._pressed.clear()
        self._now = 0
