//! What the integration tests share: free ports, folders that vanish, skipping aloud, PostgreSQL, busy
//! databases, children and their ends, an HTTP client. It holds no test subject.

pub mod held;
pub mod http;
pub mod postgres;
pub mod processes;
pub mod surroundings;
