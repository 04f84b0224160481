//! What is said of an import on the command line. Carries nothing out.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::customers::import_matching::IfKnown;
use crate::customers::phone::Region;
use crate::outbound::lead::SourceText;
use crate::routing::ids::{CallListName, PersonId};

use super::do_not_call::{ScopeArgs, source_of};

#[derive(Args, Debug)]
pub struct ImportArgs {
    #[command(subcommand)]
    pub command: ImportCommand,
}

#[derive(Subcommand, Debug)]
pub enum ImportCommand {
    /// Take customers over from a CSV file in UTF-8 or a workbook (XLSX), or go on with an import that was interrupted
    Customers(Box<CustomersArgs>),
    /// Take over what happened with customers that are known, or go on with an import that was interrupted
    Interactions(Box<InteractionsArgs>),
    /// Take leads over into a call list, or go on with an import that was interrupted
    Leads(Box<LeadsArgs>),
    /// Take numbers that nobody calls over, or go on with an import that was interrupted
    DoNotCall(Box<DoNotCallListArgs>),
    /// Show what was imported
    List,
    /// Remove what an import added and nobody used since
    Undo {
        import: i64,
        /// Who does it, for the history
        #[arg(long, value_name = "NAME", default_value = "import", value_parser = PersonId::new)]
        by: PersonId,
    },
}

/// What is said of every file.
#[derive(Args, Debug)]
pub struct FileArgs {
    pub file: PathBuf,
    /// What each column is (TOML); without it a mapping is guessed by the headings and shown
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Take the mapping as it is guessed
    #[arg(long, conflicts_with = "mapping")]
    pub accept_guess: bool,
    /// The country of numbers without one, such as FR [default: the mapping's home]
    #[arg(long, value_name = "COUNTRY", value_parser = Region::new)]
    pub home_region: Option<Region>,
    /// The sheet of a workbook [default: the first]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Only say what would come of it
    #[arg(long)]
    pub dry_run: bool,
    /// Keep refused rows in this file, with number, column and reason
    #[arg(long, value_name = "FILE.csv")]
    pub errors: Option<PathBuf>,
    /// Import a file that was imported before
    #[arg(long)]
    pub again: bool,
    /// Who does it, for the history
    #[arg(long, value_name = "NAME", default_value = "import", value_parser = PersonId::new)]
    pub by: PersonId,
}

#[derive(Args, Debug)]
pub struct CustomersArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// The centre's own fields (TOML), when the settings declare none
    #[arg(long, value_name = "FILE.toml")]
    pub fields: Option<PathBuf>,
    /// What becomes of a row whose address or external id a customer has: skip, update or add
    #[arg(long, value_name = "WHAT", default_value_t = IfKnown::Skip)]
    pub if_known: IfKnown,
}

#[derive(Args, Debug)]
pub struct InteractionsArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// The zone of times without an offset, such as Europe/Paris [default: the mapping's zone]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

#[derive(Args, Debug)]
pub struct LeadsArgs {
    /// The call list, by name
    #[arg(value_parser = CallListName::new)]
    pub list: CallListName,
    #[command(flatten)]
    pub file: FileArgs,
    /// The zone of times without an offset, such as Europe/Paris [default: the mapping's zone]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

#[derive(Args, Debug)]
pub struct DoNotCallListArgs {
    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Who keeps the list: "national list, October"
    #[arg(long, value_name = "TEXT", value_parser = source_of)]
    pub source: Option<SourceText>,
    /// The zone of times without an offset, such as Europe/Paris [default: the mapping's zone]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}
