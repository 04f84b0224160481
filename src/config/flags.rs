//! The settings as flags of the command line: one a key, made from the list. Checks no value.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

use super::keys::{SETTINGS, Setting};

const FILE_FLAG: &str = "config";
const HEADING: &str = "Settings (usher config explains them)";

/// The arguments' names, for as long as the process lives.
static FLAGS: LazyLock<Vec<String>> = LazyLock::new(|| SETTINGS.iter().map(Setting::flag).collect());

/// What was given on the command line; `#[command(flatten)]` puts it into a command.
#[derive(Clone, Debug, Default)]
pub struct ConfigFlags {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    values: BTreeMap<&'static str, String>,
}

impl ConfigFlags {
    pub(super) fn given(&self) -> impl Iterator<Item = (&'static Setting, &str)> {
        SETTINGS.iter().filter_map(|setting| Some((setting, self.values.get(setting.key)?.as_str())))
    }
}

impl Args for ConfigFlags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(FILE_FLAG)
            .long(FILE_FLAG)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("The file of settings [default: usher.toml, if it is there]");
        let flags = SETTINGS.iter().zip(&*FLAGS).map(|(setting, flag)| {
            Arg::new(setting.key)
                .long(flag.as_str())
                .value_name("VALUE")
                .help(setting.about)
                .help_heading(HEADING)
                .hide_short_help(true)
        });
        command.arg(file).args(flags)
    }

    fn augment_args_for_update(command: Command) -> Command {
        ConfigFlags::augment_args(command)
    }
}

impl FromArgMatches for ConfigFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ConfigFlags, Error> {
        let mut flags = ConfigFlags::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        if let Some(file) = matches.get_one::<PathBuf>(FILE_FLAG) {
            self.file = Some(file.clone());
        }
        for setting in SETTINGS {
            if let Some(value) = matches.get_one::<String>(setting.key) {
                self.values.insert(setting.key, value.clone());
            }
        }
        Ok(())
    }
}
