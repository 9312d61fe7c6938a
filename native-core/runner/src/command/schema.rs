//! `alcedo schema`: the JSON Schema of a rule.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::failure::Failure;
use crate::output::Output;

/// Print the JSON Schema of a rule, for editors and forms.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Where it goes; - is standard output.
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    output: PathBuf,
}

impl Schema {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(&alcedo_model::schema())
            .map_err(|error| Failure::at("schema", error, "report it"))?;
        let mut output = Output::open(Path::new(&self.output))?;
        output.line(text.as_bytes())?;
        output.finish()
    }
}
