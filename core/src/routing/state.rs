//! All that the router remembers, and nothing that can be worked out from it. Changed by `evolve` alone.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agent::Agent;
use super::calendar::Calendar;
use super::campaign::{CampaignRules, CampaignRun};
use super::estimate::Pace;
use super::gateway::{Gateway, References};
use super::ids::{AgentId, CampaignId, ContactId, EventNo, GatewayId, OfferId, PersonId, QueueId, Request, SegmentId};
use super::personal::{Address, PersonalDetails};
use super::queue_figures::RecentEnds;
use super::recording::Unfinished;
use super::rule_set::{QueueRules, RuleSet, RulesVersion};
use super::segment::{Offer, Segment};
use super::table::{AgentNo, CampaignNo, GatewayNo, Named, Numbered, QueueNo};
use super::time::{Millis, Timestamp};
use super::visit::Contact;

/// Requests remembered for each person, so that a repeat changes nothing.
pub const REQUESTS_REMEMBERED: usize = 64;
/// Most contacts at once; more are refused as `Full`.
pub const CONTACTS_MAX: usize = 1_000_000;
/// Most updates of one contact.
pub const UPDATES_MAX: usize = 64;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct State {
    /// The number of the last event.
    pub event_no: EventNo,
    /// The time of the last event.
    pub last_at: Timestamp,
    /// The number the next contact, visit, segment, offer, attempt or recording gets.
    pub next_id: u64,
    /// Until then presence and figures say little: the server has come back a moment ago.
    pub grace_until: Timestamp,
    /// How far the wall clock was set since the start; only calendars follow it.
    pub wall_offset: Millis,
    pub rules_version: RulesVersion,
    pub rules: Arc<RuleSet>,
    pub queues: Named<QueueId, Queue>,
    pub agents: Named<AgentId, Agent>,
    pub gateways: Named<GatewayId, Gateway>,
    pub campaigns: Named<CampaignId, Campaign>,
    pub contacts: Numbered<ContactId, Contact>,
    pub offers: Numbered<OfferId, Offer>,
    pub segments: Numbered<SegmentId, Segment>,
    pub references: References,
    /// Oldest first.
    pub dropped: VecDeque<DroppedCaller>,
    pub unfinished: Unfinished,
    /// By person: what was asked last, and the contact it was about.
    pub requests: Named<PersonId, VecDeque<(uuid::Uuid, Option<ContactId>)>>,
}

/// One queue, by its rules as they are now, or as they were when it was dropped.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Queue {
    pub rules: Arc<QueueRules>,
    /// False: dropped from the rules, or an agent's own; takes nobody new from entry or transfer.
    pub in_rules: bool,
    /// For `round_robin`.
    pub last_offered: Option<AgentNo>,
    pub recent_ends: RecentEnds,
    pub pace: Pace,
    /// By a supervisor: nothing of it is offered.
    pub is_paused: bool,
    /// Its oldest has waited long: one tier earlier.
    pub is_raised: bool,
}

impl Queue {
    #[must_use]
    pub fn new(rules: Arc<QueueRules>, in_rules: bool) -> Queue {
        Queue {
            rules,
            in_rules,
            last_offered: None,
            recent_ends: RecentEnds::default(),
            pace: Pace::default(),
            is_paused: false,
            is_raised: false,
        }
    }
}

/// One campaign, and whether it calls.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Campaign {
    pub rules: Arc<CampaignRules>,
    pub run: CampaignRun,
}

/// A caller who left a queue; he has his place again when he comes back in time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DroppedCaller {
    pub contact: ContactId,
    pub queue: QueueNo,
    /// With the address he called from.
    pub details: PersonalDetails,
    pub ordered_since: Timestamp,
    pub until: Timestamp,
}

impl DroppedCaller {
    #[must_use]
    pub fn is(&self, queue: QueueNo, from: &Address) -> bool {
        self.queue == queue && self.details.plain().is_some_and(|details| details.from.as_ref() == Some(from))
    }
}

