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

# The backtests: their entries are no Flink jobs (bench.py runs them), their races are told alike.
BACKTEST_COPIES = 410
BACKTESTS = (
    Race(
        "chdb",
        "chDB 26.9, windowFunnel, log read from JSON",
        "20 sequence rules",
        "Alcedo backtest",
        "chDB",
        10,
        50,
    ),
    Race(
        "chdb-loaded",
        "chDB 26.9, windowFunnel, log in a table",
        "20 sequence rules",
        "Alcedo backtest",
        "chDB, loaded",
    ),
    Race(
        "duckdb",
        "DuckDB 2.0, windows, log read from JSON",
        "20 sequence rules",
        "Alcedo backtest",
        "DuckDB",
        10,
        50,
    ),
    Race(
        "duckdb-loaded",
        "DuckDB 2.0, windows, log in a table",
        "20 sequence rules",
        "Alcedo backtest",
        "DuckDB, loaded",
    ),
    Race(
        "polars",
        "polars 2.1, windows, log read from JSON",
        "20 sequence rules",
        "Alcedo backtest",
        "polars",
    ),
    Race(
        "polars-loaded",
        "polars 2.1, windows, log in a frame",
        "20 sequence rules",
        "Alcedo backtest",
        "polars, loaded",
    ),
)
