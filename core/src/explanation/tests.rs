//! Small histories told by hand: what the slow way says of each.

mod holds;
mod overtakings;
mod stage;
mod standing;
