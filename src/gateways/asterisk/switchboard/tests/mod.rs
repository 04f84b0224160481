//! The switchboard beside a switch that behaves as Asterisk was seen to behave: case by case, and by chance.

mod cases;
mod chance;
mod looks;
mod model;
