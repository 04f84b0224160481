//! What people ask about customers, answered beside the session: nobody else waits for the database. Every look and
//! change is audited with who made it before the answer leaves.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::requests::Line;
use super::to_protocol;
use super::to_protocol::customer as shown_as;
use crate::audit::Audit;
use crate::customers::address::{Address, AddressKind};
use crate::customers::change::Stamp;
use crate::customers::customer::{Consent, CustomFields, CustomerFields, NewAddress, NewCustomer};
use crate::customers::ids::{CustomerId, Version};
use crate::customers::redaction::{Hidable, Sight};
use crate::customers::text::{AddressText, CustomerName};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, answer_text};
use crate::records::{Act, AuditEntry, CustomerError, RecordsError};
use crate::router_handle::Answer;
use crate::routing::command::Action;
use crate::routing::entry::attributes_of;
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId, PersonId};
use crate::routing::personal::Attributes;
use crate::screen_pop::ScreenPop;
use crate::screen_pop::sought::SoughtAddress;

/// Longer nobody waits for an answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
const RETRY_AFTER_MS: u64 = 1_000;
const FOUND_BY_DEFAULT: u8 = 20;
const NOTES_SHOWN: u32 = 20;

/// Who asks, and who answers.
pub struct Customers {
    pub pop: Arc<ScreenPop>,
    pub audit: Arc<Audit>,
    pub line: Line,
    pub person: PersonId,
    pub sight: Sight,
}

impl Customers {
    /// Answers later; the session goes on at once.
    pub fn ask(self, id: RequestId, ask: wire::CustomerAsk) {
        tokio::spawn(async move {
            let answer = timeout(ANSWERED_WITHIN, self.answer(&id, ask)).await;
            let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
            self.line.give(&id, answer.unwrap_or(Err(unavailable)));
        });
    }

    async fn answer(&self, id: &RequestId, ask: wire::CustomerAsk) -> Result<String, ErrorKind> {
        Ok(match ask {
            wire::CustomerAsk::Show(asked) => answer_text(id, &self.show(&asked.customer).await?),
            wire::CustomerAsk::Search(asked) => answer_text(id, &self.search(&asked).await?),
            wire::CustomerAsk::Create(asked) => answer_text(id, &self.create(asked).await?),
            wire::CustomerAsk::Change(asked) => answer_text(id, &self.change(asked).await?),
        })
    }

    async fn show(&self, asked: &wire::CustomerId) -> Result<wire::CustomerShown, ErrorKind> {
        let unknown = || ErrorKind::UnknownCustomer { customer: asked.clone() };
        let customer = number(asked)?;
        let card = self.pop.card(customer).await.map_err(unreadable)?.ok_or_else(unknown)?;
        let kept = card.customer.customer.id;
        let notes = match self.sight.sees(&Hidable::Notes) {
            true => self.pop.records().notes_of_customer(kept, NOTES_SHOWN).await.map_err(unreadable)?,
            false => Vec::new(),
        };
        self.record(self.did(Act::LookedAt).about(kept)).await?;
        Ok(shown_as::shown(&self.line.ids, &card.seen_with(&self.sight), &notes, &self.pop.settings().fields))
    }

    async fn search(&self, asked: &wire::CustomerSearch) -> Result<wire::CustomersFound, ErrorKind> {
        let limit = usize::from(asked.limit.unwrap_or(FOUND_BY_DEFAULT)).max(1);
        let found = self.pop.search(asked.query.as_str(), limit, &self.sight).await.map_err(unreadable)?;
        let searched = self.did(Act::Searched).with("found", found.len());
        self.record(found.iter().fold(searched, |entry, one| entry.about(one.customer.id))).await?;
        let customers = found.iter().map(|found| shown_as::found(found, &self.sight)).collect();
        Ok(wire::CustomersFound { customers })
    }

    fn did(&self, act: Act) -> AuditEntry {
        AuditEntry::new(self.pop.now(), self.person.clone(), act)
    }

    /// What cannot be audited is not answered.
    async fn record(&self, entry: AuditEntry) -> Result<(), ErrorKind> {
        let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
        self.audit.record(entry).await.map_err(|_| unavailable)
    }

