//! The list of commands and who carries each out. Does nothing itself.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{
    audit, backup, campaign, config, demo, do_not_call, export, import, import_args, key, list, privacy, report,
    retention, rules, serve, simulate, user, why,
};
use crate::config::{Config, ConfigFlags};
use crate::rule_files::load_folder;

/// A contact routing server for call centres
#[derive(Debug, Parser)]
#[command(name = "usher", version)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Box<serve::ServeArgs>),
    /// Run a contact centre with virtual callers and agents
    Demo(Box<demo::DemoArgs>),
    /// Run recorded calls through the router in virtual time
    Simulate(Box<simulate::SimulateArgs>),
    /// Check a folder of rules
    Rules(rules::RulesArgs),
    /// Say who may log in
    User {
        #[command(flatten)]
        args: user::UserArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Give a gateway a key
    Key {
        #[command(flatten)]
        args: key::KeyArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Make, show and change campaigns
    Campaign {
        #[command(flatten)]
        args: campaign::CampaignArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Make, show and change call lists
    List {
        #[command(flatten)]
        args: list::ListArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Say whom nobody calls, or whether a number is among them
    DoNotCall {
        #[command(flatten)]
        args: do_not_call::DoNotCallArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Take customers, their history, leads or do-not-call entries over from a file, or take an import back
    Import {
        #[command(flatten)]
        args: import_args::ImportArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Write customers or interactions into a CSV file
    Export {
        #[command(flatten)]
        args: export::ExportArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Say why a contact waits or went to an agent, and why an agent gets nothing
    Why {
        #[command(flatten)]
        args: why::WhyArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Show who looked at and changed what
    Audit {
        #[command(flatten)]
        args: audit::AuditArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Take out or erase all that is held about one person
    Privacy {
        #[command(flatten)]
        args: privacy::PrivacyArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Remove what was kept long enough, or say what that is
    Retention {
        #[command(flatten)]
        args: retention::RetentionArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Copy all that is stored into a folder, beside a running server or without one
    Backup {
        #[command(flatten)]
        args: backup::BackupArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Put a backup in the place of an empty data directory, or try whether that would go well
    Restore {
        #[command(flatten)]
        args: backup::RestoreArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Figures over what is stored
    Report {
        #[command(flatten)]
        args: report::ReportArgs,
        #[command(flatten)]
        flags: Box<ConfigFlags>,
    },
    /// Print every setting with its unit and default
    Config(Box<config::ConfigArgs>),
}

/// Carries out what the command line asks.
#[must_use]
pub fn run() -> ExitCode {
    match carry_out(Program::parse().command) {
        Ok(code) => code,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match command {
        Command::Serve(args) => {
            drop(out);
            runtime()?.block_on(serve::run(*args))?;
        }
        Command::Demo(args) => {
            drop(out);
            runtime()?.block_on(demo::run(*args))?;
        }
        Command::Simulate(args) => {
            let loaded = load_folder(&args.rules)?;
            drop(out);
            simulate::run(&args, loaded.rules)?;
        }
        Command::Rules(args) => return rules::run(&args, &mut out),
        Command::User { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(user::run(args, &config, &mut io::stdin().lock(), &mut out))?;
        }
        Command::Key { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(key::run(args, &config, &mut out))?;
        }
        Command::Import { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(import::run(args, &config, &mut out))?;
        }
        Command::Campaign { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(campaign::run(args, &config, &mut out))?;
        }
        Command::List { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(list::run(args, &config, &mut out))?;
        }
        Command::DoNotCall { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(do_not_call::run(args, &config, &mut out))?;
        }
        Command::Export { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(export::run(args, &config, &mut out))?;
        }
        Command::Why { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(why::run(args, &config, &mut out))?;
        }
        Command::Audit { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(audit::run(args, &config, &mut out))?;
        }
        Command::Privacy { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(privacy::run(args, &config, &mut out))?;
        }
        Command::Retention { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(retention::run(args, &config, &mut out))?;
        }
        Command::Backup { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(backup::take(args, &config, &mut out))?;
        }
        Command::Restore { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(backup::restore(args, &config, &mut out))?;
        }
        Command::Report { args, flags } => {
            let config = Config::load(&flags)?;
            runtime()?.block_on(report::run(args, &config, &mut out))?;
        }
        Command::Config(args) => config::run(&args, &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
