//! Why one lead is not called now: every reason that its row, its list, its campaign and the gate have, and when it may be.

use serde_json::json;
use usher::campaigns::gate::Gate;
use usher::campaigns::lead_why::{SeenLead, why_of};
use usher::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat};
use usher::outbound::ids::LeadId;
use usher::outbound::lead_progress::LeadEnd;
use usher::records::Records;
use usher::routing::campaign::CampaignRun;
use usher::routing::ids::CampaignId;
use usher::routing::time::{Millis, Timestamp};

use super::standings::{due, filled, mark, note_run, over, write};
use crate::attempts::digits;
use crate::call_lists::stamp;
use crate::privacy::Ground;

/// A Monday at noon in Paris: the campaign calls from 9 to 18 by the leads' clocks.
const NOON: Timestamp = Timestamp(1_795_431_600_000);
const HOUR: Millis = Millis::minutes(60);

async fn why(records: &Records, lead: LeadId, now: Timestamp) -> SeenLead {
    let gate = Gate::new(records.clone(), Vec::new());
    why_of(records, &gate, lead, now).await.unwrap().unwrap()
}

fn words(seen: &SeenLead) -> Vec<&str> {
    seen.why.holds.iter().map(|hold| hold.why.as_str()).collect()
}

pub async fn one_lead_is_not_called(ground: Ground) {
    let records = &ground.records;
    let (spring, leads) = filled(records, "spring", json!({})).await;
    let winback = CampaignId::new("winback").unwrap();
    let gate = Gate::new(records.clone(), Vec::new());
    assert_eq!(why_of(records, &gate, LeadId(99), NOON).await.unwrap(), None);

    let stopped = why(records, leads[0], NOON).await;
    assert_eq!((words(&stopped), stopped.why.next), (vec!["campaign_stopped"], None));
    assert_eq!((stopped.run, stopped.list.as_str(), stopped.lead.attempts), (CampaignRun::Stopped, "spring", 0));
    note_run(records, &winback, CampaignRun::Running, NOON).await;
    let unseen = why(records, leads[0], NOON).await;
    assert_eq!(words(&unseen), ["no_server"], "no server keeps its status");

    let campaign = records.campaign_named(&winback).await.unwrap().unwrap();
    let mut status = usher::campaigns::status::status_of(records, &campaign, NOON).await.unwrap().status;
    status.lists[0].leads.waterfall.resting.clear();
    let kept = usher::records::KeptStatus { status, written_at: NOON, event: usher::routing::ids::EventNo(1) };
    records.keep_campaign_status(&kept).await.unwrap();
    let free = why(records, leads[0], NOON).await;
    let hours = free.why.hours.clone().unwrap();
    assert!(free.why.can_be_called && words(&free).is_empty() && free.why.next == Some(NOON), "{free:?}");
    assert_eq!((hours.are_open, hours.change_at), (true, Some(NOON + Millis(6 * HOUR.0))));

    let night = NOON + Millis(8 * HOUR.0);
    let opens = NOON + Millis(21 * HOUR.0);
    let closed = why(records, leads[0], night).await;
    assert_eq!((words(&closed), closed.why.next), (vec!["out_of_window"], Some(opens)));
    let hours = closed.why.hours.clone().unwrap();
    assert_eq!((hours.are_open, hours.change_at), (false, Some(opens)));
    assert!(hours.windows[0].contains("Europe/Paris"), "{hours:?}");

    write(records, 0, &[(leads[0], due(night.0)), (leads[1], over(LeadEnd::Answered, None))]).await;
    let later = why(records, leads[0], NOON).await;
    assert_eq!((words(&later), later.why.next), (vec!["due_later"], Some(opens)), "due at night, so in the morning");
    let ended = why(records, leads[1], NOON).await;
    assert_eq!((words(&ended)[0], ended.why.next), ("ended", None));
    mark(records, &[(leads[2], Some(usher::routing::ids::ContactId(7)))], &[]).await;
    assert_eq!(words(&why(records, leads[2], NOON).await), ["with_router"]);

    let what = DoNotCallWhat::Number(digits("+33123456704"));
    let entry = DoNotCallEntry { scope: DoNotCallScope::Everyone, what, expires_at: Some(opens) };
    records.add_do_not_call(&entry, None, &stamp(1)).await.unwrap();
    let listed = why(records, leads[3], NOON).await;
    assert_eq!((words(&listed), listed.why.next), (vec!["dnc"], Some(opens)));
    assert!(listed.why.holds[0].says.contains("everyone") && !format!("{:?}", listed.why).contains("3456704"));

    let held = records.call_list(spring).await.unwrap().unwrap();
    let mut settings = held.settings;
    settings.active = false;
    records.change_call_list(spring, held.version, &settings, &stamp(5)).await.unwrap();
    let paused = why(records, leads[3], NOON).await;
    assert_eq!((words(&paused), paused.why.next), (vec!["list_inactive"], None));
}
