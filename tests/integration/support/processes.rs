//! Children of the tests: waited for with patience, and told something by a signal. It starts none.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

const LOOKED_AT_EVERY: Duration = Duration::from_millis(10);

/// None: it still runs.
pub fn ended_within(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(LOOKED_AT_EVERY);
    }
    None
}

/// `name` as `kill` takes it: `-STOP`.
pub fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([name, &process.to_string()]).status().unwrap();
    assert!(sent.success(), "kill {name}");
}
