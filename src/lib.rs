//! Usher
