//! The keys of the contacts seen last, so that the database is rarely asked. Forgets; never decides.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::routing::ids::ContactId;

use super::seal::ContactKey;

/// Keys in one generation; two are held. Twice the 100,000 contacts a site may hold at once, about
/// 15 MB when full.
const GENERATION_MAX: usize = 100_000;

/// A contact's key, or that it is erased.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyState {
    Known(ContactKey),
    Erased,
}

#[derive(Default)]
pub(super) struct Keyring(Mutex<Generations>);

/// What was not asked for during a whole generation is forgotten.
#[derive(Default)]
struct Generations {
    young: BTreeMap<ContactId, KeyState>,
    old: BTreeMap<ContactId, KeyState>,
    /// How often keys were erased.
    erasures: u64,
}

impl Keyring {
    pub(super) fn get(&self, contact: ContactId) -> Option<KeyState> {
        let mut generations = self.lock();
        if let Some(state) = generations.young.get(&contact) {
            return Some(*state);
        }
        let state = generations.old.remove(&contact)?;
        generations.insert(contact, state);
        Some(state)
    }

    /// To be taken before the database is asked, for [`Keyring::learn`].
    pub(super) fn erasures(&self) -> u64 {
        self.lock().erasures
    }

    /// Remembers what the database said, unless keys were erased since `erasures`.
    pub(super) fn learn(&self, erasures: u64, contact: ContactId, state: KeyState) {
        let mut generations = self.lock();
        if generations.erasures == erasures {
            generations.insert(contact, state);
        }
    }

    pub(super) fn insert(&self, contact: ContactId, state: KeyState) {
        self.lock().insert(contact, state);
    }

    pub(super) fn forget(&self, contacts: &[ContactId]) {
        let mut generations = self.lock();
        generations.erasures += 1;
        for contact in contacts {
            generations.young.remove(contact);
            generations.old.remove(contact);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.0.lock().expect("nobody panics while holding the keys")
    }
}

impl Generations {
    fn insert(&mut self, contact: ContactId, state: KeyState) {
        self.old.remove(&contact);
        self.young.insert(contact, state);
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_before_an_erasure_is_not_learned_after_it() {
        let keyring = Keyring::default();
        let (asked, contact) = (keyring.erasures(), ContactId(1));
        keyring.forget(&[contact]);
        keyring.learn(asked, contact, KeyState::Known(ContactKey::random()));
        assert!(keyring.get(contact).is_none());
        keyring.learn(keyring.erasures(), contact, KeyState::Erased);
        assert!(matches!(keyring.get(contact), Some(KeyState::Erased)));
    }

    #[test]
    fn it_is_bounded_and_keeps_what_is_used() {
        let keyring = Keyring::default();
        let used = ContactId(0);
        for number in 0..3 * GENERATION_MAX as u64 {
            keyring.insert(ContactId(number), KeyState::Erased);
            assert!(keyring.get(used).is_some());
        }
        let generations = keyring.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION_MAX);
        assert!(!generations.young.contains_key(&ContactId(1)) && !generations.old.contains_key(&ContactId(1)));
    }
}
