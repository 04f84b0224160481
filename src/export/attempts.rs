//! One line an attempt, placed or refused: what a regulator asks for. Chooses none but by campaign and time.

use serde::Serialize;

use crate::customers::ids::Version;
use crate::customers::phone::PhoneNumber;
use crate::outbound::campaign::Campaign;
use crate::outbound::jurisdiction::Purpose;
use crate::outbound::lead_place::{LeadFacts, LeadPlace};
use crate::outbound::limits::AttemptEnd;
use crate::outbound::region::RegionCode;
use crate::records::{AttemptPlace, AttemptToTell, Records, RecordsError};
use crate::routing::time::Timestamp;

use super::Pages;
use super::customers::moment;
use super::table::Table;

/// Attempts of one page.
const PAGE: u32 = 500;
/// Versions of a campaign read at a time.
const VERSIONS: u32 = 200;
/// On whose behalf a campaign called from some moment on, and what for.
struct CalledFor {
    since: Timestamp,
    account: Option<String>,
    purpose: Purpose,
}

/// One attempt in words. Empty is what is not known, was erased, or did not happen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AttemptLine {
    pub attempt: String,
    pub campaign: String,
    pub account: String,
    pub purpose: String,
    pub list: String,
    pub lead: String,
    pub number: String,
    pub proposed_at: String,
    pub placed_at: String,
    pub ended_at: String,
    /// When it was placed, or proposed, where the number may be: in each zone that is possible, and their names.
    pub local_time: String,
    pub zone: String,
    pub outcome: String,
    pub not_placed: String,
    pub legal_end: String,
    pub agent: String,
    pub disposition: String,
    /// Of the number, as it is known now.
    pub consent: String,
    pub consent_kind: String,
    pub consent_at: String,
    pub consent_source: String,
    pub contact: String,
}

/// The attempts of a campaign that were proposed in some time, in their order.
pub struct AttemptLines {
    records: Records,
    /// What the ids of contacts begin with.
    site: String,
    campaign: Campaign,
    called_for: Vec<CalledFor>,
    from: AttemptPlace,
    until: Timestamp,
}

impl AttemptLines {
    /// From `from` on, the attempt itself left out when it names one, to before `until`.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn new(
        records: Records,
        site: &str,
        campaign: Campaign,
        from: AttemptPlace,
        until: Timestamp,
    ) -> Result<AttemptLines, RecordsError> {
        let mut called_for = Vec::new();
        let mut before: Option<Version> = None;
        loop {
            let versions = records.campaign_versions(campaign.no, before, VERSIONS).await?;
            before = versions.last().map(|version| version.version);
            let is_last = versions.len() < VERSIONS as usize;
            called_for.extend(versions.into_iter().map(|version| CalledFor {
                since: version.changed.at,
                account: version.settings.account.map(|account| account.as_str().to_owned()),
                purpose: version.settings.purpose,
            }));
            if is_last {
                return Ok(AttemptLines { records, site: site.to_owned(), campaign, called_for, from, until });
            }
        }
    }

    /// The next of them, `limit` at most; fewer: that was all.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read; the same are next again then.
    pub async fn next(&mut self, limit: u32) -> Result<Vec<AttemptLine>, RecordsError> {
        let found = self.records.attempts_to_tell(&self.campaign.name, self.from, self.until, limit).await?;
        if let Some(last) = found.last() {
            self.from = AttemptPlace { at: last.attempt.proposed_at, after: Some(last.attempt.id) };
        }
        Ok(found.iter().map(|told| self.line(told)).collect())
    }

    fn line(&self, told: &AttemptToTell) -> AttemptLine {
        let attempt = &told.attempt;
        // The newest come first; before the first was made nobody called.
        let called_for = self.called_for.iter().find(|version| version.since <= attempt.proposed_at);
        let called_for = called_for.or(self.called_for.last());
        let (local_time, zone) = local(told).unwrap_or_default();
        let at = |at: Option<Timestamp>| at.map(moment).unwrap_or_default();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let consent = told.consent.as_ref();
        AttemptLine {
            attempt: attempt.id.0.to_string(),
            campaign: self.campaign.name.to_string(),
            account: called_for.and_then(|version| version.account.clone()).unwrap_or_default(),
            purpose: called_for.map(|version| version.purpose.name().to_owned()).unwrap_or_default(),
            list: text(told.list.as_ref().map(|list| list.as_str())),
            lead: attempt.lead.as_ref().map(|called| called.lead.to_string()).unwrap_or_default(),
            number: attempt.number.map(|digits| format!("+{}", u64::from(digits))).unwrap_or_default(),
            proposed_at: moment(attempt.proposed_at),
            placed_at: at(attempt.placed_at),
            ended_at: at(attempt.ended_at),
            local_time,
            zone,
            outcome: attempt.outcome.as_ref().map(word).unwrap_or_default(),
            not_placed: attempt.refused.as_ref().map(word).unwrap_or_default(),
            legal_end: legal_end(attempt.end).to_owned(),
            agent: text(attempt.agent.as_ref().map(|agent| agent.as_str())),
            disposition: text(attempt.disposition.as_ref().map(|disposition| &*disposition.0)),
            consent: consent.map(|consent| word(&consent.state)).unwrap_or_default(),
            consent_kind: text(consent.and_then(|consent| consent.kind.as_ref()).map(|kind| kind.as_str())),
            consent_at: at(consent.and_then(|consent| consent.at)),
            consent_source: text(consent.and_then(|consent| consent.source.as_ref()).map(|source| source.as_str())),
            contact: format!("{}-{}", self.site, attempt.contact.0),
        }
    }
}

