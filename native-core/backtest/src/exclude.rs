//! Records to leave out: what a job said was late, so that both hosts speak of the same input.

use std::path::Path;

use serde_json::Value;

use crate::Error;
use crate::audience::for_each_line;

/// Positions of records that are not part of the input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions(Vec<(i32, i64)>);

impl Exclusions {
    /// Reads JSON lines that hold `partition` (0 where absent) and `position`, as a job's late output does.
    ///
    /// # Errors
    /// The file cannot be read, or a line holds no position.
    pub fn read(path: &Path) -> Result<Exclusions, Error> {
        let mut places = Vec::new();
        for_each_line(path, |line, text| {
            let place = place(text).ok_or_else(|| Error::Line {
                path: path.to_owned(),
                line,
                reason: "it holds no position".to_owned(),
                cure: "write {\"partition\": 0, \"position\": 12} on each line",
            })?;
            places.push(place);
            Ok(())
        })?;
        Ok(places.into_iter().collect())
    }

    /// Whether the record at this place is left out.
    pub fn contains(&self, partition: i32, position: i64) -> bool {
        self.0.binary_search(&(partition, position)).is_ok()
    }

    /// How many places are named.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(i32, i64)> for Exclusions {
    fn from_iter<I: IntoIterator<Item = (i32, i64)>>(places: I) -> Exclusions {
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_unstable();
        places.dedup();
        Exclusions(places)
    }
}

fn place(text: &str) -> Option<(i32, i64)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let position = value.get("position")?.as_i64()?;
    let partition = match value.get("partition") {
        None => 0,
        Some(partition) => i32::try_from(partition.as_i64()?).ok()?,
    };
    Some((partition, position))
}
