//! The file of all settings with their defaults: the reference, and what an operator begins with.

use super::keys::{Kind, SETTINGS};
use super::settings::Config;

impl Config {
    /// A TOML file with every setting, what it is for, what it may be, and its default.
    #[must_use]
    pub fn reference() -> String {
        Config::default().to_text()
    }

    /// The same with these values; a secret is left out.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut config = self.clone();
        let mut text = String::from(
            "# Every setting of Usher. What is not given here has the default shown.\n\
             # The environment goes over this file (USHER_SESSION_HEARTBEAT_MS), flags over both (--session-heartbeat-ms).\n",
        );
        let mut section = "";
        for setting in SETTINGS {
            let (of, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
            if of != section {
                section = of;
                text.push_str(&format!("\n[{section}]\n"));
            } else if section.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!("# {}\n", setting.about));
            if !is_told_by_about(&setting.kind) {
                text.push_str(&format!("# Expected: {}.\n", setting.kind.expected()));
            }
            text.push_str(&format!("{name} = {}\n", setting.kind.show(&mut config)));
        }
        text
    }
}

/// Where the sentence about it says already what it may be.
fn is_told_by_about(kind: &Kind) -> bool {
    match kind {
        Kind::Database(_)
        | Kind::OwnDatabase(_)
        | Kind::Instant(_)
        | Kind::LogFormat(_)
        | Kind::Level(_)
        | Kind::Path(_) => true,
        Kind::Site(_)
        | Kind::Address(_)
        | Kind::Switch(_)
        | Kind::Origins(_)
        | Kind::Milliseconds(..)
        | Kind::Bytes(..)
        | Kind::Count(..)
        | Kind::Events(..)
        | Kind::PerSecond(..)
        | Kind::Burst(..)
        | Kind::Times(..)
        | Kind::Region(_)
        | Kind::Hidden(_)
        | Kind::Fields(_)
        | Kind::DaysKept(..)
        | Kind::Name(_) => false,
    }
}