impl AttemptLine {
    pub const HEADING: [&str; 22] = [
        "attempt",
        "campaign",
        "account",
        "purpose",
        "list",
        "lead",
        "number",
        "proposed_at",
        "placed_at",
        "ended_at",
        "local_time",
        "zone",
        "outcome",
        "not_placed",
        "legal_end",
        "agent",
        "disposition",
        "consent",
        "consent_kind",
        "consent_at",
        "consent_source",
        "contact",
    ];

    /// In the order of the heading.
    #[must_use]
    pub fn cells(self) -> [String; AttemptLine::HEADING.len()] {
        [
            self.attempt,
            self.campaign,
            self.account,
            self.purpose,
            self.list,
            self.lead,
            self.number,
            self.proposed_at,
            self.placed_at,
            self.ended_at,
            self.local_time,
            self.zone,
            self.outcome,
            self.not_placed,
            self.legal_end,
            self.agent,
            self.disposition,
            self.consent,
            self.consent_kind,
            self.consent_at,
            self.consent_source,
            self.contact,
        ]
    }
}

/// Attempts as CSV.
pub struct AttemptPages {
    lines: AttemptLines,
    table: Table,
    is_done: bool,
}

impl AttemptPages {
    /// `has_mark`: begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one.
    #[must_use]
    pub fn new(lines: AttemptLines, has_mark: bool) -> AttemptPages {
        AttemptPages { lines, table: Table::new(&AttemptLine::HEADING, has_mark), is_done: false }
    }
}

impl Pages for AttemptPages {
    async fn next_page(&mut self) -> Result<Option<Vec<u8>>, RecordsError> {
        if self.is_done {
            return Ok(None);
        }
        let found = self.lines.next(PAGE).await?;
        self.is_done = found.len() < PAGE as usize;
        for line in found {
            self.table.add(&line.cells());
        }
        // The first page has the heading.
        Ok(Some(self.table.take()).filter(|lines| !lines.is_empty()))
    }

    fn rows(&self) -> u64 {
        self.table.rows
    }
}

/// What a clock showed where the number may be. None: the number was erased, or nobody knows where it is.
fn local(told: &AttemptToTell) -> Option<(String, String)> {
    let number = PhoneNumber::read(&format!("+{}", u64::from(told.attempt.number?)), None).ok().flatten()?;
    let region = told.region.as_deref().and_then(|region| RegionCode::new(region).ok());
    let facts = LeadFacts {
        zone: told.zone.as_deref(),
        region: region.as_ref(),
        postcode: told.postcode.as_deref(),
        number: &number,
    };
    let place = LeadPlace::of(facts).ok()?;
    let at = told.attempt.placed_at.unwrap_or(told.attempt.proposed_at);
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    let clocks = place.zones.iter().filter_map(|zone| {
        let local = at.in_tz(zone).ok()?;
        Some((local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), zone.to_string()))
    });
    let (times, zones): (Vec<String>, Vec<String>) = clocks.unzip();
    Some((times.join("; "), zones.join("; ")))
}

fn legal_end(end: AttemptEnd) -> &'static str {
    match end {
        AttemptEnd::Open => "",
        AttemptEnd::NotReached => "not_reached",
        AttemptEnd::Dropped => "dropped",
        AttemptEnd::Conversation => "conversation",
        AttemptEnd::Refused => "refused",
    }
}

fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("a variant without fields is one word"),
    }
}
