//! Asterisk as a gateway: it carries the voice, Usher decides.
pub mod ari;
mod settings;
pub use settings::Settings;
