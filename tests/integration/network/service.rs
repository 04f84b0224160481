//! A customer after the other is served, and each offer is timed: what others feel while something befalls the server.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::live_server::{Peer, Server};

pub struct Service {
    gateway: Peer,
    ana: Peer,
    served: usize,
}

impl Service {
    pub async fn begins(server: &Server) -> Service {
        let (gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
        ana.is_available().await;
        Service { gateway, ana, served: 0 }
    }

    /// From the arrival told until the offer is at the console, each for itself.
    pub async fn serves(&mut self, customers: usize) -> Waits {
        let mut waits = Vec::new();
        for _ in 0..customers {
            waits.push(self.serves_one().await);
        }
        Waits::of(waits)
    }

    pub async fn serves_one(&mut self) -> Duration {
        self.served += 1;
        let reference = format!("served-{}", self.served);
        let begun = Instant::now();
        self.gateway.arrives(&reference).await;
        let offered = self.ana.wait_for("contact.offered").await;
        let waited = begun.elapsed();
        self.ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
        self.ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
        let order = self.gateway.wait_for("contact.connect").await["order"].clone();
        self.gateway.tell("contact.connected", json!({ "ref": reference, "order": order })).await.unwrap();
        self.gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
        self.ana.wait_for("segment.closed").await;
        // What nobody looks at.
        self.ana.heard.clear();
        waited
    }
}

/// Sorted.
pub struct Waits(Vec<Duration>);

impl Waits {
    pub fn of(mut waits: Vec<Duration>) -> Waits {
        waits.sort();
        Waits(waits)
    }

    /// So many of a thousand are no longer.
    pub fn quantile(&self, of_a_thousand: usize) -> Duration {
        self.0[(self.0.len() * of_a_thousand).div_ceil(1_000).clamp(1, self.0.len()) - 1]
    }

    pub fn tell(&self, what: &str) {
        let (p50, p99) = (self.quantile(500), self.quantile(990));
        println!("offers={} p50={p50:?} p99={p99:?} {what}", self.0.len());
    }
}
