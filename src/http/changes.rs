//! The history of a customer: who changed what, and when. Changes nothing.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::customers::change::Change;
use crate::customers::ids::ChangeId;

use super::caller::Caller;
use super::customers::find::is_there;
use super::paging::{Page, PageAsked, after, limit};
use super::path::{At, contact_text, customer_id};
use super::query::Query;
use super::seen::looked_at;
use super::words::{StampShown, stamp_shown};
use super::{HttpError, Parts};

/// One field that was changed.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChangeShown {
    id: String,
    /// name, tier, address, consent, custom.<name>, merge …
    field: String,
    /// null: there was nothing.
    before: Option<String>,
    /// null: there is nothing any more.
    after: Option<String>,
    /// The work that it was a field of.
    work: Option<String>,
    /// The interaction that it was a field of.
    interaction: Option<String>,
    made: StampShown,
}

fn shown(site: &str, change: &Change) -> ChangeShown {
    ChangeShown {
        id: change.id.to_string(),
        field: change.field.to_string(),
        before: change.before.as_ref().map(|text| text.as_str().to_owned()),
        after: change.after.as_ref().map(|text| text.as_str().to_owned()),
        work: change.work.map(|work| work.to_string()),
        interaction: change.contact.map(|contact| contact_text(site, contact)),
        made: stamp_shown(&change.stamp),
    }
}

pub(super) async fn of_customer(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<ChangeShown>>, HttpError> {
    let customer = customer_id(&id)?;
    let limit = limit(asked.limit)?;
    let before = after(asked.after.as_deref())?.map(ChangeId);
    is_there(&parts, customer).await?;
    let changes = parts.pop.records().changes_of_customer_before(customer, before, limit + 1).await?;
    looked_at(&parts, &caller, customer).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(
        changes,
        limit,
        |change| change.id.to_string(),
        |change| shown(&parts.site, &sight.change(change)),
    )))
}
