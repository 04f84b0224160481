//! A whole company of virtual people at one server: a gateway with its callers, agents, a supervisor.
//! It never starts a server.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::agent::{VirtualAgent, run_agent};
use super::gateway::{GatewayPlan, run_gateway};
use super::habits::Span;
use super::ledger::{Ledger, Seen};
use super::supervisor::{BoardTotals, Dashboard, run_supervisor};
use crate::protocol::{BoardSnapshot, Name, QueueName, Role, Secret, Time};
use crate::wire_client::{CentreClock, Credential, Door, OpenError};

/// How long the last look at the board may take, a restart of the server included.
const LAST_LOOK_WITHIN: Duration = Duration::from_secs(30);
const LOOKED_AT_EVERY: Duration = Duration::from_millis(50);

/// Who is there, with what each needs to be let in.
#[derive(Debug)]
pub struct Cast {
    /// `ws://host:port/ws`
    pub url: String,
    pub gateway_key: Secret,
    /// A supervisor's session token.
    pub supervisor: Secret,
    /// Each with a session token.
    pub agents: Vec<(VirtualAgent, Secret)>,
    pub plan: GatewayPlan,
    pub rings_for: Span,
    pub campaign: Option<CampaignBeside>,
    pub seed: u64,
}

/// A campaign that the supervisor starts, so that its leads are called beside those who call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CampaignBeside {
    pub name: Name,
    /// Where its leads wait.
    pub queue: QueueName,
}

/// A company at work.
#[derive(Debug)]
pub struct Company {
    pub ledger: Ledger,
    pub dashboard: Dashboard,
    pub clock: CentreClock,
    gateway: JoinHandle<Result<(), OpenError>>,
    agents: JoinSet<Result<(), OpenError>>,
    supervisor: JoinHandle<Result<(), OpenError>>,
    stop_gateway: watch::Sender<bool>,
    stop_others: watch::Sender<bool>,
    campaign: Option<CampaignBeside>,
    /// The board before the first call.
    before: BoardSnapshot,
}

/// What was seen on both sides when everything stood still.
#[derive(Clone, Debug)]
pub struct Totals {
    pub seen: Seen,
    pub before: BoardSnapshot,
    pub after: BoardSnapshot,
    pub campaign: Option<CampaignBeside>,
}

/// Why a company could not work.
#[derive(Debug, thiserror::Error)]
pub enum CompanyError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the supervisor's dashboard shows no board")]
    NoBoard,
}

impl Company {
    /// Lets everyone in.
    ///
    /// # Errors
    /// When the supervisor gets no board. Others who are refused are told of by
    /// [`Company::refused`].
    pub async fn start(cast: Cast) -> Result<Company, CompanyError> {
        let door = |role, secret: Secret| Door {
            url: cast.url.clone(),
            role,
            credential: Credential::Bearer(secret),
            client: Name::clipped("usher demo"),
        };
        let ledger = Ledger::default();
        let (stop_gateway, gateway_stopped) = watch::channel(false);
        let (stop_others, others_stopped) = watch::channel(false);
        let supervisor = door(Role::Supervisor, cast.supervisor);
        let to_start = cast.campaign.as_ref().map(|campaign| campaign.name.clone());
        let (dashboard, mut supervisor) = run_supervisor(supervisor, cast.seed ^ 2, to_start, others_stopped.clone());
        let before = tokio::select! {
            board = dashboard.ask(LAST_LOOK_WITHIN) => board.ok_or(CompanyError::NoBoard)?,
            ended = &mut supervisor => {
                ended.expect("the supervisor does not panic")?;
                return Err(CompanyError::NoBoard);
            }
        };
        let (setter, clock) = CentreClock::unset();
        let gateway = run_gateway(
            door(Role::Gateway, cast.gateway_key),
            cast.plan,
            cast.rings_for,
            cast.seed,
            ledger.clone(),
            (setter, clock.clone()),
            gateway_stopped,
        );
        let gateway = tokio::spawn(gateway);
        let mut agents = JoinSet::new();
        for (agent, token) in cast.agents {
            let door = door(Role::Agent, token);
            agents.spawn(run_agent(door, agent, clock.clone(), ledger.clone(), others_stopped.clone()));
        }
        let campaign = cast.campaign;
        Ok(Company {
            ledger,
            dashboard,
            clock,
            gateway,
            agents,
            supervisor,
            stop_gateway,
            stop_others,
            campaign,
            before,
        })
    }

