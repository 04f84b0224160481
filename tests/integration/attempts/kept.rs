//! Attempts written as they go on, found again as limits see them, and dropped.

use std::sync::Arc;

use usher::customers::customer::{CustomerFields, NewCustomer};
use usher::customers::ids::CustomerId;
use usher::customers::text::CustomerName;
use usher::outbound::attempt_outcome::{DispositionFlags, Final, Outcome, Reached};
use usher::outbound::ids::LeadId;
use usher::outbound::kept_attempt::{AttemptsBeside, KeptAttempt, end_of};
use usher::outbound::limits::{AttemptEnd, PastAttempt, Shared};
use usher::routing::attempt::NotPlaced;
use usher::routing::command::Disposition;
use usher::routing::ids::AgentId;
use usher::routing::time::Timestamp;

use super::{attempt, called, campaign, digits};
use crate::privacy::{Ground, stamp};

const NUMBER: &str = "+33611111111";
const OTHER: &str = "+33622222222";

pub async fn written_as_they_go_on(ground: Ground) {
    let records = &ground.records;
    let proposed = KeptAttempt { placed_at: None, ..attempt(1, NUMBER, Some(7), 3, 1_000) };
    let refused =
        KeptAttempt { refused: Some(NotPlaced::OutOfWindow), placed_at: None, ..attempt(2, OTHER, None, 4, 1_000) };
    records.write_attempts(&[proposed.clone(), refused.clone()]).await.unwrap();
    assert_eq!(records.attempts_of_lead(LeadId(3), 10).await.unwrap(), std::slice::from_ref(&proposed));

    let placed = KeptAttempt {
        placed_at: Some(Timestamp(1_000)),
        agent: Some(AgentId::new("ana").unwrap()),
        ..proposed.clone()
    };
    let flags = DispositionFlags {
        reached: Reached::RightParty,
        finality: Final::Contact,
        is_live_answer: true,
        is_sale: false,
    };
    let ended = KeptAttempt {
        ended_at: Some(Timestamp(9_000)),
        outcome: Some(Outcome::Answered),
        end: end_of(Some(Outcome::Answered), Some(flags)),
        disposition: Some(Disposition(Arc::from("no thanks"))),
        ..proposed.clone()
    };
    // All of it in one batch, and once more: nothing is doubled, nothing is taken back.
    for _ in 0..2 {
        records.write_attempts(&[proposed.clone(), placed.clone(), ended.clone(), refused.clone()]).await.unwrap();
    }
    let kept = records.attempts_of_lead(LeadId(3), 10).await.unwrap();
    let expected = KeptAttempt { placed_at: placed.placed_at, agent: placed.agent.clone(), ..ended };
    assert_eq!((kept, expected.end), (vec![expected.clone()], AttemptEnd::Refused));
    assert_eq!(records.attempts_of_lead(LeadId(4), 10).await.unwrap(), [refused]);

    let moved = KeptAttempt { number: Some(digits(OTHER)), customer: None, ..expected.clone() };
    records.write_attempts(&[moved]).await.unwrap();
    assert_eq!(records.attempts_of_lead(LeadId(3), 10).await.unwrap(), [expected], "whose it is does not change");
}

fn shares(past: &[PastAttempt]) -> Vec<(i64, Shared)> {
    past.iter().map(|past| (past.placed_at.0, past.shares)).collect()
}

