//! Why a contact is where it is, and what led to a decision about it: what a supervisor asks and is told.
//! It never computes anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number::JournalNumber;
use super::offers::DecidedBy;
use super::text::{AgentName, ContactId, Name, QueueName, Text};
use super::time::Time;
use super::why_words::{
    WhyAction, WhyAway, WhyBetween, WhyDecided, WhyMissing, WhyPaused, WhyQueuedBy, WhySaid, WhyStanding,
};
use super::words::{Channel, HoldReason, SegmentState};

/// Asks why a contact is where it is. Once it has ended: why it was decided last as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WhyContact {
    /// Which contact.
    pub contact: ContactId,
    /// A decision about it: an offer, an entry, a step or an exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<JournalNumber>,
    /// Whether to list all decisions about it, too.
    #[serde(default)]
    pub decisions: bool,
}

/// What stands between an agent and a contact, or all contacts of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BetweenWhy {
    /// What kind of thing.
    pub what: WhyBetween,
    /// What he lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<WhyMissing>,
    /// The skill he lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<Name>,
    /// The level that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_asked: Option<u8>,
    /// The level he has; absent when he lacks the skill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_has: Option<u8>,
    /// The queue whose condition does not hold of him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// The agent who is waited for alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// Why he is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<WhyAway>,
    /// The reason he gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// The contact he has in hand, or on offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// Which hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldReason>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Other contacts of his would have to wait for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sets_aside: bool,
}

/// One agent, seen from a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentOfContactWhy {
    /// Who.
    pub agent: AgentName,
    /// What stands between.
    pub between: BetweenWhy,
    /// When nothing does: his value for each entry of `select`; smaller is better. Of a draw, the upper 53 bits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<i64>,
}

/// Agents held back by one hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HeldWhy {
    /// By what.
    pub hold: HoldReason,
    /// How many.
    pub agents: u64,
}

/// How many agents there are, by what stands between. Each counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TotalsWhy {
    /// All that the rules ever named.
    pub agents: u64,
    /// Who meet what is asked: the sum of all below.
    pub matched: u64,
    /// Nothing stands between.
    pub could_be_offered: u64,
    /// It is held out to them.
    pub offered: u64,
    /// They are not there.
    pub away: u64,
    /// Another contact is held out to them.
    pub offered_another: u64,
    /// They have a contact in hand.
    pub busy: u64,
    /// They ask a colleague.
    pub consulting: u64,
    /// They finish up.
    pub wrap_up: u64,
    /// A hold stands between.
    pub held: Vec<HeldWhy>,
    /// It is held out to as many others as its queue allows.
    pub offers_out: u64,
}

/// A skill and the least level that is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SkillWhy {
    /// Which skill.
    pub skill: Name,
    /// From 1 to 10.
    pub level: u8,
}

/// One step of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StepWhy {
    /// From 1, in the order of the rules.
    pub step: u32,
    /// It was taken already.
    pub taken: bool,
    /// Not before then.
    pub due: Time,
    /// The condition it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// Whether that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_holds: Option<bool>,
    /// Why it could not be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_failed: Option<Text>,
    /// Whether nobody could match, when the step asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody_could_match: Option<bool>,
    /// It names a queue that is no longer there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leads_nowhere: bool,
    /// All it names holds now.
    pub holds: bool,
    /// Levels it asks instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<SkillWhy>,
    /// Skills it no longer asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<Name>,
    /// The queue whose agents may serve, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<QueueName>,
    /// What it adds to the priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raises_by: Option<i32>,
    /// The queue it moves the contact to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves_to: Option<QueueName>,
}

/// One exit of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ExitWhy {
    /// Its name in the rules, e.g. `max_wait` or `key_1`.
    pub exit: Name,
    /// Where it leads.
    pub action: WhyAction,
    /// The queue, mailbox or message it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Name>,
    /// That is no longer there, or has failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leads_nowhere: bool,
    /// It holds now.
    pub holds: bool,
    /// When it holds by time alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// The step that comes next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NextStepWhy {
    /// From 1, in the order of the rules.
    pub step: u32,
    /// When; absent: once its condition holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// The exit that comes next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NextExitWhy {
    /// Its name in the rules.
    pub exit: Name,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// The one agent who is waited for alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WaitsForWhy {
    /// Who.
    pub agent: AgentName,
    /// Until when.
    pub until: Time,
    /// The queue it goes to then; absent: anybody of its queue may have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<QueueName>,
}

