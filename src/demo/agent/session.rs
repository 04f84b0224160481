//! One person's sessions with the server, one after the other: what is heard goes to the desk, what
//! the desk asks goes out. It decides nothing.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;

use super::VirtualAgent;
use super::desk::Desk;
use crate::demo::gateway::told_to_stop;
use crate::demo::ledger::Ledger;
use crate::protocol::{ErrorKind, Resume, Secret, ServerMessage, SessionOpened, Snapshot};
use crate::wire_client::{CentreClock, Client, Closed, Door, Heard, OpenError, ReconnectDelay};

/// Works until `stop` says so.
///
/// # Errors
/// When the server refuses him for good.
pub async fn run_agent(
    door: Door,
    agent: VirtualAgent,
    mut clock: CentreClock,
    ledger: Ledger,
    mut stop: watch::Receiver<bool>,
) -> Result<(), OpenError> {
    tokio::select! {
        () = clock.is_set() => {}
        () = told_to_stop(&mut stop) => return Ok(()),
    }
    let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(agent.seed ^ 1));
    let mut desk = Desk::new(agent, clock, ledger);
    let mut resume: Option<Resume> = None;
    let mut has_been_open = false;
    loop {
        let opening = tokio::select! {
            opened = Client::open(&door, resume.clone()) => opened,
            () = told_to_stop(&mut stop) => return Ok(()),
        };
        let again_after = match opening {
            Ok((mut client, opened)) => {
                delay.succeeded();
                desk.count_opening(opened.resumed, has_been_open);
                has_been_open = true;
                let token: Secret = opened.resume_token.clone();
                let Some(closed) = desk.serve(&mut client, &opened, &mut stop).await else {
                    client.log_out().await;
                    return Ok(());
                };
                resume = Some(Resume { token, seq: client.last_seq() });
                closed.retry_after
            }
            Err(error) if error.is_final() => return Err(error),
            Err(error) => error.retry_after(),
        };
        tokio::select! {
            () = tokio::time::sleep(delay.next(again_after)) => {}
            () = told_to_stop(&mut stop) => return Ok(()),
        }
    }
}

impl Desk {
    fn count_opening(&self, is_resumed: bool, has_been_open: bool) {
        self.ledger.count(|seen| match (is_resumed, has_been_open) {
            (true, _) => seen.resumed += 1,
            (false, true) => seen.reopened += 1,
            (false, false) => {}
        });
    }

    /// None: he was told to stop.
    async fn serve(
        &mut self,
        client: &mut Client,
        opened: &SessionOpened,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<Closed> {
        self.plan_once();
        self.requests.repeat_all();
        if let Some(Snapshot::Agent(snapshot)) = &opened.snapshot {
            self.look_at(snapshot);
        }
        loop {
            while let Some((id, ask)) = self.requests.next_to_send() {
                if client.ask(&id, ask).await.is_err() {
                    return Some(Closed::default());
                }
            }
            let due_ms = self.agenda.next_ms();
            tokio::select! {
                heard = client.next() => match heard {
                    Heard::Told { message: ServerMessage::Agent(message), .. } => self.hear(*message),
                    Heard::Told { .. } => {}
                    Heard::Answered { id, answer } => {
                        self.answered(&id, answer.err().map(|error| error.kind().unwrap_or(ErrorKind::Internal)));
                    }
                    Heard::Gap { .. } => self.ledger.count(|seen| seen.gaps += 1),
                    Heard::Unreadable(what) => {
                        tracing::warn!(agent.id = %self.agent.name, what, "the server said what an agent cannot read");
                        self.ledger.count(|seen| seen.unreadable += 1);
                    }
                    Heard::Closed(closed) => return Some(closed),
                },
                () = self.clock.until(due_ms) => self.advance(),
                () = told_to_stop(stop) => return None,
            }
        }
    }
}
