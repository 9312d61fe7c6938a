"""Who is measured against whom, over how much of the log, and what is to be reached.

A contest is a list of entries that run in turns; a race is a ratio between two of them. Slow peers get a
smaller log (fewer people, which is easier for them); where ours would be over too soon there, its rate is
taken on a larger one. Matches are always compared on the same log: the peer's.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """One contender: its name, which it is, over which rules, over how many copies of the log's people."""

    name: str
    java: str
    rules: str = ""
    copies: int = 410
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Race:
    """A ratio that is told: events a second of one entry by those of another."""

    id: str
    against: str
    at: str
    ours: str
    theirs: str
    must: float | None = None
    stretch: float | None = None
    matches: bool = True


@dataclass(frozen=True)
class Contest:
    """Entries in turns, and the races between them."""

    name: str
    entries: tuple[Entry, ...]
    races: tuple[Race, ...] = ()
    rounds: int = 3


HEAP = "heap, 100,040 users, checkpoints every 10 s, arrival"
ROCKS = {"backend": "rocksdb"}
ORDERED = {"order": "ordered"}


def alcedo(name: str, rules: str, copies: int = 410, **settings: str) -> Entry:
    return Entry(name, "alcedo", rules, copies, settings)


FLOOR = Contest(
    "floor",
    (
        Entry("pass-through", "pass-through"),
        Entry("extraction", "extraction"),
        Entry("bundles", "bundles"),
        Entry("states, heap", "states"),
        Entry("states, RocksDB", "states", settings=ROCKS),
        alcedo("Alcedo, 1 rule", "mixed-1"),
        alcedo("Alcedo, 100 rules", "mixed-100"),
        alcedo("Alcedo, 100 rules, ordered", "mixed-100", **ORDERED),
        Entry("by hand, 100 rules", "handwritten", "mixed-100"),
    ),
    (
        Race(
            "pass-through",
            "pass-through",
            f"100 rules, {HEAP}",
            "Alcedo, 100 rules",
            "pass-through",
            0.6,
            0.8,
            False,
        ),
        Race(
            "pass-through-ordered",
            "pass-through",
            f"100 rules, {HEAP.replace('arrival', 'ordered')}",
            "Alcedo, 100 rules, ordered",
            "pass-through",
            0.35,
            0.6,
            False,
        ),
        Race("by-hand-100", "by hand", f"100 rules, {HEAP}", "Alcedo, 100 rules", "by hand, 100 rules", 2, 3),
    ),
)

THOUSAND = Contest(
    "thousand",
    (
        alcedo("Alcedo, 1000 rules", "mixed-1000", 100),
        Entry("by hand, 1000 rules", "handwritten", "mixed-1000", 100),
    ),
    (
        Race(
            "by-hand-1000",
            "by hand",
            "1000 rules, heap, 24,400 users, checkpoints every 10 s, arrival",
            "Alcedo, 1000 rules",
            "by hand, 1000 rules",
            8,
            12,
        ),
    ),
)

ROCKSDB = Contest(
    "rocksdb",
    (
        alcedo("Alcedo, RocksDB, 100 rules", "mixed-100", **ROCKS),
        Entry("by hand, RocksDB, 100 rules", "handwritten", "mixed-100", settings=ROCKS),
    ),
    (
        Race(
            "by-hand-rocksdb-100",
            "by hand",
            "100 rules, RocksDB (256 MB managed), 100,040 users, checkpoints every 10 s, arrival",
            "Alcedo, RocksDB, 100 rules",
            "by hand, RocksDB, 100 rules",
            5,
            8,
        ),
    ),
)


def cep(patterns: int, copies: int, plain: int, must: float, stretch: float) -> Contest:
    ours = f"Alcedo, {patterns} sequences, ordered"
    theirs, unfiltered = f"FlinkCEP, {patterns}", f"FlinkCEP unfiltered, {patterns}"
    rules = f"seq-{patterns}"
    at = f"{patterns} patterns, heap, checkpoints every 10 s, ordered"
    return Contest(
        f"cep-{patterns}",
        (
            alcedo(ours, rules, 100, **ORDERED),
            Entry(theirs, "flink-cep", rules, copies),
            Entry(unfiltered, "flink-cep", rules, plain, {"filter": "no"}),
        ),
        (
            Race(
                f"cep-{patterns}",
                "FlinkCEP, skipPastLastEvent, types filtered before",
                at,
                ours,
                theirs,
                must,
                stretch,
            ),
            Race(
                f"cep-{patterns}-unfiltered",
                "FlinkCEP, skipPastLastEvent, all events to each pattern",
                at,
                ours,
                unfiltered,
                must,
                stretch,
            ),
        ),
    )


