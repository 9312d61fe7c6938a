"""Rules derived from a rule: what shows how far users came. The engine judges them; nothing is evaluated
here.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from alcedo._errors import RuleError
from alcedo._rule import Rule

_LEVELS = 10
"""Most lower thresholds that are tried of one comparison."""
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_SIGNS = {"eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "in": "in"} | _ARITHMETIC


class Attempt(NamedTuple):
    """A rule that asks for less, and how much less."""

    rule: Rule
    distance: float
    condition: str
    reached: float | None
    target: float | None


def _derived(rule: Rule, number: int, when: Any | None, measures: Any | None = None) -> Rule | None:
    """The rule with another condition, without limits; none where it would mean nothing."""
    content = rule.to_dict()
    content |= {"id": f"derived-{number}", "status": "live"}
    for name in ("limits", "cooldown", "action", "name"):
        content.pop(name, None)
    if measures is not None:
        content["measures"] = measures
    if when is None:
        content.pop("when", None)
    else:
        content["when"] = when
    try:
        return Rule.from_dict(content)
    except RuleError:
        return None  # such as a condition on properties alone, without a trigger


def _parts(when: Any | None) -> list[Any]:
    if when is None:
        return []
    return list(when["all"]) if "all" in when else [when]


def _joined(parts: list[Any]) -> Any | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"all": parts}


def words(part: Any) -> str:
    """An operand or a condition in short."""
    if not isinstance(part, dict) or len(part) != 1:
        return json.dumps(part, ensure_ascii=False)
    ((kind, inner),) = part.items()
    if kind in _SIGNS:
        said = f"{words(inner[0])} {_SIGNS[kind]} {words(inner[1])}"
        return f"({said})" if kind in _ARITHMETIC else said
    match kind:
        case "all" | "any":
            return f" {'and' if kind == 'all' else 'or'} ".join(words(one) for one in inner)
        case "not":
            said = f"not {words(inner)}"
        case "now":
            said = "now"
        case "prop":
            said = f"event.{inner if isinstance(inner, str) else '.'.join(inner)}"
        case "measure" | "duration" | "time":
            said = str(inner)
        case _:
            said = f"{kind} {json.dumps(inner, ensure_ascii=False)}"
    return said


def pattern_words(pattern: Any) -> str:
    """Whom a pattern picks, in short."""
    kinds = pattern.get("event") or "any event"
    named = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{named} where {words(pattern['where'])}" if "where" in pattern else named


def steps_of(rule: Rule) -> list[tuple[str, Rule]]:
    """The trigger, the steps of a sequence, then the conditions, each with all before it."""
    content = rule.to_dict()
    found: list[tuple[str, Rule | None]] = []
    trigger = content.get("trigger") or {}
    if "on" in trigger:
        found.append((f"came with {pattern_words(trigger['on'])}", _derived(rule, 0, None)))
    parts = _parts(content.get("when"))
    if not trigger:
        found += _sequence(rule, content, parts)
    if "rise" in trigger:
        found.append((f"{trigger['rise']} went up", _derived(rule, 1, None)))
    for at in range(len(parts)):
        found.append((words(parts[at]), _derived(rule, 100 + at, _joined(parts[: at + 1]))))
    return [(label, one) for label, one in found if one is not None]


def _sequence(rule: Rule, content: dict[str, Any], parts: list[Any]) -> list[tuple[str, Rule | None]]:
    """The steps of the first sequence that the condition asks to have happened."""
    for part in parts:
        sides = next(iter(part.values())) if isinstance(part, dict) else None
        name = (
            sides[0].get("measure")
            if isinstance(sides, list) and sides and isinstance(sides[0], dict)
            else None
        )
        measure = content.get("measures", {}).get(name) if name else None
        if not measure or "sequence" not in measure:
            continue
        steps = measure["sequence"]["steps"]
        found: list[tuple[str, Rule | None]] = []
        for upto in range(1, len(steps)):
            # A measure of its own: how far a run came does not depend on the rest of the rule.
            shorter = {**measure, "sequence": {**measure["sequence"], "steps": steps[:upto]}}
            if upto == 1:
                shorter = {
                    key: value for key, value in shorter.items() if key in ("window", "by", "max_keys")
                }
                shorter["count"] = {
                    key: value for key, value in steps[0].items() if key in ("event", "where")
                }
            asked = {"ge": [{"measure": name}, 1]}
            found.append(
                (
                    f"step {upto}: {pattern_words(steps[upto - 1])}",
                    _derived(rule, 10 + upto, asked, {name: shorter}),
                )
            )
        return found
    return []


def weaker(rule: Rule) -> list[Attempt]:
    """Rules that forgive one condition: a comparison asks for less, step by step; any other need not hold."""
    content = rule.to_dict()
    parts = _parts(content.get("when"))
    found: list[Attempt] = []
    for at, part in enumerate(parts):
        others = [other for nth, other in enumerate(parts) if nth != at]
        label = words(part)
        for distance, target, level, lower in _lower(part):
            made = _derived(rule, len(found), _joined([*others, lower]))
            if made is not None:
                found.append(Attempt(made, distance, label, level, target))
        if others or "trigger" in content:
            made = _derived(rule, len(found), _joined(others))
            if made is not None:
                found.append(Attempt(made, 1.0, label, None, _target(part)))
    return found


def _target(part: Any) -> float | None:
    for kind in ("ge", "gt"):
        if kind in part and isinstance(part[kind][1], int | float) and not isinstance(part[kind][1], bool):
            return float(part[kind][1])
    return None


def _lower(part: Any) -> list[tuple[float, float, float, Any]]:
    """(share that is missing, target, what is reached, the weaker comparison), nearest first."""
    target = _target(part)
    if target is None or target <= 0:
        return []
    kind = "ge" if "ge" in part else "gt"
    whole = isinstance(part[kind][1], int) or target.is_integer()
    need = target + (1 if kind == "gt" and whole else 0)
    if whole and need - 1 <= _LEVELS:
        levels = [float(level) for level in range(int(need) - 1, 0, -1)]
    else:
        levels = [need * (_LEVELS - nth) / _LEVELS for nth in range(1, _LEVELS)]
    number = [int(level) if level.is_integer() else level for level in levels]
    return [((need - level) / need, need, level, {"ge": [part[kind][0], level]}) for level in number]
