//! What is seen of a campaign: counted from rows while it is stopped, kept for others while it runs.

use serde_json::json;
use usher::campaigns::status::status_of;
use usher::outbound::attempt_outcome::Outcome;
use usher::outbound::campaign_status::{CallsSeen, minutes_from};
use usher::outbound::ids::LeadId;
use usher::outbound::kept_attempt::{CalledLead, KeptAttempt};
use usher::outbound::lead_progress::LeadEnd;
use usher::outbound::lead_standing::LeadReached;
use usher::records::{KeptStatus, Records};
use usher::routing::attempt::NotPlaced;
use usher::routing::campaign::CampaignRun;
use usher::routing::ids::{AgentId, CampaignId, EventNo};
use usher::routing::time::{Millis, Timestamp};

use super::standings::{due, filled, note_run, over, write};
use crate::attempts::attempt;
use crate::privacy::Ground;

/// A Monday at noon in UTC.
const NOON: Timestamp = Timestamp(1_795_435_200_000);
const NUMBER: &str = "+33123456701";

fn winback() -> CampaignId {
    CampaignId::new("winback").unwrap()
}

/// Four attempts of today, one of yesterday, one of another campaign.
async fn called(records: &Records, list: usher::outbound::ids::CallListId) {
    let agent = |name: &str| Some(AgentId::new(name).unwrap());
    let at = |no: u64, proposed: Timestamp| KeptAttempt {
        lead: Some(CalledLead { campaign: winback(), list, lead: LeadId(1) }),
        proposed_at: proposed,
        placed_at: Some(proposed),
        agent: agent("ana"),
        ..attempt(no, NUMBER, None, 1, proposed.0)
    };
    let ended = |attempt: KeptAttempt, outcome| KeptAttempt {
        ended_at: Some(attempt.proposed_at + Millis(1_000)),
        outcome: Some(outcome),
        ..attempt
    };
    let minutes_ago = |minutes| NOON - Millis::minutes(minutes);
    let of_surveys = CalledLead { campaign: CampaignId::new("surveys").unwrap(), list, lead: LeadId(1) };
    let attempts = [
        ended(at(1, minutes_ago(60)), Outcome::Answered),
        ended(at(2, minutes_ago(1)), Outcome::Busy),
        KeptAttempt { agent: agent("ben"), ..at(3, NOON) },
        KeptAttempt { placed_at: None, refused: Some(NotPlaced::Dnc), ..at(4, NOON) },
        ended(at(5, minutes_ago(13 * 60)), Outcome::Answered),
        KeptAttempt { lead: Some(of_surveys), ..at(6, NOON) },
    ];
    records.write_attempts(&attempts).await.unwrap();
}

pub async fn counted_from_rows(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let (summer, _) = filled(records, "summer", json!({})).await;
    write(records, 0, &[(leads[0], due(NOON.0 + 1)), (leads[1], over(LeadEnd::Answered, Some(LeadReached::Sale)))])
        .await;
    called(records, spring).await;
    let campaign = records.campaign_named(&winback()).await.unwrap().unwrap();
    let seen = status_of(records, &campaign, NOON).await.unwrap();
    assert_eq!((seen.written_at, seen.event, seen.is_stale), (NOON, None, false));
    let status = &seen.status;
    assert_eq!((status.run, status.calls_since), (CampaignRun::Stopped, Some(NOON - Millis::minutes(12 * 60))));
    let all = &status.leads;
    assert_eq!((all.waterfall.all, all.waterfall.sum(), all.tried, all.contacts, all.sales), (8, 8, 2, 1, 1));
    assert_eq!((all.waterfall.due_later, all.waterfall.resting["campaign_stopped"]), (1, 6));
    assert_eq!((status.lists.len(), status.lists[1].leads.waterfall.all), (2, 4));
    let counts = |calls: &CallsSeen| (calls.proposed, calls.placed, calls.ended, calls.answered, calls.in_flight);
    assert_eq!(counts(&status.calls), (4, 3, 2, 1, 1));
    assert_eq!((counts(&status.lists[0].calls), counts(&status.lists[1].calls)), ((4, 3, 2, 1, 1), (0, 0, 0, 0, 0)));
    assert_eq!(
        status.agents.iter().map(|agent| counts(&agent.calls)).collect::<Vec<_>>(),
        [(3, 2, 2, 1, 0), (1, 1, 0, 0, 1)]
    );
    assert_eq!(status.calls.refused, [("dnc".to_owned(), 1)].into());
    let placed: Vec<u64> = status.calls.minutes.iter().map(|minute| minute.placed).collect();
    assert_eq!((placed.len(), &placed[12..]), (15, &[0, 1, 1][..]));
    assert_eq!(records.attempt_minutes(&winback(), minutes_from(NOON)).await.unwrap().len(), 2);
    assert_eq!(records.lead_counts(summer, NOON).await.unwrap().tried, 0);
}

pub async fn kept_for_others(ground: Ground) {
    let records = &ground.records;
    let (spring, _) = filled(records, "spring", json!({})).await;
    called(records, spring).await;
    let campaign = records.campaign_named(&winback()).await.unwrap().unwrap();
    note_run(records, &winback(), CampaignRun::Running, NOON).await;
    let seen = status_of(records, &campaign, NOON).await.unwrap();
    assert!(seen.is_stale && seen.status.leads.waterfall.all == 4, "nobody keeps it");
    assert_eq!((seen.status.run, seen.status.since), (CampaignRun::Running, Some(NOON)));
    let mut status = seen.status;
    for no in [7, 8] {
        status.calls.placed += 1;
        let kept = KeptStatus { status: status.clone(), written_at: NOON, event: EventNo(no) };
        records.keep_campaign_status(&kept).await.unwrap();
        assert_eq!(records.campaign_status(&winback()).await.unwrap(), Some(kept));
    }
    let soon = status_of(records, &campaign, NOON + Millis(10_000)).await.unwrap();
    assert_eq!((soon.status, soon.written_at, soon.event, soon.is_stale), (status, NOON, Some(EventNo(8)), false));
    assert!(status_of(records, &campaign, NOON + Millis(10_001)).await.unwrap().is_stale);
    note_run(records, &winback(), CampaignRun::Stopped, NOON).await;
    let stopped = status_of(records, &campaign, NOON).await.unwrap();
    assert_eq!((stopped.event, stopped.status.calls.placed), (None, 3), "counted, not kept");
}
