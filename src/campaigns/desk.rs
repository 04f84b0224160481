//! Runs campaigns beside the router: follows what was committed, keeps a feed for each campaign that runs, and hands leads to
//! the router a little ahead of need. The router alone decides who is called for whom; the gate, whether.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::feed::{CampaignFeed, FeedError};
use super::filing::number_to_call;
use super::follow::reader;
use super::gate::Gate;
use super::seen::SeenCampaign;
use super::status_keeper::keep_statuses;
use crate::clock::{Clock, wall_time};
use crate::customers::ids::Version;
use crate::journal::{Journal, ReadError};
use crate::outbound::callback_call::CallbackCall;
use crate::outbound::campaign::{Campaign, CampaignSettings};
use crate::outbound::gate::ListNow;
use crate::outbound::ids::CallListId;
use crate::outbound::jurisdiction::Jurisdiction;
use crate::outbound::lead::Lead;
use crate::outbound::lead_calendars::LeadCalendars;
use crate::outbound::lead_standing::LeadStanding;
use crate::outbound::lead_stay::LeadStay;
use crate::outbound::stay_end::LeadWindows;
use crate::records::{Records, RecordsError, StandingsError};
use crate::router_handle::RouterHandle;
use crate::routing::campaign::CampaignRun;
use crate::routing::command::Action;
use crate::routing::ids::{CallListName, CampaignId, ContactId, EventNo, PersonId};
use crate::routing::personal::Address;
use crate::routing::time::Timestamp;
use crate::screen_pop::ScreenPop;

/// What people change of campaigns and lists is seen after so long.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
/// Pages of leads read between two looks at what was committed.
const PAGES_AT_ONCE: usize = 2;
/// How soon what failed is tried again, at first and at most.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Journal(#[from] ReadError),
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error(transparent)]
    Write(#[from] StandingsError),
}

/// What a desk is made of.
pub struct Parts<J> {
    pub journal: Arc<J>,
    /// The records, and who is who in them.
    pub pop: Arc<ScreenPop>,
    pub router: RouterHandle,
    pub committed: watch::Receiver<EventNo>,
    pub clock: Clock,
    pub packs: Vec<Arc<Jurisdiction>>,
}

/// See the module.
pub struct CampaignDesk<J> {
    pub(super) journal: Arc<J>,
    pub(super) records: Records,
    pub(super) pop: Arc<ScreenPop>,
    pub(super) router: RouterHandle,
    pub(super) gate: Arc<Gate>,
    pub(super) clock: Clock,
    packs: Vec<Arc<Jurisdiction>>,
    committed: watch::Receiver<EventNo>,
    /// Everything up to it is taken in; up to `written` it is in the rows.
    pub(super) place: EventNo,
    pub(super) written: EventNo,
    pub(super) stays: BTreeMap<ContactId, LeadStay>,
    pub(super) callbacks: BTreeMap<ContactId, CallbackCall>,
    pub(super) numbers: BTreeMap<ContactId, Address>,
    pub(super) runs: BTreeMap<CampaignId, CampaignRun>,
    pub(super) feeds: BTreeMap<CampaignId, CampaignFeed>,
    /// Settings the router has.
    told: BTreeMap<CampaignId, Version>,
    /// What was last said of a campaign.
    warned: BTreeMap<CampaignId, String>,
    look_at: Option<tokio::time::Instant>,
    /// What is seen of campaigns, for whoever keeps it.
    shown: watch::Sender<Vec<SeenCampaign>>,
}

/// How the handing out of leads ended for now.
enum Filled {
    AsMuchAsWanted,
    /// The router refused one.
    NotTaken,
}

/// Who does what nobody asked for at that moment.
fn usher() -> PersonId {
    PersonId::new("usher").expect("a short word")
}

/// For as long as the server runs. What fails is tried again.
pub async fn run_campaigns<J: Journal>(parts: Parts<J>) {
    let (shown, seen) = watch::channel(Vec::new());
    let keeper = keep_statuses(parts.pop.records().clone(), seen);
    tokio::select! {
        () = keep_desk(CampaignDesk::new(parts, shown)) => {}
        () = keeper => {}
    }
}

async fn keep_desk<J: Journal>(mut desk: CampaignDesk<J>) {
    let mut again_after = AGAIN_AFTER;
    while let Err(error) = desk.run(&mut again_after).await {
        tracing::warn!(%error, "campaigns wait");
        tokio::time::sleep(again_after).await;
        again_after = (again_after * 2).min(AGAIN_AFTER_MAX);
    }
}