def groovy(rules: int, copies: int, must: float, stretch: float) -> Contest:
    ours, theirs = f"Alcedo, {rules} rules, small", f"Groovy, {rules} rules"
    race = Race(
        f"groovy-{rules}",
        "Groovy + MapState",
        f"{rules} rules, heap, checkpoints every 10 s, arrival",
        ours,
        theirs,
        must,
        stretch,
    )
    return Contest(
        f"groovy-{rules}",
        (
            alcedo(ours, f"mixed-{rules}", 100),
            Entry(theirs, "groovy", f"mixed-{rules}", copies),
        ),
        (race,),
        2,
    )


REDIS = Contest(
    "redis",
    (
        alcedo("Alcedo, 10 conditions an event", "touched-10", 100),
        Entry("Redis, synchronous", "redis", "touched-10", 2),
        Entry("Redis, pipelined", "redis", "touched-10", 10, {"pipeline": "100"}),
    ),
    (
        Race(
            "redis",
            "state in Redis, synchronous",
            "10 touched conditions an event, heap, arrival",
            "Alcedo, 10 conditions an event",
            "Redis, synchronous",
            200,
            500,
        ),
        Race(
            "redis-pipelined",
            "state in Redis, 100 events a pipeline",
            "10 touched conditions an event, heap, arrival",
            "Alcedo, 10 conditions an event",
            "Redis, pipelined",
        ),
    ),
)

FLINK = (
    FLOOR,
    ROCKSDB,
    THOUSAND,
    cep(1, 100, 100, 10, 25),
    cep(10, 100, 25, 50, 150),
    cep(50, 25, 5, 300, 1000),
    groovy(100, 5, 10, 15),
    groovy(1000, 1, 300, 600),
    REDIS,
)


@dataclass(frozen=True)
class Backtest:
    """A backtest by so many sequence rules: `alcedo backtest` and databases in turns (backtests.py).

    The entries are no Flink jobs; the races are told alike.
    """

    rules: int
    copies: int
    name: str
    rounds: int = 3

    @property
    def races(self) -> tuple[Race, ...]:
        """Each database with the log read from JSON, and with the log in its own table."""
        rules = "1 sequence rule" if self.rules == 1 else f"{self.rules} sequence rules"
        at = f"{rules}, {self.copies * 4000 / 1e6:.2g}M events"
        goals = (10, 50) if self.name == "backtests" else (None, None)
        suffix = self.name.removeprefix("backtests")
        return tuple(
            race
            for name, said in DATABASES.items()
            for race in (
                Race(
                    f"{name.lower()}{suffix}",
                    f"{said}, log read from JSON",
                    at,
                    OURS,
                    name,
                    *(goals if name != "polars" else ()),
                ),
                Race(
                    f"{name.lower()}-loaded{suffix}",
                    f"{said}, log in a table already; ours reads JSON",
                    at,
                    OURS,
                    f"{name}, loaded",
                ),
            )
        )


OURS = "Alcedo backtest"
DATABASES = {
    "chDB": "chDB, windowFunnel",
    "DuckDB": "DuckDB, windows",
    "polars": "polars, windows",
}
BACKTESTS = (
    Backtest(20, 410, "backtests"),
    Backtest(1, 410, "backtests-1-rule", 2),
    Backtest(100, 410, "backtests-100-rules", 1),
)
# Too long for each run: measured where they are asked for by name, and put beside the others by `--add`.
LAKES = (
    Backtest(1, 2750, "backtests-1-rule-11m", 1),
    Backtest(20, 2750, "backtests-11m", 1),
    Backtest(100, 2750, "backtests-100-rules-11m", 1),
)
