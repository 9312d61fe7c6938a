"""Rules at work step by step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from alcedo import _native
from alcedo._errors import InputError, failures
from alcedo._explain import Explanation
from alcedo._inputs import MappingLike, TagsLike, audiences_of, count_of, mapping_of, tags_of, user_of
from alcedo._matches import Matches
from alcedo._rule import RulesLike, rules_of
from alcedo._time import Moment, to_ms


class Engine:
    """Takes events in the order of their times, lets time pass, and tells how each user stands."""

    def __init__(
        self,
        rules: RulesLike,
        *,
        mapping: MappingLike | None = None,
        tags: TagsLike | None = None,
        audiences: Mapping[str, Iterable[str]] | None = None,
        dedupe: int = 0,
    ) -> None:
        self._rules = rules_of(rules)
        texts = [one.to_json() for one in self._rules]
        where = mapping_of(mapping)
        with failures():
            self._session = _native.Session(
                texts,
                None if where is None else json.dumps(where),
                tags_of(tags),
                audiences_of(audiences),
                count_of("dedupe", dedupe, 0),
            )

    def feed(self, event: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Takes in one event; the matches that it and the deadlines before it made."""
        try:
            text = json.dumps(event, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(
                f"the event is no JSON: {error} (use texts, numbers, bools, lists and dicts)"
            ) from None
        with failures():
            return list(Matches(self._session.feed(text)))

    def advance(self, to: Moment) -> list[dict[str, Any]]:
        """Time passes up to and at a moment; the matches that deadlines made."""
        with failures():
            return list(Matches(self._session.advance(to_ms(to))))

    def explain(self, user: str, rule: str | None = None, at: Moment | None = None) -> Explanation:
        """How a user stands in a rule, which may be left out where there is only one."""
        if rule is None:
            if len(self._rules) != 1:
                raise InputError(
                    f"there are several rules (name one of {', '.join(one.id for one in self._rules)})"
                )
            rule = self._rules[0].id
        with failures():
            return Explanation(self._session.explain(rule, user_of(user), None if at is None else to_ms(at)))

    @property
    def users(self) -> list[str]:
        """Users of whom something came, sorted."""
        with failures():
            return self._session.users()

    def __repr__(self) -> str:
        return f"Engine({', '.join(one.id for one in self._rules)})"