pub async fn found_by_number_customer_and_lead(ground: Ground) {
    let records = &ground.records;
    let elsewhere = KeptAttempt { lead: Some(called("spring", 9)), ..attempt(4, OTHER, Some(7), 9, 4_000) };
    let ended = KeptAttempt {
        ended_at: Some(Timestamp(6_000)),
        end: AttemptEnd::Dropped,
        ..attempt(5, NUMBER, None, 9, 5_000)
    };
    let never = KeptAttempt { placed_at: None, refused: Some(NotPlaced::Dnc), ..attempt(6, NUMBER, Some(7), 3, 6_000) };
    let all = [
        attempt(1, NUMBER, None, 9, 999),
        attempt(2, NUMBER, Some(8), 9, 2_000),
        attempt(3, OTHER, None, 3, 3_000),
        elsewhere,
        ended,
        never,
        attempt(7, OTHER, Some(8), 9, 7_000),
        KeptAttempt { lead: None, ..attempt(8, NUMBER, None, 0, 8_000) },
    ];
    records.write_attempts(&all).await.unwrap();
    let winback = campaign("winback");
    let call = AttemptsBeside {
        number: digits(NUMBER),
        customer: Some(CustomerId(7)),
        lead: Some(LeadId(3)),
        campaign: Some(&winback),
    };
    let past = records.past_attempts(call, Timestamp(1_000)).await.unwrap();
    let shared = |number, customer, campaign| Shared { number, customer, campaign, debt: true };
    let expected = [
        (8_000, shared(true, false, false)),
        (5_000, shared(true, false, true)),
        (4_000, shared(false, true, false)),
        (3_000, shared(false, true, true)),
        (2_000, shared(true, false, true)),
    ];
    assert_eq!(shares(&past), expected);
    assert_eq!((past[1].ended_at, past[1].end), (Timestamp(6_000), AttemptEnd::Dropped));
    assert_eq!((past[2].ended_at, past[2].end), (Timestamp(4_000), AttemptEnd::Open), "it is not over");
    let unknown = AttemptsBeside { customer: None, lead: Some(LeadId(99)), ..call };
    assert_eq!(shares(&records.past_attempts(unknown, Timestamp(0)).await.unwrap()).len(), 4);
    let callback = AttemptsBeside { customer: None, lead: None, campaign: None, ..call };
    let seen = shares(&records.past_attempts(callback, Timestamp(4_500)).await.unwrap());
    assert_eq!(seen, [(8_000, shared(true, false, false)), (5_000, shared(true, false, false))], "by its number alone");
}

pub async fn of_a_customer_that_was_merged(ground: Ground) {
    let records = &ground.records;
    let named = |name| NewCustomer {
        fields: CustomerFields { name: CustomerName::new(name).unwrap(), ..CustomerFields::default() },
        ..NewCustomer::default()
    };
    let kept = records.add_customer(&named("Zoe"), &stamp(1)).await.unwrap();
    let merged = records.add_customer(&named("Zoé"), &stamp(1)).await.unwrap();
    records.merge_customers(kept, merged, &stamp(2)).await.unwrap();
    records.write_attempts(&[attempt(1, OTHER, Some(merged.0), 9, 2_000)]).await.unwrap();
    let winback = campaign("winback");
    let call = AttemptsBeside {
        number: digits(NUMBER),
        customer: Some(kept),
        lead: Some(LeadId(3)),
        campaign: Some(&winback),
    };
    let past = records.past_attempts(call, Timestamp(0)).await.unwrap();
    assert_eq!(shares(&past), [(2_000, Shared { number: false, customer: true, campaign: true, debt: true })]);
}

pub async fn dropped_when_old(ground: Ground) {
    let records = &ground.records;
    let all = [3_000_i64, 1_000, 2_000].map(|at| attempt(at.unsigned_abs(), NUMBER, None, 3, at));
    records.write_attempts(&all).await.unwrap();
    assert_eq!(records.drop_attempts(Timestamp(2_999), 1).await.unwrap(), 1, "as many as are asked for");
    let left: Vec<u64> = records.attempts_of_lead(LeadId(3), 9).await.unwrap().iter().map(|kept| kept.id.0).collect();
    assert_eq!(left, [3_000, 2_000], "the oldest first");
    assert_eq!(records.drop_attempts(Timestamp(2_999), 10).await.unwrap(), 1);
    assert_eq!(records.drop_attempts(Timestamp(2_999), 10).await.unwrap(), 0);
}
