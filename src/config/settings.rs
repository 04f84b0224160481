//! The settings as the server uses them, and their defaults. Reads nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::asterisk::AsteriskSettings;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::phone::Region;
use crate::customers::redaction::{Hidable, Sight};
use crate::routing::time::Timestamp;

/// What each setting means stands in the reference ([`Config::reference`]).
#[derive(Clone, Debug)]
pub struct Config {
    pub site: String,
    pub data_directory: PathBuf,
    pub database: Database,
    pub rules_directory: PathBuf,
    pub listen: ListenSettings,
    pub log: LogSettings,
    pub session: SessionSettings,
    pub access: AccessSettings,
    pub customers: CustomerSettings,
    pub privacy: PrivacySettings,
    pub retention: RetentionSettings,
    pub journal: JournalSettings,
    pub clock: ClockSettings,
    /// By the name of the gateway that each is.
    pub asterisk: BTreeMap<String, AsteriskSettings>,
}

/// Where everything is kept. A URL may hold a password, so it prints redacted.
#[derive(Clone, Debug)]
pub enum Database {
    /// `journal.db` and `usher.db` in the data directory.
    Sqlite,
    Postgres(SecretString),
}

#[derive(Clone, Debug)]
pub struct ListenSettings {
    pub address: SocketAddr,
    pub administration_address: SocketAddr,
    pub plain_text_allowed: bool,
    pub allowed_origins: Vec<String>,
    pub connections_max: usize,
    pub header_read: Duration,
    pub request: Duration,
    pub body_bytes_max: usize,
    pub import_file_bytes_max: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Clone, Debug)]
pub struct LogSettings {
    pub format: LogFormat,
    /// A level, or several for parts: `info,usher::sessions=debug`.
    pub level: String,
}

#[derive(Clone, Debug)]
pub struct SessionSettings {
    pub open_within: Duration,
    pub unopened_max: usize,
    pub first_message_bytes_max: usize,
    pub message_bytes_max: usize,
    pub gateway_message_bytes_max: usize,
    pub agent_messages_per_second: u32,
    pub agent_messages_burst: u32,
    pub supervisor_messages_per_second: u32,
    pub gateway_messages_per_second: u32,
    pub handshakes_per_second: u32,
    pub stranger_handshakes_per_second: u32,
    pub heartbeat: Duration,
    pub replay_events_max: usize,
    pub replay_bytes_max: usize,
    pub replay_kept: Duration,
}

#[derive(Clone, Debug)]
pub struct AccessSettings {
    pub failed_per_account_max: usize,
    pub failed_per_address_max: usize,
    pub log_in_life: Duration,
    pub ticket_life: Duration,
}

#[derive(Clone, Debug)]
pub struct CustomerSettings {
    /// None: every number is taken as an international one.
    pub home_region: Option<Region>,
    pub external_id_attribute: String,
    pub external_system: String,
    pub digits_attribute: String,
    pub look_up_within: Duration,
    pub late_look_ups_max: usize,
    pub card_within: Duration,
    pub cache_life: Duration,
    pub fields: FieldDeclarations,
}

#[derive(Clone, Debug)]
pub struct PrivacySettings {
    pub hidden_from_agents: Sight,
    pub hidden_from_supervisors: Sight,
    pub hidden_from_campaign_managers: Sight,
    pub hidden_from_admins: Sight,
    pub hidden_from_host_systems: Sight,
}

