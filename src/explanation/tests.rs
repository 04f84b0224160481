//! Small histories told by hand: what the slow way says of each.
