//! Call lists: made, changed, found. Looks at no lead but to count them.

use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::call_list::{CallList, CallListSettings};
use crate::outbound::ids::CallListId;
use crate::routing::ids::{CallListName, CampaignId, PersonId};
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::error::RecordsError;
use super::super::statements::call_lists::{
    ADD_CALL_LIST, ADD_STAND_IN_LIST, CALL_LIST, CALL_LIST_NAMED, CALL_LISTS_AFTER, CHANGE_CALL_LIST, COUNT_LEADS,
    LOCK_CALL_LIST,
};
use super::super::statements::campaigns::{CAMPAIGN_NAMES, CAMPAIGN_RUN};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::CallListError;

/// Campaigns that are named to whoever named another.
const NAMED_MAX: i64 = 20;
/// Lists read at a time.
const LISTS_MAX: i64 = 500;

#[derive(sqlx::FromRow)]
struct ListRow {
    id: i64,
    name: String,
    settings: String,
    version: i64,
    created_at_ms: i64,
    created_by: String,
    changed_at_ms: i64,
    changed_by: String,
}

impl Records {
    /// # Errors
    /// When there is a list of that name, the settings cannot be together, or the database does not answer; nothing was
    /// changed.
    pub async fn create_call_list(
        &self,
        name: &CallListName,
        settings: &CallListSettings,
        stamp: &Stamp,
    ) -> Result<CallListId, CallListError> {
        settings.check(name).map_err(CallListError::Settings)?;
        let mut transaction = self.begin().await?;
        check_campaign(&mut transaction, settings).await?;
        check_next(&mut transaction, settings).await?;
        let expires_at = settings.expires_at.map(|at| at.0);
        let text = json(settings);
        let added =
            values![name.as_str(), settings.campaign.as_str(), expires_at, &text, stamp.at.0, stamp.by.as_str()];
        let row: Option<(i64,)> = transaction.row(ADD_CALL_LIST, added).await?;
        let (id,) = row.ok_or_else(|| CallListError::NameTaken(name.clone()))?;
        append(&mut transaction, &[entry(Act::CallListCreated, id, stamp)]).await?;
        transaction.commit().await?;
        Ok(CallListId(id))
    }

    /// Changes all of its settings at once.
    ///
    /// # Errors
    /// When there is no such list, it has another version, the settings cannot be together, or the database does not
    /// answer; nothing was changed.
    pub async fn change_call_list(
        &self,
        id: CallListId,
        version: Version,
        settings: &CallListSettings,
        stamp: &Stamp,
    ) -> Result<CallList, CallListError> {
        let mut transaction = self.begin().await?;
        let held = locked(&mut transaction, id, version).await?;
        settings.check(&held.name).map_err(CallListError::Settings)?;
        if settings.campaign != held.settings.campaign {
            check_campaign(&mut transaction, settings).await?;
        }
        check_next(&mut transaction, settings).await?;
        let expires_at = settings.expires_at.map(|at| at.0);
        let text = json(settings);
        let changed = values![id.0, settings.campaign.as_str(), expires_at, &text, stamp.at.0, stamp.by.as_str()];
        transaction.execute(CHANGE_CALL_LIST, changed).await?;
        append(&mut transaction, &[entry(Act::CallListChanged, id.0, stamp)]).await?;
        transaction.commit().await?;
        let version = Version(version.0 + 1);
        Ok(CallList { settings: settings.clone(), version, changed: stamp.clone(), ..held })
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn call_list(&self, id: CallListId) -> Result<Option<CallList>, RecordsError> {
        let row: Option<ListRow> = self.row(CALL_LIST, values![id.0]).await?;
        row.map(CallList::try_from).transpose()
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn call_list_named(&self, name: &CallListName) -> Result<Option<CallList>, RecordsError> {
        let row: Option<ListRow> = self.row(CALL_LIST_NAMED, values![name.as_str()]).await?;
        row.map(CallList::try_from).transpose()
    }

    /// All of them by name.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn call_lists(&self) -> Result<Vec<CallList>, RecordsError> {
        let mut lists: Vec<CallList> = Vec::new();
        loop {
            let after = lists.last().map_or("", |list| list.name.as_str());
            let rows: Vec<ListRow> = self.rows(CALL_LISTS_AFTER, values![after, LISTS_MAX]).await?;
            let is_last = rows.len() < LISTS_MAX as usize;
            lists.extend(rows.into_iter().map(CallList::try_from).collect::<Result<Vec<_>, _>>()?);
            if is_last {
                return Ok(lists);
            }
        }
    }

    /// How many leads the list has. Goes through all of its part of an index.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_leads(&self, list: CallListId) -> Result<u64, RecordsError> {
        let row: Option<(i64,)> = self.row(COUNT_LEADS, values![list.0]).await?;
        Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
    }

