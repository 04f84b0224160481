//! How many attempts of a campaign came to what. Finds none by itself.

use crate::outbound::campaign_status::{AttemptCount, MinuteCount};
use crate::outbound::ids::CallListId;
use crate::routing::ids::{AgentId, CampaignId};
use crate::routing::time::{Millis, Timestamp};

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::attempts::{COUNT_ATTEMPTS, COUNT_BY_MINUTE};
use super::super::store::Records;

/// An attempt is placed within so long, or not at all.
const PLACED_WITHIN: Millis = Millis::minutes(1);
const MINUTE_MS: i64 = 60_000;

#[derive(sqlx::FromRow)]
struct CountRow(i64, Option<String>, Option<String>, Option<String>, i64, i64, i64);

#[derive(sqlx::FromRow)]
struct MinuteRow(i64, Option<String>, i64, Option<String>, i64);

impl Records {
    /// Those that were proposed at `since` or later. Goes through these.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn attempt_counts(
        &self,
        campaign: &CampaignId,
        since: Timestamp,
    ) -> Result<Vec<AttemptCount>, RecordsError> {
        let columns = Columns("attempt");
        let rows: Vec<CountRow> = self.rows(COUNT_ATTEMPTS, values![campaign.as_str(), since.0]).await?;
        let read = |CountRow(list, agent, refused, outcome, proposed, placed, ended)| {
            Ok(AttemptCount {
                list: CallListId(list),
                agent: agent_of(agent)?,
                refused: columns.word_if_any("refused", refused)?,
                outcome: columns.word_if_any("outcome", outcome)?,
                proposed: proposed.unsigned_abs(),
                placed: placed.unsigned_abs(),
                ended: ended.unsigned_abs(),
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Those that were placed at `since`, the beginning of a minute, or later, by the minute.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn attempt_minutes(
        &self,
        campaign: &CampaignId,
        since: Timestamp,
    ) -> Result<Vec<MinuteCount>, RecordsError> {
        let asked = values![campaign.as_str(), (since - PLACED_WITHIN).0, since.0];
        let rows: Vec<MinuteRow> = self.rows(COUNT_BY_MINUTE, asked).await?;
        let read = |MinuteRow(list, agent, minute, outcome, placed)| {
            Ok(MinuteCount {
                list: CallListId(list),
                agent: agent_of(agent)?,
                minute: Timestamp(minute * MINUTE_MS),
                outcome: Columns("attempt").word_if_any("outcome", outcome)?,
                placed: placed.unsigned_abs(),
            })
        };
        rows.into_iter().map(read).collect()
    }
}

fn agent_of(agent: Option<String>) -> Result<Option<AgentId>, RecordsError> {
    let agent = agent.as_deref().map(AgentId::new);
    agent.transpose().map_err(|_| Columns("attempt").unreadable("agent"))
}
