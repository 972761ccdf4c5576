"""What a turn did, step by step, with times.

Recorded only where somebody wants to look: without a :class:`Recorder` a step costs about a microsecond and keeps nothing.
A step that is timed inside another (retrieval inside the choice of a slate) finds its trace by the thread it runs in, so
that the parts below the dialogue need not be handed one.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Value = TypeVar("Value")
_here = threading.local()


@dataclass
class Step:
    """One step: its name, how long it took in seconds, and what it found, by name."""

    name: str
    seconds: float = 0.0
    found: dict[str, object] = field(default_factory=dict)


@dataclass
class Trace:
    """A turn's steps, in the order in which they began."""

    message: str = ""
    steps: list[Step] = field(default_factory=list)


class Recorder:
    """The latest trace of each person.

    Args:
        people: whose traces are kept; the one who has been silent longest goes first.
    """

    def __init__(self, people: int = 1000) -> None:
        self.people = people
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, user_id: str, message: str) -> Trace:
        """A new trace in the place of the person's last."""
        with self._lock:
            self._traces.pop(user_id, None)
            trace = self._traces[user_id] = Trace(message)
            while len(self._traces) > self.people:
                self._traces.popitem(last=False)
        return trace

    def last(self, user_id: str) -> Trace | None:
        """The person's latest trace, or None."""
        with self._lock:
            return self._traces.get(user_id)

    def forget(self, user_id: str) -> None:
        """Drop what is kept of a person."""
        with self._lock:
            self._traces.pop(user_id, None)


@contextmanager
def step(name: str, trace: Trace | None = None) -> Iterator[Step]:
    """Time what is done inside, which must not yield; the step is for what was found.

    Args:
        name: of the step.
        trace: where it goes; None for the trace of the step around this one, if there is any.
    """
    outer: Trace | None = getattr(_here, "trace", None)
    mine = Step(name)
    trace = trace or outer
    if trace is None:
        yield mine
        return
    trace.steps.append(mine)
    _here.trace = trace
    began = time.perf_counter()
    try:
        yield mine
    finally:
        mine.seconds = time.perf_counter() - began
        _here.trace = outer


def each(values: Iterable[Value], mine: Step) -> Iterator[Value]:
    """The values, the time that it takes to make them added to the step, and not what is done with them in between."""
    waiting = iter(values)
    while True:
        began = time.perf_counter()
        try:
            value = next(waiting)
        except StopIteration:
            return
        finally:
            mine.seconds += time.perf_counter() - began
        yield value
