//! A contact and the visit it is in: one stay in one queue, with exactly one end.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::command::Direction;
use super::estimate::Estimate;
use super::event::QueuedBy;
use super::hold::Hold;
use super::ids::{
    AttemptId, CallListName, ContactId, ContactRef, EventNo, LeadId, OfferId, SegmentId, TeamId, VisitId,
};
use super::lane::OrderKey;
use super::path::Passed;
use super::personal::{Address, PersonalDetails};
use super::recording::Recording;
use super::rule_set::{Channel, Exit, ExitAction};
use super::segment::VisitPlace;
use super::skill::Skills;
use super::table::{AgentNo, CampaignNo, GatewayNo, QueueNo};
use super::time::{Millis, Timestamp};

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Contact {
    pub gateway: GatewayNo,
    pub reference: ContactRef,
    pub channel: Channel,
    pub direction: Direction,
    pub to: Option<Address>,
    pub arrived_at: Timestamp,
    /// As it arrived, then each update, oldest first.
    pub details: SmallVec<[PersonalDetails; 1]>,
    /// The gateway's number of its last message about this contact.
    pub gateway_event: u64,
    /// Absent from the gateway's last inventory.
    pub missing: bool,
    /// Open until the contact is answered or leaves the queue.
    pub visit: Option<Visit>,
    /// The agent's part, from connected until he gives it away.
    pub segment: Option<SegmentId>,
    /// On its way out of a queue, in the gateway's hands.
    pub leaving: Option<Leaving>,
    /// False: a callback whose customer has not been reached.
    pub on_line: bool,
    /// A callback that is not yet due.
    pub promise: Option<Promise>,
    /// The call to the customer that was proposed, and placed or not.
    pub attempt: Option<Attempt>,
    /// The last order to call him, and how many did not reach him.
    pub call_order: Option<EventNo>,
    pub attempts_failed: u32,
    /// Set while `Hold::CallbackGap` stands.
    pub gap_until: Option<Timestamp>,
    /// When the customer came on the line.
    pub on_line_since: Timestamp,
    /// He answered our call, and no agent speaks with him yet: he goes before all others of tier 1.
    pub is_first: bool,
    /// A callback that the customer himself asked for.
    pub is_own_wish: bool,
    /// He got through another way while he was being called.
    pub is_superseded: bool,
    /// Laid down by an agent, in nobody's hands.
    pub suspended: Option<Suspended>,
    /// A chat: since when the customer owes an answer.
    pub quiet_since: Option<Timestamp>,
    /// The contact with which its agent asks a colleague about it.
    pub consulting: Option<ContactId>,
    /// Set when it is itself such a question.
    pub consultation: Option<Consultation>,
    /// How it was passed on until now, the oldest first.
    pub path: Vec<Passed>,
    /// Set when a campaign calls it.
    pub lead: Option<LeadCall>,
    /// The oldest first; only the last may run.
    pub recordings: SmallVec<[Recording; 1]>,
}

/// A question of one agent to another; the first is on the line in the customer's place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consultation {
    /// Who asks.
    pub agent: AgentNo,
    /// The customer's contact, as long as he has it.
    pub parent: Option<ContactId>,
    /// The customer hears them both.
    pub is_joined: bool,
}

/// A lead while a campaign has it here to be called.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LeadCall {
    pub campaign: CampaignNo,
    pub list: CallListName,
    pub lead: LeadId,
    /// Nobody else gets it, until it has answered.
    pub only: Option<AgentNo>,
    /// Only its agents get it, until it has answered.
    pub team: Option<TeamId>,
    pub closes_at: Option<Timestamp>,
    /// An agent has spoken with him.
    pub talked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub id: AttemptId,
    /// False: whoever checks has not answered.
    pub is_placed: bool,
}

/// A callback to come.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Promise {
    pub queue: QueueNo,
    pub skills: Arc<Skills>,
    pub priority: i32,
    pub due: Timestamp,
    /// The agent who takes it if he can.
    pub by: Option<AgentNo>,
}

/// Laid down by an agent until the customer writes, or until `until`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Suspended {
    pub agent: AgentNo,
    pub until: Option<Timestamp>,
    pub from: VisitPlace,
}

