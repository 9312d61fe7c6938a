//! What is wrong with a condition.

use serde_json::json;

use crate::case::Seen::{Meaning, Shape};
use crate::case::{Case, filtered, when, with};

pub(crate) fn of_conditions() -> Vec<Case> {
    vec![
        (when(json!(true)), &["/when"], Shape),
        (when(json!("a")), &["/when"], Shape),
        (when(json!([])), &["/when"], Shape),
        (when(json!({})), &["/when"], Shape),
        (when(json!({"all": []})), &["/when/all"], Shape),
        (when(json!({"any": {}})), &["/when/any"], Shape),
        (when(json!({"all": [null, 5]})), &["/when/all/0", "/when/all/1"], Shape),
        (when(json!({"not": null})), &["/when/not"], Shape),
        (when(json!({"eq": [1, 2], "ne": [1, 2]})), &["/when"], Shape),
        (when(json!({"equals": [1, 2]})), &["/when/equals"], Shape),
        (when(json!({"eq": [{"measure": "a"}]})), &["/when/eq"], Shape),
        (when(json!({"eq": [{"measure": "a"}, 1, 2]})), &["/when/eq"], Shape),
        (when(json!({"eq": {"measure": "a"}})), &["/when/eq"], Shape),
        (when(json!({"eq": [{"measure": "a"}, null]})), &["/when/eq/1"], Shape),
        (
            when(json!({"eq": [{"measure": "b"}, {"measure": "c"}]})),
            &["/when/eq/0/measure", "/when/eq/1/measure"],
            Meaning,
        ),
        (when(json!({"eq": [{"tag": "x"}, 1]})), &["/when/eq/0/tag"], Shape),
        (when(json!({"eq": [{"now": false}, 1]})), &["/when/eq/0/now"], Shape),
        (when(json!({"eq": [{"add": [{"measure": "a"}]}, 1]})), &["/when/eq/0/add"], Shape),
        (when(json!({"eq": [{"add": [{"measure": "a"}, {"pow": 2}]}, 1]})), &["/when/eq/0/add/1/pow"], Shape),
        (
            when(json!({"eq": [{"measure": "a"}, [1, [2], {}, null]]})),
            &["/when/eq/1/1", "/when/eq/1/2", "/when/eq/1/3"],
            Shape,
        ),
        (when(json!({"gt": [{"measure": "l"}, {"time": "noon"}]})), &["/when/gt/1/time"], Shape),
        (when(json!({"gt": [{"measure": "l"}, {"duration": "1y"}]})), &["/when/gt/1/duration"], Shape),
        (when(json!({"in": [{"measure": "a"}, 5]})), &["/when/in/1"], Shape),
        (when(json!({"in": [[1], [1, 2]]})), &["/when/in/0"], Shape),
        (filtered(json!({"in": [{"prop": "x"}, {"add": [1, 2]}]})), &["/trigger/on/where/in/1"], Meaning),
        (
            filtered(json!({"matches": [{"prop": "x"}, {"prop": "y"}]})),
            &["/trigger/on/where/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"matches": [{"prop": "x"}, "y".repeat(1025)]})),
            &["/trigger/on/where/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"all": [{"exists": {"prop": "x"}}, {"matches": [{"prop": "x"}, 5]}]})),
            &["/trigger/on/where/all/1/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"eq": [{"prop": ""}, {"prop": 5}]})),
            &["/trigger/on/where/eq/0/prop", "/trigger/on/where/eq/1/prop"],
            Shape,
        ),
        (
            filtered(json!({"eq": [{"prop": vec!["x"; 17]}, {"duration": "5m"}]})),
            &["/trigger/on/where/eq/0/prop", "/trigger/on/where/eq/1/duration"],
            Shape,
        ),
        (filtered(json!({"eq": [{"prop": "x"}, "y".repeat(4097)]})), &["/trigger/on/where/eq/1"], Shape),
        (filtered(json!({"in": [{"prop": "x"}, vec![1; 10_001]]})), &["/trigger/on/where/in/1"], Shape),
        (
            filtered(json!({"any": vec![json!({"exists": {"prop": "x"}}); 1001]})),
            &["/trigger/on/where/any/999"],
            Meaning,
        ),
        (with("/trigger", json!({})), &["/trigger"], Shape),
        (with("/trigger", json!("A")), &["/trigger"], Shape),
        (with("/trigger", json!({"on": {}, "rise": "a"})), &["/trigger"], Shape),
        (with("/trigger", json!({"rise": "b"})), &["/trigger/rise"], Meaning),
        (with("/trigger", json!({"rise": "l"})), &["/trigger/rise"], Meaning),
    ]
}

/// Distinct counts up to 10.
pub(crate) fn of_distinct() -> Vec<Case> {
    let d = || json!({"measure": "d"});
    vec![
        (when(json!({"ge": [d(), 11]})), &["/when/ge"], Meaning),
        (when(json!({"gt": [d(), 10]})), &["/when/gt"], Meaning),
        (when(json!({"eq": [d(), 10]})), &["/when/eq"], Meaning),
        (when(json!({"lt": [10, d()]})), &["/when/lt"], Meaning),
        (when(json!({"in": [d(), [1, 10.0]]})), &["/when/in"], Meaning),
        (when(json!({"ge": [d(), {"measure": "a"}]})), &["/when/ge"], Meaning),
        (when(json!({"ge": [{"add": [d(), 1]}, 3]})), &["/when/ge/0/add/0/measure"], Meaning),
    ]
}
