//! What committed events mean for calls out: stays of leads and calls of callbacks folded, attempts and standings written, each
//! event once; what is proposed is judged. Gives no lead out.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::TryStreamExt;

use super::desk::{CampaignDesk, DeskError};
use super::judging::Proposal;
use crate::customers::text::ReaderName;
use crate::journal::{Journal, open_details};
use crate::outbound::call_list::Release;
use crate::outbound::callback_call::CallbackCall;
use crate::outbound::campaign::CampaignSettings;
use crate::outbound::do_not_call::NumberDigits;
use crate::outbound::ids::CallListId;
use crate::outbound::kept_attempt::{CalledLead, KeptAttempt, end_of};
use crate::outbound::lead::Lead;
use crate::outbound::lead_progress::LeadEnd;
use crate::outbound::lead_standing::{LeadReached, LeadStanding, ReleaseStanding};
use crate::outbound::lead_stay::{LeadStay, StayEnd};
use crate::outbound::limits::AttemptEnd;
use crate::outbound::stay_end::AfterStay;
use crate::records::LeadNews;
use crate::routing::campaign::CampaignRun;
use crate::routing::command::Action;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{CampaignId, ContactId, EventNo, LeadId};
use crate::routing::personal::{Address, Attributes, PersonalDetails};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

/// What its place is called.
/// The name of the reader of the journal.
pub const READER: &str = "campaigns";
/// Events that become rows in one transaction.
const EVENTS_WRITTEN_MAX: usize = 500;
/// The place is kept after so many events of which no lead is the wiser: so much is read again after a restart.
const EVENTS_UNWRITTEN_MAX: u64 = 1_000;
/// Spreads waits: any odd number with bits everywhere.
const DRAW: u64 = 0x9E37_79B9_7F4A_7C15;

/// What the events since the last write came to.
#[derive(Default)]
struct News {
    attempts: Vec<KeptAttempt>,
    leads: BTreeMap<LeadId, (Lead, LeadStanding)>,
    stays: BTreeMap<ContactId, Option<LeadStay>>,
    callbacks: BTreeMap<ContactId, Option<CallbackCall>>,
    runs: Vec<(CampaignId, CampaignRun, Timestamp)>,
    /// Leads that the router was given though they are over.
    over: Vec<(CampaignId, LeadId)>,
    releases: BTreeMap<CallListId, ReleaseStanding>,
}

pub(super) fn reader() -> ReaderName {
    ReaderName::new(READER).expect("a short word")
}

impl<J: Journal> CampaignDesk<J> {
    /// Takes in what is committed up to `upto`.
    ///
    /// # Errors
    /// When journal or database do not answer; what was not written is taken in again.
    pub(super) async fn follow(&mut self, upto: EventNo) -> Result<(), DeskError> {
        if upto <= self.place {
            return Ok(());
        }
        let journal = Arc::clone(&self.journal);
        let (mut events, mut last) = (Vec::new(), self.place);
        let mut batches = std::pin::pin!(journal.read_after(self.place));
        while let Some(batch) = batches.try_next().await? {
            if batch.last() > upto {
                break;
            }
            last = batch.last();
            events.extend(batch.events);
            if events.len() >= EVENTS_WRITTEN_MAX {
                self.take_in(std::mem::take(&mut events), last).await?;
            }
        }
        if last > self.place {
            self.take_in(events, last).await?;
        }
        Ok(())
    }

    async fn take_in(&mut self, mut events: Vec<Event>, last: EventNo) -> Result<(), DeskError> {
        let is_calling = self.calls_anybody() || !self.stays.is_empty() || !self.callbacks.is_empty();
        if !is_calling && !events.iter().any(begins_a_call) {
            return self.pass_over(last).await;
        }
        open_details(&*self.journal, &mut events).await?;
        let mut news = News::default();
        let mut proposed = Vec::new();
        for event in &events {
            proposed.extend(Proposal::of(event));
            self.learn(event, &mut news).await?;
        }
        let standings: Vec<(LeadId, LeadStanding)> =
            news.leads.iter().map(|(id, (_, standing))| (*id, standing.clone())).collect();
        let stays: Vec<(ContactId, Option<LeadStay>)> = news.stays.into_iter().collect();
        let callbacks: Vec<(ContactId, Option<CallbackCall>)> = news.callbacks.into_iter().collect();
        if stays.is_empty() && standings.is_empty() && callbacks.is_empty() && news.runs.is_empty() {
            self.pass_over(last).await?;
        } else {
            let releases: Vec<(CallListId, ReleaseStanding)> = news.releases.into_iter().collect();
            let attempts = &news.attempts;
            let (standings, stays, callbacks, releases) = (&*standings, &*stays, &*callbacks, &*releases);
            let runs = &*news.runs;
            self.write(last, LeadNews { attempts, standings, stays, callbacks, runs, releases }).await?;
        }
        for (campaign, lead) in news.over {
            self.tell(Action::WithdrawLead { campaign, lead }).await;
        }
        // Calls that went before are written: they count for those that are judged now.
        for proposal in proposed {
            self.have_judged(proposal).await?;
        }
        for (lead, standing) in news.leads.into_values().filter(|(_, standing)| standing.contact.is_none()) {
            let now = self.now();
            if let Some(feed) = self.feeds.values_mut().find(|feed| feed.has_list(lead.list)) {
                feed.file_again(&lead, &standing, now);
            }
        }
        Ok(())
    }

