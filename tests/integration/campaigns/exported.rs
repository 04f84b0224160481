//! Attempts as whoever has to account for them asks for: all of some days, in their order, what was erased left out.

use serde_json::json;
use usher::export::{AttemptLine, AttemptLines, AttemptPages, Pages};
use usher::outbound::attempt_outcome::Outcome;
use usher::outbound::campaign::CampaignSettings;
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::kept_attempt::{CalledLead, KeptAttempt};
use usher::outbound::limits::AttemptEnd;
use usher::records::{AttemptPlace, Records};
use usher::routing::attempt::NotPlaced;
use usher::routing::command::Disposition;
use usher::routing::ids::{AgentId, AttemptId, CampaignId};
use usher::routing::time::{Millis, Timestamp};

use super::standings::filled;
use crate::attempts::{attempt, digits};
use crate::call_lists::stamp;
use crate::privacy::Ground;

/// A Monday at noon in UTC.
const NOON: Timestamp = Timestamp(1_795_435_200_000);
const HOUR: Millis = Millis::minutes(60);

fn winback() -> CampaignId {
    CampaignId::new("winback").unwrap()
}

fn at(no: u64, list: CallListId, lead: LeadId, proposed_at: Timestamp) -> KeptAttempt {
    let agent = Some(AgentId::new("ana").unwrap());
    let lead = Some(CalledLead { campaign: winback(), list, lead });
    KeptAttempt { lead, proposed_at, placed_at: None, agent, ..attempt(no, "+33123456701", None, 1, 0) }
}

async fn lines(records: &Records, from: AttemptPlace, limit: u32) -> Vec<AttemptLine> {
    let campaign = records.campaign_named(&winback()).await.unwrap().unwrap();
    let mut lines = AttemptLines::new(records.clone(), "site", campaign, from, NOON + HOUR).await.unwrap();
    lines.next(limit).await.unwrap()
}

pub async fn every_attempt_of_some_days(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let campaign = records.campaign_named(&winback()).await.unwrap().unwrap();
    let account =
        CampaignSettings { account: Some("acme".to_owned().try_into().unwrap()), ..campaign.settings.clone() };
    records.change_campaign(campaign.no, campaign.version, &account, &stamp(NOON.0)).await.unwrap();
    let earlier = KeptAttempt { refused: Some(NotPlaced::OutOfWindow), ..at(1, spring, leads[0], NOON - Millis(1)) };
    let called = KeptAttempt {
        placed_at: Some(NOON + Millis(100)),
        ended_at: Some(NOON + Millis(9_000)),
        outcome: Some(Outcome::Answered),
        end: AttemptEnd::Conversation,
        disposition: Some(Disposition("=1+1".into())),
        ..at(2, spring, leads[0], NOON)
    };
    let erased = KeptAttempt { number: None, ..at(3, spring, LeadId(99), NOON) };
    let unknown = KeptAttempt { number: Some(digits("+14155550123")), ..at(4, spring, LeadId(99), NOON + Millis(1)) };
    let late = at(5, spring, leads[0], NOON + HOUR);
    let surveys = CampaignId::new("surveys").unwrap();
    let of_surveys = CalledLead { campaign: surveys, list: spring, lead: leads[0] };
    let other = KeptAttempt { lead: Some(of_surveys), ..at(6, spring, leads[0], NOON) };
    records.write_attempts(&[unknown, late, other, erased, called, earlier]).await.unwrap();

    let begin = AttemptPlace { at: NOON - HOUR, after: None };
    let all = lines(records, begin, 10).await;
    assert_eq!(all.iter().map(|line| line.attempt.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    let called = AttemptLine {
        attempt: "2".to_owned(),
        campaign: "winback".to_owned(),
        account: "acme".to_owned(),
        purpose: campaign.settings.purpose.name().to_owned(),
        list: "spring".to_owned(),
        lead: leads[0].to_string(),
        number: "+33123456701".to_owned(),
        proposed_at: "2026-11-23T12:00:00.000Z".to_owned(),
        placed_at: "2026-11-23T12:00:00.100Z".to_owned(),
        ended_at: "2026-11-23T12:00:09.000Z".to_owned(),
        local_time: "2026-11-23T13:00:00+01:00".to_owned(),
        zone: "Europe/Paris".to_owned(),
        outcome: "answered".to_owned(),
        legal_end: "conversation".to_owned(),
        agent: "ana".to_owned(),
        disposition: "=1+1".to_owned(),
        consent: "unknown".to_owned(),
        contact: "site-102".to_owned(),
        ..AttemptLine::default()
    };
    assert_eq!(all[1], called);
    assert_eq!(
        (all[0].not_placed.as_str(), all[0].account.as_str()),
        ("out_of_window", ""),
        "as the campaign was then"
    );
    assert_eq!((all[2].number.as_str(), all[2].zone.as_str(), all[2].consent.as_str()), ("", "", ""), "erased");
    assert_eq!(all[3].local_time, "2026-11-23T04:00:00-08:00", "of a lead that is gone, the number tells");

    let mut page_by_page = Vec::new();
    let mut from = begin;
    loop {
        let page = lines(records, from, 1).await;
        let Some(last) = page.last() else { break };
        let after = AttemptId(last.attempt.parse().unwrap());
        from = records.attempt_place(after).await.unwrap().unwrap();
        page_by_page.extend(page);
    }
    assert_eq!(page_by_page, all);
    assert_eq!(records.attempt_place(AttemptId(77)).await.unwrap(), None);

    let whole = AttemptLines::new(records.clone(), "site", campaign, begin, NOON + HOUR).await.unwrap();
    let mut pages = AttemptPages::new(whole, false);
    let table = String::from_utf8(pages.next_page().await.unwrap().unwrap()).unwrap();
    assert_eq!((pages.next_page().await.unwrap(), pages.rows(), table.lines().count()), (None, 4, 5));
    assert!(table.starts_with("attempt,campaign,account,purpose,list,lead,number,proposed_at,"), "{table}");
    assert!(table.contains("'=1+1") && table.contains(",+33123456701,"), "a spreadsheet runs none of it: {table}");
}
