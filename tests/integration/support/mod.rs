//! What the integration tests share: free ports, folders that vanish, skipping aloud, PostgreSQL, an
//! HTTP client. It holds no test subject.

pub mod http;
pub mod postgres;
pub mod surroundings;
