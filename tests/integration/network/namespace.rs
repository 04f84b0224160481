//! A network of the test's own, where packets can be lost: a namespace of the kernel's with nothing but a loopback.
//! Outside of it nothing changes.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::surroundings::{skip, skip_without};

const INSIDE: &str = "INSIDE_A_NAMESPACE";
const TOOLS: [&str; 3] = ["ip", "nft", "tc"];

/// Plays `test`, which is ignored but there, and says what it said.
pub fn plays_inside(test: &str) {
    if let Some(missing) = TOOLS.iter().find(|tool| !is_there(tool)) {
        return skip(&format!("{missing} is not installed"));
    }
    let Some(flags) = [&["--net"][..], &["--net", "--map-root-user"][..]].into_iter().find(|flags| may_unshare(flags))
    else {
        return skip_without("this machine lets nobody have a network namespace");
    };
    let said = Command::new("unshare")
        .args(flags)
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    // Past the runner's own counts, which are not of this run.
    let shown = String::from_utf8_lossy(&said.stdout);
    shown.lines().filter(|line| line.starts_with('{') || line.contains('=')).for_each(|line| println!("{line}"));
    assert!(said.status.success(), "{shown}\n{}", String::from_utf8_lossy(&said.stderr));
    assert!(shown.contains("1 passed"), "there is no {test}\n{shown}");
}

fn is_there(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

fn may_unshare(flags: &[&str]) -> bool {
    let tried = Command::new("unshare").args(flags).arg("true").stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// What becomes of packets to and from one port.
#[derive(Clone, Copy, Debug)]
pub enum Packets {
    /// One of so many is lost, both ways.
    Lost { one_in: u32 },
    /// None arrives, both ways.
    Gone,
    /// Those to the port are gone; those from it arrive.
    GoneThere,
    /// Those from the port are gone; those to it arrive.
    GoneBack,
    /// All arrive, by a line of so few bits a second.
    Slow { kilobits: u32 },
    /// All arrive.
    Fine,
}

pub struct Namespace;

impl Namespace {
    /// The one this test runs in. None: it was started by itself, outside of any.
    pub fn around() -> Option<Namespace> {
        std::env::var(INSIDE).ok()?;
        run(&["ip", "link", "set", "lo", "up"]);
        Some(Namespace)
    }

    pub fn has(&self, packets: Packets, port: u16) {
        let (there, back) = (format!("tcp dport {port}"), format!("tcp sport {port}"));
        let rules = match packets {
            Packets::Lost { one_in } => {
                let lost = format!("numgen random mod {one_in} 0 drop");
                vec![format!("{there} {lost}"), format!("{back} {lost}")]
            }
            Packets::Gone => vec![format!("{there} drop"), format!("{back} drop")],
            Packets::GoneThere => vec![format!("{there} drop")],
            Packets::GoneBack => vec![format!("{back} drop")],
            Packets::Slow { .. } | Packets::Fine => Vec::new(),
        };
        filter(&rules);
        match packets {
            Packets::Slow { kilobits } => {
                let rate = format!("{kilobits}kbit");
                run(&[
                    "tc", "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", &rate, "burst", "64kb", "latency",
                    "400ms",
                ]);
            }
            // There may be none.
            _ => drop(Command::new("tc").args(["qdisc", "del", "dev", "lo", "root"]).stderr(Stdio::null()).status()),
        }
    }
}

/// All rules at once, so that none is of two weathers.
fn filter(rules: &[String]) {
    let mut script = String::from("flush ruleset\ntable inet weather {\nchain arriving {\n");
    script.push_str("type filter hook input priority 0;\n");
    rules.iter().for_each(|rule| script.extend([rule.as_str(), "\n"]));
    script.push_str("}\n}\n");
    let mut nft = Command::new("nft").args(["-f", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    nft.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(nft.wait().unwrap().success(), "{script}");
}

fn run(words: &[&str]) {
    let status = Command::new(words[0]).args(&words[1..]).status().unwrap();
    assert!(status.success(), "{words:?}");
}
