//! How many sockets may be asked for, from everywhere and by strangers of one address, and what is
//! said when one is refused. Looks nobody up.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

/// When there is no better reason for another time.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a handshake brought no socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandshakeRefused {
    /// No handshake at all.
    NotAHandshake,
    OtherOrigin,
    /// From everywhere together.
    TooMany {
        retry_after: Duration,
    },
    /// Without a good ticket, token or key, from this address.
    TooManyStrangers {
        retry_after: Duration,
    },
    TooManyUnopened,
    BadSecret,
    /// Nobody could look up whose the secret is.
    Unavailable,
}

impl HandshakeRefused {
    /// What it is called where it is counted.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            HandshakeRefused::NotAHandshake => "not_a_handshake",
            HandshakeRefused::OtherOrigin => "other_origin",
            HandshakeRefused::TooMany { .. } => "too_many",
            HandshakeRefused::TooManyStrangers { .. } => "too_many_strangers",
            HandshakeRefused::TooManyUnopened => "too_many_unopened",
            HandshakeRefused::BadSecret => "bad_secret",
            HandshakeRefused::Unavailable => "unavailable",
        }
    }

    fn said(self) -> (StatusCode, &'static str) {
        match self {
            HandshakeRefused::NotAHandshake => {
                (StatusCode::UPGRADE_REQUIRED, "a WebSocket handshake, version 13, is expected here")
            }
            HandshakeRefused::OtherOrigin => (StatusCode::FORBIDDEN, "this origin is not on the list of the server"),
            HandshakeRefused::TooMany { .. } => (StatusCode::SERVICE_UNAVAILABLE, "too many handshakes"),
            HandshakeRefused::TooManyStrangers { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "too many handshakes from this address without a good secret")
            }
            HandshakeRefused::TooManyUnopened => (StatusCode::SERVICE_UNAVAILABLE, "too many sockets not yet open"),
            HandshakeRefused::BadSecret => (StatusCode::UNAUTHORIZED, "bad ticket, token or key"),
            HandshakeRefused::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "nobody could look up whose this is"),
        }
    }

    fn retry_after(self) -> Option<Duration> {
        match self {
            HandshakeRefused::TooMany { retry_after } | HandshakeRefused::TooManyStrangers { retry_after } => {
                Some(retry_after)
            }
            HandshakeRefused::TooManyUnopened | HandshakeRefused::Unavailable => Some(RETRY_AFTER),
            HandshakeRefused::NotAHandshake | HandshakeRefused::OtherOrigin | HandshakeRefused::BadSecret => None,
        }
    }
}

impl IntoResponse for HandshakeRefused {
    fn into_response(self) -> Response {
        let said = self.said();
        match self.retry_after() {
            Some(after) => {
                let seconds = whole_seconds(after).to_string();
                ([(header::RETRY_AFTER, seconds)], said).into_response()
            }
            None => said.into_response(),
        }
    }
}

/// The header knows no parts of a second, and 0 would mean at once.
fn whole_seconds(span: Duration) -> u64 {
    (span.as_secs() + u64::from(span.subsec_nanos() > 0)).max(1)
}

type PerAddress = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// The limits of handshakes. An address is what [`crate::access::network_of`] makes of one.
pub struct Handshakes {
    all: DefaultDirectRateLimiter,
    strangers: PerAddress,
    /// Addresses that have used up their share, and when they have one more. Bounded by `sweep`, and
    /// between two sweeps by what `all` lets through.
    used_up: Mutex<BTreeMap<IpAddr, Instant>>,
}

