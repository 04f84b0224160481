//! The history beside the journal: every contact that ended is in it, with the times and results that the journal has.

use std::collections::BTreeMap;

use super::super::kept::{Fact, Interaction, Journal, Records};
use super::Findings;

pub fn look(journal: &Journal, records: &Records, found: &mut Findings) {
    let rows: BTreeMap<u64, &Interaction> =
        records.interactions.iter().map(|row| (row.contact.cast_unsigned(), row)).collect();
    let ended: BTreeMap<u64, &Fact> =
        journal.of_kind("contact_ended").filter_map(|fact| Some((fact.contact()?, fact))).collect();
    for arrived in journal.of_kind("contact_arrived") {
        let Some(contact) = arrived.contact() else { continue };
        found.looked_at += 1;
        let Some(row) = rows.get(&contact) else {
            found.lost.push(format!("the interaction of contact {contact}"));
            continue;
        };
        let ended_at = ended.get(&contact).map(|fact| fact.at_ms);
        if row.arrived_at_ms != arrived.at_ms || row.ended_at_ms != ended_at {
            found.changed.push(format!("{row:?}, which came at {} and ended at {ended_at:?}", arrived.at_ms));
        }
    }
    let segments: BTreeMap<(i64, i64), Option<&str>> =
        records.segments.iter().map(|(contact, segment, _, said)| ((*contact, *segment), said.as_deref())).collect();
    for closed in journal.of_kind("segment_closed") {
        let (Some(contact), Some(segment)) = (closed.contact(), closed.number("segment")) else { continue };
        if !rows.contains_key(&contact) {
            continue;
        }
        let said = closed.fields["disposition"].as_str();
        let kept = segments.get(&(contact.cast_signed(), segment.cast_signed()));
        if kept != Some(&said) {
            found.changed.push(format!("segment {segment} of contact {contact} ended as {said:?}, filed as {kept:?}"));
        }
    }
    for (reader, at) in &records.cursors {
        if at.cast_unsigned() > journal.last_no() {
            found.lost.push(format!("{reader} has read up to event {at}, and {} is the last", journal.last_no()));
        }
    }
}
