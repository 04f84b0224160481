//! `usher rules check`: says what is wrong with a folder of rules. Changes nothing.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::rule_files::load_folder;

#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Read the folder whole and show every error with its place
    Check {
        #[arg(default_value = "routing-rules")]
        folder: PathBuf,
    },
}

/// # Errors
/// When `out` cannot be written.
pub fn run(args: &RulesArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let RulesCommand::Check { folder } = &args.command;
    match load_folder(folder) {
        Ok(loaded) => {
            if !loaded.warnings.is_empty() {
                writeln!(out, "{}", loaded.warnings)?;
            }
            let rules = &loaded.rules;
            let counts = (rules.entry.len(), rules.queues.len(), rules.agents.len());
            writeln!(out, "good: {} entry rules, {} queues, {} agents", counts.0, counts.1, counts.2)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            writeln!(out, "{refused}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
