//! Who asks: by the cookie of a browser or the `Authorization` of a program. Never by the URL.

use axum::extract::FromRequestParts;
use axum::http::request;
use axum::http::{HeaderMap, header};

use crate::access::Person;
use crate::customers::redaction::Sight;

use super::{HttpError, Parts};

/// What the cookie is called.
pub(super) const COOKIE: &str = "usher_session";

/// Somebody whose log-in counts, and who may use the route.
#[derive(Clone)]
pub(super) struct Caller(pub Person);

impl FromRequestParts<Parts> for Caller {
    type Rejection = HttpError;

    /// The route's own check has found who it is; a route for anybody finds nobody.
    async fn from_request_parts(request: &mut request::Parts, _: &Parts) -> Result<Caller, HttpError> {
        request.extensions.get().cloned().ok_or(HttpError::NotLoggedIn)
    }
}

impl Caller {
    /// What he may see of customers.
    pub(super) fn sight(&self, parts: &Parts) -> Sight {
        parts.sights.of(&self.0.roles)
    }

    pub(super) async fn of(parts: &Parts, headers: &HeaderMap) -> Result<Caller, HttpError> {
        let token = token_of(headers).ok_or(HttpError::NotLoggedIn)?;
        let person = parts.access.check_token(token).await?;
        person.map(Caller).ok_or(HttpError::NotLoggedIn)
    }
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return Some(token.trim());
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(token_of(&headers), None);
        headers.append(header::COOKIE, "theme=dark; not_usher_session=1".parse().unwrap());
        assert_eq!(token_of(&headers), None);
        headers.append(header::COOKIE, "a=b; usher_session=abc".parse().unwrap());
        assert_eq!(token_of(&headers), Some("abc"));
        headers.insert(header::AUTHORIZATION, "Bearer def".parse().unwrap());
        assert_eq!(token_of(&headers), Some("def"));
    }
}