impl<J: Journal> CampaignDesk<J> {
    fn new(parts: Parts<J>, shown: watch::Sender<Vec<SeenCampaign>>) -> CampaignDesk<J> {
        let Parts { journal, pop, router, committed, clock, packs } = parts;
        let records = pop.records().clone();
        CampaignDesk {
            gate: Arc::new(Gate::new(records.clone(), packs.clone())),
            journal,
            records,
            pop,
            router,
            clock,
            packs,
            committed,
            place: EventNo::ZERO,
            written: EventNo::ZERO,
            stays: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            numbers: BTreeMap::new(),
            runs: BTreeMap::new(),
            feeds: BTreeMap::new(),
            told: BTreeMap::new(),
            warned: BTreeMap::new(),
            look_at: None,
            shown,
        }
    }

    /// Until the journal's owner is gone. `again_after` begins anew with each turn that is done.
    async fn run(&mut self, again_after: &mut Duration) -> Result<(), DeskError> {
        self.open().await?;
        loop {
            let wait = self.step().await?;
            *again_after = AGAIN_AFTER;
            tokio::select! {
                biased;
                changed = self.committed.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// From the rows, with nothing in memory.
    async fn open(&mut self) -> Result<(), DeskError> {
        self.feeds.clear();
        self.told.clear();
        self.written = self.records.reader_cursor(&reader()).await?;
        self.place = self.written;
        self.stays = self.records.lead_stays().await?.into_iter().map(|stay| (stay.contact, stay)).collect();
        let calls = self.records.callback_calls().await?;
        self.callbacks = calls.into_iter().map(|call| (call.contact, call)).collect();
        for stay in self.stays.values() {
            let found = self.records.lead(stay.lead).await?;
            let number = found.and_then(|(lead, standing)| number_to_call(&lead, &standing));
            self.numbers.extend(number.map(|number| (stay.contact, number)));
        }
        for campaign in self.records.campaigns().await? {
            let run = self.records.campaign_run(&campaign.name).await?;
            self.runs.insert(campaign.name, run);
        }
        self.look_now();
        Ok(())
    }

    /// One turn. How long nothing is to be done, if nothing happens.
    async fn step(&mut self) -> Result<Duration, DeskError> {
        let upto = *self.committed.borrow_and_update();
        self.follow(upto).await?;
        let is_time = self.look_at.is_none_or(|at| at <= tokio::time::Instant::now());
        if is_time {
            self.look().await?;
            self.look_at = Some(tokio::time::Instant::now() + LOOKED_AT_EVERY);
        }
        let mut is_reading = false;
        for feed in self.feeds.values_mut() {
            for _ in 0..PAGES_AT_ONCE {
                is_reading |= feed.read_page().await?;
            }
        }
        let next = self.fill().await?;
        if is_reading {
            return Ok(Duration::ZERO);
        }
        Ok(next.map_or(LOOKED_AT_EVERY, |next| self.until(next)).min(LOOKED_AT_EVERY))
    }

    /// Something changed that leads depend on.
    pub(super) fn look_now(&mut self) {
        self.look_at = None;
    }

    /// What hours and waits are reckoned by: the clock on the wall, unless a demonstration runs faster.
    pub(super) fn now(&self) -> Timestamp {
        #[expect(clippy::float_cmp, reason = "it is 1 unless it was set")]
        let is_real = self.clock.speed() == 1.0;
        if is_real { wall_time() } else { self.clock.now() }
    }

    fn until(&self, next: Timestamp) -> Duration {
        let wait_ms = u64::try_from(next.since(self.now()).0).unwrap_or(0);
        Duration::from_millis(wait_ms).div_f64(self.clock.speed())
    }

    /// Campaigns and lists as people have changed them.
    async fn look(&mut self) -> Result<(), DeskError> {
        let now = self.now();
        let campaigns = self.records.campaigns().await?;
        for campaign in &campaigns {
            self.tell_settings(campaign).await;
        }
        self.pass_wishes_on().await?;
        for campaign in campaigns {
            let run = self.runs.get(&campaign.name).copied().unwrap_or_default();
            match run {
                CampaignRun::Stopped => {
                    self.feeds.remove(&campaign.name);
                }
                CampaignRun::Running | CampaignRun::Paused | CampaignRun::Draining => {
                    self.refresh_feed(&campaign.name, now).await?;
                    self.take_back_leads_of_lists_at_rest(&campaign.name, now).await;
                }
            }
        }
        let seen = self.seen(now);
        self.shown.send_replace(seen);
        Ok(())
    }

    /// Leads that nobody is calling yet are held out to nobody once their list is paused, over or gone.
    async fn take_back_leads_of_lists_at_rest(&self, name: &CampaignId, now: Timestamp) {
        let Some(feed) = self.feeds.get(name) else { return };
        let is_at_rest = |list: &CallListName| {
            let settings = feed.list_named(list).and_then(|list| feed.list(list)).map(|list| &list.settings);
            !settings.is_some_and(|settings| ListNow::of(settings).is_called(now))
        };
        let uncalled = self.stays.values().filter(|stay| stay.campaign == *name && stay.attempt.is_none());
        for stay in uncalled.filter(|stay| is_at_rest(&stay.list)) {
            self.tell(Action::WithdrawLead { campaign: name.clone(), lead: stay.lead }).await;
        }
    }

    async fn tell_settings(&mut self, campaign: &Campaign) {
        if self.told.get(&campaign.name) == Some(&campaign.version) {
            return;
        }
        let rules = Arc::new(campaign.settings.rules());
        let set = Action::SetCampaign { by: usher(), campaign: campaign.name.clone(), rules };
        match self.router.tell(set).await {
            Ok(()) => {
                self.told.insert(campaign.name.clone(), campaign.version);
            }
            Err(error) => self.warn_once(&campaign.name, format!("it cannot run so: {error}")),
        }
    }

    async fn refresh_feed(&mut self, name: &CampaignId, now: Timestamp) -> Result<(), DeskError> {
        let refreshed = match self.feeds.get_mut(name) {
            Some(feed) => feed.refresh(now).await,
            None => {
                let opened = CampaignFeed::open(self.records.clone(), name, self.packs.clone(), now).await;
                opened.map(|feed| {
                    self.feeds.insert(name.clone(), feed);
                })
            }
        };
        match refreshed {
            Ok(()) => Ok(()),
            Err(FeedError::Records(error)) => Err(error.into()),
            Err(error @ (FeedError::UnknownCampaign(_) | FeedError::UnknownPack(_))) => {
                self.warn_once(name, format!("it has no leads: {error}"));
                Ok(())
            }
        }
    }

    /// Hands leads to the router, so many of each list as its campaign says. When there are more to hand out.
    async fn fill(&mut self) -> Result<Option<Timestamp>, DeskError> {
        let now = self.now();
        let mut next: Option<Timestamp> = None;
        let running = self.runs.iter().filter(|(_, run)| **run == CampaignRun::Running).map(|(name, _)| name.clone());
        for name in running.collect::<Vec<CampaignId>>() {
            let Some(mut feed) = self.feeds.remove(&name) else { continue };
            let filled = self.fill_from(&name, &mut feed, now).await;
            // A lead that the router does not take now is not held out to it at once again.
            let more = feed.when_next(now).filter(|_| matches!(filled, Ok(Filled::AsMuchAsWanted)));
            next = [next, more].into_iter().flatten().min();
            self.feeds.insert(name, feed);
            filled?;
        }
        Ok(next)
    }

    async fn fill_from(
        &mut self,
        name: &CampaignId,
        feed: &mut CampaignFeed,
        now: Timestamp,
    ) -> Result<Filled, DeskError> {
        let ahead = usize::from(feed.campaign().settings.leads_ahead);
        let mut waiting: BTreeMap<CallListId, usize> = BTreeMap::new();
        for stay in self.stays.values().filter(|stay| stay.campaign == *name && stay.attempt.is_none()) {
            if let Some(list) = feed.list_named(&stay.list) {
                *waiting.entry(list).or_default() += 1;
            }
        }
        loop {
            let full: BTreeSet<CallListId> =
                waiting.iter().filter(|(_, count)| **count >= ahead).map(|(list, _)| *list).collect();
            feed.set_full(full);
            let Some(given) = feed.next(now).await? else { return Ok(Filled::AsMuchAsWanted) };
            *waiting.entry(given.lead.list).or_default() += 1;
            let Some(filing) = self.filing(name, feed, &given, now).await else { continue };
            if let Err(error) = self.file(filing).await {
                self.warn_once(name, format!("a lead is not taken: {error}"));
                feed.file_again(&given.lead, &given.standing, now);
                return Ok(Filled::NotTaken);
            }
        }
    }

    /// What is so again and again is said once.
    fn warn_once(&mut self, campaign: &CampaignId, what: String) {
        if self.warned.get(campaign) != Some(&what) {
            tracing::warn!(%campaign, "{what}");
            self.warned.insert(campaign.clone(), what);
        }
    }

    pub(super) async fn tell(&self, action: Action) {
        if let Err(error) = self.router.tell(action).await {
            tracing::debug!(%error, "the router has gone on");
        }
    }

    /// By which calendar each number of a lead is called.
    pub(super) fn windows_of(
        &mut self,
        settings: &CampaignSettings,
        lead: &Lead,
        standing: &LeadStanding,
    ) -> LeadWindows {
        match self.feeds.values_mut().find(|feed| feed.has_list(lead.list)) {
            Some(feed) => feed.windows_of(lead, standing),
            None => LeadCalendars::new(settings.clone(), self.packs.clone()).windows_of(lead, standing),
        }
    }
}
