//! The file of all settings with their defaults: the reference, and what an operator begins with.

use super::asterisk::{AsteriskSettings, EXAMPLE, SECTION, SWITCH_SETTINGS, SWITCHES_MAX};
use super::keys::{Kind, SETTINGS, Setting};
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
            text.push_str(&explained(setting));
            text.push_str(&format!("{name} = {}\n", setting.kind.show(&mut config)));
        }
        text.push_str(&format!(
            "\n# Each Asterisk that the server drives itself has a table, at most {SWITCHES_MAX}; its name is the name of its gateway,\n\
             # of letters a to z, digits and dashes. The environment goes over it (USHER_ASTERISK_{}_PASSWORD).\n",
            EXAMPLE.to_uppercase()
        ));
        if config.asterisk.is_empty() {
            text.push_str(&switch_text("#", EXAMPLE, &mut AsteriskSettings::default()));
        }
        for (name, switch) in &mut config.asterisk {
            text.push_str(&switch_text("", name, switch));
        }
        text
    }
}

fn explained<Of>(setting: &Setting<Of>) -> String {
    let mut text = format!("# {}\n", setting.about);
    if !is_told_by_about(&setting.kind) {
        text.push_str(&format!("# Expected: {}.\n", setting.kind.expected()));
    }
    text
}

/// `before`: each line that is no explanation.
fn switch_text(before: &str, name: &str, switch: &mut AsteriskSettings) -> String {
    let mut text = format!("{before}[{SECTION}.{name}]\n");
    for setting in SWITCH_SETTINGS {
        text.push_str(&explained(setting));
        text.push_str(&format!("{before}{} = {}\n", setting.key, setting.kind.show(switch)));
    }
    text
}

/// Where the sentence about it says already what it may be.
fn is_told_by_about<Of>(kind: &Kind<Of>) -> bool {
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
        | Kind::EventsKept(..)
        | Kind::Name(_)
        | Kind::OwnName(_)
        | Kind::OwnCount(..)
        | Kind::Secret(_)
        | Kind::OwnPath(_)
        | Kind::AriUrl(_)
        | Kind::Dialled(_)
        | Kind::Number(_) => false,
    }
}
