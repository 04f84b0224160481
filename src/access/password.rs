//! Argon2id, off the async threads and few at a time. Never keeps a password.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Shortest password that is taken, in characters.
pub const PASSWORD_LENGTH_MIN: usize = 12;
/// Longest password that is taken, in bytes: hashing what a stranger sent must have an end.
pub const PASSWORD_LENGTH_MAX: usize = 1_024;
/// 19 MiB and about 50 ms each: more would take memory and both cores from the calls.
const HASHED_AT_ONCE: usize = 2;
/// More would wait longer than anybody looks at a log-in page: about 2 s.
const WAITING_MAX: usize = 64;
/// What a name without a user is checked against, so that it takes as long. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Too many wait already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Busy;

#[derive(Clone)]
pub(super) struct Passwords {
    working: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

struct Waiting<'w>(&'w AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Passwords {
    pub(super) fn new() -> Passwords {
        Passwords { working: Arc::new(Semaphore::new(HASHED_AT_ONCE)), waiting: Arc::default() }
    }

    /// The hash in PHC form, with a salt of its own.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, Busy> {
        self.work(move || {
            let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
            let hash: argon2::password_hash::phc::PasswordHash = hash.expect("any password of bounded length hashes");
            hash.to_string()
        })
        .await
    }

    /// Whether `hash` is of this password. Without a hash it takes as long and is never so.
    pub(super) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, Busy> {
        self.work(move || {
            let stored = hash.as_deref().unwrap_or(NOBODY);
            let Ok(stored) = PasswordHash::new(stored) else {
                tracing::error!("a stored password hash cannot be read");
                return false;
            };
            let is_right = Argon2::default().verify_password(password.expose_secret().as_bytes(), &stored).is_ok();
            is_right && hash.is_some()
        })
        .await
    }

    /// The permit lives in the blocking task: a caller who goes away does not let a third one start.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let permit = self.permit().await?;
        let working = Arc::clone(&self.working);
        permit.forget();
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            working.add_permits(1);
            done
        });
        Ok(done.await.expect("hashing a bounded password does not panic"))
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, Busy> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Busy);
        }
        let _waiting = Waiting(&self.waiting);
        Ok(self.working.acquire().await.expect("the semaphore is never closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_of_one_password_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("correct horse battery".into(), Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.verify("correct horse".into(), Some(hash)).await, Ok(false));
        assert!(PasswordHash::new(NOBODY).is_ok(), "a name without a user costs a real check");
        assert_eq!(passwords.verify("correct horse battery".into(), None).await, Ok(false));
    }

    #[tokio::test]
    async fn too_many_waiting_are_turned_away() {
        let passwords = Passwords::new();
        passwords.waiting.store(WAITING_MAX, Ordering::Relaxed);
        assert_eq!(passwords.verify("x".into(), None).await, Err(Busy));
        passwords.waiting.store(0, Ordering::Relaxed);
        assert_eq!(passwords.verify("x".into(), None).await, Ok(false));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
