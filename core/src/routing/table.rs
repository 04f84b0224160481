//! The two kinds of table the state is made of. Their order never depends on a hash.

use indexmap::IndexMap;

/// By a number the router gave. Removal moves the last entry, so whoever needs an order sorts.
pub type Numbered<Id, Value> = IndexMap<Id, Value, rustc_hash::FxBuildHasher>;

/// By a name others gave; an entry keeps its position, which serves as its short number.
pub type Named<Name, Value> = IndexMap<Name, Value, rustc_hash::FxBuildHasher>;

macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// # Panics
            /// When a table has more than 2³² entries; its limit is far below.
            #[must_use]
            pub fn from_position(position: usize) -> Self {
                Self(u32::try_from(position).expect("tables are bounded far below 2³² entries"))
            }

            #[must_use]
            pub fn position(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

positions! {
    /// An agent's place in the order in which the rules first named them.
    AgentNo,
    QueueNo,
    GatewayNo,
    CampaignNo,
    LaneNo,
}
