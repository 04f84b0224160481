//! Where an Asterisk's REST interface is, and how to log in there. It connects to nothing and never shows the password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use hyper::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An interface and who we are there.
#[derive(Clone, Debug)]
pub struct Access {
    /// `http://127.0.0.1:8088/ari`, without a slash at its end.
    base: String,
    /// Prints itself redacted.
    pub(super) authorization: HeaderValue,
    /// The application under which calls are handed over.
    pub application: String,
}

/// A URL at which nothing can be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected a URL like http://127.0.0.1:8088/ari")]
pub struct NoAddress;

impl Access {
    /// # Errors
    /// When `url` is none of an interface.
    pub fn new(url: &str, user: &str, password: &SecretString, application: &str) -> Result<Access, NoAddress> {
        let address: Uri = url.parse().map_err(|_| NoAddress)?;
        if address.scheme_str() != Some("http") || address.host().is_none() {
            return Err(NoAddress);
        }
        let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        let mut authorization = HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| NoAddress)?;
        authorization.set_sensitive(true);
        let base = url.trim_end_matches('/').to_owned();
        Ok(Access { base, authorization, application: application.to_owned() })
    }

    /// Of what `path` names: `channels/1.2`.
    pub(super) fn address_of(&self, path: &str) -> Result<Uri, NoAddress> {
        format!("{}/{path}", self.base).parse().map_err(|_| NoAddress)
    }

    /// Of the event socket.
    pub(super) fn events(&self) -> String {
        let base = self.base.replacen("http", "ws", 1);
        format!("{base}/events?app={}&subscribeAll=false", encoded(&self.application))
    }
}

/// A name as a part of a path or a query.
pub(super) fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_below_the_base_and_hold_no_password() {
        let password = SecretString::from("hunter2");
        let access = Access::new("http://10.0.0.2:8088/ari/", "usher", &password, "usher").unwrap();
        assert_eq!(access.address_of("channels/1.2").unwrap(), "http://10.0.0.2:8088/ari/channels/1.2");
        assert_eq!(access.events(), "ws://10.0.0.2:8088/ari/events?app=usher&subscribeAll=false");
        assert_eq!(access.authorization, "Basic dXNoZXI6aHVudGVyMg==");
        assert!(!format!("{access:?}").contains("dXNo"), "{access:?}");
        for url in ["", "8088", "https://10.0.0.2/ari", "http://", "/ari"] {
            Access::new(url, "usher", &password, "usher").unwrap_err();
        }
    }

    #[test]
    fn a_name_stays_one_part_of_a_path() {
        assert_eq!(encoded("usher-1.2_a~"), "usher-1.2_a~");
        assert_eq!(encoded("PJSIP/10 01?é"), "PJSIP%2F10%2001%3F%C3%A9");
    }
}
