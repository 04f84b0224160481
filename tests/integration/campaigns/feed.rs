//! The feed of a campaign: what is in the records comes out in its turn, as its rows stand, after a restart too.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::{Value, json};
use usher::campaigns::feed::{CampaignFeed, FeedError, GivenLead};
use usher::customers::change::Stamp;
use usher::customers::ids::Version;
use usher::outbound::call_list::CallListSettings;
use usher::outbound::campaign::CampaignSettings;
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::lead_by_hand::{LeadCell, lead_by_hand};
use usher::outbound::lead_columns::LeadColumn;
use usher::outbound::lead_progress::LeadEnd;
use usher::outbound::lead_standing::{LeadReached, LeadStanding};
use usher::outbound::list_goals::Goal;
use usher::outbound::supplied_list::GivesNone;
use usher::records::{AddLeadError, Records};
use usher::routing::ids::{CampaignId, ContactId};
use usher::routing::time::{Millis, Timestamp};

use super::standings::{due, filled, mark, over, write};
use crate::call_lists::imports::Files;
use crate::call_lists::stamp;
use crate::customers::audited;
use crate::privacy::Ground;

/// A Monday at noon in Paris: the campaign calls from 9 to 18 by the leads' clocks.
const NOON: Timestamp = Timestamp(1_795_431_600_000);
const HOUR: Millis = Millis::minutes(60);

fn winback() -> CampaignId {
    CampaignId::new("winback").unwrap()
}

async fn opened(records: &Records) -> CampaignFeed {
    CampaignFeed::open(records.clone(), &winback(), Vec::new(), NOON).await.unwrap()
}

async fn read(feed: &mut CampaignFeed) {
    while feed.read_page().await.unwrap() {}
}

async fn feed_of(records: &Records) -> CampaignFeed {
    let mut feed = opened(records).await;
    read(&mut feed).await;
    feed
}

async fn given(feed: &mut CampaignFeed, now: Timestamp) -> Vec<LeadId> {
    let mut given = Vec::new();
    while let Some(next) = feed.next(now).await.unwrap() {
        given.push(next.lead.id);
    }
    given
}

fn why_none(feed: &mut CampaignFeed, list: CallListId, now: Timestamp) -> Option<GivesNone> {
    feed.status(now).into_iter().find(|status| status.list == list).unwrap().gives_none
}

/// The rows say as many open leads as the feed knows of.
async fn adds_up(records: &Records, feed: &mut CampaignFeed, now: Timestamp) {
    for status in feed.status(now) {
        let counts = records.lead_counts(status.list, now).await.unwrap();
        assert_eq!(status.counts.all(), counts.open(), "{status:?}");
    }
}

pub async fn given_in_turn(ground: Ground) {
    let records = &ground.records;
    let nobody = CampaignFeed::open(records.clone(), &winback(), Vec::new(), NOON).await;
    assert!(matches!(nobody, Err(FeedError::UnknownCampaign(_))));
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let mut feed = opened(records).await;
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::Loading));
    assert_eq!((feed.next(NOON).await.unwrap(), feed.when_next(NOON)), (None, None));
    read(&mut feed).await;
    adds_up(records, &mut feed, NOON).await;

    let GivenLead { lead, standing, closes_at, release } = feed.next(NOON).await.unwrap().unwrap();
    assert_eq!(
        (lead.id, lead.lead.name.as_str(), lead.lead.numbers.len()),
        (leads[0], "Ann", 2),
        "the highest priority"
    );
    assert_eq!((standing, release.taken), (LeadStanding::default(), 1));
    assert_eq!(closes_at, Some(NOON + Millis(6 * HOUR.0)));
    assert_eq!(given(&mut feed, NOON).await, [leads[1], leads[3], leads[2]], "then the oldest, at last the lowest");
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::Empty));
    adds_up(records, &mut feed, NOON).await;

    let again = due(NOON.0 + HOUR.0);
    write(records, 0, &[(leads[0], again.clone())]).await;
    feed.file_again(&lead, &again, NOON);
    assert_eq!(feed.when_next(NOON), Some(NOON + HOUR));
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::NotDue { next: Some(NOON + HOUR) }));
    assert_eq!(given(&mut feed, NOON).await, []);
    assert_eq!(given(&mut feed, NOON + HOUR).await, [leads[0]]);
    let night = NOON + Millis(8 * HOUR.0);
    feed.file_again(&lead, &again, night);
    assert_eq!(given(&mut feed, night).await, []);
    assert_eq!(feed.when_next(night), Some(NOON + Millis(21 * HOUR.0)), "at nine the next morning");
    adds_up(records, &mut feed, night).await;
}

