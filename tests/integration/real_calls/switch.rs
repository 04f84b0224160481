//! An Asterisk of a test's own: its settings are those that the pages hand out, with ports and folders of its own. It
//! places no call.

use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::support::http;
use crate::support::surroundings::{free_port, repository_root, skip_without};

const BOOT_PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// `usher:change-me`, as `docs/asterisk/ari.conf` has it.
pub const AUTHORIZATION: &str = "Basic dXNoZXI6Y2hhbmdlLW1l";
pub const PASSWORD: &str = "change-me";
/// Beside those of `docs/asterisk/pjsip.conf`.
const MORE_PHONES: [&str; 2] = ["1003", "1004"];
const RTP_PORTS: u32 = 1_000;
/// Of `tone.wav`, which the holding bridge plays.
const MUSIC_RATE: u32 = 8_000;

pub struct Switch {
    /// Where the package is installed.
    root: PathBuf,
    /// Its own folder, as it sees it.
    home: String,
    ports: Ports,
    process: Child,
}

#[derive(Clone, Copy)]
struct Ports {
    ari: u16,
    sip: u16,
    /// Where the world outside listens.
    outside: u16,
    rtp: u32,
}

/// Where nobody chooses a port by chance, as those do who send sound: who is told where to listen finds it free.
const SIP_PORTS: std::ops::Range<u16> = 11_000..20_000;

/// Given once in this process, and far from those of others.
pub fn sip_port() -> u16 {
    static NTH: AtomicU32 = AtomicU32::new(0);
    let count = u32::from(SIP_PORTS.end - SIP_PORTS.start);
    let mut from_here = std::iter::repeat_with(|| {
        let nth = NTH.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id().wrapping_mul(997));
        SIP_PORTS.start + u16::try_from(nth % count).expect("it is below the end")
    });
    let is_free = |port: &u16| UdpSocket::bind(("127.0.0.1", *port)).is_ok();
    from_here.find(is_free).expect("one of them is free")
}

pub fn free_udp_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("the loopback has a free port");
    socket.local_addr().expect("a bound socket has an address").port()
}

impl Switch {
    /// None, said aloud: there is no Asterisk here.
    pub fn start() -> Option<Switch> {
        Switch::start_with(&[])
    }

    /// `more`: a file of its settings, and what is added to it.
    pub fn start_with(more: &[(&str, &str)]) -> Option<Switch> {
        static NTH: AtomicU32 = AtomicU32::new(0);
        let Some(root) = std::env::var_os("ASTERISK").map(PathBuf::from) else {
            skip_without("no ASTERISK in the environment: make test-telephony");
            return None;
        };
        let nth = NTH.fetch_add(1, Ordering::Relaxed);
        let home = format!("/srv/usher-{}-{nth}", std::process::id());
        let rtp = 20_000 + nth * RTP_PORTS % 10_000;
        let ports = Ports { ari: free_port(), sip: sip_port(), outside: sip_port(), rtp };
        lay_out(&root, &home, ports);
        for (file, text) in more {
            let path = root.join(home.trim_start_matches('/')).join("etc").join(file);
            let before = fs::read_to_string(&path).unwrap_or_default();
            fs::write(path, before + text).unwrap();
        }
        let process = run(&root, &home);
        Some(Switch { root, home, ports, process })
    }

    pub fn sip(&self) -> String {
        format!("127.0.0.1:{}", self.ports.sip)
    }

    pub fn ari(&self) -> String {
        format!("127.0.0.1:{}", self.ports.ari)
    }

    pub fn outside_port(&self) -> u16 {
        self.ports.outside
    }

    pub async fn ask(&self, method: &str, path: &str) -> Value {
        let headers = [("authorization", AUTHORIZATION), ("content-type", "application/json")];
        http::send(&self.ari(), method, &format!("/ari{path}"), &headers, Some(b"")).await.json()
    }

    /// Channels that are there, by name.
    pub async fn channels(&self) -> Vec<Value> {
        self.ask("GET", "/channels").await.as_array().cloned().unwrap_or_default()
    }

    /// A message of this name can be played; every Asterisk of these tests has it then.
    pub fn has_message(&self, name: &str) {
        let folder = self.root.join("usr/share/asterisk/sounds/usher");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.wav")), music()).unwrap();
    }

    /// `kill -9`, then the same again: every call is gone.
    /// In a later second: an Asterisk names its calls by the second and a count from zero, and would use names again.
    pub fn kill_and_start_again(&mut self) {
        self.stop();
        let into_the_second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        std::thread::sleep(Duration::from_secs(1) - Duration::from_nanos(into_the_second.into()));
        self.process = run(&self.root, &self.home);
    }

