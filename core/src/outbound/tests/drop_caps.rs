//! The share of dropped calls as regulators compute it.

use crate::outbound::drop_cap::{
    AnsweredCalls, DropCap, DropCapScope, DropCapShare, DropFormula, DropPeriod, DroppedShare,
};

const OFCOMS: AnsweredCalls = AnsweredCalls { dropped: 29, live: 9, machines: 7 };

/// The regulator's own steps, in floating point.
fn in_steps(calls: AnsweredCalls) -> (f64, f64) {
    let [dropped, live, machines] = [calls.dropped, calls.live, calls.machines].map(|count| count as f64);
    let adjusted = dropped - dropped * machines / (machines + live);
    (adjusted, adjusted / (adjusted + live))
}

#[test]
fn machines_among_the_dropped_are_taken_off_as_ofcom_does() {
    let (adjusted, share) = in_steps(OFCOMS);
    assert!((adjusted - 16.3125).abs() < 1e-9 && (share - 16.3125 / 25.3125).abs() < 1e-9);
    assert_eq!(DropFormula::MachineAdjusted.share(OFCOMS), DroppedShare { dropped: 29, answered: 45 });
    for (dropped, live, machines) in [(29, 9, 7), (1, 1, 1), (3, 97, 0), (12, 400, 350), (5, 1, 900)] {
        let calls = AnsweredCalls { dropped, live, machines };
        let DroppedShare { dropped, answered } = DropFormula::MachineAdjusted.share(calls);
        assert!((dropped as f64 / answered as f64 - in_steps(calls).1).abs() < 1e-12, "{calls:?}");
    }
}

#[test]
fn a_cap_holds_to_the_last_call() {
    let cap = |share| DropCap {
        share,
        formula: DropFormula::OfLiveAnswers,
        per: DropCapScope::Campaign,
        within: Some(DropPeriod::CalendarMonth),
    };
    let calls = |dropped, live| AnsweredCalls { dropped, live, machines: 50 };
    let three = cap(DropCapShare::PerMille(30));
    assert!(three.is_kept(calls(3, 97)) && !three.is_kept(calls(3, 96)) && three.is_kept(calls(0, 0)));
    let none = cap(DropCapShare::NoneSafe);
    assert!(none.is_kept(calls(0, 9)) && !none.is_kept(calls(1, 1_000_000)));
}
