//! The few HTTP calls that a program makes before it opens a socket: is the server ready, log in.
//! It never keeps a password.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::protocol::Secret;

const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Answers to these calls are some hundred bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;
/// How often a busy server is asked again.
const TRIES_MAX: u32 = 20;
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[from] std::io::Error),
    #[error("the server did not answer in time")]
    TimedOut,
    #[error("the server refused user {user} with status {status}")]
    Refused { user: String, status: u16 },
    #[error("the server answered without a session cookie")]
    NoCookie,
}

struct Answer {
    status: u16,
    head: String,
}

/// Logs a person in at `host` (`name:port`); the token is what a program shows in `Authorization`.
///
/// # Errors
/// When there is no server or it refuses.
pub async fn log_in(host: &str, user: &str, password: &Secret) -> Result<Secret, LogInError> {
    let body = json!({ "user": user, "password": password.as_str() }).to_string();
    for _ in 0..TRIES_MAX {
        let answer = call(host, "POST", "/api/v1/login", &body).await?;
        match answer.status {
            200 => return token_of(&answer.head).ok_or(LogInError::NoCookie),
            // Busy with other passwords.
            429 | 503 => tokio::time::sleep(RETRY_AFTER).await,
            status => return Err(LogInError::Refused { user: user.to_owned(), status }),
        }
    }
    Err(LogInError::TimedOut)
}

/// Whether the server at `host` takes calls.
pub async fn is_ready(host: &str) -> bool {
    call(host, "GET", "/readyz", "").await.is_ok_and(|answer| answer.status == 200)
}

async fn call(host: &str, method: &str, path: &str, body: &str) -> Result<Answer, LogInError> {
    tokio::time::timeout(ANSWER_WITHIN, call_patiently(host, method, path, body))
        .await
        .map_err(|_| LogInError::TimedOut)?
}

async fn call_patiently(host: &str, method: &str, path: &str, body: &str) -> Result<Answer, LogInError> {
    let mut stream = TcpStream::connect(host).await?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Answer { status, head })
}

fn token_of(head: &str) -> Option<Secret> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let cookie = name.eq_ignore_ascii_case("set-cookie").then_some(value)?.split(';').next()?;
        let (_, token) = cookie.trim().split_once('=')?;
        Secret::new(token).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[test]
    fn the_token_is_the_cookies() {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nset-cookie: usher_session=ab12; Path=/; HttpOnly";
        assert_eq!(token_of(head).unwrap().as_str(), "ab12");
        assert!(token_of("HTTP/1.1 200 OK\r\nset-cookie: usher_session=; Path=/").is_none());
        assert!(token_of("HTTP/1.1 200 OK").is_none());
    }

    #[tokio::test]
    async fn a_busy_server_is_asked_again_and_a_refusal_names_the_user() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async move {
            for status in ["503 Busy", "200 OK\r\nSet-Cookie: s=t0ken; Path=/", "401 No"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 4_096];
                let read = stream.read(&mut request).await.unwrap();
                assert!(String::from_utf8_lossy(&request[..read]).contains(r#"{"password":"secret","user":"ana"}"#));
                stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await.unwrap();
            }
        });
        let password = Secret::clipped("secret");
        assert_eq!(log_in(&host, "ana", &password).await.unwrap().as_str(), "t0ken");
        let refused = log_in(&host, "ana", &password).await.unwrap_err();
        assert!(matches!(refused, LogInError::Refused { user, status: 401 } if user == "ana"));
        serving.await.unwrap();
        assert!(matches!(log_in(&host, "ana", &password).await.unwrap_err(), LogInError::Unreachable(_)));
    }
}
