//! How leads stand: read for the feed, written as a reader of the journal knows it, marked, closed, counted, let go.

use std::num::NonZeroU32;

use serde_json::{Value, json};
use usher::customers::ids::Version;
use usher::customers::text::ReaderName;
use usher::outbound::attempt_outcome::Outcome;
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::lead_progress::{LeadEnd, LeadProgress};
use usher::outbound::lead_standing::{LeadReached, LeadStanding, ReleaseStanding};
use usher::records::{LeadNews, OpenLeadsOf, Records, StandingsError};
use usher::routing::campaign::CampaignRun;
use usher::routing::ids::{AgentId, CampaignId, ContactId, EventNo};
use usher::routing::time::Timestamp;

use crate::call_lists::imports::Files;
use crate::call_lists::{list, stamp};
use crate::customers::audited;
use crate::privacy::Ground;

const NOW: Timestamp = Timestamp(1_000);
const LEADS: &str = "phone,mobile,tz,region,zip,priority,amount,name\n\
    +33123456701,+33612345601,Europe/Paris,FR,75011,5,12,Ann\n\
    +33123456702,,,,,0,7,Bo\n\
    +33123456703,,,,,-3,,Cy\n\
    +33123456704,,,,,0,7,Di\n";

/// A list with four leads, in their order.
pub async fn filled(records: &Records, called: &str, more: Value) -> (CallListId, Vec<LeadId>) {
    let mut settings = json!({ "field": [{ "name": "amount", "type": "integer" }], "duplicates": "list" });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = list(records, called, settings).await;
    let before = records.last_lead().await.unwrap();
    let files = Files::for_list(id);
    assert_eq!(files.import(records, &files.write("leads.csv", LEADS)).await.unwrap().counts.added, 4);
    let leads = (before.0 + 1..=before.0 + 4).map(LeadId).collect();
    (id, leads)
}

pub fn reader() -> ReaderName {
    ReaderName::new("campaigns").unwrap()
}

pub fn due(at: i64) -> LeadStanding {
    LeadStanding { due: Some(Timestamp(at)), progress: Some(LeadProgress::new(1)), ..LeadStanding::default() }
}

pub fn over(end: LeadEnd, reached: Option<LeadReached>) -> LeadStanding {
    let progress = LeadProgress { end: Some(end), attempts: 2, ..LeadProgress::new(1) };
    LeadStanding { progress: Some(progress), end: Some(end), reached, ..LeadStanding::default() }
}

fn of(standings: &[(LeadId, LeadStanding)]) -> LeadNews<'_> {
    LeadNews { standings, ..LeadNews::default() }
}

pub async fn write(records: &Records, after: u64, standings: &[(LeadId, LeadStanding)]) {
    assert!(records.write_lead_news(&reader(), (EventNo(after), EventNo(after + 1)), of(standings)).await.unwrap());
}

/// Leads go to the router or come back, and their lists with them; by a reader of its own.
pub async fn mark(
    records: &Records,
    leads: &[(LeadId, Option<ContactId>)],
    releases: &[(CallListId, ReleaseStanding)],
) {
    let reader = ReaderName::new("marks").unwrap();
    let after = records.reader_cursor(&reader).await.unwrap();
    let mut standings = Vec::new();
    for (lead, contact) in leads {
        let known = records.lead(*lead).await.unwrap().unwrap().1;
        standings.push((*lead, LeadStanding { contact: *contact, ..known }));
    }
    let news = LeadNews { standings: &standings, releases, ..LeadNews::default() };
    assert!(records.write_lead_news(&reader, (after, after.plus(1)), news).await.unwrap());
}

/// The router says so; by a reader of its own.
pub async fn note_run(records: &Records, campaign: &CampaignId, run: CampaignRun, at: Timestamp) {
    let reader = ReaderName::new("runs").unwrap();
    let after = records.reader_cursor(&reader).await.unwrap();
    let news = LeadNews { runs: &[(campaign.clone(), run, at)], ..LeadNews::default() };
    assert!(records.write_lead_news(&reader, (after, after.plus(1)), news).await.unwrap());
}

