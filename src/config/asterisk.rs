//! The switches that the server drives itself, a table each: `[asterisk.NAME]`. Reads nothing.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::keys::{HOUR, Kind, SECOND, Setting, setting};
use super::report::ConfigProblem;
use crate::customers::phone::PhoneNumber;

/// The section that holds the tables.
pub(super) const SECTION: &str = "asterisk";
/// Switches of one server.
pub(super) const SWITCHES_MAX: usize = 32;
/// The name of the table that the reference shows.
pub(super) const EXAMPLE: &str = "main";

/// One Asterisk. What each setting means stands in the reference.
#[derive(Clone, Debug)]
pub struct AsteriskSettings {
    pub url: String,
    pub user: String,
    pub password: Option<SecretString>,
    pub password_file: Option<PathBuf>,
    pub application: String,
    pub trunk: String,
    pub caller_id: Option<PhoneNumber>,
    pub music_class: String,
    /// Zero: never.
    pub announce_every: Duration,
    pub fallback_after: Duration,
    pub fallback_context: String,
    pub voicemail_context: String,
    pub machine_detection_context: Option<String>,
    pub calls_max: Option<u32>,
    pub calls_per_second_max: Option<u32>,
    pub kept_for_inbound: usize,
    pub recording_format: String,
}

impl Default for AsteriskSettings {
    fn default() -> AsteriskSettings {
        AsteriskSettings {
            url: "http://127.0.0.1:8088/ari".to_owned(),
            user: "usher".to_owned(),
            password: None,
            password_file: None,
            application: "usher".to_owned(),
            trunk: "PJSIP/{number}@trunk".to_owned(),
            caller_id: None,
            music_class: "default".to_owned(),
            announce_every: Duration::ZERO,
            fallback_after: Duration::from_secs(2),
            fallback_context: "usher-fallback".to_owned(),
            voicemail_context: "usher-voicemail".to_owned(),
            machine_detection_context: None,
            calls_max: None,
            calls_per_second_max: None,
            kept_for_inbound: 0,
            recording_format: "wav".to_owned(),
        }
    }
}

/// In the order of the reference.
pub(super) const SWITCH_SETTINGS: &[Setting<AsteriskSettings>] = &[
    setting(
        "url",
        Kind::AriUrl(|switch| &mut switch.url),
        "Where the switch's REST interface (ARI) answers. What is said there is not encrypted: this machine, or a network of \
         your own.",
    ),
    setting(
        "user",
        Kind::Name(|switch| &mut switch.user),
        "Who the server is there: a section of the switch's ari.conf.",
    ),
    setting(
        "password",
        Kind::Secret(|switch| &mut switch.password),
        "The password of that user; better in the environment or in `password_file`.",
    ),
    setting(
        "password_file",
        Kind::OwnPath(|switch| &mut switch.password_file),
        "A file whose first line is the password, instead of `password`.",
    ),
    setting(
        "application",
        Kind::Name(|switch| &mut switch.application),
        "The application under which the dialplan hands calls over: Stasis(usher,…).",
    ),
    setting(
        "trunk",
        Kind::Dialled(|switch| &mut switch.trunk),
        "How an outside number is dialled: {number} is +33142685300, {digits} the same without its plus.",
    ),
    setting(
        "caller_id",
        Kind::Number(|switch| &mut switch.caller_id),
        "The number that customers are shown when neither campaign nor queue names one.",
    ),
    setting(
        "music_class",
        Kind::Name(|switch| &mut switch.music_class),
        "What callers hear while they wait: a class of the switch's musiconhold.conf.",
    ),
    setting(
        "announce_every_ms",
        Kind::Milliseconds(|switch| &mut switch.announce_every, 0..=HOUR),
        "How often a waiting caller is told his place and how long it may take; 0: never.",
    ),
    setting(
        "fallback_after_ms",
        Kind::Milliseconds(|switch| &mut switch.fallback_after, 100..=60 * SECOND),
        "How long a call that comes in waits for the server to take it; then it goes to `fallback_context`.",
    ),
    setting(
        "fallback_context",
        Kind::Name(|switch| &mut switch.fallback_context),
        "The dialplan's context for calls that nobody takes.",
    ),
    setting(
        "voicemail_context",
        Kind::Name(|switch| &mut switch.voicemail_context),
        "The dialplan's context for callers who leave a message; the mailbox is the extension.",
    ),
    setting(
        "machine_detection_context",
        Kind::OwnName(|switch| &mut switch.machine_detection_context),
        "The dialplan's context that listens whether a machine has answered, on calls that the server places.",
    ),
    setting(
        "calls_max",
        Kind::OwnCount(|switch| &mut switch.calls_max, 1..=100_000, "calls"),
        "Calls that the switch carries at once; beyond them the server places none.",
    ),
    setting(
        "calls_per_second_max",
        Kind::OwnCount(|switch| &mut switch.calls_per_second_max, 1..=10_000, "calls a second"),
        "Calls that the server places.",
    ),
    setting(
        "kept_for_inbound",
        Kind::Count(|switch| &mut switch.kept_for_inbound, 0..=100_000, "calls"),
        "Of `calls_max`, those that only customers may begin.",
    ),
    setting(
        "recording_format",
        Kind::Name(|switch| &mut switch.recording_format),
        "What recordings are written as: a format that the switch has loaded.",
    ),
];

/// `asterisk.main.url`.
pub(super) fn full_key(name: &str, setting: &Setting<AsteriskSettings>) -> String {
    format!("{SECTION}.{name}.{}", setting.key)
}

/// `USHER_ASTERISK_MAIN_URL`.
pub(super) fn variable(name: &str, setting: &Setting<AsteriskSettings>) -> String {
    format!("USHER_{}", full_key(name, setting).replace(['.', '-'], "_").to_uppercase())
}

impl AsteriskSettings {
    /// What is good by itself and cannot be together.
    pub(super) fn contradictions(&self, name: &str) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        let mut problem = |key: &str, message: &str, expected: &str| {
            let key = format!("{SECTION}.{name}.{key}");
            let message = format!("{key} {message}");
            let (source, expected) = ("settings".to_owned(), expected.to_owned());
            problems.push(ConfigProblem { source, key, message, expected, mark: None });
        };
        match (&self.password, &self.password_file) {
            (None, None) => problem("password", "is not given", "the password of ari.conf, or a password_file"),
            (Some(_), Some(_)) => problem("password_file", "is given beside a password", "one of the two"),
            (Some(_), None) | (None, Some(_)) => {}
        }
        if self.kept_for_inbound > 0 && self.calls_max.is_none_or(|most| self.kept_for_inbound > most as usize) {
            problem("kept_for_inbound", "is more than calls_max", "at most as many as calls_max");
        }
        problems
    }
}
