//! What the integration tests share: free ports, folders that vanish, skipping aloud, PostgreSQL. It holds no test subject.

pub mod postgres;
pub mod surroundings;
