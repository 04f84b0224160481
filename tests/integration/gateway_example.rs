//! The gateway that the pages hand out to begin from, run as it is. Looks at nothing inside.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::json;

use crate::live_server::Server;
use crate::support::surroundings::{python, repository_root};

const EXAMPLE: &str = "docs/gateway-example.py";
const LINES_MAX: usize = 150;
const PATIENCE: Duration = Duration::from_secs(20);

/// The example as a child, its words, and the way to its customers.
struct Gateway {
    child: Child,
    customers: ChildStdin,
    words: Receiver<String>,
}

impl Gateway {
    fn start(python: &Path, server: &Server) -> Gateway {
        let mut child = Command::new(python)
            .arg(repository_root().join(EXAMPLE))
            .args([&format!("ws://{}/ws", server.host), &server.key])
            .arg(server.folder.path().join("gateway.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (heard, words) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| heard.send(line)));
        Gateway { customers: child.stdin.take().unwrap(), child, words }
    }

    fn customer(&mut self, does: &str) {
        writeln!(self.customers, "{does}").unwrap();
    }

    /// Passes over everything else it says.
    fn says(&self, wanted: &str) {
        while self.words.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it never said {wanted:?}")) != wanted {}
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_example_is_short_enough_to_be_read() {
    let lines = std::fs::read_to_string(repository_root().join(EXAMPLE)).unwrap().lines().count();
    assert!(lines < LINES_MAX, "{lines} lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_the_example_is_offered_connected_held_and_ended() {
    let Some(python) = python() else { return };
    let server = Server::start();
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let mut gateway = Gateway::start(&python, &server);
    gateway.customer("call a +33612345678 +33180000000");
    let contact = ana.accepts().await;
    gateway.says("told to contact.connect a SIM/1");
    ana.wait_for("contact.connected").await;
    ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
    gateway.says("told to contact.hold a ");
    ana.ask("contact.unhold", json!({ "contact": contact })).await.unwrap();
    gateway.customer("hangup a");
    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_goes_on_after_either_side_died() {
    let Some(python) = python() else { return };
    let mut server = Server::start();
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let mut gateway = Gateway::start(&python, &server);
    gateway.customer("call a +33612345678 +33180000000");
    ana.accepts().await;
    ana.wait_for("contact.connected").await;

    drop(gateway);
    let mut gateway = Gateway::start(&python, &server);
    gateway.says("told inventory  ok");
    gateway.customer("hangup a");
    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");

    gateway.customer("call b +33612345678 +33180000000");
    gateway.says("told contact.arrived b ok");
    server.kill_and_start_again();
    drop(gateway);
    let gateway = Gateway::start(&python, &server);
    gateway.says("told inventory  ok");
    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    ben.accepts().await;
    gateway.says("told to contact.connect b SIM/2");
}