impl Default for State {
    fn default() -> Self {
        State {
            event_no: EventNo::ZERO,
            last_at: Timestamp(i64::MIN / 2),
            next_id: 1,
            grace_until: Timestamp(i64::MIN / 2),
            wall_offset: Millis::ZERO,
            rules_version: RulesVersion::default(),
            rules: Arc::new(RuleSet::default()),
            queues: Named::default(),
            agents: Named::default(),
            gateways: Named::default(),
            campaigns: Named::default(),
            contacts: Numbered::default(),
            offers: Numbered::default(),
            segments: Numbered::default(),
            references: References::default(),
            dropped: VecDeque::new(),
            unfinished: Unfinished::default(),
            requests: Named::default(),
        }
    }
}

impl State {
    #[must_use]
    pub fn agent_no(&self, agent: &AgentId) -> Option<AgentNo> {
        self.agents.get_index_of(agent).map(AgentNo::from_position)
    }

    #[must_use]
    pub fn queue_no(&self, queue: &QueueId) -> Option<QueueNo> {
        self.queues.get_index_of(queue).map(QueueNo::from_position)
    }

    #[must_use]
    pub fn gateway_no(&self, gateway: &GatewayId) -> Option<GatewayNo> {
        self.gateways.get_index_of(gateway).map(GatewayNo::from_position)
    }

    #[must_use]
    pub fn agent(&self, no: AgentNo) -> &Agent {
        &self.agents[no.position()]
    }

    /// A cheap copy of the agent's name.
    #[must_use]
    pub fn agent_id(&self, no: AgentNo) -> AgentId {
        self.agents.get_index(no.position()).expect("agents are never removed").0.clone()
    }

    #[must_use]
    pub fn queue(&self, no: QueueNo) -> &Queue {
        &self.queues[no.position()]
    }

    /// A cheap copy of the queue's name.
    #[must_use]
    pub fn queue_id(&self, no: QueueNo) -> QueueId {
        self.queues.get_index(no.position()).expect("queues are never removed").0.clone()
    }

    #[must_use]
    pub fn campaign_no(&self, campaign: &CampaignId) -> Option<CampaignNo> {
        self.campaigns.get_index_of(campaign).map(CampaignNo::from_position)
    }

    #[must_use]
    pub fn campaign(&self, no: CampaignNo) -> &Campaign {
        &self.campaigns[no.position()]
    }

    /// A cheap copy of the campaign's name.
    #[must_use]
    pub fn campaign_id(&self, no: CampaignNo) -> CampaignId {
        self.campaigns.get_index(no.position()).expect("campaigns are never removed").0.clone()
    }

    #[must_use]
    pub fn gateway(&self, no: GatewayNo) -> &Gateway {
        &self.gateways[no.position()]
    }

    /// A cheap copy of the gateway's name.
    #[must_use]
    pub fn gateway_id(&self, no: GatewayNo) -> GatewayId {
        self.gateways.get_index(no.position()).expect("gateways are never removed").0.clone()
    }

    /// The calendar of a queue, while the rules have one for it.
    #[must_use]
    pub fn calendar(&self, queue: QueueNo) -> Option<&Calendar> {
        let hours = self.queue(queue).rules.hours.as_ref()?;
        self.rules.calendars.get(hours).map(|calendar| &**calendar)
    }

    /// Contacts of one gateway, in order of number.
    #[must_use]
    pub fn contacts_of(&self, gateway: GatewayNo) -> Vec<ContactId> {
        let mut ids: Vec<ContactId> =
            self.contacts.iter().filter(|(_, contact)| contact.gateway == gateway).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    #[must_use]
    pub fn has_done(&self, request: &Request) -> bool {
        self.done(request).is_some()
    }

    /// The contact a request that was carried out was about.
    #[must_use]
    pub fn contact_of_request(&self, request: &Request) -> Option<ContactId> {
        self.done(request).and_then(|(_, contact)| *contact)
    }

    fn done(&self, request: &Request) -> Option<&(uuid::Uuid, Option<ContactId>)> {
        self.requests.get(&request.by)?.iter().find(|(id, _)| *id == request.id)
    }

    /// Whether a number was ever given out.
    #[must_use]
    pub fn was_given(&self, number: u64) -> bool {
        number != 0 && number < self.next_id
    }
}
