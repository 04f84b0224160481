//! The demo as lines for people. It counts nothing.

use std::fmt::Write as _;

use crate::demo::{BoardTotals, RowCounts, Seen, Totals};
use crate::protocol::{Activity, BoardSnapshot, Presence, Time};
use crate::wire_client::CentreClock;

/// One line of what happens now.
pub fn progress(clock: &CentreClock, seen: &Seen, board: Option<BoardSnapshot>, starts: u32) -> String {
    let time = clock.now_ms().map_or_else(|| "not yet".to_owned(), |ms| Time::from_ms(ms).to_string());
    let Some(board) = board else { return format!("{time}  the board is not there yet") };
    let totals = BoardTotals::of(&board);
    let longest_s = board.queues.iter().map(|queue| queue.longest_wait_ms).max().unwrap_or(0) / 1_000;
    let available = board.agents.iter().filter(|agent| agent.presence == Presence::Available);
    let idle = available.clone().filter(|agent| agent.activity == Activity::Idle).count();
    let restarts = match starts {
        0 | 1 => String::new(),
        starts => format!("  server started {starts} times"),
    };
    format!(
        "{time}  waiting {} (longest {longest_s} s)  talking {}  answered {}  left {}  leads called {}, reached {}  agents {} available, {idle} idle{restarts}",
        totals.waiting,
        seen.talking,
        totals.answered,
        totals.abandoned,
        seen.leads_called,
        seen.leads_lifted,
        available.count(),
    )
}

/// The totals of a run. `rows`: what became of the rows of a recording, and how many calls it had.
pub fn totals(totals: &Totals, rows: Option<(RowCounts, u64)>) -> String {
    let (seen, board) = (&totals.seen, totals.board());
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("text in memory takes every line");
    if let Some((rows, calls)) = rows {
        let RowCounts { read, left_out, left_before_queue } = rows;
        line(format!(
            "rows read {read} = left out {left_out} + left before the queue {left_before_queue} + calls {calls}"
        ));
        let not_played = calls - (seen.arrived + seen.refused).min(calls);
        line(format!("calls {calls} = entered {} + refused {} + not played {not_played}", seen.arrived, seen.refused));
    }
    line(format!(
        "board: carried in {} + entered {} = answered {} + abandoned {} + flowed out {} + callbacks {} + withdrawn {} + lost {} + waiting {}{}",
        board.carried_in,
        board.entered,
        board.answered,
        board.abandoned,
        board.flowed_out,
        board.callbacks,
        board.withdrawn,
        board.lost,
        board.waiting,
        if board.balances() { "" } else { "  DOES NOT BALANCE" },
    ));
    line(format!("entered by queue: {}", entered_by_queue(totals)));
    line(format!(
        "callers: visits {} (arrived {}, handed on {}, called {}) = answered {} + abandoned {} + withdrawn {} + flowed out {} + waiting {}; called again {}",
        seen.visits(),
        seen.arrived,
        seen.requeued,
        seen.reached,
        seen.answered,
        seen.abandoned,
        seen.withdrawn,
        seen.flowed_out,
        seen.waiting,
        seen.called_again,
    ));
    line(format!(
        "flowed out for good {}: {} heard a message, {} spoke to voicemail, {} were sent home",
        seen.flowed_out,
        seen.announcements,
        seen.voicemails,
        seen.flowed_out.saturating_sub(seen.announcements + seen.voicemails),
    ));
    line(format!(
        "agents: offered {}, accepted {}, declined {}, let pass {}, gone when answered {}; {} requests were refused",
        seen.offered, seen.accepted, seen.declined, seen.missed, seen.gone, seen.refusals,
    ));
    line(
        format!("colleagues: asked {}, answered {}, in vain {}", seen.asked, seen.asked_answered, seen.asked_in_vain,),
    );
    line(format!(
        "callbacks: promised by agents {}, calls placed {}, customers reached {}; laid down {}",
        seen.promised, seen.placed, seen.reached, seen.suspended,
    ));
    if totals.campaign.is_some() {
        line(leads(seen));
    }
    line(format!(
        "sessions: {} resumed, {} opened anew; orders too late {}, repeated {}",
        seen.resumed, seen.reopened, seen.too_late, seen.repeated_orders
    ));
    out
}

/// Every call to a lead, by what became of it.
fn leads(seen: &Seen) -> String {
    let in_vain = seen.leads_in_vain.iter().map(|(progress, count)| {
        let word = serde_json::to_value(progress).expect("a word is a text");
        format!(" + {} {count}", word.as_str().unwrap_or_default())
    });
    format!(
        "leads: called {} = reached {}{} + given up {} + ringing {}; spoke with an agent {}",
        seen.leads_called,
        seen.leads_lifted,
        in_vain.collect::<String>(),
        seen.leads_given_up,
        seen.leads_ringing,
        seen.leads_answered,
    )
}

/// Without the queues behind single agents.
fn entered_by_queue(totals: &Totals) -> String {
    let before = |queue: &str| totals.before.queues.iter().find(|row| row.queue.as_str() == queue);
    let is_shared = totals.after.queues.iter().filter(|row| !row.queue.as_str().starts_with('@'));
    let entered = is_shared.map(|row| {
        let queue = row.queue.as_str();
        format!("{queue} {}", row.entered.saturating_sub(before(queue).map_or(0, |row| row.entered)))
    });
    entered.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::CampaignBeside;
    use crate::protocol::{CallProgressed, Name, QueueName};
    use serde_json::json;

    #[test]
    fn every_row_and_every_visit_is_told() {
        let t = "2026-11-22T09:00:00.000Z";
        let board = json!({"event_no": 7, "server_time": t, "counted_since": t, "queues": [], "agents": []});
        let board: BoardSnapshot = serde_json::from_value(board).unwrap();
        let leads_in_vain = [(CallProgressed::Busy, 2), (CallProgressed::NoAnswer, 3)].into();
        let leads = Seen { leads_called: 9, leads_lifted: 4, leads_in_vain, leads_answered: 4, ..Seen::default() };
        let seen = Seen { arrived: 7, refused: 1, answered: 4, abandoned: 2, waiting: 1, ..leads };
        let campaign = CampaignBeside { name: Name::clipped("spring"), queue: QueueName::clipped("offers") };
        let of = Totals { seen, before: board.clone(), after: board, campaign: Some(campaign) };
        let text = totals(&of, Some((RowCounts { read: 15, left_out: 2, left_before_queue: 3 }, 10)));
        assert!(text.contains("rows read 15 = left out 2 + left before the queue 3 + calls 10\n"), "{text}");
        assert!(text.contains("calls 10 = entered 7 + refused 1 + not played 2\n"), "{text}");
        assert!(text.contains(
            "visits 7 (arrived 7, handed on 0, called 0) = answered 4 + abandoned 2 + withdrawn 0 + flowed out 0 + waiting 1"
        ));
        assert!(text.contains(
            "leads: called 9 = reached 4 + busy 2 + no_answer 3 + given up 0 + ringing 0; spoke with an agent 4\n"
        ));
    }
}
