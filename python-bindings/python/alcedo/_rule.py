"""A rule, checked by the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from alcedo import _html, _native
from alcedo._errors import InputError, Problem, failures, problem_of


@runtime_checkable
class AsRule(Protocol):
    """What can become a rule, such as the builder's drafts."""

    def build(self) -> Rule:
        """The rule."""
        ...


RuleLike: TypeAlias = "Rule | AsRule | Mapping[str, Any] | str | PathLike[str]"
"""A rule, a draft of one, its JSON as a dict or text, or a path to a file of one or several."""
RulesLike: TypeAlias = "RuleLike | Iterable[RuleLike]"


class Rule:
    """A rule as the engine reads it. It does not change.

    Raises `RuleError` with every problem where it is no rule.
    """

    def __init__(self, text: str) -> None:
        with failures():
            self._text, warnings = _native.parse(text)
        self._dict: dict[str, Any] = json.loads(self._text)
        self.warnings: list[Problem] = [problem_of(self.id, one) for one in json.loads(warnings)]
        """What is legal in it but suspicious."""

    @classmethod
    def from_json(cls, text: str) -> Rule:
        """From JSON text."""
        return cls(text)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Rule:
        """From what `json.load` gives."""
        try:
            return cls(json.dumps(content, ensure_ascii=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(
                f"the rule is no JSON: {error} (use dicts, lists, texts, numbers and bools)"
            ) from None

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Rule:
        """From a file with one rule."""
        return cls(_read(path))

    @property
    def id(self) -> str:
        """Its id."""
        return str(self._dict["id"])

    @property
    def name(self) -> str:
        """What people call it; the id where it has no name."""
        return str(self._dict.get("name") or self.id)

    @property
    def revision(self) -> int:
        """Its revision."""
        return int(self._dict["revision"])

    @property
    def report(self) -> dict[str, Any]:
        """What it costs at most: bytes and deadlines per user, in all and per measure; what is not exact."""
        with failures():
            report: dict[str, Any] = json.loads(_native.report([self._text]))
        return report

    def to_dict(self) -> dict[str, Any]:
        """Its canonical form as a dict, which is yours."""
        copy: dict[str, Any] = json.loads(self._text)
        return copy

    def to_json(self, indent: int | None = None) -> str:
        """Its canonical form as text."""
        return self._text if indent is None else json.dumps(self._dict, ensure_ascii=False, indent=indent)

    def replace(self, **fields: Any) -> Rule:
        """The same rule with other fields; None takes one out."""
        content = self.to_dict()
        for name, value in fields.items():
            if value is None:
                content.pop(name, None)
            else:
                content[name] = value
        return Rule.from_dict(content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"Rule({self.id!r}, revision {self.revision})"

    def _repr_html_(self) -> str:
        report = self.report
        cost = (
            f"at most {report['bytes_per_user']} bytes and {report['deadlines_per_user']} deadlines per user"
        )
        title = f"<b>{_html.text(self.name)}</b> <code>{_html.text(self.id)}</code> revision {self.revision}"
        return f"<div>{title}<br><small>{_html.text(cost)}</small>{_html.code(self.to_json(indent=2))}</div>"


def _read(path: str | PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error} (check the path, and that the file is JSON in UTF-8)") from None


def rules_of(given: RulesLike) -> list[Rule]:
    """All rules that somebody gives in one of the forms of `RulesLike`."""
    if isinstance(given, Rule):
        return [given]
    if isinstance(given, str) and given.lstrip()[:1] in ("{", "["):
        return _parsed(given)
    if isinstance(given, str | PathLike):
        path = Path(given)
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            raise InputError(f"{path}: no rule in it (name a file, or a folder of files that end in .json)")
        return [one for file in files for one in _parsed(_read(file))]
    if isinstance(given, Mapping):
        return [Rule.from_dict(cast(Mapping[str, Any], given))]
    if isinstance(given, AsRule):
        return [given.build()]
    # The types say that nothing else comes; people write without a checker.
    if isinstance(given, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        return [one for each in given for one in rules_of(each)]
    raise InputError(f"{type(given).__name__} is no rule (give a Rule, a dict, JSON text or a path)")


def _parsed(text: str) -> list[Rule]:
    try:
        content = json.loads(text)
    except ValueError:
        return [Rule(text)]  # the engine says what is wrong with it
    return [Rule.from_dict(one) for one in content] if isinstance(content, list) else [Rule(text)]