pub async fn read_page_by_page(ground: Ground) {
    let records = &ground.records;
    assert_eq!(records.last_lead().await.unwrap(), LeadId(0));
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let (summer, others) = filled(records, "summer", json!({})).await;
    let last = records.last_lead().await.unwrap();
    assert_eq!(others.last(), Some(&last));
    let of = OpenLeadsOf { lists: &[spring], with_fields: &[spring] };
    let found = records.open_leads(of, LeadId(0), last).await.unwrap();
    assert_eq!(found.iter().map(|lead| lead.lead).collect::<Vec<_>>(), leads);
    let ann = &found[0];
    assert_eq!((ann.list, ann.priority, ann.due, ann.goes_first), (spring, 5, None, false));
    let place = [&ann.zone, &ann.region, &ann.postcode, &ann.number].map(|text| text.as_deref().unwrap());
    assert_eq!(place, ["Europe/Paris", "FR", "75011", "+33123456701"]);
    assert_eq!(ann.fields.as_ref().unwrap().0["amount"], json!(12));
    assert_eq!((&found[1].zone, &found[2].fields), (&None, &None));

    let both = OpenLeadsOf { lists: &[summer, spring], with_fields: &[] };
    let page = records.open_leads(both, leads[2], others[1]).await.unwrap();
    assert_eq!(page.iter().map(|lead| lead.lead).collect::<Vec<_>>(), [leads[3], others[0], others[1]]);
    assert!(page.iter().all(|lead| lead.fields.is_none()));

    let again = LeadStanding { next_number: 1, goes_first: true, ..due(50) };
    write(records, 0, &[(leads[0], again), (leads[1], over(LeadEnd::Closed, None))]).await;
    mark(records, &[(leads[2], Some(ContactId(9)))], &[]).await;
    let found = records.open_leads(of, LeadId(0), last).await.unwrap();
    assert_eq!(found.iter().map(|lead| lead.lead).collect::<Vec<_>>(), [leads[0], leads[3]], "open and not away");
    assert_eq!((found[0].due, found[0].goes_first), (Some(Timestamp(50)), true));
    assert_eq!(found[0].number.as_deref(), Some("+33612345601"), "the one that is called next");
}

pub async fn written_once(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let (lead, fresh) = records.lead(leads[0]).await.unwrap().unwrap();
    assert_eq!((fresh, lead.lead.numbers.len(), lead.list), (LeadStanding::default(), 2, spring));
    assert_eq!((lead.lead.name.as_str(), lead.attempts), ("Ann", 0));
    assert_eq!(records.lead(LeadId(99)).await.unwrap(), None);

    let standing = LeadStanding {
        due: Some(Timestamp(70)),
        goes_first: true,
        next_number: 1,
        progress: Some(LeadProgress { attempts: 3, ..LeadProgress::new(2) }),
        reached: Some(LeadReached::Contact),
        contact: Some(ContactId(u64::MAX)),
        end: None,
        promised_by: Some(AgentId::new("ana").unwrap()),
    };
    let ended = over(LeadEnd::Outcome(Outcome::Rejected), Some(LeadReached::Sale));
    let rows = [(leads[0], standing.clone()), (leads[1], ended.clone()), (LeadId(99), due(1))];
    assert!(records.write_lead_news(&reader(), (EventNo(0), EventNo(7)), of(&rows)).await.unwrap());
    let (lead, found) = records.lead(leads[0]).await.unwrap().unwrap();
    assert_eq!((found, lead.attempts), (standing.clone(), 3));
    assert_eq!(records.lead(leads[1]).await.unwrap().unwrap().1, ended);

    let others = [(leads[0], due(1))];
    assert!(
        !records.write_lead_news(&reader(), (EventNo(0), EventNo(7)), of(&others)).await.unwrap(),
        "written before"
    );
    assert_eq!(records.lead(leads[0]).await.unwrap().unwrap().1, standing);
    let elsewhere = records.write_lead_news(&reader(), (EventNo(8), EventNo(9)), of(&others)).await.unwrap_err();
    assert!(matches!(elsewhere, StandingsError::Elsewhere { expected: EventNo(8), found: EventNo(7) }));
    assert_eq!(records.reader_cursor(&reader()).await.unwrap(), EventNo(7));
    write(records, 7, &others).await;
    let (lead, found) = records.lead(leads[0]).await.unwrap().unwrap();
    assert_eq!((found, lead.attempts), (due(1), 1), "whoever was tried was tried");
}