pub async fn as_their_rows_stand(ground: Ground) {
    let records = &ground.records;
    let quota = json!({
        "quota": [{ "contacts": 1, "field": "amount", "value": "7" }], "order": "oldest", "target_sales": 1,
    });
    let (spring, leads) = filled(records, "spring", quota).await;
    let mut feed = feed_of(records).await;
    // After they were read: one closed by hand, one due later, one whose segment has enough, one as it was.
    records.close_lead(leads[0], &stamp(1)).await.unwrap();
    write(records, 0, &[(leads[2], due(NOON.0 + HOUR.0))]).await;
    let (bo, _) = records.lead(leads[1]).await.unwrap().unwrap();
    feed.count(&bo, LeadReached::Contact);
    assert_eq!(given(&mut feed, NOON).await, []);
    let status = feed.status(NOON).remove(0);
    assert_eq!((status.counts.in_full_segments, status.counts.away, status.contacts), (2, 0, 1));
    adds_up(records, &mut feed, NOON).await;
    assert_eq!(given(&mut feed, NOON + HOUR).await, [leads[2]]);

    let (bo, di) = (leads[1], leads[3]);
    write(records, 1, &[(bo, over(LeadEnd::Answered, Some(LeadReached::Contact)))]).await;
    let mut feed = feed_of(records).await;
    assert_eq!(given(&mut feed, NOON + HOUR).await, [leads[2]], "what was reached before counts after a restart");
    adds_up(records, &mut feed, NOON).await;
    write(records, 2, &[(di, over(LeadEnd::Closed, Some(LeadReached::Sale)))]).await;
    let mut feed = feed_of(records).await;
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::Reached(Goal::Sales)));
    assert_eq!(given(&mut feed, NOON + HOUR).await, []);
}

pub async fn read_again_after_a_restart(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({ "release": "by_hand" })).await;
    let three = NonZeroU32::new(3).unwrap();
    records.release_leads(spring, three, &stamp(1)).await.unwrap();
    let mut feed = feed_of(records).await;
    let first = feed.next(NOON).await.unwrap().unwrap();
    let second = feed.next(NOON).await.unwrap().unwrap();
    let marks = [(first.lead.id, Some(ContactId(1))), (second.lead.id, Some(ContactId(2)))];
    mark(records, &marks, &[(spring, second.release)]).await;

    let mut feed = feed_of(records).await;
    adds_up_with_away(records, &mut feed, 2).await;
    assert_eq!(given(&mut feed, NOON).await, [leads[3]], "one more of three");
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::NotReleased { next: None }));
    // The router had one and did not call it.
    feed.file_again(&first.lead, &first.standing, NOON);
    mark(records, &[(first.lead.id, None)], &[]).await;
    assert_eq!(given(&mut feed, NOON).await, [first.lead.id]);
    feed.withdraw(spring, first.lead.id);
    records.release_leads(spring, three, &stamp(2)).await.unwrap();
    feed.refresh(NOON).await.unwrap();
    assert_eq!(given(&mut feed, NOON).await, [leads[2]], "more were let go");
}

async fn adds_up_with_away(records: &Records, feed: &mut CampaignFeed, away: u64) {
    let status = feed.status(NOON).remove(0);
    let counts = records.lead_counts(status.list, NOON).await.unwrap();
    assert_eq!((status.counts.away, counts.with_router, status.counts.all()), (away, away, counts.open()));
}

async fn change(records: &Records, list: CallListId, more: Value) {
    let held = records.call_list(list).await.unwrap().unwrap();
    let mut settings = serde_json::to_value(&held.settings).unwrap();
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings: CallListSettings = serde_json::from_value(settings).unwrap();
    records.change_call_list(list, held.version, &settings, &stamp(2)).await.unwrap();
}

