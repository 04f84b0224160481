//! `usher config`: prints every setting with its unit and default, or those in force. Changes nothing.

use std::io::Write;

use clap::Args;

use crate::config::{Config, ConfigFlags};

#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// Print the settings in force here instead of the defaults; passwords are left out
    #[arg(long)]
    pub in_force: bool,
    #[command(flatten)]
    pub flags: ConfigFlags,
}

/// # Errors
/// When the settings are wrong, or `out` cannot be written.
pub fn run(args: &ConfigArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let text = if args.in_force { Config::load(&args.flags)?.to_text() } else { Config::reference() };
    out.write_all(text.as_bytes())?;
    Ok(())
}