    /// For a dry run: in these records there is a list of this number, to which leads can be added.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_stand_in_list(&self, list: &CallList) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        let added = values![list.id.0, list.name.as_str(), list.settings.campaign.as_str()];
        transaction.execute(ADD_STAND_IN_LIST, added).await?;
        Ok(transaction.commit().await?)
    }
}

/// The list as it is until the transaction ends.
pub(super) async fn locked(
    transaction: &mut Transaction,
    id: CallListId,
    version: Version,
) -> Result<CallList, CallListError> {
    let row: Option<ListRow> = transaction.row(LOCK_CALL_LIST, values![id.0]).await?;
    let held: CallList = row.ok_or(CallListError::Unknown(id))?.try_into()?;
    if held.version != version {
        return Err(CallListError::Conflict { name: held.name, expected: version, found: held.version });
    }
    Ok(held)
}

/// No campaign is ever removed: it stays there.
async fn check_campaign(transaction: &mut Transaction, settings: &CallListSettings) -> Result<(), CallListError> {
    let found = &settings.campaign;
    let run: Option<(String,)> = transaction.row(CAMPAIGN_RUN, values![found.as_str()]).await?;
    if run.is_some() {
        return Ok(());
    }
    let there: Vec<(String,)> = transaction.rows(CAMPAIGN_NAMES, values![NAMED_MAX]).await?;
    let there = there.into_iter().filter_map(|(name,)| CampaignId::new(&name).ok()).collect();
    Err(CallListError::UnknownCampaign { found: found.clone(), there })
}

async fn check_next(transaction: &mut Transaction, settings: &CallListSettings) -> Result<(), CallListError> {
    let Some(next) = &settings.next_list else { return Ok(()) };
    let row: Option<ListRow> = transaction.row(CALL_LIST_NAMED, values![next.as_str()]).await?;
    row.map(drop).ok_or_else(|| CallListError::UnknownNext(next.clone()))
}

fn entry(act: Act, list: i64, stamp: &Stamp) -> AuditEntry {
    AuditEntry::new(stamp.at, stamp.by.clone(), act).with("call_list", list)
}

impl TryFrom<ListRow> for CallList {
    type Error = RecordsError;

    fn try_from(row: ListRow) -> Result<CallList, RecordsError> {
        let unreadable = |column| RecordsError::Unreadable { table: "call_list", column };
        let stamp = |at_ms, by: &str, column| {
            let by = PersonId::new(by).map_err(|_| unreadable(column))?;
            Ok::<_, RecordsError>(Stamp { at: Timestamp(at_ms), by })
        };
        Ok(CallList {
            id: CallListId(row.id),
            name: CallListName::new(&row.name).map_err(|_| unreadable("name"))?,
            settings: serde_json::from_str(&row.settings).map_err(|_| unreadable("settings"))?,
            version: Version(row.version),
            created: stamp(row.created_at_ms, &row.created_by, "created_by")?,
            changed: stamp(row.changed_at_ms, &row.changed_by, "changed_by")?,
        })
    }
}