/// An offer that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OpenOfferWhy {
    /// To whom.
    pub agent: AgentName,
    /// When it ends.
    pub expires_at: Time,
}

/// A contact in a queue, and all that keeps it there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WaitingWhy {
    /// How it came here.
    pub cause: WhyQueuedBy,
    /// The entry rule that chose the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// Since when it waits here.
    pub entered_at: Time,
    /// Its place in line counts from then.
    pub ordered_since: Time,
    /// From 1, in the order of service.
    pub place: u64,
    /// How many wait here.
    pub waiting: u64,
    /// 1 is served first.
    pub tier: u32,
    /// Its queue is served before the others of its tier.
    pub strict: bool,
    /// It goes before all others: its customer has answered our call.
    pub first_in_line: bool,
    /// In steps of head start, or of rank in a strict queue.
    pub priority: i32,
    /// What priority and queue are worth, in milliseconds.
    pub head_start_ms: i64,
    /// What is asked of an agent.
    pub skills: Vec<SkillWhy>,
    /// Queues whose agents may serve, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<QueueName>,
    /// The one agent who is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsForWhy>,
    /// What keeps it from everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldReason>,
    /// When that ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<Time>,
    /// To whom it is held out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<OpenOfferWhy>,
    /// Offers in a row without an accept.
    pub offers_in_row: u32,
    /// The queue's tie-breakers, in order.
    pub select: Vec<DecidedBy>,
    /// Why no step and no exit is looked at now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<WhyPaused>,
    /// The queue's steps.
    pub steps: Vec<StepWhy>,
    /// The queue's exits.
    pub exits: Vec<ExitWhy>,
    /// Which step comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStepWhy>,
    /// Which exit comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_exit: Option<NextExitWhy>,
    /// How many agents, by what stands between.
    pub totals: TotalsWhy,
    /// Who could be offered it, the best first; then those who match, then the others. At most 500.
    pub agents: Vec<AgentOfContactWhy>,
    /// How many of the last are left out.
    pub agents_left_out: u64,
}

/// What one entry rule said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct EntryWhy {
    /// Its name.
    pub rule: Name,
    /// What it said.
    pub said: WhySaid,
    /// Why its condition could not be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Text>,
}

/// One decision, as the journal has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct DecisionWhy {
    /// Its number in the journal.
    pub event: JournalNumber,
    /// When.
    pub at: Time,
    /// What it was about.
    pub what: WhyDecided,
    /// Who was offered the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// In which queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// By which entry rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// Which step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// Which exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Name>,
    /// What decided between the agents; absent when only one matched or all were equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// The winner's value of that; smaller is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// The same of the next best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<i64>,
    /// How many agents matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents_matched: Option<u32>,
    /// The version of the rules that decided.
    pub rules_version: u32,
    /// Whether every agent looked at anew, one after the other, leads to the same. Absent: it was not asked, or cannot be, as the customer has been erased or was in another queue before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// Of an entry: what each rule said, up to the one that holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<EntryWhy>,
}

/// Why a contact is where it is, or was right before a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactWhy {
    /// Which contact.
    pub contact: ContactId,
    /// At which moment.
    pub at: Time,
    /// How it is carried.
    pub channel: Channel,
    /// When it came.
    pub arrived_at: Time,
    /// The rules in force.
    pub rules_version: u32,
    /// Where it stands.
    pub stands: WhyStanding,
    /// In which queue, or where it waited last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// Who has it, has laid it down, or is to have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// How far the agent's part is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SegmentState>,
    /// By which exit it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Name>,
    /// When that ends by itself, or a callback is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// All that keeps it waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingWhy>,
    /// The decision that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionWhy>,
    /// All decisions about it, if asked for: the last 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionWhy>,
}
