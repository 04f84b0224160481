//! The integration tests: one binary, a module a subject. It never mocks what really runs here.

mod architecture;
mod demo;
mod docs;
mod licences;
mod one_build;
mod recorded_weeks;
mod records;
mod referee;
mod scenarios;
mod server;
mod support;
