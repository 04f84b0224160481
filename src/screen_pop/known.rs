//! What a look-up came to, and how it lies over what the gateway said. Asks nobody.

use serde_json::{Map, Value, json};

use crate::customers::customer::{Customer, CustomerMatch};
use crate::customers::ids::CustomerId;
pub use crate::customers::interaction_fold::{LOOK_UP, looked_up as customer_of};
use crate::customers::likeness::{ExtensionMatch, Match, sort_most_likely_first};
use crate::records::MatchDetails;
use crate::routing::personal::Attributes;
use crate::routing::time::Timestamp;

use super::sought::Sought;

/// The attribute with what is known of the customer.
pub const CUSTOMER: &str = "customer";
/// Other customers that are named beside the likeliest: an agent looks through so many.
const MATCHES_NAMED_MAX: usize = 5;
/// Attributes of a contact that are left to others.
const ATTRIBUTES_MAX: usize = 62;

/// Whose the addresses are.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// The likeliest first; none: nobody's.
    pub matches: Vec<KnownCustomer>,
    pub known_at: Timestamp,
}

/// A customer as entry rules and an offer see it.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownCustomer {
    pub customer: Customer,
    pub details: Option<MatchDetails>,
}

/// What a contact is told of its customer when it comes.
#[derive(Clone, PartialEq, Debug)]
pub enum Stance {
    Known(std::sync::Arc<Known>),
    /// It may still become known.
    NotYet,
}

impl Known {
    /// Puts the likeliest first. `addresses_matched` says for each customer at how many of the addresses it was found.
    #[must_use]
    pub fn ranked(
        sought: &Sought,
        found: Vec<CustomerMatch>,
        details: Vec<MatchDetails>,
        addresses_matched: impl Fn(CustomerId) -> u32,
        now: Timestamp,
    ) -> Known {
        let details_of = |customer| details.iter().find(|details| details.customer == customer);
        let mut order: Vec<Match<CustomerId>> = found
            .iter()
            .map(|found| {
                let id = found.customer.id;
                let extension = sought.addresses.iter().find(|address| address.key == found.key);
                let extension = extension.and_then(|address| address.extension.as_deref());
                let held = found.extension.as_ref().map(|extension| extension.as_str());
                Match {
                    customer: id,
                    extension: ExtensionMatch::of(extension, held),
                    addresses_matched: addresses_matched(id),
                    main_address: details_of(id).is_some_and(|details| details.main_address == Some(found.address)),
                    last_interaction_at: found.last_contact_at,
                    open_work: details_of(id).map_or(0, |details| details.open_work),
                    language_matched: speaks(found, sought.language.as_deref()),
                }
            })
            .collect();
        sort_most_likely_first(&mut order, now);
        let place = |customer: CustomerId| order.iter().position(|one| one.customer == customer);
        let mut matches: Vec<KnownCustomer> = found
            .into_iter()
            .map(|found| KnownCustomer { details: details_of(found.customer.id).cloned(), customer: found.customer })
            .collect();
        matches.sort_by_key(|one| place(one.customer.id));
        Known { matches, known_at: now }
    }

    #[must_use]
    pub fn likeliest(&self) -> Option<CustomerId> {
        self.matches.first().map(|first| first.customer.id)
    }

    /// The attributes that this adds to a contact which has these: the customer over the gateway's own.
    #[must_use]
    pub fn over(&self, attributes: &Attributes) -> Map<String, Value> {
        let mut added = Map::new();
        let Some(first) = self.matches.first() else {
            added.insert(LOOK_UP.to_owned(), json!({ "state": "unknown" }));
            return added;
        };
        let mut customer = match attributes.get(CUSTOMER) {
            Some(Value::Object(sent)) => sent.clone(),
            Some(_) | None => Map::new(),
        };
        customer.extend(first.fields());
        customer.insert("known_at".to_owned(), Value::from(rfc3339(self.known_at)));
        if self.matches.len() > 1 {
            let named = self.matches.iter().take(MATCHES_NAMED_MAX).map(KnownCustomer::named).collect();
            customer.insert("matches".to_owned(), Value::Array(named));
        }
        let id = first.customer.id.to_string();
        added.insert(CUSTOMER.to_owned(), Value::Object(customer));
        added.insert(LOOK_UP.to_owned(), json!({ "state": "known", "customer": id }));
        added
    }
}

impl Stance {
    /// Lays what is known over what the gateway said.
    pub fn lay_over(&self, attributes: &mut Attributes) {
        let added = match self {
            Stance::Known(known) => known.over(attributes),
            Stance::NotYet => Map::from_iter([(LOOK_UP.to_owned(), json!({ "state": "not_yet" }))]),
        };
        let is_full = attributes.0.len() > ATTRIBUTES_MAX;
        // Who sends so many attributes gets no word of ours that stands alone; the customer always comes through.
        if !is_full || added.contains_key(CUSTOMER) {
            attributes.0.extend(added);
        }
    }
}

/// The other customers it may be, as the attributes name them: id, name, tier.
#[must_use]
pub fn other_matches(attributes: &Attributes) -> Vec<&Value> {
    let matches = attributes.get(CUSTOMER).and_then(|customer| customer.get("matches"));
    matches.and_then(Value::as_array).map(|matches| matches.iter().skip(1).collect()).unwrap_or_default()
}

impl KnownCustomer {
    /// What is not known is left to the gateway.
    fn fields(&self) -> Map<String, Value> {
        let fields = &self.customer.fields;
        let details = self.details.as_ref();
        let name = Some(fields.name.as_str()).filter(|name| !name.is_empty());
        let texts = [
            ("id", Some(self.customer.id.to_string())),
            ("name", name.map(str::to_owned)),
            ("language", fields.language.as_ref().map(ToString::to_string)),
            ("tier", fields.tier.as_ref().map(ToString::to_string)),
            ("owner", fields.owner.as_ref().map(ToString::to_string)),
            ("last_agent", details.and_then(|details| details.last_agent.as_ref()).map(ToString::to_string)),
        ];
        let known = texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))));
        let mut all: Map<String, Value> = known.collect();
        all.insert("do_not_contact".to_owned(), Value::from(fields.do_not_contact));
        if let Some(details) = details {
            let tags = details.tags.iter().map(|tag| Value::from(tag.as_str())).collect();
            all.insert("tags".to_owned(), Value::Array(tags));
            all.insert("open_work".to_owned(), Value::from(details.open_work));
        }
        all
    }

    fn named(&self) -> Value {
        let fields = &self.customer.fields;
        let mut named = json!({ "id": self.customer.id.to_string(), "name": fields.name.as_str() });
        if let Some(tier) = &fields.tier {
            named["tier"] = Value::from(tier.as_str());
        }
        named
    }
}

/// `fr` and `fr-CA` are one language here.
fn speaks(found: &CustomerMatch, language: Option<&str>) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match (&found.customer.fields.language, language) {
        (Some(theirs), Some(language)) => primary(theirs.as_str()) == primary(language),
        (Some(_), None) | (None, Some(_) | None) => false,
    }
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|at| format!("{at:.3}")).unwrap_or_default()
}
