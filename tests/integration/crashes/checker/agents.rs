//! What agents saw and did: what they were shown is there, what was acknowledged to them is there, once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::kept::{BEGINNINGS, Fact, Journal, Records};
use super::super::wire_log::{Asked, WireLog};
use super::{Findings, number};

pub fn look(log: &WireLog, journal: &Journal, records: &Records, found: &mut Findings) {
    found.once("the accept of offer", journal.of_kind("contact_connecting"), |fact| fact.number("offer"));
    found.once("the end of offer", journal.of_kind("offer_ended"), |fact| fact.number("offer"));
    found.once("the end of segment", journal.of_kind("segment_closed"), |fact| fact.number("segment"));
    found.once("the promise of", journal.of_kind("callback_promised"), |fact| {
        (fact.number("parent"), fact.text("asked_by").to_owned(), fact.number("due"))
    });
    let offers: BTreeMap<u64, &Fact> =
        journal.of_kind("contact_offered").filter_map(|fact| Some((fact.number("offer")?, fact))).collect();
    offers_shown(log, &offers, found);
    contacts_shown(log, journal, found);
    granted(log, journal, &offers, found);
    notes(log, journal, records, found);
}

/// On a console, or in the snapshot that it began with.
fn offers_shown(log: &WireLog, offers: &BTreeMap<u64, &Fact>, found: &mut Findings) {
    let told = log.told.iter().filter(|told| told.method == "contact.offered");
    let told = told.map(|told| (told.who.as_str(), told.line, &told.params));
    let in_snapshots = log.granted(&["session.open"]).flat_map(|(asked, answer, result)| {
        let shown = result["snapshot"]["offers"].as_array().into_iter().flatten();
        shown.map(move |offered| (asked.who.as_str(), answer.line, offered))
    });
    for (agent, line, shown) in told.chain(in_snapshots) {
        found.looked_at += 1;
        let Some(fact) = number(&shown["offer"]).and_then(|offer| offers.get(&offer)) else {
            found.lost.push(format!("offer {}, shown to {agent} in line {line}", shown["offer"]));
            continue;
        };
        let contact = &shown["contact"];
        if fact.contact() != number(&contact["id"])
            || fact.text("agent") != agent
            || fact.text("queue") != contact["queue"]
        {
            found.changed.push(format!("what {agent} was shown in line {line} is {fact:?}"));
        }
    }
}

/// Nobody hears of a contact that is not on disk.
fn contacts_shown(log: &WireLog, journal: &Journal, found: &mut Findings) {
    let known: BTreeSet<u64> =
        BEGINNINGS.iter().flat_map(|kind| journal.of_kind(kind)).filter_map(Fact::contact).collect();
    for told in &log.told {
        if let Some(contact) = number(&told.params["contact"])
            && !known.contains(&contact)
        {
            found.lost.push(format!("contact {contact}, told of to {} in line {}", told.who, told.line));
        }
    }
}

fn granted(log: &WireLog, journal: &Journal, offers: &BTreeMap<u64, &Fact>, found: &mut Findings) {
    for (asked, answer, _) in log.granted(&[
        "offer.accept",
        "offer.decline",
        "contact.hold",
        "contact.unhold",
        "contact.suspend",
        "contact.end",
        "callback.schedule",
        "wrap_up.finish",
    ]) {
        found.looked_at += 1;
        if !is_there(asked, journal, offers) {
            let Asked { who, method, params, .. } = asked;
            found.lost.push(format!("{method} of {who} with {params}, acknowledged in line {}", answer.line));
        }
    }
}

fn is_there(asked: &Asked, journal: &Journal, offers: &BTreeMap<u64, &Fact>) -> bool {
    let Asked { who, params, .. } = asked;
    let by_whom = |fact: &&Fact| fact.text("agent") == who;
    let of_contact = |contact: &Value, kinds: &[&str]| {
        let facts = number(contact).into_iter().flat_map(|contact| journal.of_contact(contact));
        facts.filter(by_whom).any(|fact| kinds.contains(&fact.kind.as_str()))
    };
    match asked.method.as_str() {
        "offer.accept" => {
            let offer = number(&params["offer"]);
            let facts = offer.and_then(|offer| offers.get(&offer)?.contact()).into_iter();
            facts.flat_map(|contact| journal.of_contact(contact)).filter(by_whom).any(|fact| match fact.kind.as_str() {
                "contact_connecting" => fact.number("offer") == offer,
                // Its offer ends with the proposal of the call.
                "callback_proposed" => true,
                _ => false,
            })
        }
        "offer.decline" => journal.of_kind("offer_ended").any(|fact| {
            fact.number("offer") == number(&params["offer"]) && fact.fields["outcome"]["declined"].is_object()
        }),
        "contact.hold" => of_contact(&params["contact"], &["contact_held"]),
        "contact.unhold" => of_contact(&params["contact"], &["contact_unheld"]),
        "contact.suspend" => of_contact(&params["contact"], &["contact_suspended"]),
        "contact.end" => of_contact(&params["contact"], &["contact_ended", "wrap_up_started", "segment_closed"]),
        "callback.schedule" => journal
            .of_kind("callback_promised")
            .any(|fact| fact.number("parent") == number(&params["contact"]) && fact.text("asked_by") == who),
        "wrap_up.finish" => journal.of_kind("segment_closed").filter(by_whom).any(|fact| {
            fact.number("segment") == number(&params["segment"]) && fact.fields["disposition"] == params["disposition"]
        }),
        other => panic!("{other} is not asked about"),
    }
}

/// Each that was acknowledged is filed, and no more than there were parts of the contact and questions about it.
fn notes(log: &WireLog, journal: &Journal, records: &Records, found: &mut Findings) {
    let mut filed: BTreeMap<(u64, &str), usize> = BTreeMap::new();
    for (contact, agent) in &records.notes {
        *filed.entry((contact.unwrap_or_default().cast_unsigned(), agent)).or_default() += 1;
    }
    let mut acknowledged: BTreeMap<(u64, &str), BTreeSet<Option<u64>>> = BTreeMap::new();
    for (asked, ..) in log.granted(&["wrap_up.finish"]).filter(|(asked, ..)| asked.params["note"].is_string()) {
        let Some(contact) = number(&asked.params["contact"]) else { continue };
        acknowledged.entry((contact, &asked.who)).or_default().insert(number(&asked.params["segment"]));
    }
    for (of, segments) in &acknowledged {
        let there = filed.get(of).copied().unwrap_or_default();
        if there < segments.len() {
            found.lost.push(format!("notes of {of:?}: {} acknowledged, {there} filed", segments.len()));
        }
    }
    for ((contact, agent), there) in filed {
        let is_his = |fact: &&Fact| fact.text("agent") == agent;
        let closed = journal.of_contact(contact).filter(|fact| fact.kind == "segment_closed").filter(is_his);
        let asked = journal.of_kind("consultation_begun").filter(|fact| fact.number("parent") == Some(contact));
        let occasions = closed.count() + asked.filter(is_his).count();
        if there > occasions {
            found
                .doubled
                .push(format!("notes of {agent} on contact {contact}: {there} filed on {occasions} occasions"));
        }
    }
}
