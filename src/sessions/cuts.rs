//! Passes on who must leave to the sessions concerned, for all sessions together. Asks no database: a
//! session that may have missed something does that itself.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::registry::Registry;
use crate::access::Revoked;

/// Runs until the door is gone.
pub async fn pass_on_cuts(registry: Arc<Registry>, mut revocations: broadcast::Receiver<Revoked>) {
    loop {
        match revocations.recv().await {
            Ok(revoked) => registry.cut(&revoked),
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "some who must leave were missed: every session asks for itself");
                registry.let_all_ask();
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}
