//! Etags: which state of a thing somebody has read. Strong, and never a time.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::customers::ids::Version;

use super::{HttpError, Parts};

/// Bytes of a digest that are kept: 96 bits do not meet by chance.
const DIGEST_BYTES: usize = 12;

/// As it stands in the header, quotes and all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Etag(String);

impl Etag {
    pub fn of_version(version: Version) -> Etag {
        Etag(format!("\"{version}\""))
    }

    /// Of what has no version: of what is shown itself.
    pub fn of_content(shown: &impl Serialize) -> Etag {
        let text = serde_json::to_vec(shown).expect("what is shown is JSON");
        let digest = Sha256::digest(&text);
        let digits: String = digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Etag(format!("\"{digits}\""))
    }

    pub fn version(&self) -> Option<Version> {
        self.0.trim_matches('"').parse().ok().map(Version)
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

/// `If-None-Match` of a reader.
pub(super) struct IfNoneMatch(Vec<String>);

/// `If-Match` of who changes something; refused when there is none.
pub(super) struct IfMatch(Vec<String>);

/// Both, of who adds or changes.
pub(super) struct Preconditions {
    pub if_match: Option<IfMatch>,
    /// `If-None-Match: *`: only add.
    pub must_be_new: bool,
}

impl IfNoneMatch {
    /// A weak comparison, as RFC 9110 has it for reading.
    fn has(&self, etag: &Etag) -> bool {
        self.0.iter().any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag.0)
    }
}

impl IfMatch {
    pub fn has(&self, etag: &Etag) -> bool {
        self.0.iter().any(|one| one == "*" || *one == etag.0)
    }

    /// The version that is expected: None for `*`. Of several, that of `present` if it is among them.
    ///
    /// # Errors
    /// When it can be no version that there ever was.
    pub fn version(&self, present: Version) -> Result<Option<Version>, HttpError> {
        if self.0.iter().any(|one| one == "*") {
            return Ok(None);
        }
        let present = Etag::of_version(present);
        match self.has(&present) {
            true => Ok(present.version()),
            false => Err(HttpError::Stale { etag: Some(present.into_text()) }),
        }
    }
}

impl FromRequestParts<Parts> for IfNoneMatch {
    type Rejection = HttpError;

    async fn from_request_parts(request: &mut request::Parts, _: &Parts) -> Result<IfNoneMatch, HttpError> {
        Ok(IfNoneMatch(listed(&request.headers, header::IF_NONE_MATCH)))
    }
}

impl FromRequestParts<Parts> for IfMatch {
    type Rejection = HttpError;

    async fn from_request_parts(request: &mut request::Parts, _: &Parts) -> Result<IfMatch, HttpError> {
        if_match(&request.headers).ok_or(HttpError::NoIfMatch)
    }
}

impl FromRequestParts<Parts> for Preconditions {
    type Rejection = HttpError;

    async fn from_request_parts(request: &mut request::Parts, _: &Parts) -> Result<Preconditions, HttpError> {
        let must_be_new = listed(&request.headers, header::IF_NONE_MATCH).iter().any(|one| one == "*");
        Ok(Preconditions { if_match: if_match(&request.headers), must_be_new })
    }
}

fn if_match(headers: &HeaderMap) -> Option<IfMatch> {
    Some(listed(headers, header::IF_MATCH)).filter(|listed| !listed.is_empty()).map(IfMatch)
}

fn listed(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// What is shown with its etag; 304 when the reader has it.
pub(super) fn read_answer(etag: Etag, asked: &IfNoneMatch, shown: &impl Serialize) -> Response {
    if asked.has(&etag) {
        return tagged(etag, StatusCode::NOT_MODIFIED.into_response());
    }
    answer(StatusCode::OK, etag, shown)
}

pub(super) fn answer(status: StatusCode, etag: Etag, shown: &impl Serialize) -> Response {
    tagged(etag, (status, Json(shown)).into_response())
}

fn tagged(etag: Etag, mut response: Response) -> Response {
    let value = HeaderValue::try_from(etag.0).expect("an etag of ours is digits in quotes");
    response.headers_mut().insert(header::ETAG, value);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed_in(text: &str) -> Vec<String> {
        let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_str(text).unwrap())]);
        listed(&headers, header::IF_MATCH)
    }

    #[test]
    fn an_etag_of_a_list_counts_and_a_weak_one_only_for_reading() {
        let etag = Etag::of_version(Version(7));
        assert!(IfMatch(listed_in(r#""5", "7""#)).has(&etag) && IfMatch(listed_in("*")).has(&etag));
        assert!(!IfMatch(listed_in(r#"W/"7""#)).has(&etag) && !IfMatch(listed_in("7")).has(&etag));
        assert!(IfNoneMatch(listed_in(r#"W/"7""#)).has(&etag) && !IfNoneMatch(listed_in(r#""77""#)).has(&etag));
        assert_eq!(etag.version(), Some(Version(7)));
    }

    #[test]
    fn what_differs_has_another_etag() {
        assert_eq!(Etag::of_content(&["a"]), Etag::of_content(&["a"]));
        assert_ne!(Etag::of_content(&["a"]), Etag::of_content(&["b"]));
    }
}
