//! Tells those who hold sockets whose log-in has ended. It closes nothing itself.

use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::records::{Cut, LogInId, RecordsError};
use crate::routing::ids::{GatewayId, PersonId};

use super::door::Access;

/// Half of the second within which a cut socket is to be closed.
pub const CUTS_PERIOD: Duration = Duration::from_millis(500);
/// Revocations that a slow listener may be behind; beyond, it must ask about everybody it holds.
pub(super) const REVOCATIONS_MAX: usize = 1_024;

/// Who must leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Revoked {
    /// Every session of the user: disabled, or with a new password.
    User(PersonId),
    /// The sessions of one log-in: logged out.
    LogIn(LogInId),
    /// Every session of the gateway: its keys were revoked.
    Gateway(GatewayId),
}

impl Access {
    /// From now on. Whoever gets `Lagged` asks [`Access::is_current`] about each person he holds and
    /// [`Access::is_key_current`] about each gateway.
    #[must_use]
    pub fn revocations(&self) -> broadcast::Receiver<Revoked> {
        self.revoked.subscribe()
    }

    /// Looks every [`CUTS_PERIOD`] for cuts that this or another process has made, until told to stop.
    pub async fn follow_cuts(&self, stop: CancellationToken) {
        let mut period = tokio::time::interval(CUTS_PERIOD);
        period.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = period.tick() => {}
            }
            match self.tell_cuts().await {
                Ok(()) => is_failing = false,
                Err(error) if !is_failing => {
                    is_failing = true;
                    tracing::error!(%error, "cannot look for cut users and gateways; trying again");
                }
                Err(_) => {}
            }
        }
    }

    /// Tells every cut since the last call.
    pub(super) async fn tell_cuts(&self) -> Result<(), RecordsError> {
        let mut seen = self.seen.lock().await;
        let (cuts, last) = self.records.cuts_after(*seen).await?;
        for cut in cuts {
            self.tell(match cut {
                Cut::User(user) => Revoked::User(user),
                Cut::Gateway(gateway) => Revoked::Gateway(gateway),
            });
        }
        *seen = last;
        Ok(())
    }

    pub(super) fn tell(&self, revoked: Revoked) {
        // Nobody listening means that nobody is inside.
        let _ = self.revoked.send(revoked);
    }
}