    /// Nothing is to be written of the events up to here.
    async fn pass_over(&mut self, last: EventNo) -> Result<(), DeskError> {
        self.place = last;
        if last.0 >= self.written.0 + EVENTS_UNWRITTEN_MAX {
            self.write(last, LeadNews::default()).await?;
        }
        Ok(())
    }

    async fn write(&mut self, last: EventNo, news: LeadNews<'_>) -> Result<(), DeskError> {
        self.records.write_lead_news(&reader(), (self.written, last), news).await?;
        (self.place, self.written) = (last, last);
        Ok(())
    }

    async fn learn(&mut self, event: &Event, news: &mut News) -> Result<(), DeskError> {
        match &event.fact {
            Fact::CampaignRunChanged { campaign, run } => {
                news.runs.push((campaign.clone(), *run, self.on_the_wall(event.at)));
                self.runs.insert(campaign.clone(), *run);
                self.look_now();
            }
            Fact::ContactArrived { contact, channel: Channel::Voice, details, .. } if self.calls_anybody() => {
                self.numbers.extend(number_of(details).map(|number| (*contact, number)));
            }
            Fact::LeadFiled { contact, campaign, lead, details, .. } => {
                self.numbers.extend(number_of(details).map(|number| (*contact, number)));
                if let Some(stay) = LeadStay::begun_with(event) {
                    news.stays.insert(*contact, Some(stay.clone()));
                    self.stays.insert(*contact, stay);
                }
                if let Some((lead, standing)) = self.known(*lead, news).await? {
                    standing.contact = Some(*contact);
                    // He called in, or was closed, while the router was being given him.
                    let over = standing.end.is_some().then(|| (campaign.clone(), lead.id));
                    let list = lead.list;
                    news.over.extend(over);
                    news.releases.extend(self.release_of(list).map(|release| (list, release)));
                }
                return Ok(());
            }
            Fact::ContactConnected { contact, .. } if !self.stays.contains_key(contact) => {
                self.called_in(*contact, news).await?;
            }
            _ => {}
        }
        let Some(contact) = event.fact.contact() else { return Ok(()) };
        self.learn_of_callback(contact, event, news).await;
        if let Some(stay) = self.stays.get_mut(&contact) {
            let end = stay.apply(event);
            let stay = stay.clone();
            news.stays.insert(contact, end.is_none().then(|| stay.clone()));
            self.write_attempt(&stay, end.as_ref(), event, news).await?;
            if let Some(end) = end {
                self.stays.remove(&contact);
                self.stay_is_over(&stay, &end, news).await?;
            }
        }
        if let Fact::ContactEnded { .. } = &event.fact
            && !self.stays.contains_key(&contact)
        {
            self.numbers.remove(&contact);
        }
        Ok(())
    }