    /// Until every call of the plan is over, or the gateway was refused, which
    /// [`Company::finish`] then says. For ever with callers without end.
    pub async fn calls_are_over(&self) {
        while !self.gateway.is_finished() {
            tokio::time::sleep(LOOKED_AT_EVERY).await;
        }
    }

    /// Who of the agents was refused so far.
    pub fn refused(&mut self) -> Vec<OpenError> {
        let mut refused = Vec::new();
        while let Some(ended) = self.agents.try_join_next() {
            if let Ok(Err(error)) = ended {
                refused.push(error);
            }
        }
        refused
    }

    /// Stops callers first, so that the board can be read while nothing moves, then all others.
    ///
    /// # Errors
    /// When the gateway was refused, or no board could be read any more.
    pub async fn finish(mut self) -> Result<Totals, CompanyError> {
        self.stop_gateway.send_replace(true);
        self.gateway.await.expect("the gateway does not panic")?;
        let after = self.dashboard.ask(LAST_LOOK_WITHIN).await.ok_or(CompanyError::NoBoard);
        // Agents go on asking colleagues until they are stopped.
        let Seen { asked, asked_answered, asked_in_vain, .. } = self.ledger.seen();
        self.stop_others.send_replace(true);
        while self.agents.join_next().await.is_some() {}
        // What it would say, the missing board has said.
        let _ = self.supervisor.await;
        let seen = Seen { asked, asked_answered, asked_in_vain, ..self.ledger.seen() };
        Ok(Totals { seen, before: self.before, after: after?, campaign: self.campaign })
    }
}

impl Totals {
    /// The board's totals of this run alone.
    #[must_use]
    pub fn board(&self) -> BoardTotals {
        self.board_of(|_| true)
    }

    /// Of the queue where the campaign's leads wait; all zero without one.
    #[must_use]
    pub fn board_of_campaign(&self) -> BoardTotals {
        self.board_of(|queue| self.campaign.as_ref().is_some_and(|campaign| campaign.queue == *queue))
    }

    fn board_of(&self, counts: impl Fn(&QueueName) -> bool) -> BoardTotals {
        let before = BoardTotals::of_queues(&self.before, &counts);
        let after = BoardTotals::of_queues(&self.after, &counts);
        if self.day_began() {
            return after;
        }
        BoardTotals {
            carried_in: before.waiting + after.carried_in - before.carried_in,
            entered: after.entered - before.entered,
            answered: after.answered - before.answered,
            answered_within: after.answered_within - before.answered_within,
            abandoned: after.abandoned - before.abandoned,
            flowed_out: after.flowed_out - before.flowed_out,
            callbacks: after.callbacks - before.callbacks,
            withdrawn: after.withdrawn - before.withdrawn,
            lost: after.lost - before.lost,
            waiting: after.waiting,
        }
    }

    /// The board counts from a midnight within the run on, callers and agents from its beginning.
    #[must_use]
    pub fn day_began(&self) -> bool {
        let is_known = self.before.counted_since > Time::from_ms(0);
        is_known && self.before.counted_since != self.after.counted_since
    }

