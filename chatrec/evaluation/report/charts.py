"""Charts as inline SVG: colours come from the page's style, every chart has its figures in words for those who do not see it."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 610, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 172, 14, 40
Point = tuple[float, float]


def lines(title: str, series: Mapping[str, Sequence[float]], top: float = 1.0, across: str = "turn") -> str:
    """Curves over turns 1, 2, …: each named at its end; ``top`` is the highest value of the axis."""
    count = max((len(values) for values in series.values()), default=1)
    told = "; ".join(f"{name}: {', '.join(_percent(v) for v in values)}" for name, values in series.items())
    parts = _frame(top, [(number + 1, str(number + 1)) for number in range(count)], (1, max(count, 2)), across)
    ends: list[float] = []
    for number, (name, values) in enumerate(series.items()):
        points = [_place((turn + 1, value), (1, max(count, 2)), top) for turn, value in enumerate(values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line s{number}" points="{path}"/>')
        parts += [f'<circle class="dot s{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>' for x, y in points]
        if points:
            y = _free(points[-1][1], ends)
            ends.append(y)
            parts.append(
                f'<text class="name s{number}" x="{points[-1][0] + 9:.1f}" y="{y + 4:.1f}">{escape(name)}</text>'
            )
    return _svg(title, told, parts)


def reliability(title: str, series: Mapping[str, Sequence[tuple[float, float, int]]]) -> str:
    """Predicted against observed shares as (predicted, observed, count); the diagonal is perfect honesty."""
    told = "; ".join(
        f"{name}: " + ", ".join(f"{_percent(p)} predicted, {_percent(o)} observed" for p, o, _ in points)
        for name, points in series.items()
    )
    ticks = [(value / 4, f"{value * 25}%") for value in range(5)]
    parts = _frame(1.0, ticks, (0, 1), "predicted share of likes")
    (x1, y1), (x2, y2) = _place((0, 0), (0, 1), 1.0), _place((1, 1), (0, 1), 1.0)
    parts.append(f'<line class="diagonal" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    parts.append(f'<text class="axis" x="{x2 + 8:.1f}" y="{y2 + 4:.1f}">perfect</text>')
    for number, (name, points) in enumerate(series.items()):
        places = [_place((predicted, observed), (0, 1), 1.0) for predicted, observed, _ in points]
        parts.append(f'<polyline class="line s{number}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
        parts += [f'<circle class="dot s{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places]
        key = HEIGHT - BOTTOM - 40 + 18 * number
        parts.append(f'<circle class="dot s{number}" cx="{WIDTH - RIGHT + 14}" cy="{key}" r="4"/>')
        parts.append(f'<text class="name s{number}" x="{WIDTH - RIGHT + 24}" y="{key + 4}">{escape(name)}</text>')
    return _svg(title, told, parts)


def bars(title: str, counts: Sequence[int], labels: Sequence[str], across: str) -> str:
    """How often: one bar a label."""
    most = max([*counts, 1])
    told = ", ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True) if count)
    step = max(1, len(counts) // 10)
    ticks = [(number + 0.5, label) for number, label in enumerate(labels) if number % step == 0]
    parts = _frame(most, ticks, (0, len(counts)), across, share=False)
    for number, count in enumerate(counts):
        x, y = _place((number + 0.12, count), (0, len(counts)), most)
        right, bottom = _place((number + 0.88, 0), (0, len(counts)), most)
        if count:
            parts.append(
                f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}" height="{bottom - y:.1f}"/>'
            )
    return _svg(title, told, parts)


def spread(title: str, rows: Mapping[str, tuple[float, float]], across: str) -> str:
    """One bar across for each row of (mean, deviation), with the deviation as a line at its end, and the mean in figures."""
    label, row, foot = 225, 22, 30
    top = max((mean + deviation for mean, deviation in rows.values()), default=0.0) or 1.0
    scale, height = (WIDTH - label - 60) / top, row * len(rows) + foot
    told = "; ".join(f"{name}: {mean:.3f} ± {deviation:.3f}" for name, (mean, deviation) in rows.items())
    parts = []
    for number, (name, (mean, deviation)) in enumerate(rows.items()):
        y, end = row * number + row / 2, label + mean * scale
        low, high = label + max(mean - deviation, 0) * scale, label + (mean + deviation) * scale
        parts.append(f'<text class="axis end" x="{label - 8}" y="{y + 4:.1f}">{escape(name)}</text>')
        parts.append(f'<rect class="bar" x="{label}" y="{y - 6:.1f}" width="{end - label:.1f}" height="12"/>')
        parts.append(f'<line class="line deviation" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis" x="{high + 6:.1f}" y="{y + 4:.1f}">{mean:.3f}</text>')
    parts.append(f'<text class="axis middle" x="{(label + WIDTH) / 2}" y="{height - 8}">{escape(across)}</text>')
    return _svg(title, told, parts, height)


def _frame(top: float, ticks: Sequence[tuple[float, str]], span: Point, across: str, share: bool = True) -> list[str]:
    """Axes: four lines across, and the ticks below."""
    parts = []
    for step in range(5):
        value = top * step / 4
        _, y = _place((span[0], value), span, top)
        label = _percent(value) if share else f"{value:,.0f}"
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis end" x="{LEFT - 8}" y="{y + 4:.1f}">{label}</text>')
    for at, label in ticks:
        x, _ = _place((at, 0), span, top)
        parts.append(f'<text class="axis middle" x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}">{escape(label)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="axis middle" x="{middle}" y="{HEIGHT - 5}">{escape(across)}</text>')
    return parts


def _place(point: Point, span: Point, top: float) -> Point:
    x = LEFT + (point[0] - span[0]) / max(span[1] - span[0], 1e-9) * (WIDTH - LEFT - RIGHT)
    y = TOP + (1 - min(max(point[1] / max(top, 1e-9), 0.0), 1.0)) * (HEIGHT - TOP - BOTTOM)
    return x, y


def _free(wanted: float, taken: Sequence[float], apart: float = 15) -> float:
    """The nearest height to the one wanted that no other label has."""
    offsets = sorted((sign * step for step in range(0, HEIGHT) for sign in (1, -1)), key=abs)
    return next(wanted + o for o in offsets if all(abs(wanted + o - other) >= apart for other in taken))


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _svg(title: str, told: str, parts: Sequence[str], height: float = HEIGHT) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(f"{title}. {told}.")}">'
        f"{''.join(parts)}</svg>"
    )
