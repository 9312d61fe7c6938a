//! Input that was read, and is likely not what was meant.

use alcedo_model::TimeUnit;

use crate::Counters;

/// Times of 1973 to 5138 in seconds; in milliseconds they are of 2 January 1970 to 1973, of which nobody has a log.
const SECONDS: std::ops::Range<i64> = 100_000_000..100_000_000_000;

impl Counters {
    /// What is likely not meant of the input, and the cure; none where nothing is. `unit`: what numbers that are times
    /// were read as.
    pub fn doubt(&self, unit: TimeUnit) -> Option<String> {
        let records = self.lines - self.blank;
        if records == 0 {
            return Some("there is no event in it (check the path, or what made it)".to_owned());
        }
        if self.bad.values().sum::<u64>() == records {
            let reasons: Vec<String> =
                self.bad.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
            return Some(format!(
                "not one record could be read: {} (keep the bad ones and look at them; a mapping says where user, type \
                 and time are)",
                reasons.join(", ")
            ));
        }
        let largest = self.largest.filter(|largest| unit == TimeUnit::Ms && SECONDS.contains(largest))?;
        Some(format!(
            "the last event has the time {largest}: times are read as milliseconds, and these look like seconds (a mapping \
             with {{\"time_unit\": \"s\"}} reads seconds)"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: u64, bad: u64, largest: Option<i64>) -> Counters {
        let bad = (bad > 0).then_some(("not_json", bad)).into_iter().collect();
        Counters { lines, bad, largest, ..Counters::default() }
    }

    #[test]
    fn only_what_is_likely_wrong_is_doubted() {
        let doubt = |counters: Counters, unit| counters.doubt(unit).unwrap_or_default();
        assert!(doubt(read(0, 0, None), TimeUnit::Ms).contains("no event"));
        assert!(doubt(read(3, 3, None), TimeUnit::Ms).contains("not_json 3"));
        assert!(doubt(read(3, 2, Some(1_700_000_000)), TimeUnit::Ms).contains("seconds"));
        assert_eq!(doubt(read(3, 2, Some(1_700_000_000)), TimeUnit::S), "");
        for good in [0, 5, 1_700_000_000_000] {
            assert_eq!(doubt(read(3, 2, Some(good)), TimeUnit::Ms), "", "{good}");
        }
    }
}
