//! `alcedo`: the rule engine on the command line.
//!
//! Exit codes: 0 done; 1 it could not be done, or the answer is no (a rule is wrong); 2 the command line is wrong.

mod command;
mod failure;
mod output;
mod progress;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::{FAILED, Failure};

/// Behavioural rules over event logs.
#[derive(Debug, Parser)]
#[command(name = "alcedo", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(command::validate::Validate),
    Backtest(command::backtest::Backtest),
    Explain(command::explain::Explain),
    Audience(command::audience::MakeAudience),
    Simulate(command::simulate::Simulate),
    Schema(command::schema::Schema),
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::say(format_args!("alcedo: {failure}"));
            ExitCode::from(FAILED)
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Validate(command) => command.run(),
        Command::Backtest(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Audience(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Schema(command) => command.run(),
    }
}
