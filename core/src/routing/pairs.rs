//! A map as a list of pairs, for JSON, which names fields with texts alone. The bytes of postcard are the same.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<'map, K, V, Map, S>(map: &'map Map, serializer: S) -> Result<S::Ok, S::Error>
where
    K: Serialize + 'map,
    V: Serialize + 'map,
    &'map Map: IntoIterator<Item = (&'map K, &'map V)>,
    S: Serializer,
{
    serializer.collect_seq(map)
}

pub(crate) fn deserialize<'de, K, V, Map, D>(deserializer: D) -> Result<Map, D::Error>
where
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    Map: FromIterator<(K, V)>,
    D: Deserializer<'de>,
{
    Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
}
