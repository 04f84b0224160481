//! Files that are to be imported, and imports of them, for those who run campaigns. Takes over no row: `import_desk` does.

pub(super) mod files;
pub(super) mod kinds;
mod refused;
pub(super) mod runs;
