//! How an event is written: one JSON object, user, type and time first.

use std::fmt::Write;

use super::catalog::ITEMS;
use super::person::Person;
use super::session::{Act, Happening};

/// The line of one event, without its end.
pub(crate) fn event(person: &mut Person, happening: &Happening) -> String {
    person.events += 1;
    let mut line = String::with_capacity(192);
    let platform = ["ios", "android", "web"][(person.index % 3) as usize];
    if person.has_number() && platform == "web" {
        let _ = write!(line, "{{\"user\":{}", person.name());
    } else {
        let _ = write!(line, "{{\"user\":\"{}\"", person.name());
    }
    let _ = write!(
        line,
        ",\"type\":\"{}\",\"time\":{},\"id\":\"{:06}-{}\",\"session\":\"{:06}.{}\",\"platform\":\"{platform}\"",
        kind(&happening.act),
        happening.time,
        person.index,
        person.events,
        person.index,
        person.sessions,
    );
    properties(&mut line, person, &happening.act);
    line.push('}');
    line
}

/// The event type of an act.
pub(crate) fn kind(act: &Act) -> &'static str {
    match act {
        Act::Open { .. } => "app_open",
        Act::Search { .. } => "search",
        Act::View { .. } => "view_page",
        Act::AddCart { .. } => "add_cart",
        Act::RemoveCart { .. } => "remove_cart",
        Act::Order { .. } => "order",
        Act::Pay { .. } => "pay",
        Act::Share { .. } => "share",
    }
}

fn properties(line: &mut String, person: &Person, act: &Act) {
    let _ = match *act {
        Act::Open { channel } => {
            let release = 40 + person.index % 9;
            write!(
                line,
                ",\"channel\":\"{channel}\",\"device\":{{\"app\":\"5.{release}\",\"lang\":\"zh-CN\"}}"
            )
        }
        Act::Search { word } => write!(line, ",\"word\":\"{word}\""),
        Act::View { item } => {
            let item = &ITEMS[item as usize];
            let (id, title, category) = (item.id, item.title, item.category);
            write!(line, ",\"item\":{id},\"title\":\"{title}\",\"category\":\"{category}\",\"price\":")
                .and_then(|()| money(line, item.cents))
        }
        Act::AddCart { item, quantity } => {
            let item = &ITEMS[item as usize];
            let (id, category) = (item.id, item.category);
            write!(line, ",\"item\":{id},\"category\":\"{category}\",\"quantity\":{quantity},\"price\":")
                .and_then(|()| money(line, item.cents))
        }
        Act::RemoveCart { item } => write!(line, ",\"item\":{}", ITEMS[item as usize].id),
        Act::Order { number, item, cents } => {
            let (index, id) = (person.index, ITEMS[item as usize].id);
            write!(line, ",\"order_id\":\"o{index:06}-{number}\",\"item\":{id},\"items\":[{id}],\"amount\":")
                .and_then(|()| money(line, cents))
        }
        Act::Pay { number, cents, method } => {
            let index = person.index;
            write!(line, ",\"order_id\":\"o{index:06}-{number}\",\"method\":\"{method}\",\"amount\":")
                .and_then(|()| money(line, cents))
        }
        Act::Share { item, to } => write!(line, ",\"item\":{},\"to\":\"{to}\"", ITEMS[item as usize].id),
    };
}

/// Cents as a decimal number: written digit by digit, so that no float decides a byte.
fn money(line: &mut String, cents: u64) -> std::fmt::Result {
    write!(line, "{}.{:02}", cents / 100, cents % 100)
}
