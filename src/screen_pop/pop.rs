//! Looks customers up for contacts, and keeps for a while what was found. Shows nobody anything.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::counters::{LookUpOutcome, customer_looked_up};
use crate::customers::ids::CustomerId;
use crate::customers::phone::PhoneNumber;
use crate::customers::redaction::Sight;
use crate::outbound::shown_lead::{SHOWN_AFTER_CALL, ShownLead};
use crate::records::{Records, RecordsError};
use crate::routing::time::Timestamp;

use super::Settings;
use super::card::{self, Card};
use super::in_time::{Answer, InTime};
use super::kept::Kept;
use super::known::{Known, KnownCustomer};
use super::search::{self, Found};
use super::sought::{Caller, Sought};

/// Look-ups and cards that are kept.
const KEPT_MAX: usize = 10_000;
/// Cards that are read ahead at once; beyond it a card is read when it is shown.
const CARDS_AHEAD_MAX: usize = 32;

/// What a look-up gives at once.
#[derive(Debug)]
pub enum LookUp {
    /// The contact says nothing that a customer could be found by.
    Nothing,
    Kept(Arc<Known>),
    Asked(Answer<Arc<Known>>),
    /// Too many are under way.
    Dropped,
}

/// The records as sessions ask them about customers.
pub struct ScreenPop {
    records: Records,
    clock: Clock,
    settings: Settings,
    asker: Arc<InTime>,
    kept: Arc<Finds>,
    ahead: Arc<Semaphore>,
}

struct Finds {
    look_ups: Mutex<Kept<Sought, Arc<Known>>>,
    cards: Mutex<Kept<CustomerId, Arc<Card>>>,
    /// Counts the changes made here: what was read before one is not kept after it.
    changes: AtomicU64,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Only whole puts and removals happen under it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ScreenPop {
    #[must_use]
    pub fn new(records: Records, clock: Clock, settings: Settings) -> Arc<ScreenPop> {
        let kept = Finds {
            look_ups: Mutex::new(Kept::new(settings.cache_life, KEPT_MAX)),
            cards: Mutex::new(Kept::new(settings.cache_life, KEPT_MAX)),
            changes: AtomicU64::new(0),
        };
        Arc::new(ScreenPop {
            records,
            clock,
            asker: InTime::new(settings.look_up_within, settings.late_look_ups_max),
            kept: Arc::new(kept),
            ahead: Arc::new(Semaphore::new(CARDS_AHEAD_MAX)),
            settings,
        })
    }

    #[must_use]
    pub fn records(&self) -> &Records {
        &self.records
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub fn card_within(&self) -> Duration {
        self.settings.card_within
    }

    /// Begins to look up whose contact it is; waits for nothing.
    #[must_use]
    pub fn look_up(&self, caller: Caller<'_>) -> LookUp {
        let sought = Sought::of(caller, &self.settings);
        if sought.addresses.is_empty() {
            return LookUp::Nothing;
        }
        if let Some(known) = locked(&self.kept.look_ups).get(&sought) {
            customer_looked_up(LookUpOutcome::Kept);
            return LookUp::Kept(known);
        }
        let (records, kept, clock) = (self.records.clone(), Arc::clone(&self.kept), self.clock);
        let question = move || {
            let (records, kept, sought) = (records.clone(), Arc::clone(&kept), sought.clone());
            async move {
                let seen = kept.changes.load(Ordering::SeqCst);
                let known = Arc::new(find(&records, &sought, clock.now()).await?);
                let mut look_ups = locked(&kept.look_ups);
                if kept.changes.load(Ordering::SeqCst) == seen {
                    look_ups.put(sought, Arc::clone(&known));
                }
                Ok::<_, RecordsError>(known)
            }
        };
        match self.asker.ask(question) {
            Some(answer) => LookUp::Asked(answer),
            None => {
                customer_looked_up(LookUpOutcome::Dropped);
                LookUp::Dropped
            }
        }
    }

    /// Reads the card anew before anybody wants it, if there are not too many being read. What was kept of an earlier
    /// contact is not shown with this one: what was noted since would be missing.
    pub fn read_card_ahead(self: &Arc<Self>, customer: CustomerId) {
        locked(&self.kept.cards).remove(&customer);
        let Ok(permit) = Arc::clone(&self.ahead).try_acquire_owned() else { return };
        let pop = Arc::clone(self);
        tokio::spawn(async move {
            // Who shows it reads it himself then.
            let _ = tokio::time::timeout(pop.settings.card_within, pop.card(customer)).await;
            drop(permit);
        });
    }

    /// The card, if it was read a moment ago.
    #[must_use]
    pub fn ready_card(&self, customer: CustomerId) -> Option<Arc<Card>> {
        locked(&self.kept.cards).get(&customer)
    }

    /// Reads the card anew. None: there is no such customer.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn card(&self, customer: CustomerId) -> Result<Option<Arc<Card>>, RecordsError> {
        let seen = self.kept.changes.load(Ordering::SeqCst);
        let Some(card) = card::read(&self.records, customer, self.clock.now()).await? else { return Ok(None) };
        let card = Arc::new(card);
        let mut cards = locked(&self.kept.cards);
        if self.kept.changes.load(Ordering::SeqCst) == seen {
            cards.put(customer, Arc::clone(&card));
        }
        Ok(Some(card))
    }

    /// Leads at the address that a contact came from, if that is a telephone number, and at its customer's.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn leads(
        &self,
        address: Option<&str>,
        customer: Option<CustomerId>,
    ) -> Result<Vec<ShownLead>, RecordsError> {
        let number = address.and_then(|address| PhoneNumber::read(address, self.settings.home_region).ok().flatten());
        let since = self.clock.now() - SHOWN_AFTER_CALL;
        self.records.leads_shown(number.as_ref().map(PhoneNumber::e164), customer, since).await
    }

