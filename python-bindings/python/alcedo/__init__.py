"""Backtest behavioural rules over history, see why they fire, and tune them.

The engine is the one that runs in production: the same rule over the same events gives the same matches,
id by id.

>>> import alcedo
>>> from alcedo import count, event, rule
>>> looks = rule("looks-again").when(count("view", last="10m", by="item") >= 3).on(event("view"))
>>> log = [{"user": "u1", "type": "view", "time": 60_000 * n, "item": 7} for n in range(4)]
>>> [found["time"] for found in alcedo.backtest(looks, log, progress=False).matches]
[120000, 180000]
"""

from alcedo._backtest import Backtest, backtest
from alcedo._builder import (
    Condition,
    Draft,
    Measure,
    Pattern,
    Step,
    absence,
    avg,
    count,
    distinct,
    event,
    first,
    first_time,
    last,
    last_time,
    maximum,
    measure,
    minimum,
    now,
    pairs,
    prop,
    rule,
    sequence,
    step,
    sum_of,
    top,
)
from alcedo._compare import Comparison
from alcedo._engine import Engine
from alcedo._errors import AlcedoError, AlcedoWarning, InputError, Problem, RuleError, UnsortedError
from alcedo._explain import Explanation
from alcedo._matches import Matches
from alcedo._native import __version__
from alcedo._rule import Rule
from alcedo._tables import Funnel, NearMisses, Rate

__all__ = [
    "AlcedoError",
    "AlcedoWarning",
    "Backtest",
    "Comparison",
    "Condition",
    "Draft",
    "Engine",
    "Explanation",
    "Funnel",
    "InputError",
    "Matches",
    "Measure",
    "NearMisses",
    "Pattern",
    "Problem",
    "Rate",
    "Rule",
    "RuleError",
    "Step",
    "UnsortedError",
    "__version__",
    "absence",
    "avg",
    "backtest",
    "count",
    "distinct",
    "event",
    "first",
    "first_time",
    "last",
    "last_time",
    "maximum",
    "measure",
    "minimum",
    "now",
    "pairs",
    "prop",
    "rule",
    "sequence",
    "step",
    "sum_of",
    "top",
]
