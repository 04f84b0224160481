//! Customers that may be one: proposed with reasons, merged, and parted again. Merges none by itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::address::{Address, AddressKind};
use crate::customers::customer::{CustomerCard, KnownAddress};
use crate::customers::ids::CustomerId;
use crate::customers::likeness::{Comparable, Reason, SHARED_ADDRESS_CUSTOMERS_MAX, compared};
use crate::customers::search_terms::{folded_words, terms_of_query};
use crate::protocol as wire;
use crate::records::{Act, Merge, Records, RecordsError};

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::etag::IfMatch;
use super::super::path::{At, customer_id, merge_id};
use super::super::seen::{self, looked_at};
use super::super::words::{StampShown, kind_shown, stamp_of, stamp_shown};
use super::super::{HttpError, Parts};
use super::change::shown_now;
use super::find::{card, is_there};
use super::shown::{self, CustomerShown};

/// Duplicates that are proposed: more nobody looks through.
const PROPOSED_MAX: usize = 20;
/// Customers of the same whole name that are compared.
const NAMESAKES_MAX: u32 = 50;
/// Customers that share one word of the name, of each of so many words: names with a mistake in another word.
const OF_ONE_WORD_MAX: u32 = 50;
const WORDS_MAX: usize = 4;
/// Customers looked at for each: those of a common name are millions.
const WALKED_MAX: u32 = 20_000;

/// Customers that may be the same as this one, the surest first.
#[derive(Serialize, JsonSchema)]
pub struct DuplicatesShown {
    items: Vec<DuplicateShown>,
}

#[derive(Serialize, JsonSchema)]
struct DuplicateShown {
    customer: CustomerShown,
    /// 1 to 100. From 90 on, an address and the name speak for it; names alone reach 60.
    score: u8,
    reasons: Vec<ReasonShown>,
}

/// Why two customers may be one, or may not.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
enum ReasonShown {
    /// The same id in the same other system.
    SameExternalId,
    SharedAddress {
        kind: wire::AddressKind,
    },
    /// The same number with another extension: perhaps colleagues.
    OtherExtension,
    /// The same words, in whatever order.
    SameName,
    SimilarName {
        /// Thousandths.
        likeness: u32,
    },
    /// Perhaps a household.
    OtherName,
}

fn reason_shown(reason: &Reason) -> ReasonShown {
    match *reason {
        Reason::SameExternalId => ReasonShown::SameExternalId,
        Reason::SharedAddress(kind) => ReasonShown::SharedAddress { kind: kind_shown(kind) },
        Reason::OtherExtension => ReasonShown::OtherExtension,
        Reason::SameName => ReasonShown::SameName,
        Reason::SimilarName { likeness } => ReasonShown::SimilarName { likeness },
        Reason::OtherName => ReasonShown::OtherName,
    }
}

