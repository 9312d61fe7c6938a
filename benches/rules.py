"""The rules that are measured, in the form that Alcedo reads and in the one that the peers read.

Three kinds, as marketers ask for them; each rule has a window of its own, so that no two share a measure
and nothing is won by finding equals:

  count      N events of a type with two properties within a window; fires at most once a cool-down
  sequence   one type with two properties, then others, within a time; fires at most once a cool-down
  absence    one type with two properties and for so long no other; fires at most once a cool-down
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

# Types of the demo's log, the frequent ones more than once: rules look at what happens.
TYPES = (
    *(
        "product_view",
        "catalog",
        "search",
        "home",
        "filter_results",
        "add_to_cart",
        "cart",
        "shipping_details",
    ),
    *("product_view", "catalog", "wishlist_add", "promo_page", "payment_details", "account_page", "purchase"),
    *("review_page", "support_chat", "error_page", "compare", "search"),
)
# What a rule asks of an event besides its type: one of each, which one event in ten or so has.
PLATFORMS = ("mobile", "desktop", "tablet")
CHANNELS = ("organic", "paid_search", "email", "social", "direct")
STAGES = ("returning", "new", "loyal")
# What follows what on the way through the shop.
PATHS = (
    ("cart", "purchase"),
    ("error_page", "support_chat"),
    ("promo_page", "product_view", "add_to_cart"),
    ("search", "wishlist_add"),
    ("shipping_details", "payment_details", "purchase"),
    ("wishlist_add", "add_to_cart"),
    ("home", "search", "compare"),
    ("catalog", "review_page"),
    ("product_view", "payment_error"),
    ("account_page", "promo_page"),
)
# What is begun and what would end it.
FORSAKEN = (
    ("payment_details", "purchase"),
    ("payment_error", "payment_details"),
    ("wishlist_add", "add_to_cart"),
    ("shipping_details", "payment_details"),
    ("promo_page", "product_view"),
)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WINDOWS = (10 * MINUTE, 20 * MINUTE, HOUR, 30 * MINUTE, 6 * HOUR, 15 * MINUTE, DAY)


@dataclass(frozen=True)
class Rule:
    """One rule; the types of its steps, the first with these properties. Times are ms."""

    id: str
    kind: str
    types: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    window: int
    at_least: int
    cooldown: int
    once: bool = False

    def peers(self) -> dict:
        """As the peers read it."""
        return {**vars(self), "types": list(self.types)}

    def alcedo(self) -> dict:
        """As Alcedo reads it."""
        first = {"event": self.types[0]}
        if self.where:
            first["where"] = {"all": [{"eq": [{"prop": prop}, value]} for prop, value in self.where]}
        rule = {"id": self.id, "revision": 1, **getattr(self, self.kind)(first)}
        if self.cooldown:
            rule["cooldown"] = f"{self.cooldown}ms"
        if self.once:
            rule["limits"] = [{"times": 1, "per": "life"}]
        return rule

    def count(self, first: dict) -> dict:
        return {
            "measures": {"seen": {"count": first, "window": {"last": f"{self.window}ms"}}},
            "when": {"ge": [{"measure": "seen"}, self.at_least]},
            "trigger": {"on": first},
        }

    def sequence(self, first: dict) -> dict:
        steps = [first, *({"event": kind} for kind in self.types[1:])]
        measure = {"sequence": {"steps": steps, "within": f"{self.window}ms"}}
        return {"measures": {"runs": measure}, "trigger": {"rise": "runs"}}

    def absence(self, first: dict) -> dict:
        measure = {"absence": {"after": first, "no": {"event": self.types[1]}, "within": f"{self.window}ms"}}
        return {"measures": {"forsaken": measure}, "trigger": {"rise": "forsaken"}}


def mixed(number: int) -> list[Rule]:
    """Of ten rules five count, three are sequences and two absences."""
    kinds = (
        "count",
        "sequence",
        "count",
        "absence",
        "count",
        "sequence",
        "count",
        "absence",
        "count",
        "sequence",
    )
    return [make(kinds[i % len(kinds)], i) for i in range(number)]


def sequences(number: int) -> list[Rule]:
    """Sequences alone, every run of which fires: what CEP and funnels can say too."""
    return [replace(make("sequence", i), cooldown=0) for i in range(number)]


def first(number: int) -> list[Rule]:
    """Sequences of which the first run alone fires: what a funnel asks."""
    return [replace(rule, once=True) for rule in sequences(number)]


def touched(number: int) -> list[Rule]:
    """So many counts for each type, with no property asked: an event touches all of its type's."""
    kinds = sorted(set(TYPES))
    return [
        Rule(f"t-{kind}-{i}", "count", (kind,), (), WINDOWS[i % len(WINDOWS)] + i * 1000, 5 + i % 4, 30 * DAY)
        for kind in kinds
        for i in range(number)
    ]


def make(kind: str, i: int) -> Rule:
    channel = ("acquisition_channel", CHANNELS[i % len(CHANNELS)])
    platform, stage = PLATFORMS[i // 2 % len(PLATFORMS)], STAGES[i // 3 % len(STAGES)]
    where = (channel, ("platform", platform) if i % 4 < 2 else ("user_lifecycle", stage))
    window = WINDOWS[i % len(WINDOWS)] + i * 1000
    if kind == "count":
        return Rule(f"c{i}", kind, (TYPES[i // 2 % len(TYPES)],), where, window, 6 + i % 6, 30 * DAY)
    if kind == "sequence":
        return Rule(f"s{i}", kind, PATHS[i // 3 % len(PATHS)], where, window, 1, 30 * DAY)
    return Rule(f"a{i}", kind, FORSAKEN[i // 5 % len(FORSAKEN)], where, window, 1, 30 * DAY)


def write(rules: list[Rule], folder: Path) -> None:
    """Alcedo's in rules/, the peers' in peers.jsonl."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "rules" / "rules.json").write_text(
        json.dumps([rule.alcedo() for rule in rules]), encoding="utf-8"
    )
    lines = "".join(json.dumps(rule.peers()) + "\n" for rule in rules)
    (folder / "peers.jsonl").write_text(lines, encoding="utf-8")