/// Whole days; None: for ever.
#[derive(Clone, Copy, Debug)]
pub struct RetentionSettings {
    pub contact_detail_days: Option<u32>,
    pub closed_work_days: Option<u32>,
    pub change_history_days: Option<u32>,
    pub audit_days: Option<u32>,
    pub expired_leads_days: Option<u32>,
    pub expired_do_not_call_days: Option<u32>,
    pub attempts_days: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct JournalSettings {
    /// None: where everything else is.
    pub database: Option<Database>,
    pub snapshot_every_events: u64,
    /// None: all.
    pub keep_events: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct ClockSettings {
    pub speed: u32,
    /// None: the wall's time.
    pub starts_at: Option<Timestamp>,
}

const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

impl Config {
    /// Where the journal is kept.
    #[must_use]
    pub fn journal_database(&self) -> &Database {
        self.journal.database.as_ref().unwrap_or(&self.database)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            site: "usher".to_owned(),
            data_directory: "usher-data".into(),
            database: Database::Sqlite,
            rules_directory: "routing-rules".into(),
            listen: ListenSettings::default(),
            log: LogSettings { format: LogFormat::Text, level: "info".to_owned() },
            session: SessionSettings::default(),
            access: AccessSettings::default(),
            customers: CustomerSettings::default(),
            privacy: PrivacySettings::default(),
            retention: RetentionSettings::default(),
            journal: JournalSettings { database: None, snapshot_every_events: 100_000, keep_events: None },
            clock: ClockSettings { speed: 1, starts_at: None },
            asterisk: BTreeMap::new(),
        }
    }
}

impl Default for ListenSettings {
    fn default() -> ListenSettings {
        ListenSettings {
            address: loopback(7700),
            administration_address: loopback(7701),
            plain_text_allowed: false,
            allowed_origins: Vec::new(),
            connections_max: 15_000,
            header_read: Duration::from_secs(5),
            request: Duration::from_secs(10),
            body_bytes_max: MIB,
            import_file_bytes_max: 1_024 * MIB,
        }
    }
}

impl Default for SessionSettings {
    fn default() -> SessionSettings {
        SessionSettings {
            open_within: Duration::from_secs(5),
            unopened_max: 1_000,
            first_message_bytes_max: 4 * KIB,
            message_bytes_max: 64 * KIB,
            gateway_message_bytes_max: 256 * KIB,
            agent_messages_per_second: 20,
            agent_messages_burst: 40,
            supervisor_messages_per_second: 50,
            gateway_messages_per_second: 2_000,
            handshakes_per_second: 2_000,
            stranger_handshakes_per_second: 50,
            heartbeat: Duration::from_secs(10),
            replay_events_max: 1_024,
            replay_bytes_max: 256 * KIB,
            replay_kept: Duration::from_secs(60),
        }
    }
}

impl Default for CustomerSettings {
    fn default() -> CustomerSettings {
        CustomerSettings {
            home_region: None,
            external_id_attribute: "external_id".to_owned(),
            external_system: "crm".to_owned(),
            digits_attribute: "digits".to_owned(),
            look_up_within: Duration::from_millis(50),
            late_look_ups_max: 256,
            card_within: Duration::from_millis(300),
            cache_life: Duration::from_secs(60),
            fields: FieldDeclarations::default(),
        }
    }
}

impl Default for PrivacySettings {
    fn default() -> PrivacySettings {
        PrivacySettings {
            // They call the customer.
            hidden_from_agents: Sight::of_everything(),
            // They watch, and call nobody.
            hidden_from_supervisors: Sight::without([
                Hidable::Phone,
                Hidable::Email,
                Hidable::Handle,
                Hidable::ExternalId,
            ]),
            // They work with counts.
            hidden_from_campaign_managers: Sight::of_nothing(),
            hidden_from_admins: Sight::of_everything(),
            hidden_from_host_systems: Sight::of_everything(),
        }
    }
}

impl Default for RetentionSettings {
    fn default() -> RetentionSettings {
        RetentionSettings {
            // 13 months: last year's season can be looked at beside this one's.
            contact_detail_days: Some(396),
            // 3 years: complaints are brought as late as that.
            closed_work_days: Some(1_096),
            change_history_days: Some(1_096),
            // 7 years.
            audit_days: Some(2_557),
            // 13 months: complaints about calls come as late as a year.
            expired_leads_days: Some(396),
            expired_do_not_call_days: Some(396),
            // 5 years: what the United States ask for, 16 CFR 310.5.
            attempts_days: Some(1_827),
        }
    }
}

impl PrivacySettings {
    /// Fields that are declared as not personal are hidden by their own name alone.
    pub(super) fn tell_not_personal(&mut self, fields: &FieldDeclarations) {
        for sight in [
            &mut self.hidden_from_agents,
            &mut self.hidden_from_supervisors,
            &mut self.hidden_from_campaign_managers,
            &mut self.hidden_from_admins,
            &mut self.hidden_from_host_systems,
        ] {
            *sight = std::mem::take(sight).where_not_personal(fields.not_personal());
        }
    }
}

impl Default for AccessSettings {
    fn default() -> AccessSettings {
        AccessSettings {
            failed_per_account_max: 5,
            failed_per_address_max: 20,
            log_in_life: Duration::from_hours(12),
            ticket_life: Duration::from_secs(30),
        }
    }
}
