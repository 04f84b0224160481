//! One call to a customer, of a lead or of a callback: proposed with an agent reserved for it, cleared or refused by whoever
//! checks, placed, and over. Every lead's stay here has exactly one end, which is said right before its contact's.

use std::sync::Arc;

use super::attempt::{LeadStayEnd, NotPlaced, Outcome, ReturnedWhy};
use super::callbacks::number_of;
use super::campaign::{CampaignMode, PreviewEnd};
use super::command::{CallFailure, EndedBy, LegFailure};
use super::event::Fact;
use super::ids::{AttemptId, ContactId, OfferId, SegmentId};
use super::personal::{Details, Personal};
use super::refusal::Refusal;
use super::rule_set::FirstCalled;
use super::segment::Offer;
use super::state::Campaign;
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::visit::{LeadCall, Visit};

impl Turn<'_> {
    /// A lead that nobody has reached yet.
    fn uncalled(&self, contact: ContactId) -> Option<&LeadCall> {
        self.state().contacts[&contact].uncalled()
    }

    /// It is held out to agents, and none has accepted.
    pub(super) fn is_previewed(&self, contact: ContactId) -> bool {
        self.is_lead_to_call(contact) && self.state().contacts[&contact].attempt.is_none()
    }

    /// Whoever checks it has not answered: no gateway has heard of it.
    pub(super) fn is_proposed(&self, contact: ContactId) -> bool {
        self.state().contacts[&contact].is_proposed()
    }

    /// Its customer is not on the line: an agent who takes it has him called.
    pub(super) fn is_to_be_called(&self, contact: ContactId) -> bool {
        let found = &self.state().contacts[&contact];
        found.uncalled().is_some() || found.is_callback_to_call()
    }

    pub(super) fn is_lead_to_call(&self, contact: ContactId) -> bool {
        self.uncalled(contact).is_some()
    }

    fn campaign_of(&self, lead: &LeadCall) -> &Campaign {
        self.state().campaign(lead.campaign)
    }

    /// How long an agent looks at a lead that is held out to him; None: he is not asked, or it is no lead to be called.
    pub(super) fn preview_time(&self, contact: ContactId) -> Option<Millis> {
        let rules = &self.campaign_of(self.uncalled(contact)?).rules;
        (rules.mode != CampaignMode::Progressive).then_some(rules.preview.time)
    }

    /// Whether the agent is not asked.
    pub(super) fn is_dialled_at_once(&self, contact: ContactId) -> bool {
        self.uncalled(contact).is_some_and(|lead| self.campaign_of(lead).rules.mode == CampaignMode::Progressive)
    }

    /// By when a gateway, or whoever checks first, has to answer.
    pub(super) fn checked_by(&self) -> Timestamp {
        self.at + self.state().rules.site.checked_within
    }

    pub(super) fn propose(&mut self, contact: ContactId, segment: SegmentId) {
        let state = self.state();
        let (attempt, decide_by) = (AttemptId(state.next_id), self.checked_by());
        let agent = state.agent_id(state.segments[&segment].agent);
        let called = &state.contacts[&contact];
        let fact = match &called.lead {
            Some(lead) => Fact::AttemptProposed {
                attempt,
                contact,
                segment,
                agent,
                campaign: state.campaign_id(lead.campaign),
                list: lead.list.clone(),
                lead: lead.lead,
                decide_by,
            },
            None => {
                let details = Details { from: number_of(called).cloned(), ..Details::default() };
                Fact::CallbackProposed {
                    attempt,
                    contact,
                    segment,
                    agent,
                    is_own_wish: called.is_own_wish,
                    decide_by,
                    details: Personal::Plain(Arc::new(details)),
                }
            }
        };
        self.record(fact);
    }

    /// The contact and the segment of an attempt that is still to be checked.
    fn proposed(&self, attempt: AttemptId) -> Result<(ContactId, SegmentId), Refusal> {
        let contact = self.router.index.proposed.get(&attempt).copied().ok_or(Refusal::OrderGone)?;
        let visit = self.state().contacts[&contact].visit.as_ref();
        let segment = visit.and_then(Visit::connecting).expect("a proposed attempt has an agent reserved for it");
        Ok((contact, segment))
    }

    pub(super) fn clear_attempt(&mut self, attempt: AttemptId) -> Result<(), Refusal> {
        let (contact, segment) = self.proposed(attempt)?;
        let state = self.state();
        let is_attached = state.gateway(state.contacts[&contact].gateway).is_attached();
        if !is_attached || !self.router.index.has_line_for(state, contact) {
            self.not_placed(contact, segment, NotPlaced::NoLine, None);
            return Ok(());
        }
        if state.contacts[&contact].is_superseded {
            self.not_placed(contact, segment, NotPlaced::InProgress, None);
            return Ok(());
        }
        let agent = state.agent_id(state.segments[&segment].agent);
        let connect_by = self.at + state.rules.site.connect_within + self.rings_for(contact);
        self.record(Fact::AttemptCleared { attempt, contact });
        self.record(Fact::AttemptPlaced { attempt, contact, segment, agent, connect_by });
        Ok(())
    }

    pub(super) fn refuse_attempt(
        &mut self,
        attempt: AttemptId,
        why: NotPlaced,
        until: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        let (contact, segment) = self.proposed(attempt)?;
        self.not_placed(contact, segment, why, until);
        Ok(())
    }

    /// What was proposed is not placed.
    pub(super) fn not_placed(
        &mut self,
        contact: ContactId,
        segment: SegmentId,
        why: NotPlaced,
        until: Option<Timestamp>,
    ) {
        if self.is_lead_to_call(contact) {
            self.end_lead(contact, LeadStayEnd::Refused { why, until });
        } else {
            self.callback_not_placed(contact, segment, why, until);
        }
    }

    fn rings_for(&self, contact: ContactId) -> Millis {
        match self.uncalled(contact) {
            Some(lead) => self.campaign_of(lead).rules.ring_for,
            None => self.callback_rings_for(contact),
        }
    }

    /// The agent looked at it long enough. True: it is dialled for him.
    pub(super) fn dials_at_expiry(&self, contact: ContactId) -> bool {
        self.uncalled(contact).is_some_and(|lead| {
            let rules = &self.campaign_of(lead).rules;
            let dials = rules.mode == CampaignMode::Preview && rules.preview.then == PreviewEnd::Dial;
            dials && self.check_may_be_called(contact).is_ok()
        })
    }

    /// Nobody is called who is in another call, nor without a line.
    pub(super) fn check_may_be_called(&self, contact: ContactId) -> Result<(), Refusal> {
        if self.router.index.parties.is_in_call(contact) {
            return Err(Refusal::NumberInCall { contact });
        }
        if !self.router.index.has_free_line(self.state(), contact) {
            return Err(Refusal::NoLine { contact });
        }
        Ok(())
    }

    /// The agent does not want it. True: it was a lead, and has gone back.
    pub(super) fn skipped(&mut self, contact: ContactId, why: ReturnedWhy) -> bool {
        let is_lead = self.is_previewed(contact);
        if is_lead {
            self.end_lead(contact, LeadStayEnd::Returned(why));
        }
        is_lead
    }

    /// The call to a lead came to nothing at the customer's end.
    pub(super) fn lead_not_reached(&mut self, contact: ContactId, why: CallFailure) {
        self.attempt_over(contact, why.into(), NotPlaced::NotChecked);
    }

    /// The agent's leg came to nothing before the lead was reached.
    pub(super) fn lead_lost_its_agent(&mut self, contact: ContactId, why: LegFailure) {
        let first = self.uncalled(contact).map(|lead| self.campaign_of(lead).rules.first);
        let may_have_rung =
            first == Some(FirstCalled::Customer) || matches!(why, LegFailure::TimedOut | LegFailure::CalledOff);
        let outcome = if may_have_rung { Outcome::Unknown } else { Outcome::CarrierError };
        self.attempt_over(contact, outcome, NotPlaced::NoAgent);
    }

    /// Its gateway is lost.
    pub(super) fn lead_lost_its_gateway(&mut self, contact: ContactId) {
        let end = self.attempt_end(contact, Outcome::Unknown, NotPlaced::NoLine);
        self.carry_out_end(contact, EndedBy::LostByGateway, end);
    }

    fn attempt_over(&mut self, contact: ContactId, placed: Outcome, proposed: NotPlaced) {
        let end = self.attempt_end(contact, placed, proposed);
        self.end_lead(contact, end);
    }

    fn attempt_end(&self, contact: ContactId, placed: Outcome, proposed: NotPlaced) -> LeadStayEnd {
        let is_proposed = self.is_proposed(contact);
        let refused = LeadStayEnd::Refused { why: proposed, until: None };
        if is_proposed { refused } else { LeadStayEnd::Ended(placed) }
    }

    /// Its stay here ends so, as far as it has come.
    pub(super) fn end_lead(&mut self, contact: ContactId, end: LeadStayEnd) {
        self.carry_out_end(contact, EndedBy::Router, end);
    }

    /// Right before the end of its contact.
    pub(super) fn say_end_of_lead(&mut self, contact: ContactId, end: LeadStayEnd, connecting: Option<SegmentId>) {
        let found = &self.state().contacts[&contact];
        let Some(called) = found.lead.clone() else { return };
        let campaign = self.state().campaign_id(called.campaign);
        let (list, lead) = (called.list, called.lead);
        let reserved = connecting.filter(|_| !found.on_line);
        let agent = reserved.map(|segment| self.state().agent_id(self.state().segments[&segment].agent));
        let fact = match (found.attempt, end) {
            (None, LeadStayEnd::Returned(why)) => Fact::LeadReturned { contact, campaign, list, lead, why },
            (None, LeadStayEnd::Refused { .. } | LeadStayEnd::Ended(_)) => {
                unreachable!("what was not proposed is neither refused nor over")
            }
            (Some(attempt), end) if !attempt.is_placed => {
                let (why, until) = match end {
                    LeadStayEnd::Refused { why, until } => (why, until),
                    LeadStayEnd::Returned(_) | LeadStayEnd::Ended(_) => (NotPlaced::LeadClosed, None),
                };
                Fact::AttemptRefused { attempt: attempt.id, contact, campaign, list, lead, agent, why, until }
            }
            (Some(attempt), end) => {
                let outcome = match end {
                    _ if called.talked => Outcome::Answered,
                    _ if found.on_line => Outcome::Dropped,
                    LeadStayEnd::Ended(outcome) => outcome,
                    LeadStayEnd::Returned(_) | LeadStayEnd::Refused { .. } => Outcome::Unknown,
                };
                Fact::AttemptEnded { attempt: attempt.id, contact, campaign, list, lead, agent, outcome }
            }
        };
        self.record(fact);
    }

    /// The time to look at it is over.
    pub(super) fn preview_is_over(&mut self, offer: OfferId) {
        let Offer { contact, .. } = self.state().offers[&offer];
        if self.dials_at_expiry(contact) {
            self.connect(offer);
        } else {
            self.offer_missed(offer);
            self.skipped(contact, ReturnedWhy::NotPreviewed);
        }
    }
}

impl From<CallFailure> for Outcome {
    fn from(failure: CallFailure) -> Outcome {
        match failure {
            CallFailure::Busy => Outcome::Busy,
            CallFailure::NoAnswer => Outcome::NoAnswer,
            CallFailure::Rejected => Outcome::Rejected,
            CallFailure::Machine => Outcome::Machine,
            CallFailure::Fax => Outcome::Fax,
            CallFailure::InvalidNumber => Outcome::InvalidNumber,
            CallFailure::Disconnected => Outcome::Disconnected,
            CallFailure::Congestion => Outcome::Congestion,
            CallFailure::Failed => Outcome::CarrierError,
            CallFailure::TimedOut => Outcome::Unknown,
        }
    }
}