/// On its way out, in the gateway's hands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Leaving {
    pub order: EventNo,
    pub way: LeavingBy,
    /// Back there when it fails.
    pub from: VisitPlace,
    /// None: the caller speaks to voicemail.
    pub until: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum LeavingBy {
    /// An exit of its queue.
    Exit { exit: Exit, action: ExitAction },
    /// This agent gave it to a number outside, which is the last in the contact's details.
    Transfer { agent: AgentNo },
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    pub queue: QueueNo,
    pub skills: Arc<Skills>,
    pub priority: i32,
    pub ordered_since: Timestamp,
    pub entered_at: Timestamp,
    /// Changes only with what it is made of, never by itself.
    pub key: OrderKey,
    pub direct: Option<Direct>,
    pub preferred: Option<Preferred>,
    /// Agents whom the customer may never get.
    pub never: SmallVec<[AgentNo; 2]>,
    /// Steps of the queue that were taken, by their place in its rules.
    pub steps_taken: u32,
    /// Queues whose agents may serve, too.
    pub joined: SmallVec<[QueueNo; 1]>,
    /// How long the server was down meanwhile; steps wait that much longer.
    pub paused: Millis,
    /// Exits that a gateway carries out are over for it: one has failed.
    pub exits_failed: bool,
    /// New rules came: the entry rules are asked again before its next step.
    pub anew_at_step: bool,
    /// As expected when it began.
    pub estimate: Option<Estimate>,
    /// A supervisor set the priority: what the entry rules say of it no longer counts.
    pub is_prioritised: bool,
    /// How it came to wait here; the entry rule that holds now, when an entry rule chose the queue.
    pub cause: QueuedBy,
    pub state: VisitState,
    /// Open offers, oldest first: several when the queue offers to many at once.
    pub offers: SmallVec<[OfferId; 1]>,
    pub offers_in_row: u32,
    /// Set while `Hold::OfferLimit` stands.
    pub limited_until: Option<Timestamp>,
    /// Agents who declined it, missed it, or whose leg failed.
    pub declined: SmallVec<[AgentNo; 2]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum VisitState {
    /// Waiting, with or without open offers.
    Waiting,
    Connecting(SegmentId),
}

/// One agent alone is waited for, until `until`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Direct {
    pub agent: AgentNo,
    pub until: Timestamp,
    pub behind: Behind,
}

/// The queue behind an agent, and what is asked there on top of its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Behind {
    pub queue: QueueNo,
    pub skills: Arc<Skills>,
    pub priority: i32,
}

/// The agent who goes first, and until when the visit waits for him alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Preferred {
    pub agent: AgentNo,
    pub alone_until: Option<Timestamp>,
}

impl Contact {
    /// One that is on the line and has just arrived.
    #[must_use]
    pub fn new(
        gateway: GatewayNo,
        reference: ContactRef,
        channel: Channel,
        direction: Direction,
        details: PersonalDetails,
        at: Timestamp,
    ) -> Contact {
        Contact {
            gateway,
            reference,
            channel,
            direction,
            to: None,
            arrived_at: at,
            details: smallvec::smallvec![details],
            gateway_event: 0,
            missing: false,
            visit: None,
            segment: None,
            leaving: None,
            on_line: true,
            promise: None,
            attempt: None,
            call_order: None,
            attempts_failed: 0,
            gap_until: None,
            on_line_since: at,
            is_first: false,
            is_own_wish: false,
            is_superseded: false,
            suspended: None,
            quiet_since: None,
            consulting: None,
            consultation: None,
            path: Vec::new(),
            lead: None,
            recordings: SmallVec::new(),
        }
    }
}

impl Contact {
    /// What of its own keeps its whole visit from being offered to anybody.
    #[must_use]
    pub fn own_hold(&self) -> Option<Hold> {
        if self.visit.as_ref().is_some_and(|visit| visit.limited_until.is_some()) {
            Some(Hold::OfferLimit)
        } else if self.gap_until.is_some() {
            Some(Hold::CallbackGap)
        } else {
            None
        }
    }

    /// A lead that a campaign is to call, and nobody has reached.
    #[must_use]
    pub fn uncalled(&self) -> Option<&LeadCall> {
        self.lead.as_ref().filter(|_| !self.on_line)
    }

    /// A callback whose customer is not on the line: he is to be called.
    #[must_use]
    pub fn is_callback_to_call(&self) -> bool {
        self.channel == Channel::Callback && !self.on_line
    }