pub async fn marked_and_closed(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let release = ReleaseStanding { released: 0, taken: 2, tranche_began: Some(Timestamp(5)), tranche_taken: 1 };
    let marks = [(leads[0], Some(ContactId(4))), (leads[3], Some(ContactId(5)))];
    for _ in 0..2 {
        mark(records, &marks, &[(spring, release)]).await;
    }
    let away = records.leads_with_router(spring).await.unwrap();
    let away: Vec<_> = away.iter().map(|away| (away.lead, Some(away.contact))).collect();
    assert_eq!(away, marks);
    assert_eq!(records.release_standing(spring).await.unwrap(), release);
    mark(records, &[(leads[0], None)], &[]).await;
    assert_eq!(records.leads_with_router(spring).await.unwrap().len(), 1);

    assert!(records.close_lead(leads[3], &stamp(9)).await.unwrap());
    assert!(
        !records.close_lead(leads[3], &stamp(9)).await.unwrap()
            && !records.close_lead(LeadId(99), &stamp(9)).await.unwrap()
    );
    assert_eq!(audited(records, "lead_closed").await, [format!(r#"{{"lead":{}}}"#, leads[3])]);
    write(records, 0, &[(leads[3], due(5))]).await;
    let standing = records.lead(leads[3]).await.unwrap().unwrap().1;
    assert_eq!((standing.end, standing.contact), (Some(LeadEnd::Withdrawn), None), "closed, whatever the call came to");
}

pub async fn counted(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let (summer, others) = filled(records, "summer", json!({})).await;
    let rows = [
        (leads[0], due(NOW.0)),
        (leads[1], LeadStanding { promised_by: Some(AgentId::new("ana").unwrap()), ..due(NOW.0 + 1) }),
        (leads[2], over(LeadEnd::Closed, Some(LeadReached::Sale))),
        (others[0], over(LeadEnd::Answered, Some(LeadReached::Contact))),
        (others[1], over(LeadEnd::Outcome(Outcome::Busy), None)),
    ];
    write(records, 0, &rows).await;
    mark(records, &[(others[2], Some(ContactId(1)))], &[]).await;
    let counts = records.lead_counts(spring, NOW).await.unwrap();
    assert_eq!((counts.fresh, counts.due, counts.waiting, counts.with_router), (1, 1, 1, 0));
    assert_eq!((counts.callbacks_due, counts.callbacks_later), (0, 1), "an agent promised it");
    assert_eq!((counts.open(), counts.all(), counts.ended), (3, 4, [("closed", 1)].into()));
    let counts = records.lead_counts(spring, Timestamp(NOW.0 + 1)).await.unwrap();
    assert_eq!((counts.due, counts.callbacks_due, counts.callbacks_later), (2, 1, 0));
    let counts = records.lead_counts(summer, NOW).await.unwrap();
    assert_eq!((counts.fresh, counts.with_router, counts.all()), (1, 1, 4));
    assert_eq!(counts.ended, [("after_busy", 1), ("answered", 1)].into());

    let reached = records.reached_leads(spring, LeadId(0), 10).await.unwrap();
    assert_eq!((reached.len(), reached[0].lead, reached[0].reached), (1, leads[2], LeadReached::Sale));
    assert!(reached[0].fields.0.is_empty());
    let reached = records.reached_leads(summer, LeadId(0), 10).await.unwrap();
    assert_eq!((reached[0].reached, &reached[0].fields.0["amount"]), (LeadReached::Contact, &json!(12)));
    assert!(records.reached_leads(summer, others[0], 10).await.unwrap().is_empty());
}

pub async fn released_by_hand(ground: Ground) {
    let records = &ground.records;
    let (spring, _) = filled(records, "spring", json!({ "release": "by_hand" })).await;
    let (summer, _) = filled(records, "summer", json!({})).await;
    let fifty = NonZeroU32::new(50).unwrap();
    assert_eq!(records.release_standing(spring).await.unwrap(), ReleaseStanding::default());
    records.release_leads(spring, fifty, &stamp(2)).await.unwrap();
    let taken = ReleaseStanding { taken: 3, ..ReleaseStanding::default() };
    mark(records, &[], &[(spring, taken)]).await;
    let standing = records.release_leads(spring, fifty, &stamp(3)).await.unwrap();
    assert_eq!((standing.released, standing.taken), (100, 3));
    let row = format!(r#"{{"call_list":{spring},"leads":50}}"#);
    assert_eq!(audited(records, "leads_released").await, [row.clone(), row]);
    let refused = records.release_leads(summer, fifty, &stamp(3)).await.unwrap_err().to_string();
    assert!(refused.starts_with("call list \"summer\" releases no leads by hand"), "{refused}");
}

pub async fn deleted_with_their_list(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let (summer, _) = filled(records, "summer", json!({ "next_list": "spring" })).await;
    let campaign = records.call_list(spring).await.unwrap().unwrap().settings.campaign;
    write(records, 0, &[(leads[1], over(LeadEnd::Closed, None))]).await;

    note_run(records, &campaign, CampaignRun::Paused, Timestamp(1)).await;
    let runs = records.delete_call_list(spring, Version(1), &stamp(2)).await.unwrap_err().to_string();
    assert!(runs.starts_with("campaign \"winback\" is not stopped") && runs.ends_with("found it paused"), "{runs}");
    note_run(records, &campaign, CampaignRun::Stopped, Timestamp(1)).await;
    let next = records.delete_call_list(spring, Version(1), &stamp(2)).await.unwrap_err().to_string();
    assert!(next.starts_with("call list \"spring\" follows \"summer\""), "{next}");
    assert_eq!(records.drop_untried_leads(spring, 100).await.unwrap(), 0, "it is not deleted");
    let stale = records.delete_call_list(summer, Version(3), &stamp(2)).await.unwrap_err().to_string();
    assert!(stale.ends_with("expected version 3, found 1"), "{stale}");

    records.delete_call_list(summer, Version(1), &stamp(2)).await.unwrap();
    records.delete_call_list(spring, Version(1), &stamp(2)).await.unwrap();
    assert!(records.call_lists().await.unwrap().is_empty() && records.call_list(spring).await.unwrap().is_none());
    let deleted = |list: CallListId| format!(r#"{{"call_list":{list}}}"#);
    assert_eq!(audited(records, "call_list_deleted").await, [deleted(summer), deleted(spring)]);
    assert_eq!(records.drop_untried_leads(spring, 2).await.unwrap(), 2);
    assert_eq!(records.drop_untried_leads(spring, 2).await.unwrap(), 1);
    assert_eq!(records.drop_untried_leads(summer, 100).await.unwrap(), 4);
    assert_eq!(records.count_leads(spring).await.unwrap(), 1, "who was tried stays");
    assert!(records.lead(leads[1]).await.unwrap().is_some());
    let kept = ground.texts("select name, cast(count(*) as text) from call_list group by name").await;
    assert_eq!(kept, [["spring", "1"]], "of a list without leads nothing stays");
}
