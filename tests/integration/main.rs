//! The integration tests: one binary, a module a subject. It never mocks what really runs here.

mod admission;
mod architecture;
mod bad_input;
mod both_databases;
mod call_lists;
mod customer_search;
mod customers;
mod demo;
mod docs;
mod interactions;
mod licences;
mod live_server;
mod my_work;
mod one_build;
mod operation;
mod privacy;
mod recorded_weeks;
mod records;
mod referee;
mod rest;
mod scenarios;
mod screen_pop;
mod server;
mod supervising;
mod support;
mod why;