    /// Every way in which callers, agents and board do not agree; empty when they do. A second
    /// gateway or a visitor who handed calls on makes the board count what these callers did not see.
    #[must_use]
    pub fn disagreements(&self) -> Vec<String> {
        let (seen, board) = (&self.seen, self.board());
        let mut told = Vec::new();
        if !board.balances() {
            told.push(format!("the board does not balance: {board:?}"));
        }
        if !seen.balances() {
            told.push(format!(
                "the callers do not balance: {} visits, {} answered, {} abandoned, {} withdrawn, {} flowed out, {} waiting",
                seen.visits(),
                seen.answered,
                seen.abandoned,
                seen.withdrawn,
                seen.flowed_out,
                seen.waiting
            ));
        }
        // Who flows out of one queue enters another, and has not called twice; who leaves all of
        // them, for a callback or for good, has called once.
        // Leads that waited already when this run began may be reached in it.
        let of_campaign = self.board_of_campaign();
        let entered = board.entered + of_campaign.carried_in + seen.flowed_out;
        let visits = entered.saturating_sub(board.flowed_out + board.callbacks);
        // Customers who were not called yet, or in vain, know nothing of their callbacks; nor do leads.
        let to_be_called = board.callbacks + seen.promised + of_campaign.carried_in + of_campaign.entered;
        let unreached = visits.saturating_sub(seen.visits() + seen.asked).min(to_be_called);
        let not_yet_called = board.waiting.saturating_sub(seen.waiting + seen.asked_waiting()).min(unreached);
        let pairs = [
            ("visits", seen.visits() + seen.asked, visits - unreached),
            ("answered", seen.answered + seen.asked_answered, board.answered),
            ("abandoned", seen.abandoned, board.abandoned),
            ("waiting", seen.waiting + seen.asked_waiting(), board.waiting - not_yet_called),
        ];
        if !self.day_began() {
            let apart = pairs.into_iter().filter(|(_, seen, shown)| seen != shown);
            told.extend(
                apart.map(|(what, seen, shown)| format!("{what}: callers saw {seen}, the board shows {shown}")),
            );
            told.extend(self.disagreements_on_leads(of_campaign.answered));
        }
        for (what, count) in [
            ("devices with two calls", seen.double_booked),
            ("offers shown twice", seen.offered_twice),
            ("gaps between events", seen.gaps),
            ("messages nobody could read", seen.unreadable),
        ] {
            if count > 0 {
                told.push(format!("{what}: {count}"));
            }
        }
        told
    }