    async fn create(&self, asked: wire::CustomerCreate) -> Result<wire::CustomerStored, ErrorKind> {
        let addresses = asked.addresses.iter().enumerate();
        let addresses = addresses.map(|(at, address)| self.address(at, address)).collect::<Result<Vec<_>, _>>()?;
        let tags = asked.tags.iter().map(|tag| word("tags", Some(tag)));
        let new = NewCustomer {
            fields: CustomerFields {
                name: name(&asked.name)?,
                language: word("language", asked.language.as_ref())?,
                tier: word("tier", asked.tier.as_ref())?,
                owner: owner(asked.owner.as_ref())?,
                do_not_contact: false,
                custom: self.custom(&CustomerFields::default(), asked.custom)?,
            },
            addresses,
            tags: tags.filter_map(Result::transpose).collect::<Result<_, _>>()?,
            ..NewCustomer::default()
        };
        let added = self.pop.records().add_customer(&new, &self.stamp()).await;
        let customer = added.map_err(refused)?;
        self.pop.addresses_changed();
        self.record(self.did(Act::Created).about(customer)).await?;
        Ok(wire::CustomerStored { customer: shown_as::customer_id(customer), version: 1 })
    }

    async fn change(&self, asked: wire::CustomerChange) -> Result<wire::CustomerStored, ErrorKind> {
        let customer = number(&asked.customer)?;
        let records = self.pop.records();
        let unknown = || ErrorKind::UnknownCustomer { customer: asked.customer.clone() };
        let before = records.customer(customer).await.map_err(unreadable)?.ok_or_else(unknown)?;
        let fields = CustomerFields {
            name: name(&asked.name)?,
            language: word("language", asked.language.as_ref())?,
            tier: word("tier", asked.tier.as_ref())?,
            owner: owner(asked.owner.as_ref())?,
            do_not_contact: asked.do_not_contact,
            custom: self.custom(&before.fields, asked.custom)?,
        };
        let fields = self.sight.kept(&before.fields, fields);
        let expected = Version(i64::try_from(asked.version).unwrap_or(i64::MAX));
        let changed = records.change_customer(customer, expected, &fields, &self.stamp()).await;
        let version = changed.map_err(refused)?;
        self.pop.changed(customer);
        self.record(self.did(Act::Changed).about(customer)).await?;
        Ok(wire::CustomerStored { customer: asked.customer, version: shown_as::version(version) })
    }

    /// The fields as they are then, of those that the role sees.
    fn custom(&self, before: &CustomerFields, asked: wire::Attributes) -> Result<CustomFields, ErrorKind> {
        let mut custom = self.sight.fields(before).custom;
        self.pop.settings().fields.change(&mut custom, asked.into_values()).map_err(|error| {
            let expected = format!("{}, found {}", error.expected, error.found);
            ErrorKind::invalid_field(format!("custom.{}", error.field), expected)
        })?;
        Ok(custom)
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: self.pop.now(), by: self.person.clone() }
    }

    fn address(&self, at: usize, asked: &wire::NewCustomerAddress) -> Result<NewAddress, ErrorKind> {
        let field = format!("addresses[{at}].address");
        let kind = match asked.kind {
            wire::AddressKind::Phone => AddressKind::Phone,
            wire::AddressKind::Email => AddressKind::Email,
            wire::AddressKind::Handle => AddressKind::Handle,
            wire::AddressKind::External => AddressKind::External,
        };
        let wrong = |expected: String| ErrorKind::invalid_field(field.clone(), expected);
        let read = Address::read(kind, asked.address.as_str(), self.pop.settings().home_region);
        let read = read.map_err(|error| wrong(error.to_string()))?;
        let read = read.ok_or_else(|| wrong("a number, not one that is withheld".to_owned()))?;
        let text = |text: &str| AddressText::new(text).map_err(|error| wrong(error.to_string()));
        let shown = text(&read.shown)?;
        let extension = read.extension.as_deref().map(text).transpose()?;
        let key = SoughtAddress::of(read).ok_or_else(|| wrong("a shorter address".to_owned()))?.key;
        let consent = match asked.consent {
            Some(wire::Consent::Yes) => Consent::Yes,
            Some(wire::Consent::No) => Consent::No,
            Some(wire::Consent::Unknown) | None => Consent::Unknown,
        };
        let label = asked.label.as_ref().map(|label| text(label.as_str())).transpose()?;
        Ok(NewAddress { key, extension, shown, label, consent })
    }

    /// Says whose contact it is that the agent has in hand or on offer.
    pub fn attach(self, id: RequestId, agent: AgentId, asked: wire::ContactCustomer) {
        tokio::spawn(async move {
            let known = timeout(ANSWERED_WITHIN, self.attachment(&agent, &asked)).await;
            let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
            match known.unwrap_or(Err(unavailable)) {
                Ok(action) => {
                    let told = self.line.done(&id);
                    self.line.tell(Some(id), action.into(), told).await;
                }
                Err(kind) => self.line.refuse(Some(&id), &kind),
            }
        });
    }

    async fn attachment(&self, agent: &AgentId, asked: &wire::ContactCustomer) -> Result<Action, ErrorKind> {
        let contact = self.line.ids.contact(&asked.contact)?;
        let unknown = || ErrorKind::UnknownCustomer { customer: asked.customer.clone() };
        let known = self.pop.known(number(&asked.customer)?).await.map_err(unreadable)?.ok_or_else(unknown)?;
        if let Some(into) = known.matches.first().and_then(|one| one.customer.merged_into) {
            let (customer, into) = (asked.customer.clone(), shown_as::customer_id(into));
            return Err(ErrorKind::CustomerMerged { customer, into });
        }
        let (gateway, reference, mut attributes) = self.in_hand(agent, contact, &asked.contact).await?;
        // Whose it was taken for is no part of who it is.
        attributes.0.remove(crate::screen_pop::known::CUSTOMER);
        let attributes = Attributes(known.over(&attributes));
        self.record(self.did(Act::Attached).about(number(&asked.customer)?).about(contact)).await?;
        Ok(Action::ContactUpdated { gateway, reference, attributes, event: 0 })
    }

    async fn in_hand(
        &self,
        agent: &AgentId,
        contact: ContactId,
        asked: &wire::ContactId,
    ) -> Result<(GatewayId, ContactRef, Attributes), ErrorKind> {
        let (sender, answered) = oneshot::channel();
        let (agent, ids, asked) = (agent.clone(), self.line.ids.clone(), asked.clone());
        let question: Answer = Box::new(move |view| {
            let found = view.map_err(|rejection| to_protocol::error(&ids, rejection)).and_then(|view| {
                let state = view.router.state();
                let live = state.contacts.get(&contact);
                let live = live.ok_or_else(|| ErrorKind::UnknownContact { contact: asked.clone() })?;
                let has = state.agents.get(&agent).is_some_and(|agent| {
                    agent.segments.iter().any(|(segment, _)| state.segments[segment].contact == contact)
                        || agent.offers.iter().any(|(offer, _)| state.offers[offer].contact == contact)
                });
                let is_attached = state.gateway(live.gateway).is_attached();
                match (has, is_attached) {
                    (true, true) => Ok((state.gateway_id(live.gateway), live.reference.clone(), attributes_of(live))),
                    (true, false) => Err(ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }),
                    (false, _) => {
                        let id = asked.as_str().to_owned();
                        Err(ErrorKind::NotYours { subject: wire::Subject::Contact, id })
                    }
                }
            });
            Box::new(move || drop(sender.send(found)))
        });
        self.line.source.ask(question).await;
        answered.await.unwrap_or(Err(ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }))
    }
}

