//! Tables and random texts for the parts of customers. Never a clock: what is not bounded hangs here.

mod phone;
mod search_terms;