    /// Its row, once read; None: it is not there any more.
    async fn known<'n>(
        &self,
        lead: LeadId,
        news: &'n mut News,
    ) -> Result<Option<&'n mut (Lead, LeadStanding)>, DeskError> {
        if !news.leads.contains_key(&lead)
            && let Some(found) = self.records.lead(lead).await?
        {
            news.leads.insert(lead, found);
        }
        Ok(news.leads.get_mut(&lead))
    }

    /// What is gone of a list counts where not all of it may be called.
    fn release_of(&self, list: CallListId) -> Option<ReleaseStanding> {
        let feed = self.feeds.values().find(|feed| feed.has_list(list))?;
        let holds_back = feed.list(list)?.settings.release != Release::All;
        feed.release(list).filter(|_| holds_back)
    }

    async fn learn_of_callback(&mut self, contact: ContactId, event: &Event, news: &mut News) {
        if let Some(mut call) = CallbackCall::begun_with(event) {
            if let Some(number) = number_proposed(event) {
                let known = self.customer_at(&number, &Attributes::default()).await;
                call.customer = known.and_then(|known| known.likeliest());
            }
            news.attempts.push(call.kept(|at| self.on_the_wall(at)));
            news.callbacks.insert(contact, Some(call.clone()));
            self.callbacks.insert(contact, call);
            return;
        }
        let Some(call) = self.callbacks.get_mut(&contact) else { return };
        if !call.apply(event) {
            return;
        }
        let call = call.clone();
        news.attempts.push(call.kept(|at| self.on_the_wall(at)));
        if call.is_over() {
            self.callbacks.remove(&contact);
        }
        news.callbacks.insert(contact, Some(call).filter(|call| !call.is_over()));
    }

    /// He got through to an agent himself: nobody has to call him any more.
    async fn called_in(&self, contact: ContactId, news: &mut News) -> Result<(), DeskError> {
        let Some(number) = self.numbers.get(&contact) else { return Ok(()) };
        for lead in self.records.open_leads_at(&number.0).await? {
            if let Some((_, standing)) = self.known(lead, news).await?.filter(|(_, known)| known.contact.is_none()) {
                standing.end = Some(LeadEnd::Withdrawn);
            }
        }
        Ok(())
    }

    async fn write_attempt(
        &self,
        stay: &LeadStay,
        end: Option<&StayEnd>,
        event: &Event,
        news: &mut News,
    ) -> Result<(), DeskError> {
        let is_worth_a_row = match &event.fact {
            Fact::AttemptProposed { .. } | Fact::AttemptPlaced { .. } | Fact::AttemptEnded { .. } => true,
            _ => end.is_some(),
        };
        let (Some(attempt), true) = (&stay.attempt, is_worth_a_row) else { return Ok(()) };
        let Some(settings) = self.settings_of(stay).await? else { return Ok(()) };
        let Some((lead, _)) = self.known(stay.lead, news).await? else { return Ok(()) };
        let list = lead.list;
        let called = end.and_then(|end| end.called(&settings));
        let (refused, disposition) = match end {
            Some(StayEnd::Refused { why, .. }) => (Some(*why), None),
            Some(StayEnd::Called { disposition, .. }) => (None, disposition.clone()),
            Some(StayEnd::Returned(_)) | None => (None, None),
        };
        let ends_now = matches!(event.fact, Fact::AttemptEnded { .. }) || refused.is_some();
        let number = self.numbers.get(&stay.contact).and_then(|number| NumberDigits::new(&number.0).ok());
        news.attempts.push(KeptAttempt {
            id: attempt.id,
            contact: stay.contact,
            lead: Some(CalledLead { campaign: stay.campaign.clone(), list, lead: stay.lead }),
            number,
            customer: stay.customer,
            proposed_at: self.on_the_wall(attempt.proposed_at),
            placed_at: attempt.placed_at.map(|at| self.on_the_wall(at)),
            ended_at: ends_now.then(|| self.on_the_wall(event.at)),
            refused,
            outcome: called.map(|(outcome, _)| outcome),
            end: called.map_or(AttemptEnd::Open, |(outcome, said)| end_of(Some(outcome), said)),
            agent: Some(attempt.agent.clone()),
            disposition,
        });
        Ok(())
    }

    async fn stay_is_over(&mut self, stay: &LeadStay, end: &StayEnd, news: &mut News) -> Result<(), DeskError> {
        self.numbers.remove(&stay.contact);
        let Some(settings) = self.settings_of(stay).await? else { return Ok(()) };
        let Some((lead, before)) = self.known(stay.lead, news).await?.cloned() else { return Ok(()) };
        let windows = self.windows_of(&settings, &lead, &before);
        let attempt = stay.attempt.as_ref().map(|attempt| attempt.id);
        let after = AfterStay {
            settings: &settings,
            windows: &windows,
            numbers: lead.lead.numbers.len(),
            at: self.now(),
            on_the_wall: &|at| self.on_the_wall(at),
            draw: attempt.map_or(0, |attempt| attempt.0.wrapping_mul(DRAW)),
        };
        let standing = after.standing(&before, end);
        let reached = standing.reached.filter(|reached| before.reached.is_none_or(|known| known < *reached));
        if let Some(reached) = reached {
            self.count_reached(&lead, reached);
        }
        news.leads.insert(lead.id, (lead, standing));
        Ok(())
    }

    fn count_reached(&mut self, lead: &Lead, reached: LeadReached) {
        if let Some(feed) = self.feeds.values_mut().find(|feed| feed.has_list(lead.list)) {
            feed.count(lead, reached);
        }
    }

    pub(super) async fn settings_of(&self, stay: &LeadStay) -> Result<Option<Arc<CampaignSettings>>, DeskError> {
        if let Some(feed) = self.feeds.get(&stay.campaign) {
            return Ok(Some(feed.settings()));
        }
        let campaign = self.records.campaign_named(&stay.campaign).await?;
        Ok(campaign.map(|campaign| Arc::new(campaign.settings)))
    }

    fn calls_anybody(&self) -> bool {
        self.runs.values().any(|run| *run != CampaignRun::Stopped)
    }

    /// When it was, by the clock on the wall.
    fn on_the_wall(&self, at: Timestamp) -> Timestamp {
        at + self.now().since(self.clock.now())
    }
}

fn begins_a_call(event: &Event) -> bool {
    matches!(event.fact, Fact::CampaignRunChanged { .. } | Fact::LeadFiled { .. } | Fact::CallbackProposed { .. })
}

fn number_proposed(event: &Event) -> Option<Address> {
    let Fact::CallbackProposed { details, .. } = &event.fact else { return None };
    number_of(details)
}

fn number_of(details: &PersonalDetails) -> Option<Address> {
    details.plain()?.from.clone()
}