/// Those who were merged with this one and parted again are not proposed: somebody knows that they are two.
pub(in super::super) async fn duplicates(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<DuplicatesShown>, HttpError> {
    let one = card(&parts, customer_id(&id)?).await?;
    let records = parts.pop.records();
    let mut others = candidates(records, &one).await?;
    others.remove(&one.customer.id);
    for merge in records.merges_of_customer(one.customer.id).await? {
        others.remove(&merge.kept);
        others.remove(&merge.merged);
    }
    let others = records.customer_cards(&others.into_iter().collect::<Vec<_>>()).await?;
    let sought = without_common(comparable(&one), &others);
    let mut found: Vec<_> = others
        .iter()
        .filter(|other| other.customer.merged_into.is_none())
        .filter_map(|other| compared(&sought, &comparable(other)).map(|pair| (pair, other)))
        .collect();
    found.sort_by_key(|(pair, other)| (Reverse(pair.score), other.customer.id));
    found.truncate(PROPOSED_MAX);
    looked_at(&parts, &caller, one.customer.id).await?;
    for (_, other) in &found {
        looked_at(&parts, &caller, other.customer.id).await?;
    }
    let sight = caller.sight(&parts);
    let items = found.iter().map(|(pair, other)| {
        let reasons = pair.reasons.iter().map(reason_shown).collect();
        DuplicateShown { customer: shown::customer(other, &sight), score: pair.score, reasons }
    });
    Ok(Json(DuplicatesShown { items: items.collect() }))
}

async fn candidates(records: &Records, one: &CustomerCard) -> Result<BTreeSet<CustomerId>, RecordsError> {
    let keys: Vec<_> = one.addresses.iter().map(|address| address.key.clone()).collect();
    let mut found: BTreeSet<CustomerId> = BTreeSet::new();
    if !keys.is_empty() {
        found.extend(records.customers_at(&keys).await?.into_iter().map(|found| found.customer.id));
    }
    let name = one.customer.fields.name.as_str();
    let namesakes = async |name: &str, limit| {
        records.customers_with_name_terms(&terms_of_query(name), None, limit, WALKED_MAX).await.map(|(found, _)| found)
    };
    found.extend(namesakes(name, NAMESAKES_MAX).await?);
    for word in folded_words(name).iter().take(WORDS_MAX) {
        found.extend(namesakes(word, OF_ONE_WORD_MAX).await?);
    }
    Ok(found)
}

fn comparable(card: &CustomerCard) -> Comparable<CustomerId> {
    let address = |known: &KnownAddress| {
        Some(Address {
            kind: AddressKind::of_name(known.key.kind.as_str())?,
            value: known.key.value.as_str().to_owned(),
            extension: known.extension.as_ref().map(|extension| extension.as_str().to_owned()),
            shown: known.shown.as_str().to_owned(),
        })
    };
    Comparable {
        customer: card.customer.id,
        name: card.customer.fields.name.as_str().to_owned(),
        addresses: card.addresses.iter().filter_map(address).collect(),
    }
}

/// An address of many says nothing: it is a switchboard's or a household's.
fn without_common(mut one: Comparable<CustomerId>, others: &[CustomerCard]) -> Comparable<CustomerId> {
    let mut owners: BTreeMap<(&str, &str), BTreeSet<CustomerId>> = BTreeMap::new();
    for other in others {
        for address in &other.addresses {
            let key = (address.key.kind.as_str(), address.key.value.as_str());
            owners.entry(key).or_default().insert(other.customer.id);
        }
    }
    let owners_of = |address: &Address| {
        let others = owners.get(&(address.kind.as_str(), address.value.as_str()));
        others.map_or(0, BTreeSet::len) + 1
    };
    one.addresses.retain(|address| owners_of(address) <= SHARED_ADDRESS_CUSTOMERS_MAX);
    one
}

/// Which customer is part of this one from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeAsked {
    /// It becomes part of the customer in the path.
    other: String,
}

pub(in super::super) async fn merge(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<MergeAsked>,
) -> Result<Response, HttpError> {
    let kept = card(&parts, customer_id(&id)?).await?;
    let expected = if_match.version(kept.customer.version)?;
    let other = customer_id(&asked.other).map_err(|_| HttpError::field("other", "the id of a customer"))?;
    let kept = kept.customer.id;
    let stamp = stamp_of(&parts.pop, &caller);
    parts.pop.records().merge_customers_if(kept, expected, other, &stamp).await?;
    tell(&parts, &caller, kept, other, Act::Merged).await?;
    shown_now(&parts, &caller, kept, StatusCode::OK).await
}

/// A merge of two customers.
#[derive(Serialize, JsonSchema)]
pub struct MergeShown {
    id: String,
    kept: String,
    merged: String,
    made: StampShown,
    /// null: it stands.
    undone: Option<StampShown>,
}

fn merge_shown(merge: &Merge) -> MergeShown {
    MergeShown {
        id: merge.id.to_string(),
        kept: merge.kept.to_string(),
        merged: merge.merged.to_string(),
        made: stamp_shown(&merge.made),
        undone: merge.undone.as_ref().map(stamp_shown),
    }
}

/// Merges on either side, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct MergesShown {
    items: Vec<MergeShown>,
}

pub(in super::super) async fn merges(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<MergesShown>, HttpError> {
    let customer = customer_id(&id)?;
    is_there(&parts, customer).await?;
    let merges = parts.pop.records().merges_of_customer(customer).await?;
    looked_at(&parts, &caller, customer).await?;
    Ok(Json(MergesShown { items: merges.iter().map(merge_shown).collect() }))
}

pub(in super::super) async fn undo(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<MergeShown>, HttpError> {
    let merge = merge_id(&id)?;
    let records = parts.pop.records();
    records.undo_merge(merge, &stamp_of(&parts.pop, &caller)).await?;
    let undone = records.merge(merge).await?.ok_or(HttpError::NotThere { thing: Thing::Merge })?;
    tell(&parts, &caller, undone.kept, undone.merged, Act::MergeUndone).await?;
    Ok(Json(merge_shown(&undone)))
}

async fn tell(parts: &Parts, caller: &Caller, kept: CustomerId, merged: CustomerId, act: Act) -> Result<(), HttpError> {
    parts.pop.changed(kept);
    parts.pop.changed(merged);
    parts.pop.addresses_changed();
    seen::merged(parts, caller, act, kept, merged).await
}
