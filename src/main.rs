//! The program `usher`: hands the command line to `cli` and ends with its answer. It decides nothing.

fn main() {}