    pub fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        // It would be taken for a running one.
        let _ = fs::remove_file(self.root.join(self.home.trim_start_matches('/')).join("run/asterisk.ctl"));
    }

    /// Its folder, as we see it.
    pub fn folder(&self) -> PathBuf {
        self.root.join(self.home.trim_start_matches('/'))
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("{}", fs::read_to_string(self.folder().join("log/messages")).unwrap_or_default());
        }
        let _ = fs::remove_dir_all(self.folder());
    }
}

fn lay_out(root: &Path, home: &str, ports: Ports) {
    let folder = root.join(home.trim_start_matches('/'));
    for part in ["etc", "var/keys", "spool/recording", "spool/voicemail", "run", "log", "music"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    fs::write(folder.join("music/tone.wav"), music()).unwrap();
    for source in ["docs/asterisk", "tests/telephony/asterisk"] {
        for file in fs::read_dir(repository_root().join(source)).unwrap() {
            let file = file.unwrap();
            let text = fs::read_to_string(file.path()).unwrap();
            let text = settled(text, file.file_name().to_str().unwrap(), root, home, ports);
            fs::write(folder.join("etc").join(file.file_name()), text).unwrap();
        }
    }
}

/// The pages' file with the ports, folders and addresses of this test; every place to change must be there.
fn settled(mut text: String, file: &str, root: &Path, home: &str, ports: Ports) -> String {
    let mut change = |from: &str, to: String| {
        assert!(text.contains(from), "{file} has no {from:?}");
        text = text.replace(from, &to);
    };
    match file {
        "http.conf" => change("bindport = 8088", format!("bindport = {}", ports.ari)),
        "pjsip.conf" => {
            change("bind = 0.0.0.0:5060", format!("bind = 127.0.0.1:{}", ports.sip));
            change("contact = sip:sip.example.org:5060", format!("contact = sip:127.0.0.1:{}", ports.outside));
            change("match = 192.0.2.10", "match = 127.0.0.1".to_owned());
            // Our phones answer nothing but calls, and not all of them speak.
            change("qualify_frequency = 60", "qualify_frequency = 0".to_owned());
            change("qualify_frequency = 30", "qualify_frequency = 0".to_owned());
            change("rtp_timeout = 60", "rtp_timeout = 0".to_owned());
            for phone in MORE_PHONES {
                text += &format!(
                    "\n[{phone}](phone)\nauth = {phone}\naors = {phone}\n[{phone}](phone-login)\nusername = {phone}\n\
                     password = change-me-{phone}\n[{phone}](phone-address)\n"
                );
            }
        }
        "asterisk.conf" => {
            change("ARCHITECTURE", architecture(root));
            change("HOME", home.to_owned());
        }
        "musiconhold.conf" => change("HOME", home.to_owned()),
        "rtp.conf" => {
            change("RTP_FIRST", ports.rtp.to_string());
            change("RTP_LAST", (ports.rtp + RTP_PORTS - 1).to_string());
        }
        _ => {}
    }
    text
}

/// As Debian names the folder of a machine's libraries.
fn architecture(root: &Path) -> String {
    let libraries = fs::read_dir(root.join("usr/lib")).unwrap().map(|entry| entry.unwrap());
    let mut with_modules = libraries.filter(|entry| entry.path().join("asterisk/modules").is_dir());
    with_modules.next().expect("Asterisk has modules").file_name().into_string().unwrap()
}

fn run(root: &Path, home: &str) -> Child {
    let settings = format!("{home}/etc/asterisk.conf");
    let mut asterisk = Command::new("chroot");
    asterisk.arg(root).args(["/usr/sbin/asterisk", "-C", &settings, "-f", "-n"]);
    let mut process = asterisk.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if !is_up_in_time(root, &settings) {
        process.kill().and_then(|()| process.wait()).unwrap();
        panic!("Asterisk in {} does not start", root.display());
    }
    process
}

fn is_up_in_time(root: &Path, settings: &str) -> bool {
    let until = Instant::now() + BOOT_PATIENCE;
    while Instant::now() < until {
        let mut asked = Command::new("chroot");
        asked.arg(root).args(["/usr/sbin/asterisk", "-C", settings, "-rx", "core waitfullybooted"]);
        let said = asked.stdin(Stdio::null()).output().unwrap().stdout;
        if String::from_utf8_lossy(&said).contains("fully booted") {
            return true;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    false
}

/// A second of a tone, as a WAV file of 16 bits.
fn music() -> Vec<u8> {
    let samples: Vec<u8> =
        (0..MUSIC_RATE).flat_map(|at| (if at / 9 % 2 == 0 { 6_000_i16 } else { -6_000 }).to_le_bytes()).collect();
    let length = u32::try_from(samples.len()).unwrap();
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + length).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(MUSIC_RATE.to_le_bytes());
    wav.extend((MUSIC_RATE * 2).to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(length.to_le_bytes());
    wav.extend(samples);
    wav
}
