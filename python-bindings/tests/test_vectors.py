"""The golden vectors, from Python: one rule keeps one meaning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import alcedo
from conftest import ROOT

FILES = sorted((ROOT / "testdata" / "vectors").glob("*.json"))
VECTORS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
AT_LEAST = 170


def is_record(step: dict[str, Any]) -> bool:
    return "event" in step or "raw" in step


def is_log(vector: dict[str, Any]) -> bool:
    """Only records of one file, then an end; nothing late and no other order than the law's (as the Rust
    host says).
    """
    *before, last = vector["steps"]
    plain = all(is_record(s) and "partition" not in s and "position" not in s for s in before)
    whole = "end" in last or (is_record(last) and "until" in vector)
    ordered = vector.get("order", "ordered") == "ordered"
    return plain and whole and ordered and not vector["expect"].get("late") and "max_ahead" not in vector


def part(piece: Any) -> bytes:
    if isinstance(piece, str):
        return piece.encode()
    return bytes.fromhex(piece["hex"]) if "hex" in piece else (piece["repeat"] * piece["times"]).encode()


def record(step: dict[str, Any]) -> bytes:
    if "event" in step:
        return json.dumps(step["event"], ensure_ascii=False).encode()
    raw = step["raw"]
    return part(raw) if isinstance(raw, str) else b"".join(map(part, raw))


LOGS = [name for name, vector in VECTORS.items() if is_log(vector)]


def test_no_vector_is_left_out_in_silence() -> None:
    assert len(LOGS) >= AT_LEAST


@pytest.mark.parametrize("name", LOGS)
def test_vector(name: str, tmp_path: Path) -> None:
    vector = VECTORS[name]
    expect, steps = vector["expect"], vector["steps"]
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"".join(record(step) + b"\n" for step in steps if is_record(step)))
    rules, refused = runnable(vector)
    for one in expect.get("refused", []):
        assert any(is_problem(one, problem) for problem in refused), (one, refused)
    assert bool(refused) == bool(expect.get("refused"))

    def run(threads: int) -> alcedo.Backtest:
        return alcedo.backtest(
            rules,
            file,
            mapping=vector.get("mapping"),
            tags=vector.get("tags"),
            audiences=vector.get("audiences"),
            until=vector.get("until"),
            end_of_input="fire" if any(step.get("end") == "fire" for step in steps) else "hold",
            dedupe=vector.get("dedupe", 0),
            keep_bad=True,
            threads=threads,
            progress=False,
        )

    if "no_audience" in expect:
        with pytest.raises(alcedo.AlcedoError, match="is not there"):
            run(1)
        return
    result = run(2)
    found = list(result.matches)
    assert len(found) == len(expect["matches"])
    for one, wanted in zip(found, expect["matches"], strict=True):
        assert {field: one.get(field) for field in wanted} == wanted
    bad = [(one["position"], one["reason"]) for one in result.bad]
    assert bad == [(one["position"], one["reason"]) for one in expect.get("bad", [])]


def is_problem(wanted: dict[str, Any], found: alcedo.Problem) -> bool:
    """At the path, and in these phrases where the vector has some."""
    place = (wanted["rule"], wanted["path"]) == (found.rule, found.path)
    return place and wanted.get("said", found.said) == found.said


def runnable(vector: dict[str, Any]) -> tuple[list[alcedo.Rule], list[alcedo.Problem]]:
    """The rules that run, and what is wrong with the others."""
    rules: list[alcedo.Rule] = []
    refused: list[alcedo.Problem] = []
    for content in vector["rules"]:
        try:
            rule = alcedo.Rule.from_dict(content)
            assert rule.report["rules"] is not None
        except alcedo.RuleError as error:
            refused += error.problems
        else:
            rules.append(rule)
    # Rules may contradict each other where each is well by itself.
    try:
        alcedo.Engine(rules, tags=vector.get("tags") or [], audiences=vector.get("audiences"))
    except alcedo.RuleError as error:
        against = {str(one.rule or "") for one in error.problems}
        refused += error.problems
        rules = [rule for rule in rules if rule.id not in against]
    except alcedo.AlcedoError:
        pass  # an audience is not there: the run tells
    return rules, refused