    /// `shown`: answered in the campaign's queue, where colleagues may be asked as well.
    fn disagreements_on_leads(&self, shown: u64) -> Vec<String> {
        let seen = &self.seen;
        let mut told = Vec::new();
        if seen.leads_called != seen.leads_accounted_for() {
            let (called, sum) = (seen.leads_called, seen.leads_accounted_for());
            told.push(format!("the calls to leads do not add up: {called} called, {sum} accounted for"));
        }
        if !(seen.leads_answered..=seen.leads_answered + seen.asked_answered).contains(&shown) {
            told.push(format!("leads answered: agents spoke with {}, the board shows {shown}", seen.leads_answered));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CallProgressed;
    use serde_json::json;

    fn board(queues: &serde_json::Value) -> BoardSnapshot {
        let t = "2026-11-22T09:00:00.000Z";
        let board = json!({"event_no": 7, "server_time": t, "counted_since": t, "queues": queues, "agents": []});
        serde_json::from_value(board).unwrap()
    }

    fn row(queue: &str, entered: u64, answered: u64, flowed_out: u64) -> serde_json::Value {
        json!({"queue": queue, "paused": false, "waiting": 0, "offered": 0, "connecting": 0, "longest_waiting_since": null,
            "longest_wait_ms": 0, "carried_in": 0, "entered": entered, "answered": answered, "answered_within": 0,
            "abandoned": 0, "short_abandoned": 0, "flowed_out": flowed_out, "callbacks": 0, "withdrawn": 0, "lost": 0,
            "service_level": null, "asa_ms": null, "aht_ms": null, "agents_available": 0, "agents_idle": 0,
            "agents_busy": 0})
    }

    #[test]
    fn what_was_before_a_midnight_is_not_compared() {
        let seen = Seen { arrived: 9, answered: 9, ..Seen::default() };
        let (before, mut after) = (board(&json!([])), board(&json!([row("gold", 4, 4, 0)])));
        let mut totals = Totals { seen, before, after: after.clone(), campaign: None };
        assert_eq!(totals.disagreements().len(), 2);
        after.counted_since = Time::from_ms(after.counted_since.as_ms() + 1);
        totals.after = after;
        assert_eq!((totals.disagreements(), totals.board().entered), (Vec::<String>::new(), 4));
    }

    #[test]
    fn who_waited_for_one_agent_and_then_in_a_queue_has_called_once() {
        let seen = |arrived| Seen { arrived, answered: arrived, ..Seen::default() };
        let after = board(&json!([row("@ana", 2, 1, 1), row("gold", 3, 3, 0)]));
        let totals =
            |arrived| Totals { seen: seen(arrived), before: board(&json!([])), after: after.clone(), campaign: None };
        assert_eq!(totals(4).disagreements(), [""; 0]);
        assert_eq!(
            totals(5).disagreements(),
            ["visits: callers saw 5, the board shows 4", "answered: callers saw 5, the board shows 4"]
        );
    }

    #[test]
    fn questions_to_colleagues_are_visits_that_no_caller_knows_of() {
        let seen = Seen { arrived: 2, answered: 2, asked: 2, asked_answered: 1, asked_in_vain: 1, ..Seen::default() };
        let mut asked = row("@ana", 2, 1, 0);
        asked["withdrawn"] = json!(1);
        let after = board(&json!([asked, row("gold", 2, 2, 0)]));
        let totals = Totals { seen: seen.clone(), before: board(&json!([])), after: after.clone(), campaign: None };
        assert_eq!(totals.disagreements(), [""; 0]);
        let blind = Seen { asked: 1, asked_in_vain: 0, ..seen };
        let totals = Totals { seen: blind, before: board(&json!([])), after, campaign: None };
        assert_eq!(totals.disagreements(), ["visits: callers saw 3, the board shows 4"]);
    }

    #[test]
    fn who_left_for_voicemail_has_called_once() {
        let seen = Seen { arrived: 3, answered: 2, flowed_out: 1, ..Seen::default() };
        let after = board(&json!([row("gold", 3, 2, 1)]));
        let totals = Totals { seen: seen.clone(), before: board(&json!([])), after: after.clone(), campaign: None };
        assert_eq!(totals.disagreements(), [""; 0]);
        let blind = Seen { flowed_out: 0, withdrawn: 1, ..seen };
        let totals = Totals { seen: blind, before: board(&json!([])), after, campaign: None };
        assert_eq!(totals.disagreements(), ["visits: callers saw 3, the board shows 2"]);
    }

    #[test]
    fn leads_add_up_apart() {
        let campaign = CampaignBeside { name: Name::clipped("spring"), queue: QueueName::clipped("offers") };
        let mut offers = row("offers", 9, 2, 0);
        (offers["withdrawn"], offers["waiting"]) = (json!(4), json!(3));
        let after = board(&json!([offers, row("gold", 1, 1, 0)]));
        let seen = Seen {
            arrived: 1,
            reached: 2,
            answered: 3,
            placed: 5,
            leads_called: 5,
            leads_lifted: 2,
            leads_in_vain: [(CallProgressed::Busy, 1)].into(),
            leads_given_up: 1,
            leads_ringing: 1,
            leads_answered: 2,
            ..Seen::default()
        };
        let totals =
            |seen| Totals { seen, before: board(&json!([])), after: after.clone(), campaign: Some(campaign.clone()) };
        assert_eq!(totals(seen.clone()).disagreements(), [""; 0]);
        // An earlier run of the same folder has left leads that wait.
        let mut earlier = row("offers", 40, 0, 0);
        earlier["waiting"] = json!(5);
        let mut later = row("offers", 42, 2, 0);
        later["waiting"] = json!(5);
        let again = Totals {
            before: board(&json!([earlier])),
            after: board(&json!([later, row("gold", 1, 1, 0)])),
            ..totals(seen.clone())
        };
        assert_eq!(again.disagreements(), [""; 0]);
        let blind = Seen { leads_ringing: 0, leads_answered: 1, ..seen };
        assert_eq!(
            totals(blind).disagreements(),
            [
                "the calls to leads do not add up: 5 called, 4 accounted for",
                "leads answered: agents spoke with 1, the board shows 2"
            ]
        );
    }
}
