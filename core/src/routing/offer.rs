//! An offer's life: acknowledged, accepted, declined, missed, revoked; and the leg that follows an
//! accept. A terminal state absorbs: what comes late is refused and changes nothing.

use std::sync::Arc;

use super::attempt::{NotPlaced, ReturnedWhy};
use super::command::{CallFailure, LegFailure};
use super::event::{AgentChange, ConsultationEnd, Fact, OfferOutcome, RevokedWhy};
use super::hold::BackOffCause;
use super::ids::{AgentId, ContactId, OfferId, SegmentId};
use super::refusal::Refusal;
use super::segment::Offer;
use super::table::AgentNo;
use super::turn::Turn;

impl Turn<'_> {
    /// The open offer of this number to this agent.
    fn own_offer(&self, no: AgentNo, offer: OfferId) -> Result<&Offer, Refusal> {
        match self.state().offers.get(&offer) {
            Some(open) if open.agent == no => Ok(open),
            Some(_) => Err(Refusal::UnknownOffer { offer }),
            None if self.state().was_given(offer.0) => Err(Refusal::OfferGone { offer }),
            None => Err(Refusal::UnknownOffer { offer }),
        }
    }

    pub(super) fn acknowledge_offer(&mut self, agent: &AgentId, offer: OfferId) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        if !self.own_offer(no, offer)?.acknowledged {
            self.hear(no);
            self.record(Fact::OfferAcknowledged { offer });
        }
        Ok(())
    }

    pub(super) fn accept_offer(&mut self, agent: &AgentId, offer: OfferId) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        let contact = match self.own_offer(no, offer) {
            Ok(open) => open.contact,
            Err(refusal) => return if self.has_won(no, offer) { Ok(()) } else { Err(refusal) },
        };
        if self.state().offers[&offer].order.is_some() {
            return Err(Refusal::AcceptedByPhone { offer });
        }
        let visit = self.state().contacts[&contact].visit.as_ref().expect("an open offer has a visit");
        if visit.connecting().is_some() {
            // Another agent was first; this offer ends when he is connected.
            return Err(Refusal::OfferGone { offer });
        }
        if self.is_to_be_called(contact) {
            self.check_may_be_called(contact)?;
        }
        self.hear(no);
        self.connect(offer);
        Ok(())
    }

    /// The offer is won; what has to give way goes aside.
    pub(super) fn connect(&mut self, offer: OfferId) -> SegmentId {
        let state = self.state();
        let Offer { contact, agent: no, .. } = state.offers[&offer];
        let visit = state.contacts[&contact].visit.as_ref().expect("an open offer has a visit").id;
        let is_to_be_called = self.is_to_be_called(contact);
        let connect_by = if is_to_be_called { self.checked_by() } else { self.at + state.rules.site.connect_within };
        let segment = SegmentId(state.next_id);
        let agent = state.agent_id(no);
        self.record(Fact::ContactConnecting { contact, visit, offer, segment, agent, connect_by });
        self.set_aside_for(segment);
        if is_to_be_called {
            self.propose(contact, segment);
        }
        segment
    }

    /// The phone that was to ring with the offer could not be reached, or nobody lifted it.
    pub(super) fn ringing_failed(&mut self, offer: OfferId, why: LegFailure) {
        let Offer { contact, agent: no, .. } = self.state().offers[&offer];
        match why {
            LegFailure::NoAnswer => self.offer_expired(offer),
            LegFailure::Rejected => {
                self.end_offer(offer, OfferOutcome::Declined { reason: None });
                self.back_off(no, BackOffCause::Declined);
                self.limit_offers(contact);
                self.end_if_asked_alone(contact, ConsultationEnd::Declined);
            }
            LegFailure::Busy
            | LegFailure::Unregistered
            | LegFailure::Failed
            | LegFailure::TimedOut
            | LegFailure::CalledOff => {
                self.end_offer(offer, OfferOutcome::LegFailed { why });
                self.back_off(no, why.into());
                self.limit_offers(contact);
                self.end_if_asked_alone(contact, ConsultationEnd::Failed);
            }
        }
    }

    /// An accept by the agent who already won is a success.
    fn has_won(&self, no: AgentNo, offer: OfferId) -> bool {
        let segments = &self.state().segments;
        self.state().agent(no).segments.iter().any(|(segment, _)| segments[segment].offer == offer)
    }

    pub(super) fn decline_offer(
        &mut self,
        agent: &AgentId,
        offer: OfferId,
        reason: Option<Arc<str>>,
    ) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        let contact = self.own_offer(no, offer)?.contact;
        self.hear(no);
        self.end_offer(offer, OfferOutcome::Declined { reason });
        if self.skipped(contact, ReturnedWhy::Skipped) {
            return Ok(());
        }
        self.back_off(no, BackOffCause::Declined);
        self.limit_offers(contact);
        self.end_if_asked_alone(contact, ConsultationEnd::Declined);
        Ok(())
    }

    pub(super) fn end_offer(&mut self, offer: OfferId, outcome: OfferOutcome) {
        let open = &self.state().offers[&offer];
        let (contact, agent) = (open.contact, self.state().agent_id(open.agent));
        self.record(Fact::OfferEnded { offer, contact, agent, outcome });
    }

    /// Ends every open offer of a contact, oldest first.
    pub(super) fn end_offers(&mut self, contact: ContactId, outcome: &OfferOutcome) {
        let visit = self.state().contacts[&contact].visit.as_ref();
        for offer in visit.map(|visit| visit.offers.clone()).unwrap_or_default() {
            self.end_offer(offer, outcome.clone());
        }
    }

    /// Its time is over: a miss.
    pub(super) fn offer_expired(&mut self, offer: OfferId) {
        let contact = self.state().offers[&offer].contact;
        if self.is_previewed(contact) {
            return self.preview_is_over(offer);
        }
        self.offer_missed(offer);
        self.limit_offers(contact);
        self.end_if_asked_alone(contact, ConsultationEnd::NoAnswer);
    }

    pub(super) fn offer_missed(&mut self, offer: OfferId) {
        let Offer { contact, agent: no, .. } = self.state().offers[&offer];
        let visit = self.state().contacts[&contact].visit.as_ref().expect("an open offer has a visit");
        let group = self.state().contacts[&contact].channel.group();
        let misses_max = self.state().queue(visit.queue).rules.missed_offers.of(group);
        self.end_offer(offer, OfferOutcome::Expired);
        if self.state().agent(no).misses[group.index()] >= misses_max {
            self.change_agent(no, AgentChange::Missed, |change| change.responding = false);
        } else {
            self.back_off(no, BackOffCause::Missed);
        }
    }

    /// The console did not acknowledge it: nobody is there.
    pub(super) fn offer_undelivered(&mut self, offer: OfferId) {
        let no = self.state().offers[&offer].agent;
        self.lose_console(no, RevokedWhy::Undelivered, AgentChange::OfferUndelivered);
    }

    fn limit_offers(&mut self, contact: ContactId) {
        let site = &self.state().rules.site;
        let (in_row_max, until) = (site.offers_in_row_max, self.at + site.offer_limit_pause);
        let visit = self.state().contacts[&contact].visit.as_ref().expect("its offer has just ended");
        if visit.offers_in_row >= in_row_max && visit.limited_until.is_none() {
            let visit = visit.id;
            self.record(Fact::OfferLimitReached { contact, visit, until });
        }
    }

    pub(super) fn offer_limit_is_over(&mut self, contact: ContactId) {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("its deadline goes with the visit").id;
        self.record(Fact::OfferLimitLifted { contact, visit });
    }

    /// The gateway has said nothing in time. A customer who is called may have been rung: he is not
    /// rung again at once.
    pub(super) fn connecting_took_too_long(&mut self, segment: SegmentId) {
        let contact = self.state().segments[&segment].contact;
        if self.state().contacts[&contact].on_line {
            self.connect_failed(segment, LegFailure::TimedOut);
        } else if self.is_proposed(contact) {
            self.not_placed(contact, segment, NotPlaced::NotChecked, None);
        } else if self.is_lead_to_call(contact) {
            self.lead_not_reached(contact, CallFailure::TimedOut);
        } else {
            self.attempt_failed(contact, segment, CallFailure::TimedOut);
        }
    }

    /// The leg could not be made: the contact goes back to its old place, the agent rests.
    pub(super) fn connect_failed(&mut self, segment: SegmentId, why: LegFailure) {
        let connecting = &self.state().segments[&segment];
        let (contact, no) = (connecting.contact, connecting.agent);
        let agent = self.state().agent_id(no);
        self.record(Fact::ConnectFailed { contact, segment, agent, why });
        self.take_up_what_was_aside(no, segment);
        if why != LegFailure::CalledOff {
            self.back_off(no, why.into());
        }
        self.apply_next(no);
        if self.is_lead_to_call(contact) {
            return self.lead_lost_its_agent(contact, why);
        }
        self.withdraw_if_superseded(contact);
        self.end_if_asked_alone(contact, ConsultationEnd::Failed);
    }
}
