//! Numbers never change what they mean: events, orders, offers, contacts, and the numbering of each session.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::kept::{BEGINNINGS, Journal};
use super::super::wire_log::WireLog;
use super::{Findings, number};

pub fn look(log: &WireLog, journal: &Journal, found: &mut Findings) {
    for (expected, fact) in (1..).zip(&journal.facts) {
        if fact.no != expected {
            found.lost.push(format!("event {expected}: event {} follows", fact.no));
            break;
        }
    }
    let beginnings = BEGINNINGS.iter().flat_map(|kind| journal.of_kind(kind));
    found.once("the beginning of contact", beginnings, |fact| fact.contact());
    found.once("offer", journal.of_kind("contact_offered"), |fact| fact.number("offer"));
    found.once("visit", journal.of_kind("contact_queued"), |fact| fact.number("visit"));
    orders(log, journal, found);
    sessions(log, found);
}

/// An order's name is the number of the event that asks for it.
fn orders(log: &WireLog, journal: &Journal, found: &mut Findings) {
    let mut first: BTreeMap<&str, (&str, &Value)> = BTreeMap::new();
    for told in &log.told {
        let (Some(order), Some(contact)) = (told.params["order"].as_str(), number(&told.params["contact"])) else {
            continue;
        };
        found.looked_at += 1;
        let (method, named) = *first.entry(order).or_insert((&told.method, &told.params["contact"]));
        if (method, named) != (told.method.as_str(), &told.params["contact"]) {
            found
                .changed
                .push(format!("order {order}: {method} of {named}, then {} in line {}", told.method, told.line));
        }
        let Some(fact) = order.parse().ok().and_then(|no| journal.event(no)) else {
            found.lost.push(format!("order {order}, told in line {}", told.line));
            continue;
        };
        let is_about = ["contact", "parent", "consultation"].iter().any(|field| fact.number(field) == Some(contact));
        if !is_about {
            found.changed.push(format!("order {order} of contact {contact}, told in line {}, is {fact:?}", told.line));
        }
    }
}

/// Where a socket's numbering stands.
struct Place {
    /// The socket with which its session began: the server's own name for a session is one of this life only.
    began_with: u64,
    opened_in: usize,
    seq: u64,
}

/// Each session is numbered without a gap; what is repeated after a resume is what it was.
fn sessions(log: &WireLog, found: &mut Findings) {
    let mut places = places(log);
    let mut meanings: BTreeMap<(u64, u64), (&str, Option<u64>, &Value)> = BTreeMap::new();
    for told in &log.told {
        let Some(seq) = told.params["seq"].as_u64() else { continue };
        let Some(place) = places.get_mut(&told.socket).filter(|place| place.opened_in < told.line) else { continue };
        found.looked_at += 1;
        if seq != place.seq + 1 {
            found.lost.push(format!("{} heard {seq} after {} in line {}", told.who, place.seq, told.line));
        }
        place.seq = seq;
        let contact = &told.params["contact"];
        let contact = number(contact).or_else(|| number(&contact["id"]));
        let meaning = (told.method.as_str(), contact, &told.params["offer"]);
        let before = *meanings.entry((place.began_with, seq)).or_insert(meaning);
        if before != meaning {
            found.changed.push(format!("{} heard {seq} as {before:?}, then as {meaning:?}", told.who));
        }
    }
}

fn places(log: &WireLog) -> BTreeMap<u64, Place> {
    let mut places = BTreeMap::new();
    let mut resumable: BTreeMap<&str, u64> = BTreeMap::new();
    for (asked, answer, result) in log.granted(&["session.open"]) {
        let resume = Some(&asked.params["resume"]).filter(|_| result["resumed"] == Value::Bool(true));
        let began_with = resume.map_or(asked.socket, |resume| resumable[resume["token"].as_str().unwrap()]);
        let seq = resume.map_or(&result["seq"], |resume| &resume["seq"]).as_u64().unwrap();
        resumable.insert(result["resume_token"].as_str().unwrap(), began_with);
        places.insert(asked.socket, Place { began_with, opened_in: answer.line, seq });
    }
    places
}
