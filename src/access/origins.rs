//! From which pages a browser may speak to the server. Knows no request.

use std::collections::BTreeSet;
use std::net::SocketAddr;

/// Text that is not the origin of a page.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected an origin like https://usher.example.com or http://localhost:7700, lower case, without a path")]
pub struct InvalidOrigin;

/// An exact list. Whoever sends no origin is no browser, and not concerned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origins(BTreeSet<String>);

impl Origins {
    /// The listed ones; when none is listed, the server's own pages at the address it listens on.
    ///
    /// # Errors
    /// When one of them is not an origin.
    pub fn new<'o>(
        listed: impl IntoIterator<Item = &'o str>,
        listens_on: SocketAddr,
    ) -> Result<Origins, InvalidOrigin> {
        let mut origins = BTreeSet::new();
        for origin in listed {
            if !is_origin(origin) {
                return Err(InvalidOrigin);
            }
            origins.insert(origin.to_owned());
        }
        if origins.is_empty() {
            origins.insert(format!("http://{listens_on}"));
            if listens_on.ip().is_loopback() {
                origins.insert(format!("http://localhost:{}", listens_on.port()));
            }
        }
        Ok(Origins(origins))
    }

    /// Whether a page of this `Origin` may; the text is compared as it is.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        self.0.contains(origin)
    }
}

fn is_origin(text: &str) -> bool {
    let Some(host) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_list_the_own_pages_may() {
        let own = Origins::new([], "127.0.0.1:7700".parse().unwrap()).unwrap();
        assert!(own.allow("http://127.0.0.1:7700"));
        assert!(own.allow("http://localhost:7700"));
        for other in ["http://localhost:7701", "https://127.0.0.1:7700", "http://127.0.0.1", "null", ""] {
            assert!(!own.allow(other), "{other}");
        }
    }

    #[test]
    fn a_list_is_exact() {
        let listed = Origins::new(["https://usher.example.com"], "127.0.0.1:7700".parse().unwrap()).unwrap();
        assert!(listed.allow("https://usher.example.com"));
        for other in ["https://usher.example.com.evil.test", "http://usher.example.com", "http://127.0.0.1:7700"] {
            assert!(!listed.allow(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for bad in ["usher.example.com", "https://", "https://a/b", "*", "https://*.example.com", "https://A.b"] {
            assert_eq!(Origins::new([bad], "127.0.0.1:1".parse().unwrap()), Err(InvalidOrigin), "{bad}");
        }
    }
}
