//! Carries out requests over HTTP, each within its time, over connections that are kept. It repeats nothing: whether a
//! request that was not answered is made again, whoever made it decides.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::{Request as HttpRequest, Response, header};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::access::Access;
use super::request::{Action, RequestError};
use super::rest::{Call, call_of};

/// A switch that is there takes a connection at once.
const CONNECTED_WITHIN: Duration = Duration::from_secs(1);
/// Connections that nobody uses are closed after this long; a switch closes its own after 15 s.
const IDLE_MAX: Duration = Duration::from_secs(10);
/// Largest answer that is read: 10,000 channels are a tenth of it.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Longest text of a refusal that is kept, in characters.
const MESSAGE_CHARACTERS_MAX: usize = 120;

/// The REST interface of one switch.
#[derive(Clone, Debug)]
pub struct AriClient {
    http: HttpClient<HttpConnector, Full<Bytes>>,
    access: Arc<Access>,
}

impl AriClient {
    #[must_use]
    pub fn new(access: Arc<Access>) -> AriClient {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECTED_WITHIN));
        let http = HttpClient::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_MAX)
            .build(connector);
        AriClient { http, access }
    }

    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// # Errors
    /// When the switch refuses it, or does not answer in time.
    pub async fn carry_out(&self, action: &Action) -> Result<(), RequestError> {
        self.call(call_of(action, &self.access.application)).await.map(drop)
    }

    /// # Errors
    /// When the switch refuses it, does not answer in time, or answers with something else.
    pub async fn get<T: DeserializeOwned>(&self, path: String) -> Result<T, RequestError> {
        let body = self.call(Call::get(path)).await?;
        serde_json::from_slice(&body).map_err(|_| unanswered("what was answered cannot be read"))
    }

    /// # Errors
    /// When the switch refuses it, or does not answer in time.
    pub async fn call(&self, call: Call) -> Result<Bytes, RequestError> {
        let within = call.within;
        let answered = async {
            let already = call.already;
            let response = self.http.request(self.request(call)?).await.map_err(|_| unanswered("no connection"))?;
            read(response, already).await
        };
        tokio::time::timeout(within, answered).await.unwrap_or_else(|_| Err(unanswered("not in time")))
    }

    fn request(&self, call: Call) -> Result<HttpRequest<Full<Bytes>>, RequestError> {
        let address = self.access.address_of(&call.path).map_err(|_| unanswered("it has no address"))?;
        let body = call.body.map(|body| Bytes::from(body.to_string()));
        let mut request = HttpRequest::builder()
            .method(call.method)
            .uri(address)
            .header(header::AUTHORIZATION, self.access.authorization.clone());
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(body.unwrap_or_default())).map_err(|_| unanswered("it is no request"))
    }
}

async fn read(response: Response<Incoming>, already: &[u16]) -> Result<Bytes, RequestError> {
    let status = response.status();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
    let body = body.map_err(|_| unanswered("the answer broke off"))?.to_bytes();
    if status.is_success() || already.contains(&status.as_u16()) {
        return Ok(body);
    }
    Err(RequestError::Refused { status: status.as_u16(), message: message_in(&body) })
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Cut, on one line.
fn message_in(body: &[u8]) -> String {
    let Ok(refusal) = serde_json::from_slice::<Refusal>(body) else { return String::new() };
    refusal.message.chars().filter(|letter| !letter.is_control()).take(MESSAGE_CHARACTERS_MAX).collect()
}

fn unanswered(why: &str) -> RequestError {
    RequestError::Unanswered(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_a_few_words_of_the_switch() {
        assert_eq!(message_in(br#"{"message":"Channel not found"}"#), "Channel not found");
        assert_eq!(message_in(br#"{"message":"a\nb"}"#), "ab");
        assert_eq!(message_in(format!(r#"{{"message":"{}"}}"#, "x".repeat(4_000)).as_bytes()).len(), 120);
        for nonsense in ["", "<html>", "{}", r#"{"message":7}"#] {
            assert_eq!(message_in(nonsense.as_bytes()), "");
        }
    }
}
