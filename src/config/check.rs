//! Settings that are good one by one and cannot be together.

use super::report::ConfigProblem;
use super::settings::Config;

impl Config {
    pub(super) fn contradictions(&self) -> Vec<ConfigProblem> {
        let listen = &self.listen;
        let mut problems = Vec::new();
        let mut problem = |key: &str, message: &str, expected: &str| {
            let (key, message) = (key.to_owned(), format!("{key} {message}"));
            problems.push(ConfigProblem {
                source: "settings".to_owned(),
                key,
                message,
                expected: expected.to_owned(),
                mark: None,
            });
        };
        if !listen.address.ip().is_loopback() && !listen.plain_text_allowed {
            problem(
                "listen.address",
                "is open to other machines without TLS",
                "an address of this machine's loopback, or listen.plain_text_allowed = true behind something that ends TLS",
            );
        }
        if listen.address == listen.administration_address && listen.address.port() != 0 {
            problem("listen.administration_address", "is listen.address too", "another port");
        }
        if self.session.first_message_bytes_max > self.session.message_bytes_max {
            problem(
                "session.first_message_bytes_max",
                "is larger than session.message_bytes_max",
                "at most as many bytes",
            );
        }
        problems.extend(self.asterisk.iter().flat_map(|(name, switch)| switch.contradictions(name)));
        problems
    }
}