impl Handshakes {
    #[must_use]
    pub fn new(per_second: u32, strangers_per_second: u32) -> Handshakes {
        let quota = |rate| Quota::per_second(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN));
        Handshakes {
            all: RateLimiter::direct(quota(per_second)),
            strangers: RateLimiter::keyed(quota(strangers_per_second)).with_middleware(),
            used_up: Mutex::default(),
        }
    }

    /// One more handshake.
    ///
    /// # Errors
    /// When there were too many.
    pub fn begin(&self) -> Result<(), HandshakeRefused> {
        self.all.check().map_err(|not_until| {
            let retry_after = not_until.wait_time_from(DefaultClock::default().now());
            HandshakeRefused::TooMany { retry_after }
        })
    }

    /// Whether what somebody at this address shows may be looked up. Counts nothing: it may be good.
    ///
    /// # Errors
    /// When strangers have used up the share of the address.
    pub fn may_be_looked_up(&self, address: IpAddr) -> Result<(), HandshakeRefused> {
        let used_up = self.used_up.lock().expect("no holder of the lock panics");
        let left = used_up.get(&address).map(|until| until.saturating_duration_since(Instant::now()));
        match left.filter(|left| !left.is_zero()) {
            Some(retry_after) => Err(HandshakeRefused::TooManyStrangers { retry_after }),
            None => Ok(()),
        }
    }

    /// Somebody at this address showed nothing, or nothing good.
    ///
    /// # Errors
    /// When the share of the address was used up before.
    pub fn count_stranger(&self, address: IpAddr) -> Result<(), HandshakeRefused> {
        let (until_next, counted) = match self.strangers.check_key(&address) {
            Ok(now) if now.remaining_burst_capacity() > 0 => return Ok(()),
            Ok(now) => (now.quota().replenish_interval(), Ok(())),
            Err(not_until) => {
                let retry_after = not_until.wait_time_from(DefaultClock::default().now());
                (retry_after, Err(HandshakeRefused::TooManyStrangers { retry_after }))
            }
        };
        let mut used_up = self.used_up.lock().expect("no holder of the lock panics");
        used_up.insert(address, Instant::now() + until_next);
        counted
    }

    /// Forgets addresses that have all of their share again. To be called every few seconds.
    pub fn sweep(&self) {
        self.strangers.retain_recent();
        let now = Instant::now();
        self.used_up.lock().expect("no holder of the lock panics").retain(|_, until| *until > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn is_refused(outcome: Result<(), HandshakeRefused>) -> bool {
        matches!(outcome, Err(HandshakeRefused::TooManyStrangers { .. }))
    }

    #[test]
    fn strangers_of_one_address_use_up_their_own_share_only() {
        let handshakes = Handshakes::new(1_000, 2);
        assert!(handshakes.count_stranger(address(1)).is_ok());
        assert!(handshakes.may_be_looked_up(address(1)).is_ok(), "one is left");
        assert!(handshakes.count_stranger(address(1)).is_ok());
        assert!(is_refused(handshakes.may_be_looked_up(address(1))), "none is left, so nothing is looked up");
        assert!(is_refused(handshakes.count_stranger(address(1))));
        assert!(handshakes.may_be_looked_up(address(2)).is_ok());
        for _ in 0..10 {
            assert!(handshakes.may_be_looked_up(address(2)).is_ok(), "asking counts nothing");
        }
    }

    #[test]
    fn all_together_have_one_limit() {
        let handshakes = Handshakes::new(3, 1);
        for _ in 0..3 {
            handshakes.begin().unwrap();
        }
        let Err(HandshakeRefused::TooMany { retry_after }) = handshakes.begin() else { panic!("the fourth is let in") };
        assert!(retry_after <= Duration::from_secs(1));
    }

    #[test]
    fn addresses_are_forgotten_once_they_have_their_share_again() {
        let handshakes = Handshakes::new(1_000, 20);
        for _ in 0..21 {
            let _ = handshakes.count_stranger(address(1));
        }
        handshakes.sweep();
        assert_eq!((handshakes.strangers.len(), handshakes.used_up.lock().unwrap().len()), (1, 1));
        std::thread::sleep(Duration::from_millis(1_100));
        handshakes.sweep();
        assert_eq!((handshakes.strangers.len(), handshakes.used_up.lock().unwrap().len()), (0, 0));
    }

    #[test]
    fn the_time_to_wait_is_whole_seconds_and_at_least_one() {
        for (ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2)] {
            assert_eq!(whole_seconds(Duration::from_millis(ms)), seconds);
        }
        let response = HandshakeRefused::TooMany { retry_after: Duration::from_millis(20) }.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }
}