    /// A call to him is proposed: no gateway has heard of it.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.attempt.is_some_and(|attempt| !attempt.is_placed)
    }

    /// The one agent who may call it.
    #[must_use]
    pub fn owner(&self) -> Option<AgentNo> {
        self.uncalled()?.only
    }

    /// The outside number it was last transferred to.
    #[must_use]
    pub fn outside_number(&self) -> Option<&Address> {
        self.details.iter().rev().find_map(|details| details.plain()?.to.as_ref())
    }

    pub(super) fn learns(&mut self, details: &PersonalDetails) {
        if details.plain().is_none_or(|details| !details.says_nothing()) {
            self.details.push(details.clone());
        }
    }

    pub(super) fn leaves_its_agent(&mut self) {
        self.segment = None;
        self.quiet_since = None;
    }

    /// The customer is on the line from now on, if he was not.
    pub(super) fn comes_on_line(&mut self, at: Timestamp) {
        if !self.on_line {
            self.on_line = true;
            self.on_line_since = at;
        }
    }
}

impl Visit {
    /// Waits, and is held out to nobody.
    pub fn is_waiting(&self) -> bool {
        self.offers.is_empty() && self.connecting().is_none()
    }

    pub fn connecting(&self) -> Option<SegmentId> {
        match self.state {
            VisitState::Connecting(segment) => Some(segment),
            VisitState::Waiting => None,
        }
    }

    /// An entry rule chose the queue; more about the customer may change its mind.
    #[must_use]
    pub fn by_entry(&self) -> bool {
        self.entry_rule().is_some()
    }

    /// The name of the entry rule that chose the queue.
    #[must_use]
    pub fn entry_rule(&self) -> Option<&Arc<str>> {
        match &self.cause {
            QueuedBy::Entry { rule } => Some(rule),
            QueuedBy::Transfer { .. }
            | QueuedBy::DirectExpired { .. }
            | QueuedBy::AgentLost { .. }
            | QueuedBy::Step { .. }
            | QueuedBy::Exit { .. }
            | QueuedBy::ExitFailed { .. }
            | QueuedBy::QueueDropped { .. }
            | QueuedBy::TakenUp { .. }
            | QueuedBy::Callback { .. }
            | QueuedBy::Moved
            | QueuedBy::Assigned
            | QueuedBy::Work
            | QueuedBy::HandedBack { .. }
            | QueuedBy::Consultation { .. }
            | QueuedBy::Escalated { .. }
            | QueuedBy::LegLost { .. }
            | QueuedBy::TransferFailed { .. }
            | QueuedBy::Campaign { .. }
            | QueuedBy::CallbackDue => None,
        }
    }

    /// The numbers of the steps taken, from 1, in the order of the rules.
    #[must_use]
    pub fn steps(&self) -> Vec<u32> {
        (1..=u32::BITS).filter(|number| self.steps_taken & (1 << (number - 1)) != 0).collect()
    }

    pub fn has_taken(&self, step: usize) -> bool {
        self.steps_taken & (1 << step) != 0
    }

    /// Whether one more offer may be made, as far as the visit goes.
    pub fn takes_offers(&self, offers_max: u32) -> bool {
        self.connecting().is_none() && self.offers.len() < offers_max as usize
    }

    /// The one agent who may be offered it now.
    pub fn only_agent(&self) -> Option<AgentNo> {
        self.direct.as_ref().map(|direct| direct.agent).or_else(|| self.waits_for())
    }

    /// The preferred agent, while he alone is waited for.
    pub fn waits_for(&self) -> Option<AgentNo> {
        self.preferred.filter(|preferred| preferred.alone_until.is_some()).map(|preferred| preferred.agent)
    }

    /// Its queue, or the one behind the agent it waits for alone.
    #[must_use]
    pub fn queue_or_behind(&self) -> QueueNo {
        self.direct.as_ref().map_or(self.queue, |direct| direct.behind.queue)
    }

    /// Where it stands, to come back to.
    pub fn place(&self) -> VisitPlace {
        VisitPlace {
            queue: self.queue,
            skills: Arc::clone(&self.skills),
            priority: self.priority,
            ordered_since: self.ordered_since,
            behind: self.direct.as_ref().map(|direct| direct.behind.clone()),
            never: self.never.clone(),
        }
    }

    /// Whether somebody whom its requirement admits may yet not be offered it.
    pub fn has_exceptions(&self) -> bool {
        !(self.declined.is_empty() && self.never.is_empty() && self.offers.is_empty())
    }
}
