//! What is seen of a campaign: counts of attempts and leads, added up by list and agent.

use std::collections::BTreeMap;

use super::support::at;
use crate::outbound::attempt_outcome::Outcome;
use crate::outbound::campaign_status::{
    AttemptCount, CampaignStatus, LeadsSeen, ListCount, MINUTES_SHOWN, MinuteCount, MinuteSeen, StatusParts,
    minutes_from,
};
use crate::outbound::ids::CallListId;
use crate::outbound::lead_standing::LeadCounts;
use crate::outbound::lead_waterfall::{Rests, Waterfall};
use crate::routing::attempt::NotPlaced;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{AgentId, CallListName, CampaignId};
use crate::routing::time::{Millis, Timestamp};

const SPRING: CallListId = CallListId(1);
const SUMMER: CallListId = CallListId(2);

fn agent(name: &str) -> Option<AgentId> {
    Some(AgentId::new(name).unwrap())
}

fn count(list: CallListId, name: &str, outcome: Option<Outcome>, calls: u64) -> AttemptCount {
    let ended = if outcome.is_some() { calls } else { 0 };
    AttemptCount { list, agent: agent(name), refused: None, outcome, proposed: calls, placed: calls, ended }
}

fn list(id: CallListId, name: &str, rows: &LeadCounts) -> ListCount {
    let name = CallListName::new(name).unwrap();
    ListCount { list: id, name, leads: LeadsSeen::of(Waterfall::at_rest(rows, Rests::CampaignStopped), rows) }
}

fn now() -> Timestamp {
    at("2026-11-23T11:00:30Z")
}

fn status() -> CampaignStatus {
    let refused = AttemptCount { refused: Some(NotPlaced::Dnc), placed: 0, ..count(SPRING, "ana", None, 2) };
    let minute = |list, name, ago: i64, outcome, placed| {
        let minute = Timestamp(minutes_from(now()).0 + Millis::minutes(MINUTES_SHOWN as i64 - 1 - ago).0);
        MinuteCount { list, agent: agent(name), minute, outcome, placed }
    };
    let spring = LeadCounts {
        fresh: 3,
        waiting: 4,
        tried: 6,
        contacts: 2,
        sales: 1,
        callbacks_later: 2,
        ..LeadCounts::default()
    };
    let ended = BTreeMap::from([("answered", 2)]);
    let summer = LeadCounts { with_router: 1, ended, callbacks_due: 1, callbacks_later: 1, ..LeadCounts::default() };
    CampaignStatus::of(StatusParts {
        campaign: CampaignId::new("winback").unwrap(),
        run: CampaignRun::Running,
        since: None,
        at: now(),
        midnight: at("2026-11-22T23:00:00Z"),
        lists: vec![list(SPRING, "spring", &spring), list(SUMMER, "summer", &summer)],
        attempts: vec![
            count(SPRING, "ana", Some(Outcome::Answered), 3),
            count(SPRING, "ben", Some(Outcome::Busy), 6),
            count(SUMMER, "ana", Some(Outcome::Dropped), 1),
            count(SUMMER, "ana", None, 2),
            refused,
        ],
        minutes: vec![
            minute(SPRING, "ana", 0, Some(Outcome::Answered), 2),
            minute(SUMMER, "ana", 0, None, 2),
            minute(SPRING, "ben", 14, Some(Outcome::Busy), 5),
            minute(SPRING, "ben", 15, Some(Outcome::Busy), 1),
        ],
    })
}

#[test]
fn calls_are_those_of_their_lists_and_of_their_agents() {
    let status = status();
    let all = &status.calls;
    assert_eq!((all.proposed, all.placed, all.ended, all.answered, all.in_flight), (14, 12, 10, 4, 2));
    assert_eq!((all.answer_rate_per_mille(), &all.refused), (Some(400), &BTreeMap::from([("dnc".to_owned(), 2)])));
    assert_eq!((all.minutes.len(), all.minutes[0].placed), (MINUTES_SHOWN, 5));
    assert_eq!(all.minutes[14], MinuteSeen { placed: 4, answered: 2 });
    let sum = |of: &dyn Fn(usize) -> u64, count: usize| (0..count).map(of).sum::<u64>();
    assert_eq!(sum(&|no| status.lists[no].calls.placed, 2), all.placed);
    assert_eq!(sum(&|no| status.agents[no].calls.placed, 2), all.placed);
    let ben = &status.agents[1];
    assert_eq!((ben.agent.as_str(), ben.calls.answer_rate_per_mille()), ("ben", Some(0)));
    assert_eq!(status.lists[1].calls.minutes[14].placed, 2);
}

#[test]
fn leads_are_those_of_all_lists() {
    let status = status();
    let all = &status.leads;
    assert_eq!((all.waterfall.all, all.waterfall.sum(), all.waterfall.with_router), (10, 10, 1));
    assert_eq!(all.waterfall.resting, BTreeMap::from([("campaign_stopped".to_owned(), 3)]));
    assert_eq!((all.penetration_per_mille(), all.contacts, all.sales), (Some(600), 2, 1));
    assert_eq!((all.callbacks_due, all.callbacks_later), (1, 3));
    assert_eq!(LeadsSeen::default().penetration_per_mille(), None);
}

#[test]
fn what_is_kept_is_read_as_it_was() {
    let status = status();
    let text = serde_json::to_string(&status).unwrap();
    assert!(text.contains("\"calls_since\":\"2026-11-22T23:00:00Z\""), "{text}");
    assert_eq!(serde_json::from_str::<CampaignStatus>(&text).unwrap(), status);
    let older = text.replace("\"callbacks_due\":1,", "").replace("\"callbacks_due\":0,", "");
    assert_eq!(
        serde_json::from_str::<CampaignStatus>(&older).unwrap().leads.callbacks_due,
        0,
        "kept before there was one"
    );
}
