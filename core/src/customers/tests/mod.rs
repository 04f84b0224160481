//! Tables and random texts for the parts of customers. Never a clock: what is not bounded hangs here.

mod card_numbers;
mod custom_fields;
mod imports;
mod interactions;
mod likeness;
mod phone;
mod redaction;
mod search_terms;