pub(super) fn number(asked: &wire::CustomerId) -> Result<CustomerId, ErrorKind> {
    let unknown = || ErrorKind::UnknownCustomer { customer: asked.clone() };
    asked.as_str().parse().map(CustomerId).map_err(|_| unknown())
}

fn name(asked: &wire::CustomerName) -> Result<CustomerName, ErrorKind> {
    CustomerName::new(asked.as_str()).map_err(|error| ErrorKind::invalid_field("name", error.to_string()))
}

fn word<T: TryFrom<String>>(field: &str, asked: Option<&wire::Name>) -> Result<Option<T>, ErrorKind>
where
    T::Error: std::fmt::Display,
{
    let made = asked.map(|word| T::try_from(word.as_str().to_owned())).transpose();
    made.map_err(|error| ErrorKind::invalid_field(field, error.to_string()))
}

fn owner(asked: Option<&wire::AgentName>) -> Result<Option<AgentId>, ErrorKind> {
    let made = asked.map(|agent| AgentId::new(agent.as_str())).transpose();
    made.map_err(|error| ErrorKind::invalid_field("owner", error.to_string()))
}

fn unreadable(error: RecordsError) -> ErrorKind {
    tracing::error!(%error, "a customer could not be read");
    ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }
}

fn refused(error: CustomerError) -> ErrorKind {
    match error {
        CustomerError::Unknown(customer) => ErrorKind::UnknownCustomer { customer: shown_as::customer_id(customer) },
        CustomerError::Merged { customer, into } => {
            ErrorKind::CustomerMerged { customer: shown_as::customer_id(customer), into: shown_as::customer_id(into) }
        }
        CustomerError::Conflict { found, .. } => ErrorKind::Conflict { version: shown_as::version(found) },
        CustomerError::Records(error) => unreadable(error),
        error @ (CustomerError::AddressThere { .. }
        | CustomerError::UnknownAddress { .. }
        | CustomerError::UnknownName { .. }
        | CustomerError::TooMany { .. }
        | CustomerError::UnknownWork(_)) => {
            tracing::error!(%error, "a customer was not changed");
            ErrorKind::Internal
        }
    }
}
