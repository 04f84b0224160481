//! Leads as they are shown to whoever speaks with the person: found by his number or his customer's, open or called not long ago.

use serde_json::json;
use usher::outbound::attempt_outcome::Outcome;
use usher::outbound::do_not_call::NumberDigits;
use usher::outbound::kept_attempt::{CalledLead, KeptAttempt, end_of};
use usher::outbound::lead_progress::LeadEnd;
use usher::outbound::lead_standing::LeadStanding;
use usher::outbound::shown_lead::{LastCall, ShownLead, ShownState};
use usher::records::LeadNews;
use usher::routing::command::Disposition;
use usher::routing::ids::{AgentId, AttemptId, CampaignId, ContactId, EventNo};
use usher::routing::time::Timestamp;

use super::standings::{due, filled, over, reader, write};
use crate::privacy::Ground;
use crate::screen_pop::add_customer;

const OPEN: &str = "+33123456701";
const MOBILE_OF_OPEN: &str = "+33612345601";
const CLOSED: &str = "+33123456702";

pub async fn found_by_number_and_customer(ground: Ground) {
    let records = &ground.records;
    let (list, leads) = filled(records, "spring", json!({})).await;
    let shown =
        async |number: Option<&str>, customer| records.leads_shown(number, customer, Timestamp(500)).await.unwrap();
    let of = |leads: &[ShownLead]| leads.iter().map(|lead| lead.lead).collect::<Vec<_>>();

    let found = shown(Some(OPEN), None).await;
    let [fresh] = &found[..] else { panic!("{found:?}") };
    assert_eq!((fresh.list.as_str(), fresh.campaign.as_str(), fresh.lead), ("spring", "winback", leads[0]));
    assert_eq!((fresh.state, fresh.attempts, &fresh.last, fresh.due), (ShownState::Open, 0, &None, None));
    assert_eq!((&fresh.fields.0["amount"], fresh.declared.iter().count()), (&json!(12), 1));
    assert_eq!(of(&shown(Some(MOBILE_OF_OPEN), None).await), leads[..1]);
    assert!(shown(Some("+33999999999"), None).await.is_empty() && shown(None, None).await.is_empty());

    let customer = add_customer(records, "Ann", "gold", MOBILE_OF_OPEN).await;
    assert_eq!(of(&shown(None, Some(customer)).await), leads[..1], "by another of the customer's numbers");
    assert_eq!(of(&shown(Some(CLOSED), Some(customer)).await), leads[..2], "each once");

    write(
        records,
        0,
        &[
            (leads[1], over(LeadEnd::Closed, None)),
            (leads[0], LeadStanding { promised_by: Some(AgentId::new("ben").unwrap()), ..due(7_000) }),
        ],
    )
    .await;
    assert!(shown(Some(CLOSED), None).await.is_empty(), "it is over and nobody called it");
    let last = |at: i64| KeptAttempt {
        id: AttemptId(at.unsigned_abs()),
        contact: ContactId(9),
        lead: Some(CalledLead { campaign: CampaignId::new("winback").unwrap(), list, lead: leads[1] }),
        number: Some(NumberDigits::new(CLOSED).unwrap()),
        customer: None,
        proposed_at: Timestamp(at),
        placed_at: Some(Timestamp(at)),
        ended_at: Some(Timestamp(at)),
        refused: None,
        outcome: Some(Outcome::Busy),
        end: end_of(Some(Outcome::Busy), None),
        agent: Some(AgentId::new("ana").unwrap()),
        disposition: Some(Disposition("not now".into())),
    };
    let news = |attempts| LeadNews { attempts, ..LeadNews::default() };
    let tried = [last(400)];
    assert!(records.write_lead_news(&reader(), (EventNo(1), EventNo(2)), news(&tried)).await.unwrap());
    assert!(shown(Some(CLOSED), None).await.is_empty(), "it was called too long ago");
    let tried = [last(600)];
    assert!(records.write_lead_news(&reader(), (EventNo(2), EventNo(3)), news(&tried)).await.unwrap());
    let found = shown(Some(CLOSED), Some(customer)).await;
    assert_eq!(of(&found), leads[..2], "open ones first");
    assert_eq!((found[0].due, found[0].state), (Some(Timestamp(7_000)), ShownState::Open));
    assert_eq!(found[0].promised_by, Some(AgentId::new("ben").unwrap()));
    let called = LastCall {
        at: Timestamp(600),
        outcome: Some(Outcome::Busy),
        agent: Some(AgentId::new("ana").unwrap()),
        disposition: Some(Disposition("not now".into())),
    };
    assert_eq!((found[1].state, &found[1].last), (ShownState::Over, &Some(called)));
}
