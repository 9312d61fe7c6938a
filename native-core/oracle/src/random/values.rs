//! Scalars and properties: equal numbers of different types, texts around the bounds, wrong types, nothing.

use serde_json::{Value as Json, json};

use super::{Draw, Setting, Theme};

fn texts() -> Vec<String> {
    let plain = [
        "a",
        "ab",
        "b",
        "",
        "abc",
        "咖啡",
        "小罐速溶咖啡",
        "A",
        "10",
        "1",
        "true",
        "\u{1F600}",
        "\u{ffee}",
        "a.c",
    ];
    let long =
        ["x".repeat(64), "x".repeat(65), "y".repeat(70), "咖".repeat(22), "z".repeat(128), "z".repeat(129)];
    plain.iter().map(|text| (*text).to_owned()).chain(long).collect()
}

fn plain_text(draw: &mut Draw) -> Json {
    Json::from(texts().swap_remove(draw.below(8)))
}

fn hard_text(draw: &mut Draw) -> Json {
    let mut all = texts();
    let at = draw.below(all.len());
    Json::from(all.swap_remove(at))
}

fn hard_number(draw: &mut Draw) -> Json {
    draw.of(&[
        json!(0),
        json!(-1),
        json!(9_007_199_254_740_992_i64),
        json!(9_007_199_254_740_993_i64),
        json!(9_007_199_254_740_992.0),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(9_223_372_036_854_774_784_i64),
        json!(9_223_372_036_854_774_784.0),
        json!(9_223_372_036_854_775_808_u64),
        json!(9.223_372_036_854_776e18),
        json!(1e20),
        json!(1e308),
        json!(-1e308),
        json!(1e-300),
        json!(0.300_000_000_000_000_04),
        json!(0.1),
        json!(-0.0),
    ])
    .clone()
}

/// Values that are easily taken for each other. A case has one such family, so that they meet.
pub(super) fn family(draw: &mut Draw) -> Vec<Json> {
    let families = [
        json!([
            9_007_199_254_740_992_i64,
            9_007_199_254_740_993_i64,
            9_007_199_254_740_992.0,
            9_007_199_254_740_994.0
        ]),
        json!([
            i64::MAX,
            9_223_372_036_854_775_808_u64,
            9_223_372_036_854_774_784_i64,
            9_223_372_036_854_774_784.0
        ]),
        json!([1, 1.0, "1", true, 1.5, [1], [1.0]]),
        json!([0, 0.0, -0.0, false, "", []]),
        json!([0.1, 0.2, 0.3, 0.300_000_000_000_000_04]),
        json!(["x".repeat(64), "x".repeat(65), "x".repeat(66), "x"]),
        json!(["a", "ab", "A", "咖啡", "小罐速溶咖啡", "\u{1F600}", "\u{ffee}", ["a"], ["ab", "b"]]),
    ];
    draw.of(&families).as_array().cloned().unwrap_or_default()
}

/// A number whose sums depend on the order and the kind.
pub(super) fn rounded(draw: &mut Draw) -> Json {
    draw.of(&[
        json!(0.1),
        json!(0.2),
        json!(0.7),
        json!(1e16),
        json!(-1e16),
        json!(1),
        json!(3),
        json!(1e308),
    ])
    .clone()
}

/// A constant or an element of a list; never a list itself.
pub(super) fn scalar(draw: &mut Draw, setting: &Setting, hard: bool) -> Json {
    if hard && draw.chance(50) {
        let one = draw.of(&setting.family).clone();
        return if one.is_array() { Json::from("a") } else { one };
    }
    match draw.below(100) {
        0..15 => json!(draw.chance(50)),
        15..45 => json!(draw.of(&[0, 1, 2, 3, -1, 5, 10, 7])),
        45..60 => json!(draw.of(&[0.0, 1.0, 0.5, 2.5, 3.0, 2.0])),
        60..72 if hard => hard_number(draw),
        72..84 if hard => hard_text(draw),
        _ => plain_text(draw),
    }
}

/// A property: a scalar, a list, an object, null.
pub(super) fn property(draw: &mut Draw, setting: &Setting, hard: bool) -> Json {
    if hard && draw.chance(35) {
        return draw.of(&setting.family).clone();
    }
    match draw.below(100) {
        0..8 => Json::Null,
        8..28 => (0..draw.below(4))
            .map(|_| if draw.chance(5) { Json::Null } else { scalar(draw, setting, hard) })
            .collect(),
        28..34 => json!({"z": scalar(draw, setting, hard)}),
        _ => scalar(draw, setting, hard),
    }
}

/// A number that sums exactly in any order.
pub(super) fn amount(draw: &mut Draw) -> Json {
    draw.of(&[json!(0), json!(1), json!(2), json!(3), json!(4), json!(1.5), json!(2.0), json!(-2)]).clone()
}

/// The correlation values of a case.
pub(super) fn keys(draw: &mut Draw, theme: Theme) -> Vec<Json> {
    let few = vec![json!("a"), json!("b"), json!(1)];
    let mixed = vec![
        json!("a"),
        json!(1),
        json!(1.0),
        json!(2),
        json!(true),
        json!(false),
        json!(1.5),
        json!("1"),
        json!(-0.0),
        json!(0),
        json!(9_007_199_254_740_993_i64),
        json!(9_007_199_254_740_992.0),
        json!("x".repeat(65)),
        json!("x".repeat(64)),
    ];
    let many = vec![json!(1), json!(2), json!(3), json!("a"), json!(4), json!("b"), json!(true)];
    match theme {
        Theme::Dense => many.into_iter().take(3 + draw.below(4)).collect(),
        _ => draw.of(&[few, mixed, many]).clone(),
    }
}
