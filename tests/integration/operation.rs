//! What an operator sees of a running server: its figures after a call. Looks at nothing inside.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::live_server::{Peer, Server};

/// Gauges are at most five seconds old, and this machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

struct Figures(String);

impl Figures {
    async fn scraped(server: &Server) -> Figures {
        let mut stream = TcpStream::connect(&server.administration).await.unwrap();
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.administration);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Figures(answer)
    }

    /// 0 when it is not there. `labels`: `name="value"` each.
    fn of(&self, name: &str, labels: &[&str]) -> f64 {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        let values = lines.filter_map(|line| {
            let (figure, value) = line.rsplit_once(' ')?;
            let (found, given) = figure.split_once('{').unwrap_or((figure, ""));
            let is_it = found == name && labels.iter().all(|label| given.contains(label));
            is_it.then(|| value.parse::<f64>().unwrap())
        });
        values.sum()
    }
}

/// Until the figures are as `are_there` wants them.
async fn figures_when(server: &Server, are_there: impl Fn(&Figures) -> bool) -> Figures {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let figures = Figures::scraped(server).await;
        if are_there(&figures) {
            return figures;
        }
        assert!(tokio::time::Instant::now() < until, "{}", figures.0);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_stands_in_the_figures_without_anybodys_name() {
    let server = Server::start();
    assert!(Peer::connect(&server.host, Some("wrong")).await.is_err());
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    gateway.arrives("talking").await;
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "talking", "order": order["order"] })).await.unwrap();
    gateway.arrives("impatient").await;
    gateway.arrives("waiting").await;
    gateway.tell("contact.abandoned", json!({ "ref": "impatient" })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": "usher-999" })).await.unwrap_err();

    let figures = figures_when(&server, |figures| {
        let waiting = figures.of("usher_contacts_waiting", &["queue=\"general\""]);
        waiting == 1.0 && figures.of("usher_agents", &["activity=\"busy\""]) == 1.0
    })
    .await;
    for (name, labels, expected) in [
        ("usher_contacts_arrived_total", &["channel=\"voice\""] as &[&str], 3.0),
        ("usher_contacts_ended_total", &["channel=\"voice\"", "by=\"customer\""], 1.0),
        ("usher_visits_ended_total", &["queue=\"general\"", "end=\"answered\""], 1.0),
        ("usher_visits_ended_total", &["queue=\"general\"", "abandoned\""], 1.0),
        ("usher_offers_ended_total", &["queue=\"general\"", "outcome=\"accepted\""], 1.0),
        ("usher_answered_wait_seconds_count", &["queue=\"general\""], 1.0),
        ("usher_answered_wait_seconds_bucket", &["queue=\"general\"", "le=\"1800\""], 1.0),
        ("usher_commands_total", &["kind=\"contact_arrived\""], 3.0),
        ("usher_commands_refused_total", &["kind=\"accept_offer\"", "reason=\"unknown_offer\""], 1.0),
        ("usher_sessions_open", &["role=\"agent\""], 1.0),
        ("usher_sessions_open", &["role=\"gateway\""], 1.0),
        ("usher_handshakes_refused_total", &["reason=\"bad_secret\""], 1.0),
        ("usher_events_not_counted_total", &[], 0.0),
    ] {
        assert_eq!(figures.of(name, labels), expected, "{name} {labels:?}\n{}", figures.0);
    }
    assert!(figures.of("usher_events_committed_total", &[]) >= 12.0);
    assert!(figures.of("usher_commit_seconds_count", &[]) >= 5.0);
    assert_eq!(figures.of("usher_commit_seconds_count", &[]), figures.of("usher_commit_events_count", &[]));
    assert_eq!(figures.of("usher_events_committed_total", &[]), figures.of("usher_commit_events_sum", &[]));
    for name in ["\"ana\"", "\"gw\"", "talking", "usher-1\""] {
        assert!(!figures.0.contains(name), "{name} is told:\n{}", figures.0);
    }

    drop(gateway);
    figures_when(&server, |figures| figures.of("usher_sessions_open", &["role=\"gateway\""]) == 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waited_before_a_restart_is_counted_by_channel_after_it() {
    let mut server = Server::start();
    let mut gateway = server.gateway().await;
    gateway.arrives("patient").await;
    server.kill_and_start_again();
    let mut gateway = server.gateway().await;
    gateway.event = 100;
    gateway.tell("contact.abandoned", json!({ "ref": "patient" })).await.unwrap();
    let voice = ["channel=\"voice\"", "by=\"customer\""];
    figures_when(&server, |figures| figures.of("usher_contacts_ended_total", &voice) == 1.0).await;
}
