//! Moments and lengths: on a grid, so that bounds are met exactly, and sometimes 1 ms beside it.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{Draw, Setting, Theme, values};

/// Moments at which zones change their clocks, or a month, year or leap day turns (Unix s).
const TURNS: [i64; 18] = [
    1_289_098_860,
    1_325_235_600,
    1_518_912_000,
    1_541_300_400,
    1_520_146_800,
    1_459_600_200,
    1_475_325_000,
    1_667_104_200,
    1_288_584_000,
    1_456_704_000,
    951_782_400,
    1_735_603_200,
    68_256_000,
    788_824_800,
    7_952_342_400,
    1_711_846_800,
    1_698_541_200,
    1_730_008_800,
];

/// Zones with unusual offsets or changes.
pub(super) const ZONES: [&str; 16] = [
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Pacific/Kiritimati",
    "America/Havana",
    "Africa/Monrovia",
    "Asia/Pyongyang",
    "Asia/Kolkata",
];

impl Setting {
    pub(super) fn drawn(draw: &mut Draw, theme: Theme) -> Setting {
        let step = match theme {
            Theme::Calendar => *draw.of(&[1_800_000, 3_600_000, 21_600_000, 43_200_000, 72_000_000, 900_000]),
            _ => *draw.of(&[1, 1, 2, 7, 100, 1000, 60_000]),
        };
        let base = match theme {
            Theme::Calendar => {
                draw.of(&TURNS) * 1000 - draw.of(&[0, 1, 1_800_000, 3_600_000, 7_200_000, 86_400_000])
            }
            _ => *draw.of(&[1_700_000_000_000, 1_711_846_799_000, 3_599_990, 4_102_444_800_000, 1000]),
        };
        let (span, events) = match theme {
            Theme::Crowd => (60, 100),
            Theme::Dense => (*draw.of(&[6, 10, 20, 30]), *draw.of(&[15, 25, 35])),
            _ => (*draw.of(&[4, 8, 15, 30]), *draw.of(&[3, 6, 10, 15, 20])),
        };
        let users = if theme == Theme::Crowd { 6 } else { *draw.of(&[1, 1, 2, 3]) };
        let focus = draw
            .chance(40)
            .then(|| *draw.of(&["sequence", "sequence", "pairs", "absence", "top", "distinct"]));
        let mut setting = Setting {
            theme,
            focus,
            family: values::family(draw),
            users: ["u1", "u2", "ü3", "u4", "u5", "6"]
                .iter()
                .take(users)
                .map(|user| (*user).to_owned())
                .collect(),
            types: draw.of(&[vec!["A", "B"], vec!["A", "B", "C"], vec!["A", "B", "C", "X"]]).clone(),
            keys: values::keys(draw, theme),
            by: draw
                .of(&[
                    json!(["item"]),
                    json!(["item"]),
                    json!(["item", "k2"]),
                    json!(["o.k"]),
                    json!([["d.t"]]),
                ])
                .clone(),
            base,
            step,
            span,
            published: 0,
            events,
        };
        setting.published = setting.moment(draw);
        setting
    }

    /// Unix ms, mostly on the grid.
    pub(super) fn moment(&self, draw: &mut Draw) -> i64 {
        let aside = if draw.chance(6) { *draw.of(&[-1, 1]) } else { 0 };
        (self.base + self.step * draw.between(-1, self.span + 1) + aside).max(0)
    }

    /// A length of at least 1 ms, at most the span, mostly a multiple of the grid's step.
    pub(super) fn length(&self, draw: &mut Draw) -> i64 {
        let most = (self.span / *draw.of(&[1, 2, 4])).max(2);
        let aside = if draw.chance(6) { *draw.of(&[-1, 1]) } else { 0 };
        (self.step * draw.between(1, most) + aside).max(1)
    }
}

/// A duration as rules write it.
pub(super) fn duration(draw: &mut Draw, ms: i64) -> Json {
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    let exact = units.iter().find(|(_, unit)| ms > 0 && ms % unit == 0 && draw.chance(70));
    Json::from(exact.map_or_else(|| format!("{ms}ms"), |(name, unit)| format!("{}{name}", ms / unit)))
}

/// A moment as rules write it, in UTC or with an offset.
pub(super) fn moment(draw: &mut Draw, ms: i64) -> Json {
    let hours = *draw.of(&[0, 0, 8, -5]);
    let local = Timestamp::from_millisecond(ms + hours * 3_600_000).unwrap_or_default().to_string();
    let zone = if hours == 0 { "Z".to_owned() } else { format!("{hours:+03}:00") };
    Json::from(local.replace('Z', &zone))
}
