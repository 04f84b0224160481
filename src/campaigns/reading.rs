//! How far the leads of a campaign's lists have been read: first all of them, page by page, then those that came since. Keeps no
//! lead.

use std::collections::{BTreeMap, BTreeSet};

use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_standing::OpenLead;
use crate::records::{LeadBatch, OpenLeadsOf, Records, RecordsError};

/// Numbers of leads that one page goes through, of whatever list.
const PAGE_NUMBERS: i64 = 20_000;
/// Leads of one batch read at a time.
const BATCH_LEADS_MAX: u32 = 5_000;

#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The last lead of each batch that is read, or will be by the pass.
    read_to: BTreeMap<LeadBatch, LeadId>,
    pass: Option<Pass>,
}

/// Through all leads once, in the order of their numbers.
#[derive(Debug)]
struct Pass {
    lists: Vec<CallListId>,
    with_fields: Vec<CallListId>,
    at: LeadId,
    up_to: LeadId,
}

/// Some leads, and lists that are read whole with them.
#[derive(Debug, Default)]
pub(super) struct ReadLeads {
    pub leads: Vec<OpenLead>,
    pub finished: Vec<CallListId>,
}

impl Reading {
    pub fn is_in_pass(&self) -> bool {
        self.pass.is_some()
    }

    /// Begins with lists none of whose leads are read; `with_fields` are those of them whose leads' own fields count.
    pub async fn begin(
        &mut self,
        records: &Records,
        lists: BTreeSet<CallListId>,
        with_fields: Vec<CallListId>,
    ) -> Result<(), RecordsError> {
        self.read_to.retain(|batch, _| !lists.contains(&batch.list));
        // What comes after this moment is read when the pass is over.
        for list in &lists {
            self.read_to.extend(records.lead_batches(*list).await?);
        }
        let up_to = self.read_to.values().max().copied().unwrap_or(LeadId(0));
        self.pass = Some(Pass { lists: lists.into_iter().collect(), with_fields, at: LeadId(0), up_to });
        Ok(())
    }

    /// The next page of the pass. None: there is no pass.
    pub async fn page(&mut self, records: &Records) -> Result<Option<ReadLeads>, RecordsError> {
        let Some(pass) = &mut self.pass else { return Ok(None) };
        let to = LeadId((pass.at.0 + PAGE_NUMBERS).min(pass.up_to.0));
        let of = OpenLeadsOf { lists: &pass.lists, with_fields: &pass.with_fields };
        let mut leads = if to > pass.at { records.open_leads(of, pass.at, to).await? } else { Vec::new() };
        let read_to = &self.read_to;
        leads.retain(|lead| {
            let batch = LeadBatch { list: lead.list, import: lead.import };
            read_to.get(&batch).is_some_and(|last| lead.lead <= *last)
        });
        pass.at = to;
        if pass.at < pass.up_to {
            return Ok(Some(ReadLeads { leads, finished: Vec::new() }));
        }
        let finished = self.pass.take().map(|pass| pass.lists).unwrap_or_default();
        Ok(Some(ReadLeads { leads, finished }))
    }

    /// Leads of a list that came since it was read, some of them. Empty: none came.
    pub async fn newer(&mut self, records: &Records, list: CallListId) -> Result<Vec<OpenLead>, RecordsError> {
        for (batch, last) in records.lead_batches(list).await? {
            let read_to = self.read_to.get(&batch).copied().unwrap_or(LeadId(0));
            if last <= read_to {
                continue;
            }
            let leads = records.open_leads_of_batch(batch, read_to, last, BATCH_LEADS_MAX).await?;
            let is_all = leads.len() < BATCH_LEADS_MAX as usize;
            let up_to = leads.last().filter(|_| !is_all).map_or(last, |lead| lead.lead);
            self.read_to.insert(batch, up_to);
            if !leads.is_empty() {
                return Ok(leads);
            }
        }
        Ok(Vec::new())
    }

    pub fn forget(&mut self, list: CallListId) {
        self.read_to.retain(|batch, _| batch.list != list);
        if let Some(pass) = &mut self.pass {
            pass.lists.retain(|held| *held != list);
        }
    }
}
