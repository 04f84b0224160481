//! Every key on one page: its name, what it may be, what it is for. Holds no default.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::settings::{Config, Database, LogFormat};
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::phone::{PhoneNumber, Region};
use crate::customers::redaction::Sight;
use crate::routing::time::Timestamp;

/// Where a setting's value is, in the settings of the whole or of one switch.
pub(super) type At<Of, T> = fn(&mut Of) -> &mut T;

/// One setting.
pub(super) struct Setting<Of: 'static = Config> {
    /// As in the file, the section before the dot. Ends with the unit, if there is one.
    pub key: &'static str,
    pub about: &'static str,
    pub kind: Kind<Of>,
}

/// What a setting may be.
pub(super) enum Kind<Of: 'static = Config> {
    Site(At<Of, String>),
    Level(At<Of, String>),
    Path(At<Of, PathBuf>),
    Database(At<Of, Database>),
    /// None: the same as another.
    OwnDatabase(At<Of, Option<Database>>),
    Address(At<Of, SocketAddr>),
    Switch(At<Of, bool>),
    Origins(At<Of, Vec<String>>),
    LogFormat(At<Of, LogFormat>),
    Milliseconds(At<Of, Duration>, RangeInclusive<u64>),
    Bytes(At<Of, usize>, RangeInclusive<u64>),
    Count(At<Of, usize>, RangeInclusive<u64>, &'static str),
    Events(At<Of, u64>, RangeInclusive<u64>),
    /// None: forever.
    EventsKept(At<Of, Option<u64>>, RangeInclusive<u64>),
    PerSecond(At<Of, u32>, RangeInclusive<u64>, &'static str),
    Burst(At<Of, u32>, RangeInclusive<u64>),
    Times(At<Of, u32>, RangeInclusive<u64>),
    Instant(At<Of, Option<Timestamp>>),
    Region(At<Of, Option<Region>>),
    /// What somebody does not see of a customer.
    Hidden(At<Of, Sight>),
    /// The centre's own fields of a customer.
    Fields(At<Of, FieldDeclarations>),
    /// Whole days; None: forever.
    DaysKept(At<Of, Option<u32>>, RangeInclusive<u64>),
    /// A short name that others chose: of an attribute, of a system.
    Name(At<Of, String>),
    /// None: there is none.
    OwnName(At<Of, Option<String>>),
    /// None: no limit.
    OwnCount(At<Of, Option<u32>>, RangeInclusive<u64>, &'static str),
    /// None: nothing was given.
    Secret(At<Of, Option<SecretString>>),
    /// None: nothing was given.
    OwnPath(At<Of, Option<PathBuf>>),
    /// Of an Asterisk's REST interface.
    AriUrl(At<Of, String>),
    /// How a switch dials an outside number.
    Dialled(At<Of, String>),
    /// None: there is none.
    Number(At<Of, Option<PhoneNumber>>),
}

pub(super) const fn setting<Of>(key: &'static str, kind: Kind<Of>, about: &'static str) -> Setting<Of> {
    Setting { key, about, kind }
}

pub(super) const SECOND: u64 = 1_000;
pub(super) const HOUR: u64 = 3_600 * SECOND;
/// A century.
const DAYS_MAX: u64 = 36_500;
const EVENTS_KEPT_MAX: u64 = 1_000_000_000_000;
/// No cap and no lock of a pack looks back further.
const ATTEMPTS_DAYS_MIN: u64 = 366;
const KIB: u64 = 1_024;
const MIB: u64 = 1_024 * KIB;
const GIB: u64 = 1_024 * MIB;

/// In the order of the reference: what has no section first.
pub(super) const SETTINGS: &[Setting] = &[
    setting("site", Kind::Site(|c| &mut c.site), "The name of the contact centre; ids on the wire begin with it."),
    setting(
        "data_directory",
        Kind::Path(|c| &mut c.data_directory),
        "The folder of all that the server writes; made when it is not there.",
    ),
    setting(
        "database",
        Kind::Database(|c| &mut c.database),
        "\"sqlite\": journal.db and usher.db in the data directory; or the URL of a PostgreSQL database for both.",
    ),
    setting("rules_directory", Kind::Path(|c| &mut c.rules_directory), "The folder of the rule files."),
    setting(
        "listen.address",
        Kind::Address(|c| &mut c.listen.address),
        "Where consoles, gateways and pages come in. Port 0: any free one.",
    ),
    setting(
        "listen.administration_address",
        Kind::Address(|c| &mut c.listen.administration_address),
        "Where /metrics and the health checks answer. Not for the outside.",
    ),
    setting(
        "listen.plain_text_allowed",
        Kind::Switch(|c| &mut c.listen.plain_text_allowed),
        "Whether to listen beyond this machine without TLS, because something in front ends it.",
    ),
    setting(
        "listen.allowed_origins",
        Kind::Origins(|c| &mut c.listen.allowed_origins),
        "The origins whose pages may speak to the server. None: its own pages at `listen.address`.",
    ),
    setting(
        "listen.connections_max",
        Kind::Count(|c| &mut c.listen.connections_max, 1..=1_000_000, "connections"),
        "Open connections; each is a file descriptor.",
    ),
    setting(
        "listen.header_read_ms",
        Kind::Milliseconds(|c| &mut c.listen.header_read, 100..=60 * SECOND),
        "How long a request's headers may take to come.",
    ),
    setting(
        "listen.request_ms",
        Kind::Milliseconds(|c| &mut c.listen.request, 100..=300 * SECOND),
        "How long one request may take, its body included, or each piece of a file; a socket is none once it is open.",
    ),
    setting(
        "listen.body_bytes_max",
        Kind::Bytes(|c| &mut c.listen.body_bytes_max, KIB..=64 * MIB),
        "Largest body of a request.",
    ),
    setting(
        "listen.import_file_bytes_max",
        Kind::Bytes(|c| &mut c.listen.import_file_bytes_max, MIB..=1_024 * GIB),
        "Largest file that is sent to be imported; up to 32 of them wait in the data directory, for a day.",
    ),
    setting("log.format", Kind::LogFormat(|c| &mut c.log.format), "\"text\" for people, \"json\" for programs."),
    setting(
        "log.level",
        Kind::Level(|c| &mut c.log.level),
        "error, warn, info, debug or trace; for parts of the server: \"info,usher::sessions=debug\".",
    ),
    setting(
        "session.open_within_ms",
        Kind::Milliseconds(|c| &mut c.session.open_within, 100..=60 * SECOND),
        "How long a socket may take to say `session.open`.",
    ),
    setting(
        "session.unopened_max",
        Kind::Count(|c| &mut c.session.unopened_max, 1..=100_000, "sockets"),
        "Sockets that have not said `session.open` yet.",
    ),
    setting(
        "session.first_message_bytes_max",
        Kind::Bytes(|c| &mut c.session.first_message_bytes_max, KIB..=64 * KIB),
        "Largest first message: nobody knows yet who sends it.",
    ),
    setting(
        "session.message_bytes_max",
        Kind::Bytes(|c| &mut c.session.message_bytes_max, KIB..=MIB),
        "Largest message of an agent or a supervisor.",
    ),
    setting(
        "session.gateway_message_bytes_max",
        Kind::Bytes(|c| &mut c.session.gateway_message_bytes_max, KIB..=16 * MIB),
        "Largest message of a gateway; an inventory page is the largest there is.",
    ),
    setting(
        "session.agent_messages_per_second",
        Kind::PerSecond(|c| &mut c.session.agent_messages_per_second, 1..=10_000, "messages"),
        "What an agent's console may send on and on.",
    ),
    setting(
        "session.agent_messages_burst",
        Kind::Burst(|c| &mut c.session.agent_messages_burst, 1..=10_000),
        "Messages that an agent's console may send at once.",
    ),
    setting(
        "session.supervisor_messages_per_second",
        Kind::PerSecond(|c| &mut c.session.supervisor_messages_per_second, 1..=10_000, "messages"),
        "What a supervisor's console may send.",
    ),
    setting(
        "session.gateway_messages_per_second",
        Kind::PerSecond(|c| &mut c.session.gateway_messages_per_second, 1..=1_000_000, "messages"),
        "What a gateway may send.",
    ),
    setting(
        "session.handshakes_per_second",
        Kind::PerSecond(|c| &mut c.session.handshakes_per_second, 1..=100_000, "handshakes"),
        "Sockets that may be opened, from everywhere together.",
    ),
    setting(
        "session.stranger_handshakes_per_second",
        Kind::PerSecond(|c| &mut c.session.stranger_handshakes_per_second, 1..=100_000, "handshakes"),
        "Sockets that one address (IPv6: a /64 network) may open without a good ticket, token or key.",
    ),
    setting(
        "session.heartbeat_ms",
        Kind::Milliseconds(|c| &mut c.session.heartbeat, 500..=60 * SECOND),
        "How often each socket is pinged; two missed close it.",
    ),
    setting(
        "session.replay_events_max",
        Kind::Count(|c| &mut c.session.replay_events_max, 1..=1_000_000, "events"),
        "What is kept for an agent's console that comes back; gateways and dashboards get a snapshot instead.",
    ),
    setting(
        "session.replay_bytes_max",
        Kind::Bytes(|c| &mut c.session.replay_bytes_max, KIB..=64 * MIB),
        "The same in bytes; whichever is reached first.",
    ),
    setting(
        "session.replay_kept_ms",
        Kind::Milliseconds(|c| &mut c.session.replay_kept, SECOND..=HOUR),
        "How long after its socket died a session can be resumed.",
    ),
    setting(
        "access.failed_per_account_max",
        Kind::Count(|c| &mut c.access.failed_per_account_max, 1..=1_000, "failed log-ins a minute"),
        "After so many a name is refused until the first is a minute old.",
    ),
    setting(
        "access.failed_per_address_max",
        Kind::Count(|c| &mut c.access.failed_per_address_max, 1..=10_000, "failed log-ins a minute"),
        "After so many an address (IPv6: a /64 network) is refused until the first is a minute old.",
    ),
    setting(
        "access.log_in_life_ms",
        Kind::Milliseconds(|c| &mut c.access.log_in_life, SECOND..=7 * 24 * HOUR),
        "How long a log-in counts, whatever happens; then its sockets are closed.",
    ),
    setting(
        "access.ticket_life_ms",
        Kind::Milliseconds(|c| &mut c.access.ticket_life, SECOND..=300 * SECOND),
        "How long a ticket for one socket is good.",
    ),
    setting(
        "customers.home_region",
        Kind::Region(|c| &mut c.customers.home_region),
        "The country whose national numbers are understood; \"none\": only those with their country's code are.",
    ),
    setting(
        "customers.external_id_attribute",
        Kind::Name(|c| &mut c.customers.external_id_attribute),
        "The attribute in which a gateway says who the customer is in another system: system:id, or the id alone.",
    ),
    setting(
        "customers.external_system",
        Kind::Name(|c| &mut c.customers.external_system),
        "The system of an id that comes alone, and of the digits a caller types.",
    ),
    setting(
        "customers.digits_attribute",
        Kind::Name(|c| &mut c.customers.digits_attribute),
        "The attribute with the digits that a caller typed: his number in that system, or a phone number of his.",
    ),
    setting(
        "customers.look_up_within_ms",
        Kind::Milliseconds(|c| &mut c.customers.look_up_within, 0..=SECOND),
        "How long a new contact waits for its customer; what is found later is told later.",
    ),
    setting(
        "customers.late_look_ups_max",
        Kind::Count(|c| &mut c.customers.late_look_ups_max, 1..=100_000, "look-ups"),
        "Look-ups under way at once; further contacts stay without their customer until somebody asks.",
    ),
    setting(
        "customers.card_within_ms",
        Kind::Milliseconds(|c| &mut c.customers.card_within, 0..=10 * SECOND),
        "After so long an agent is told that the history is not available yet; it follows.",
    ),
    setting(
        "customers.cache_life_ms",
        Kind::Milliseconds(|c| &mut c.customers.cache_life, 0..=HOUR),
        "How long what was found is used again. A change made here is seen at once.",
    ),
    setting(
        "customers.fields",
        Kind::Fields(|c| &mut c.customers.fields),
        "The centre's own fields, in the order in which they are shown; longer ones as [[customers.fields]] at the end of \
         the file. None: any name and any plain value are taken.",
    ),
    setting(
        "privacy.hidden_from_agents",
        Kind::Hidden(|c| &mut c.privacy.hidden_from_agents),
        "What agents do not see of a customer: a number keeps its last two digits, a mail address its host.",
    ),
    setting(
        "privacy.hidden_from_supervisors",
        Kind::Hidden(|c| &mut c.privacy.hidden_from_supervisors),
        "What supervisors do not see. Nobody can search for what is hidden from him, nor change it.",
    ),
    setting(
        "privacy.hidden_from_campaign_managers",
        Kind::Hidden(|c| &mut c.privacy.hidden_from_campaign_managers),
        "What campaign managers do not see. Who has several roles sees what one of them sees.",
    ),
    setting(
        "privacy.hidden_from_admins",
        Kind::Hidden(|c| &mut c.privacy.hidden_from_admins),
        "What administrators do not see.",
    ),
    setting(
        "privacy.hidden_from_host_systems",
        Kind::Hidden(|c| &mut c.privacy.hidden_from_host_systems),
        "What host systems (role crm) do not see.",
    ),
    setting(
        "retention.contact_detail_days",
        Kind::DaysKept(|c| &mut c.retention.contact_detail_days, 1..=DAYS_MAX),
        "How long a contact that is over says whose it was: address, notes, messages, references. Its counts stay.",
    ),
    setting(
        "retention.closed_work_days",
        Kind::DaysKept(|c| &mut c.retention.closed_work_days, 1..=DAYS_MAX),
        "How long closed work is kept, with its notes.",
    ),
    setting(
        "retention.change_history_days",
        Kind::DaysKept(|c| &mut c.retention.change_history_days, 1..=DAYS_MAX),
        "How long it is kept what was changed of customers and work, by whom.",
    ),
    setting(
        "retention.audit_days",
        Kind::DaysKept(|c| &mut c.retention.audit_days, 1..=DAYS_MAX),
        "How long it is kept who looked at and changed what.",
    ),
    setting(
        "retention.expired_leads_days",
        Kind::DaysKept(|c| &mut c.retention.expired_leads_days, 1..=DAYS_MAX),
        "How long leads are kept after their call list expired.",
    ),
    setting(
        "retention.expired_do_not_call_days",
        Kind::DaysKept(|c| &mut c.retention.expired_do_not_call_days, 1..=DAYS_MAX),
        "How long do-not-call entries are kept after they expired. They stop nobody.",
    ),
    setting(
        "retention.attempts_days",
        Kind::DaysKept(|c| &mut c.retention.attempts_days, ATTEMPTS_DAYS_MIN..=DAYS_MAX),
        "How long every call of a campaign is kept, with its number: caps count on it, and regulators ask for it.",
    ),
    setting(
        "journal.database",
        Kind::OwnDatabase(|c| &mut c.journal.database),
        "\"same\": where everything else is; \"sqlite\": journal.db in the data directory; or the URL of a PostgreSQL \
         database of its own. Calls go on while the other one is stopped; the journal's own is never done without.",
    ),
    setting(
        "journal.snapshot_every_events",
        Kind::Events(|c| &mut c.journal.snapshot_every_events, 1_000..=100_000_000),
        "How many events at most are folded at a start.",
    ),
    setting(
        "journal.keep_events",
        Kind::EventsKept(|c| &mut c.journal.keep_events, 1_000..=EVENTS_KEPT_MAX),
        "How many events at least are kept. Older ones are dropped once they are in the history and snapshots come after \
         them; a contact has about fourteen, of 250 bytes each.",
    ),
    setting(
        "clock.speed",
        Kind::Times(|c| &mut c.clock.speed, 1..=10_000),
        "How many times as fast as the wall's the centre's clock runs. For the demo; with calls of real people, 1.",
    ),
    setting(
        "clock.starts_at",
        Kind::Instant(|c| &mut c.clock.starts_at),
        "When the centre's clock starts if nothing has happened yet. For the demo; with calls of real people, \"now\".",
    ),
];

impl<Of> Setting<Of> {
    /// `USHER_SESSION_HEARTBEAT_MS`.
    pub(super) fn variable(&self) -> String {
        format!("USHER_{}", self.key.replace('.', "_").to_uppercase())
    }

    /// `session-heartbeat-ms`, after two dashes.
    pub(super) fn flag(&self) -> String {
        self.key.replace(['.', '_'], "-")
    }
}