    /// One customer as a contact knows it, whatever its address.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn known(&self, customer: CustomerId) -> Result<Option<Known>, RecordsError> {
        let Some(customer) = self.records.customer(customer).await? else { return Ok(None) };
        let details = self.records.details_of_matches(&[customer.id]).await?.pop();
        let matches = vec![KnownCustomer { customer, details }];
        Ok(Some(Known { matches, known_at: self.clock.now() }))
    }

    /// Finds nobody by what whoever asks does not see.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn search(&self, query: &str, limit: usize, sight: &Sight) -> Result<Vec<Found>, RecordsError> {
        search::search(&self.records, query, self.settings.home_region, limit, sight).await
    }

    /// To be called after a change of this customer, so that nobody is shown what was before it.
    pub fn changed(&self, customer: CustomerId) {
        self.kept.changes.fetch_add(1, Ordering::SeqCst);
        locked(&self.kept.cards).remove(&customer);
        let is_about = |known: &Arc<Known>| known.matches.iter().any(|one| one.customer.id == customer);
        locked(&self.kept.look_ups).retain(|known| !is_about(known));
    }

    /// To be called after a customer came, left or got another address: nobody's addresses are as they were.
    pub fn addresses_changed(&self) {
        self.kept.changes.fetch_add(1, Ordering::SeqCst);
        locked(&self.kept.look_ups).retain(|_| false);
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn find(records: &Records, sought: &Sought, now: Timestamp) -> Result<Known, RecordsError> {
    let keys: Vec<_> = sought.addresses.iter().map(|address| address.key.clone()).collect();
    let found = records.customers_at(&keys).await?;
    if found.is_empty() {
        return Ok(Known { matches: Vec::new(), known_at: now });
    }
    let ids: Vec<CustomerId> = found.iter().map(|found| found.customer.id).collect();
    let details = records.details_of_matches(&ids).await?;
    let mut at: Vec<Vec<CustomerId>> = Vec::new();
    if ids.len() > 1 && keys.len() > 1 {
        for key in &keys {
            let found = records.customers_at(std::slice::from_ref(key)).await?;
            at.push(found.into_iter().map(|found| found.customer.id).collect());
        }
    }
    let addresses_matched = |customer| at.iter().filter(|ids| ids.contains(&customer)).count() as u32;
    Ok(Known::ranked(sought, found, details, addresses_matched, now))
}
