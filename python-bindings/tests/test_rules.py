"""Rules and what builds them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import alcedo
from alcedo import (
    absence,
    avg,
    count,
    distinct,
    event,
    maximum,
    measure,
    minimum,
    pairs,
    prop,
    rule,
    sequence,
    step,
)
from conftest import ROOT


def test_the_sentence_is_the_json(views: dict[str, Any]) -> None:
    built = rule("again").when(count("view", last="10m", by="item").named("views") >= 3).build()
    assert built == alcedo.Rule.from_dict(views)
    assert hash(built) == hash(alcedo.Rule.from_json(json.dumps(views)))


def test_what_can_be_said_in_json_can_be_built() -> None:
    views = count("view", last=timedelta(minutes=10))
    draft = (
        rule("all-of-it", "All of it", revision=2)
        .when(
            (views >= 3)
            & (count("buy", calendar="day") == 0)
            & ((maximum("price", "view") - 2) > prop("price"))
        )
        .when(
            ~(minimum(prop("price") * 2, event("view").where(prop("price").exists())) < 1)
            | (avg("price", "view") != 7)
        )
        .on(event("view", "search").where(prop("word").contains("coffee") & prop("tags").is_in(["a", "b"])))
        .limit(1, per="day")
        .cooldown("6h")
        .time_zone("Asia/Shanghai")
        .published(datetime(2024, 1, 1, tzinfo=UTC))
        .action({"channel": "push"})
    )
    content = draft.build().to_dict()
    assert content["when"]["all"][0] == {"ge": [{"measure": "count"}, 3]}
    assert content["when"]["all"][1] == {"eq": [{"measure": "count_2"}, 0]}
    assert content["measures"]["count"] == {"count": {"event": "view"}, "window": {"last": "10m"}}
    assert content["cooldown"] == "6h" and content["limits"] == [{"times": 1, "per": "day"}]
    assert content["published_at"] == "2024-01-01T00:00:00+00:00" or content["published_at"].startswith(
        "2024-01-01"
    )


def test_sequences_pairs_absences_and_the_rest() -> None:
    steps = sequence("view", step("cart", max_gap="5m", without="buy"), within="1h", by="item")
    built = rule("r").when((steps >= 1) & (pairs("a", "b", min_gap="1m", by="item") >= 1)).build()
    assert built.to_dict()["measures"]["sequence"]["sequence"]["steps"][1] == {
        "event": "cart",
        "max_gap": "5m",
        "without": {"event": "buy"},
    }
    unpaid = absence("order", "pay", within="15m", by="order")
    assert rule("u").on_rise(unpaid).build().to_dict()["trigger"] == {"rise": "absence"}
    written = measure({"top": {"value": {"prop": "x"}, "of": {"event": "a"}, "k": 3, "take": "avg"}}, "best")
    assert rule("t").when(written > 10).build().to_dict()["measures"].keys() == {"best"}
    assert rule("d").when(distinct("item", "view", up_to=10, session="30m") >= 10).build().id == "d"


def test_a_condition_is_no_bool(views: dict[str, Any]) -> None:
    with pytest.raises(alcedo.AlcedoError, match="write & for and"):
        assert count("view") >= 3 and count("buy") >= 1
    with pytest.raises(alcedo.AlcedoError, match="one window"):
        count("view", last="1m", calendar="day")


def test_everything_that_is_wrong_is_told_at_once(views: dict[str, Any]) -> None:
    views["cooldown"] = "tomorrow"
    views["when"] = {"ge": [{"measure": "looks"}, 3]}
    with pytest.raises(alcedo.RuleError) as told:
        alcedo.Rule.from_dict(views)
    assert {problem.path for problem in told.value.problems} >= {"/cooldown"}
    assert all(problem.rule == "again" and problem.reason and problem.cure for problem in told.value.problems)
    assert 'rule again /cooldown: "tomorrow" is not a duration' in str(told.value)
    cooldown = next(problem for problem in told.value.problems if problem.path == "/cooldown")
    assert cooldown.said["reason"] == {
        "text": "{text} is not {what}",
        "values": {"text": '"tomorrow"', "what": {"text": "a duration"}},
    }
    assert "said" not in repr(cooldown) and len({cooldown, cooldown}) == 1
    assert str(cooldown).startswith('/cooldown: "tomorrow" is not a duration (write an integer')
    assert isinstance(told.value, alcedo.AlcedoError)


def test_what_is_no_rule_at_all() -> None:
    for text in ("", "[]", "7", "{", '{"id": "a"}', "[{}]", "\x00"):
        with pytest.raises(alcedo.RuleError):
            alcedo.Rule.from_json(text)
    with pytest.raises(alcedo.InputError, match="is no JSON"):
        alcedo.Rule.from_dict({"id": {1, 2}})
    with pytest.raises(alcedo.InputError, match="check the path"):
        alcedo.Rule.from_file("/nowhere/rule.json")


def test_a_report_says_what_it_costs(views: dict[str, Any]) -> None:
    report = alcedo.Rule.from_dict(views).report
    assert report["bytes_per_user"] > 0
    assert report["rules"][0]["measures"][0]["name"] == "views"
    assert "again" in alcedo.Rule.from_dict(views)._repr_html_()


def test_rules_come_from_files_and_folders(
    views: dict[str, Any], log: list[dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(views))
    (tmp_path / "two.json").write_text(json.dumps([views | {"id": "b"}, views | {"id": "c"}]))
    assert alcedo.Rule.from_file(tmp_path / "one.json").id == "again"
    result = alcedo.backtest(tmp_path, log, progress=False)
    assert [one.id for one in result.rules] == ["again", "b", "c"]
    demo = alcedo.backtest(ROOT / "demo" / "rules" / "repeated-views.json", log, progress=False)
    assert len(demo.rules) == 1
