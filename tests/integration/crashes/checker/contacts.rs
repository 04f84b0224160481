//! Contacts as their gateway knows them: each that was acknowledged is there once, since the same moment and in the same
//! place of the line, and ends once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::kept::{BEGINNINGS, Fact, Journal};
use super::super::wire_log::WireLog;
use super::{Findings, number};

/// Two readers of one machine's clock.
const CLOCKS_DIFFER_MS: i64 = 50;

pub fn look(log: &WireLog, journal: &Journal, found: &mut Findings) {
    found.once("an arrival of", journal.of_kind("contact_arrived"), named);
    found.once("the end of contact", journal.of_kind("contact_ended"), |fact| fact.contact());
    let by_name: BTreeMap<(&str, &str), u64> = BEGINNINGS
        .iter()
        .flat_map(|kind| journal.of_kind(kind))
        .filter_map(|fact| Some(((fact.text("gateway"), fact.text("ref")), fact.contact()?)))
        .collect();
    arrivals(log, journal, found);
    ends(log, journal, &by_name, found);
    snapshots(log, journal, found);
    places(journal, found);
}

fn named(fact: &Fact) -> (String, String) {
    (fact.text("gateway").to_owned(), fact.text("ref").to_owned())
}

fn arrivals(log: &WireLog, journal: &Journal, found: &mut Findings) {
    let kept: BTreeMap<(String, String), &Fact> =
        journal.of_kind("contact_arrived").map(|fact| (named(fact), fact)).collect();
    let mut first_asked: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for asked in log.asked.iter().filter(|asked| asked.method == "contact.arrived") {
        let reference = asked.params["ref"].as_str().unwrap();
        first_asked.entry((&asked.who, reference)).or_insert(asked.at_ms);
    }
    let mut seen = BTreeSet::new();
    for (asked, answer, result) in log.granted(&["contact.arrived"]) {
        found.looked_at += 1;
        let reference = asked.params["ref"].as_str().unwrap();
        let Some(fact) = kept.get(&(asked.who.clone(), reference.to_owned())) else {
            found.lost.push(format!("the arrival of {reference}, acknowledged in line {}", answer.line));
            continue;
        };
        if fact.contact() != number(&result["contact"])
            || fact.number("gateway_event") != asked.params["event"].as_u64()
        {
            found.changed.push(format!(
                "{reference}, acknowledged as {} in line {}, is {fact:?}",
                result["contact"], answer.line
            ));
        }
        let entered = fact.contact().and_then(|contact| {
            journal.of_contact(contact).find(|fact| fact.kind == "contact_queued")?.fields["entered_at"].as_i64()
        });
        let since = first_asked[&(asked.who.as_str(), reference)] - CLOCKS_DIFFER_MS;
        // Whoever is answered again after a restart has waited since the first time.
        let is_first = seen.insert(reference);
        if let Some(entered) = entered
            && is_first
            && !(since..=answer.at_ms + CLOCKS_DIFFER_MS).contains(&entered)
        {
            found
                .changed
                .push(format!("{reference} waits since {entered}, but came between {since} and {}", answer.at_ms));
        }
    }
}

fn ends(log: &WireLog, journal: &Journal, by_name: &BTreeMap<(&str, &str), u64>, found: &mut Findings) {
    let foreseen: BTreeSet<(String, String)> = journal.of_kind("end_foreseen").map(named).collect();
    let of_contact = |contact: u64, kind: &str| journal.of_contact(contact).any(|fact| fact.kind == kind);
    for (asked, answer, _) in log.granted(&["contact.abandoned", "contact.ended", "contact.connected"]) {
        found.looked_at += 1;
        let reference = asked.params["ref"].as_str().unwrap();
        let is_there = match by_name.get(&(asked.who.as_str(), reference)) {
            Some(contact) if asked.method == "contact.connected" => {
                of_contact(*contact, "contact_connected") || of_contact(*contact, "leg_back")
            }
            Some(contact) => of_contact(*contact, "contact_ended"),
            None => foreseen.contains(&(asked.who.clone(), reference.to_owned())),
        };
        if !is_there {
            found.lost.push(format!("{} of {reference}, acknowledged in line {}", asked.method, answer.line));
        }
    }
}

/// Each snapshot of a gateway names all of its contacts that were acknowledged and went on.
fn snapshots(log: &WireLog, journal: &Journal, found: &mut Findings) {
    let ended: BTreeMap<u64, i64> =
        journal.of_kind("contact_ended").filter_map(|fact| Some((fact.contact()?, fact.at_ms))).collect();
    let arrived: Vec<(usize, u64, &str)> = log
        .granted(&["contact.arrived"])
        .filter_map(|(asked, answer, result)| Some((answer.line, number(&result["contact"])?, asked.who.as_str())))
        .collect();
    for (asked, answer, result) in log.granted(&["session.open"]) {
        let Some(contacts) = result["snapshot"]["contacts"].as_array() else { continue };
        found.looked_at += 1;
        let named: BTreeSet<u64> = contacts.iter().filter_map(|contact| number(&contact["contact"])).collect();
        let before = arrived.iter().filter(|(line, _, who)| *line < asked.line && *who == asked.who);
        let goes_on = |contact: &u64| ended.get(contact).is_none_or(|at_ms| *at_ms > answer.at_ms + CLOCKS_DIFFER_MS);
        let forgotten: BTreeSet<u64> =
            before.map(|(_, contact, _)| *contact).filter(goes_on).filter(|contact| !named.contains(contact)).collect();
        if !forgotten.is_empty() {
            found.lost.push(format!("contacts {forgotten:?} in the snapshot of line {}", answer.line));
        }
    }
}

/// Whoever came first to a queue is offered first.
fn places(journal: &Journal, found: &mut Findings) {
    let mut lines: BTreeMap<(String, String, String), (u64, u64)> = BTreeMap::new();
    for arrived in journal.of_kind("contact_arrived") {
        let Some(contact) = arrived.contact() else { continue };
        let Some(queued) = journal.of_contact(contact).find(|fact| fact.kind == "contact_queued") else { continue };
        let Some(offered) = journal.of_contact(contact).find(|fact| fact.kind == "contact_offered") else { continue };
        if offered.number("visit") != queued.number("visit") {
            continue;
        }
        let line =
            (arrived.text("gateway").to_owned(), queued.text("queue").to_owned(), arrived.text("channel").to_owned());
        if let Some((before, offered_before)) = lines.insert(line, (contact, offered.no))
            && offered_before > offered.no
        {
            found.changed.push(format!(
                "contact {before} came before {contact} and was offered after it, in the events {offered_before} and {}",
                offered.no
            ));
        }
    }
}
