//! Makes a failing case small: leaves out records, rules and parts of either while it still fails.

use alcedo_model::Rule;
use serde_json::Value as Json;

use super::Case;

/// The smallest case that greedy leaving-out finds for which `fails` holds.
pub fn shrink(case: &Case, fails: &dyn Fn(&Case) -> bool) -> Case {
    let mut best = case.clone();
    loop {
        let before = size(&best);
        leave_out_records(&mut best, fails);
        leave_out_parts(&mut best, fails, |case| &mut case.rules);
        leave_out_parts(&mut best, fails, |case| &mut case.records);
        if size(&best) == before {
            return best;
        }
    }
}

fn size(case: &Case) -> usize {
    case.rules.iter().chain(&case.records).map(|json| json.to_string().len()).sum()
}

/// Halves, quarters and so on down to single records.
fn leave_out_records(best: &mut Case, fails: &dyn Fn(&Case) -> bool) {
    let mut length = best.records.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < best.records.len() {
            let mut smaller = best.clone();
            smaller.records.drain(at..(at + length).min(best.records.len()));
            if fails(&smaller) {
                *best = smaller;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
}

/// Whole documents first, then every smaller form of each.
fn leave_out_parts(
    best: &mut Case,
    fails: &dyn Fn(&Case) -> bool,
    part: impl Fn(&mut Case) -> &mut Vec<Json>,
) {
    let mut at = 0;
    while at < part(best).len() {
        let mut without = best.clone();
        part(&mut without).remove(at);
        if legal(&without) && fails(&without) {
            *best = without;
            continue;
        }
        while let Some(smaller) = smaller_forms(&part(best)[at]).into_iter().find_map(|form| {
            let mut smaller = best.clone();
            part(&mut smaller)[at] = form;
            (legal(&smaller) && fails(&smaller)).then_some(smaller)
        }) {
            *best = smaller;
        }
        at += 1;
    }
}

fn legal(case: &Case) -> bool {
    case.rules.iter().all(|rule| Rule::parse(&rule.to_string()).is_ok())
}

/// The document with one part left out, or one part replaced by something inside it.
fn smaller_forms(json: &Json) -> Vec<Json> {
    match json {
        Json::Object(fields) => {
            let mut forms = Vec::new();
            for (name, value) in fields {
                let mut without = fields.clone();
                without.remove(name);
                forms.push(Json::Object(without));
                let inner = smaller_forms(value).into_iter();
                forms.extend(inner.map(|inner| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), inner);
                    Json::Object(fields)
                }));
                if ["not", "all", "any"].contains(&name.as_str()) {
                    forms.extend(value.as_array().into_iter().flatten().chain([value]).cloned());
                }
            }
            forms
        }
        Json::Array(items) => (0..items.len())
            .flat_map(|at| {
                let mut without = items.clone();
                without.remove(at);
                let inner = smaller_forms(&items[at]).into_iter().map(move |inner| {
                    let mut items = items.clone();
                    items[at] = inner;
                    Json::Array(items)
                });
                std::iter::once(Json::Array(without)).chain(inner).collect::<Vec<_>>()
            })
            .collect(),
        _ => Vec::new(),
    }
}
