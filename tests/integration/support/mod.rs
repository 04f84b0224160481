//! What the integration tests share: free ports, folders that vanish, skipping aloud, PostgreSQL, busy
//! databases, children and their ends, an HTTP client, the line that tells of a fault. It holds no test subject.

pub mod faults;
pub mod held;
pub mod http;
pub mod postgres;
pub mod processes;
pub mod surroundings;