pub async fn added_by_hand(ground: Ground) {
    let records = &ground.records;
    let (spring, _) = filled(records, "spring", json!({ "duplicates": "campaign" })).await;
    let (summer, _) = filled(records, "summer", json!({ "duplicates": "list" })).await;
    let mut feed = feed_of(records).await;
    let before = given(&mut feed, NOON).await.len();
    let settings = records.call_list(spring).await.unwrap().unwrap().settings;
    let cell = |field: &str, column, text: &str| LeadCell { field: field.to_owned(), column, text: text.to_owned() };
    let draft = |number: &str| {
        let cells =
            [cell("numbers[0].number", LeadColumn::Number, number), cell("priority", LeadColumn::Priority, "900")];
        lead_by_hand(&cells, &settings).unwrap()
    };
    let added = records.add_lead(spring, &draft("01 23 45 67 77"), &stamp(5)).await.unwrap();
    feed.refresh(NOON).await.unwrap();
    assert_eq!((before, given(&mut feed, NOON).await), (8, vec![added]), "seen by the next look");
    adds_up(records, &mut feed, NOON).await;
    let (lead, standing) = records.lead(added).await.unwrap().unwrap();
    assert_eq!((lead.import, lead.lead.priority, standing), (None, 900, LeadStanding::default()));
    assert_eq!(lead.lead.numbers[0].value.as_str(), "+33123456777");
    let row = format!(r#"{{"call_list":{spring},"lead":{added}}}"#);
    assert_eq!(audited(records, "lead_added").await, [row]);

    let twice = records.add_lead(spring, &draft("+33123456777"), &stamp(6)).await.unwrap_err();
    assert!(matches!(twice, AddLeadError::Duplicate { lead: Some(lead) } if lead == added), "{twice:?}");
    let elsewhere = records.add_lead(spring, &draft("+33123456701"), &stamp(6)).await.unwrap_err();
    assert!(matches!(elsewhere, AddLeadError::Duplicate { lead: Some(_) }), "of the campaign: {elsewhere:?}");
    records.add_lead(summer, &draft("+33123456777"), &stamp(6)).await.unwrap();
    let unknown = records.add_lead(CallListId(99), &draft("+33123456700"), &stamp(6)).await.unwrap_err();
    assert!(matches!(unknown, AddLeadError::UnknownList(CallListId(99))), "{unknown:?}");
    change(records, spring, json!({ "expires_at": "2026-12-31T00:00:00Z" })).await;
    let late = Stamp { at: Timestamp(1_800_000_000_000), by: stamp(1).by };
    let expired = records.add_lead(spring, &draft("+33123456700"), &late).await.unwrap_err();
    assert!(matches!(expired, AddLeadError::Expired(_)), "{expired:?}");
}

pub async fn changed_meanwhile(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let mut feed = feed_of(records).await;
    assert_eq!(feed.next(NOON).await.unwrap().unwrap().lead.id, leads[0]);
    change(records, spring, json!({ "active": false })).await;
    feed.refresh(NOON).await.unwrap();
    assert_eq!((why_none(&mut feed, spring, NOON), given(&mut feed, NOON).await), (Some(GivesNone::Inactive), vec![]));
    change(records, spring, json!({ "active": true, "order": { "field": { "name": "amount" } } })).await;
    feed.refresh(NOON).await.unwrap();
    assert_eq!(why_none(&mut feed, spring, NOON), Some(GivesNone::Loading), "another order: read again");
    read(&mut feed).await;
    assert_eq!(feed.next(NOON).await.unwrap().unwrap().lead.id, leads[1], "who says an amount, and is not away");

    let files = Files::for_list(spring);
    let path = files.write("more.csv", "phone,amount\n+33123456799,1\n");
    files.import(records, &path).await.unwrap();
    let (summer, others) = filled(records, "summer", json!({})).await;
    feed.refresh(NOON).await.unwrap();
    read(&mut feed).await;
    feed.refresh(NOON).await.unwrap();
    let newer = LeadId(leads[3].0 + 1);
    let all = given(&mut feed, NOON).await;
    assert_eq!((all[0], all.len()), (newer, 7), "leads that came since, and a list that did: {all:?}");
    assert!(others.iter().all(|lead| all.contains(lead)));
    adds_up(records, &mut feed, NOON).await;

    let campaign = feed.campaign().clone();
    let nights = json!({ "week": { "mon-sun": ["20:00-24:00"] } });
    let settings = CampaignSettings { hours: Some(serde_json::from_value(nights).unwrap()), ..campaign.settings };
    records.change_campaign(campaign.no, campaign.version, &settings, &stamp(3)).await.unwrap();
    let files = Files::for_list(summer);
    files.import(records, &files.write("late.csv", "phone\n+33123456798\n")).await.unwrap();
    feed.refresh(NOON).await.unwrap();
    read(&mut feed).await;
    let evening = NOON + Millis(8 * HOUR.0);
    assert_eq!(given(&mut feed, NOON).await, []);
    assert_eq!(given(&mut feed, evening).await, [LeadId(others[3].0 + 1)], "by the new hours, and nobody twice");

    let held = records.call_list(summer).await.unwrap().unwrap();
    records.delete_call_list(summer, Version(1), &stamp(4)).await.unwrap();
    assert_eq!(held.version, Version(1));
    feed.refresh(NOON).await.unwrap();
    assert_eq!(feed.status(NOON).len(), 1);
    let nobody = CampaignFeed::open(records.clone(), &winback(), Vec::<Arc<_>>::new(), NOON).await.unwrap();
    assert_eq!(nobody.campaign().version, Version(2));
}
