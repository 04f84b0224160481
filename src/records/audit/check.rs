//! Goes through the whole audit and finds the first row that does not fit. Mends nothing.

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::audit::{AUDIT_PAGE, CHAIN};
use super::super::store::Records;
use super::append::Chain;
use super::chain::{ChainHash, Link};
use super::entry::{Act, AuditNo};
use super::read::Row;

/// Rows held at a time.
const PAGE: i64 = 5_000;

/// Where an audit ends: to be noted elsewhere, and asked for later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEnd {
    pub no: AuditNo,
    pub hash: ChainHash,
}

/// What the check came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AuditCheck {
    /// Every row from the first that was not pruned to the end.
    Whole { first: AuditNo, end: AuditEnd },
    /// The first row that does not fit.
    Broken { no: AuditNo, why: BrokenWhy },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BrokenWhy {
    #[error("it is not there")]
    Missing,
    #[error("its hash does not fit what it says and the row before it")]
    Changed,
    #[error("it stands behind the end of the chain")]
    BehindTheEnd,
    #[error("it is not where the last pruning ended")]
    OtherBeginning,
    #[error("its hash is another than the one that was noted")]
    NotAsNoted,
}

impl Records {
    /// `noted`: an end of this audit that was noted earlier; it must still be in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check_audit(&self, noted: Option<&AuditEnd>) -> Result<AuditCheck, RecordsError> {
        loop {
            let (last, last_hash, pruned, pruned_hash) = self.chain().await?;
            let end = AuditEnd { no: AuditNo(last), hash: ChainHash::from_text(&last_hash) };
            let begin = AuditEnd { no: AuditNo(pruned), hash: ChainHash::from_text(&pruned_hash) };
            let checked = self.check_between(&begin, end, noted).await?;
            // Pruned meanwhile: the rows that are missed went rightly.
            if matches!(checked, AuditCheck::Whole { .. }) || self.chain().await?.2 == pruned {
                return Ok(checked);
            }
        }
    }

    async fn chain(&self) -> Result<Chain, RecordsError> {
        Ok(self.row(CHAIN, values![]).await?.ok_or(sqlx::Error::RowNotFound)?)
    }

    async fn check_between(
        &self,
        begin: &AuditEnd,
        end: AuditEnd,
        noted: Option<&AuditEnd>,
    ) -> Result<AuditCheck, RecordsError> {
        let broken = |no: i64, why| Ok(AuditCheck::Broken { no: AuditNo(no), why });
        let mut at = begin.clone();
        if noted.is_some_and(|noted| noted.no == begin.no && noted.hash != begin.hash) {
            return broken(begin.no.0, BrokenWhy::NotAsNoted);
        }
        // What the last pruning says of the beginning.
        let mut told: Option<String> = None;
        'pages: loop {
            let rows: Vec<Row> = self.rows(AUDIT_PAGE, values![at.no.0, PAGE]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if at.no == end.no {
                    // Added since the check began, or behind the end: the end of now tells.
                    if self.chain().await?.0 < row.no {
                        return broken(row.no, BrokenWhy::BehindTheEnd);
                    }
                    break 'pages;
                }
                let no = at.no.0 + 1;
                if row.no != no {
                    return broken(no, BrokenWhy::Missing);
                }
                let hash = link(&row).hash_after(&at.hash);
                if hash.as_str() != row.hash {
                    return broken(no, BrokenWhy::Changed);
                }
                at = AuditEnd { no: AuditNo(no), hash };
                if noted.is_some_and(|noted| noted.no == at.no && noted.hash != at.hash) {
                    return broken(no, BrokenWhy::NotAsNoted);
                }
                if row.act == Act::AuditPruned.as_str() {
                    told = Some(row.detail);
                }
            }
        }
        if at.no != end.no {
            return broken(at.no.0 + 1, BrokenWhy::Missing);
        }
        if at.hash != end.hash {
            return broken(at.no.0, BrokenWhy::Changed);
        }
        if begin.no.0 > 0 && told.as_deref().is_none_or(|told| !tells_of(told, begin)) {
            return broken(begin.no.0 + 1, BrokenWhy::OtherBeginning);
        }
        match noted {
            Some(noted) if noted.no > end.no => broken(end.no.0 + 1, BrokenWhy::Missing),
            Some(_) | None => Ok(AuditCheck::Whole { first: AuditNo(begin.no.0 + 1), end }),
        }
    }
}

fn link(row: &Row) -> Link<'_> {
    Link { no: row.no, at_ms: row.at_ms, by: &row.made_by, act: &row.act, subjects: &row.subjects, detail: &row.detail }
}

fn tells_of(detail: &str, begin: &AuditEnd) -> bool {
    let Ok(detail) = serde_json::from_str::<serde_json::Value>(detail) else { return false };
    detail["up_to"].as_i64() == Some(begin.no.0) && detail["hash"].as_str() == Some(begin.hash.as_str())
}
