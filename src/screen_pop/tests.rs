//! The screen pop without a server: addresses, attributes, times, what is kept. It asks no database.

mod in_time;
mod kept;
mod known;
mod sought;

use std::time::Duration;

use super::Settings;
use crate::customers::phone::Region;

fn settings() -> Settings {
    Settings {
        home_region: Some(Region::new("FR").unwrap()),
        external_id_attribute: "external_id".to_owned(),
        external_system: "crm".to_owned(),
        digits_attribute: "digits".to_owned(),
        look_up_within: Duration::from_millis(50),
        late_look_ups_max: 4,
        card_within: Duration::from_millis(300),
        cache_life: Duration::from_secs(60),
        fields: crate::customers::custom_fields::FieldDeclarations::default(),
    }
}
