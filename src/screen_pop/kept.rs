//! What was found, for a while: bounded in number and in age. Loads nothing itself.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

pub(super) struct Kept<Key, Value> {
    life: Duration,
    many_max: usize,
    by_key: HashMap<Key, (Instant, Value)>,
    /// In the order they came; a key that came again stands here twice.
    came: VecDeque<(Instant, Key)>,
}

impl<Key: Clone + Eq + Hash, Value: Clone> Kept<Key, Value> {
    pub fn new(life: Duration, many_max: usize) -> Self {
        Kept { life, many_max, by_key: HashMap::new(), came: VecDeque::new() }
    }

    pub fn get(&self, key: &Key) -> Option<Value> {
        let (came, value) = self.by_key.get(key)?;
        (came.elapsed() < self.life).then(|| value.clone())
    }

    pub fn put(&mut self, key: Key, value: Value) {
        let now = Instant::now();
        self.by_key.insert(key.clone(), (now, value));
        self.came.push_back((now, key));
        while self.came.front().is_some_and(|(came, _)| self.came.len() > self.many_max || came.elapsed() >= self.life)
        {
            let Some((came, key)) = self.came.pop_front() else { break };
            if self.by_key.get(&key).is_some_and(|(newest, _)| *newest == came) {
                self.by_key.remove(&key);
            }
        }
    }

    pub fn remove(&mut self, key: &Key) {
        self.by_key.remove(key);
    }

    pub fn retain(&mut self, keeps: impl Fn(&Value) -> bool) {
        self.by_key.retain(|_, (_, value)| keeps(value));
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }
}
