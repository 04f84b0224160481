//! Phones and customers: SIPp processes with the scenarios of `tests/telephony/sipp`. They decide nothing by themselves.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::switch::{Switch, free_udp_port, sip_port};
use crate::support::processes::ended_within;
use crate::support::surroundings::{repository_root, temp_dir};

const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than any test: SIPp then fails by itself.
const GIVES_UP: &str = "120s";
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// What customers say: a second of noise in µ-law.
const TONE_BYTES: usize = 8_000;
const KEY_SOUNDS: &str = "/usr/share/sip-tester";

/// One SIPp, with its log in a folder of its own.
pub struct Sipp {
    process: Child,
    folder: TempDir,
    what: String,
}

struct Run<'a> {
    scenario: &'a str,
    port: u16,
    /// Words of the scenario and what stands for them.
    replaced: &'a [(&'a str, &'a str)],
    arguments: Vec<String>,
}

impl Sipp {
    fn start(run: Run<'_>) -> Sipp {
        let folder = temp_dir();
        let source = repository_root().join("tests/telephony/sipp").join(format!("{}.xml", run.scenario));
        let mut scenario = std::fs::read_to_string(&source).unwrap();
        for (word, with) in run.replaced {
            assert!(scenario.contains(word), "{} has no {word}", source.display());
            scenario = scenario.replace(word, with);
        }
        std::fs::write(folder.path().join("scenario.xml"), scenario).unwrap();
        let tone: Vec<u8> = (0..TONE_BYTES).map(|at| u8::try_from(at * 7 % 256).unwrap()).collect();
        std::fs::write(folder.path().join("tone.ulaw"), tone).unwrap();
        let process = Command::new("sipp")
            .current_dir(folder.path())
            .args(["-sf", "scenario.xml", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin"])
            .args(["-p", &run.port.to_string(), "-mp", &free_udp_port().to_string()])
            .args(["-timeout", GIVES_UP, "-timeout_error", "-trace_msg", "-message_file", "messages", "-aa"])
            .args(&run.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("SIPp is installed: scripts/setup-telephony.sh");
        let mut sipp = Sipp { process, folder, what: run.scenario.to_owned() };
        // A short call may be over by then.
        wait_until(&format!("{} listens", run.scenario), || sipp.is_over() || is_taken(run.port));
        sipp
    }

    /// Every call of it went as its scenario says, up to the last message.
    pub async fn ends_well(mut self) {
        let what = self.what.clone();
        let (status, said) = tokio::task::spawn_blocking(move || {
            let status = ended_within(&mut self.process, PATIENCE);
            (status, self.messages())
        })
        .await
        .unwrap();
        assert!(status.is_some_and(|status| status.success()), "{what} ended with {status:?}:\n{said}");
    }

    /// Whether its calls are all over.
    pub fn is_over(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// What went over its line so far.
    pub fn messages(&self) -> String {
        let text = std::fs::read(self.folder.path().join("messages")).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Drop for Sipp {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Looked up, not tried: who tries has the port for a moment, in which SIPp cannot have it.
fn is_taken(udp_port: u16) -> bool {
    let sockets = std::fs::read_to_string("/proc/net/udp").unwrap();
    let port = format!(":{udp_port:04X}");
    sockets.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).any(|local| local.ends_with(&port))
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}: never");
        std::thread::sleep(LOOK_EVERY);
    }
}

/// A place where a phone listens: one of an agent, once it has registered, or the world outside.
pub struct Phone {
    name: String,
    port: u16,
    sip: String,
}

impl Phone {
    /// Registered under its name, with its password.
    pub async fn registered(switch: &Switch, name: &str) -> Phone {
        let phone = Phone { name: name.to_owned(), port: sip_port(), sip: switch.sip() };
        phone.register("3600").await;
        phone
    }

    /// What the trunk reaches.
    pub fn outside(switch: &Switch) -> Phone {
        Phone { name: "outside".to_owned(), port: switch.outside_port(), sip: switch.sip() }
    }

    pub async fn unregister(&self) {
        self.register("0").await;
    }

    async fn register(&self, expires: &str) {
        let password = format!("change-me-{}", self.name);
        let arguments = ["-m", "1", "-s", &self.name, "-ap", &password, "-key", "expires", expires, &self.sip];
        self.run("phone_registers", &[], &arguments).ends_well().await;
    }

    fn run(&self, scenario: &str, replaced: &[(&str, &str)], arguments: &[&str]) -> Sipp {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Sipp::start(Run { scenario, port: self.port, replaced, arguments })
    }

    /// Rings so long, then is lifted, and stays until it is hung up on.
    pub fn answers(&self, rings_ms: u64) -> Sipp {
        self.answers_calls(1, rings_ms)
    }

    pub fn answers_calls(&self, calls: u32, rings_ms: u64) -> Sipp {
        let (calls, rings) = (calls.to_string(), rings_ms.to_string());
        self.run("phone_answers", &[], &["-m", &calls, "-d", &rings, "-rtp_echo"])
    }

    pub fn hangs_up(&self, rings_ms: u64, talks_ms: u64) -> Sipp {
        self.hangs_up_calls(1, rings_ms, talks_ms)
    }

    pub fn hangs_up_calls(&self, calls: u32, rings_ms: u64, talks_ms: u64) -> Sipp {
        let (calls, rings, talks) = (calls.to_string(), rings_ms.to_string(), format!("\"{talks_ms}\""));
        self.run("phone_hangs_up", &[("\"TALKS\"", &talks)], &["-m", &calls, "-d", &rings, "-rtp_echo"])
    }

    /// Rings until it is told to stop.
    pub fn rings(&self) -> Sipp {
        self.run("phone_rings", &[], &["-m", "1"])
    }

    /// `status`: `486 Busy Here`.
    pub fn refuses(&self, status: &str) -> Sipp {
        self.run("phone_refuses", &[("SIP/2.0 STATUS", &format!("SIP/2.0 {status}"))], &["-m", "1"])
    }
}

/// Customers: each a call from the world outside.
pub struct Customers<'a> {
    pub switch: &'a Switch,
    pub from: &'a str,
    pub to: &'a str,
}

impl<'a> Customers<'a> {
    pub fn of(switch: &'a Switch) -> Customers<'a> {
        Customers { switch, from: "+33612345678", to: "+33180000000" }
    }

    fn call(&self, scenario: &str, replaced: &[(&str, &str)], arguments: &[&str]) -> Sipp {
        let fixed = ["-s", self.to, "-key", "caller", self.from];
        let sip = self.switch.sip();
        let all = fixed.iter().chain(arguments).copied().chain([sip.as_str()]);
        let arguments = all.map(str::to_owned).collect();
        Sipp::start(Run { scenario, port: sip_port(), replaced, arguments })
    }

    /// One who hangs up so long after he was answered.
    pub fn talks(&self, for_ms: u64) -> Sipp {
        self.call("customer_talks", &[], &["-m", "1", "-d", &for_ms.to_string()])
    }

    /// One who waits until he is hung up on.
    pub fn waits(&self) -> Sipp {
        self.call("customer_waits", &[], &["-m", "1"])
    }

    /// One who waits, and presses a key after a while.
    pub fn presses(&self, key: &str, after_ms: u64) -> Sipp {
        let sound = format!("\"{KEY_SOUNDS}/dtmf_2833_{key}.pcap\"");
        self.call("customer_presses", &[("\"KEY\"", &sound)], &["-m", "1", "-d", &after_ms.to_string()])
    }

    /// So many, so many a second, each for so long.
    pub fn many(&self, calls: u32, a_second: u32, for_ms: u64) -> Sipp {
        let (calls, a_second, for_ms) = (calls.to_string(), a_second.to_string(), for_ms.to_string());
        self.call("customer_talks", &[], &["-m", &calls, "-r", &a_second, "-l", &calls, "-d", &for_ms])
    }

    /// So many at once, each of whom waits until he is hung up on.
    pub fn many_wait(&self, calls: u32) -> Sipp {
        let calls = calls.to_string();
        self.call("customer_waits", &[], &["-m", &calls, "-r", &calls, "-l", &calls])
    }
}
