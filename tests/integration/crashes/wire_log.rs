//! What people asked, what they were answered and what they were told, as the recorder's lines have it. It judges nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Line {
    at_ms: i64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum What {
    Fault { fault: String },
    Said { socket: u64, who: String, by_server: bool, text: String },
}

/// A request, and its answer if one came over the same socket.
#[derive(Debug)]
pub struct Asked {
    pub at_ms: i64,
    /// The place of its line.
    pub line: usize,
    pub who: String,
    pub socket: u64,
    pub method: String,
    pub params: Value,
    pub answer: Option<Answer>,
}

#[derive(Debug)]
pub struct Answer {
    pub at_ms: i64,
    /// The place of its line.
    pub line: usize,
    /// The result, or the error's `data`.
    pub result: Result<Value, Value>,
}

/// What the server said of itself: an event or an order.
#[derive(Debug)]
pub struct Told {
    pub who: String,
    pub socket: u64,
    pub line: usize,
    pub method: String,
    pub params: Value,
}

/// In the order in which it passed.
#[derive(Debug, Default)]
pub struct WireLog {
    pub asked: Vec<Asked>,
    pub told: Vec<Told>,
    /// What the harness did, and when the server was heard again.
    pub faults: Vec<Fault>,
}

#[derive(Debug)]
pub struct Fault {
    pub what: String,
    pub at_ms: i64,
    /// When a session was opened after it.
    pub over_at_ms: Option<i64>,
}

impl WireLog {
    pub fn read(file: &Path) -> WireLog {
        let text = std::fs::read_to_string(file).unwrap();
        let mut log = WireLog::default();
        let mut open: BTreeMap<(u64, String), usize> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let Line { at_ms, what } = serde_json::from_str(line).unwrap();
            match what {
                What::Fault { fault } => log.faults.push(Fault { what: fault, at_ms, over_at_ms: None }),
                What::Said { socket, who, by_server, text } => {
                    let said: Value = serde_json::from_str(&text).unwrap();
                    log.take((number, at_ms), socket, who, by_server, said, &mut open);
                }
            }
        }
        log
    }

    fn take(
        &mut self,
        (line, at_ms): (usize, i64),
        socket: u64,
        who: String,
        by_server: bool,
        mut said: Value,
        open: &mut BTreeMap<(u64, String), usize>,
    ) {
        let id = said["id"].to_string();
        match (said["method"].as_str().map(str::to_owned), by_server) {
            (Some(method), true) => {
                self.told.push(Told { who, socket, line, method, params: said["params"].take() });
            }
            (Some(method), false) => {
                open.insert((socket, id), self.asked.len());
                self.asked.push(Asked {
                    at_ms,
                    line,
                    who,
                    socket,
                    method,
                    params: said["params"].take(),
                    answer: None,
                });
            }
            (None, true) => {
                let Some(asked) = open.remove(&(socket, id)) else { return };
                let result = match said.get_mut("result") {
                    Some(result) => Ok(result.take()),
                    None => Err(said["error"]["data"].take()),
                };
                let asked = &mut self.asked[asked];
                if asked.method == "session.open" && result.is_ok() {
                    let waits = |fault: &&mut Fault| fault.over_at_ms.is_none() && asked.who.starts_with(fault.whom());
                    self.faults.iter_mut().filter(waits).for_each(|fault| fault.over_at_ms = Some(at_ms));
                }
                asked.answer = Some(Answer { at_ms, line, result });
            }
            // What people answer to orders.
            (None, false) => {}
        }
    }

    /// Requests of these methods that the server said yes to.
    pub fn granted<'log>(
        &'log self,
        methods: &'log [&str],
    ) -> impl Iterator<Item = (&'log Asked, &'log Answer, &'log Value)> {
        let is_meant = |asked: &&Asked| methods.contains(&asked.method.as_str());
        self.asked.iter().filter(is_meant).filter_map(|asked| {
            let answer = asked.answer.as_ref()?;
            answer.result.as_ref().ok().map(|result| (asked, answer, result))
        })
    }
}

impl Fault {
    /// How the names begin of those who come back after it; of the server anybody.
    fn whom(&self) -> &'static str {
        match self.what.as_str() {
            "gateway killed" => "gateway",
            "agents killed" => "agent",
            _ => "",
        }
    }
}
