//! Tests of the folder as a whole. `every_zone` holds calendars to a check that walks minute by minute and knows nothing
//! but the definition; `calendars`, `holidays`, `lead_places`, `lead_whys`, `limits`, `do_not_call`, `drop_caps`, `feeds`, `gate`, `lists`, `campaigns`, `statuses`, `supplies` and `retries` are examples that a supervisor can read.

mod calendars;
mod campaigns;
mod do_not_call;
mod drop_caps;
mod every_zone;
mod feeds;
mod gate;
mod holidays;
mod lead_calendars;
mod lead_places;
mod lead_whys;
mod limits;
mod lists;
mod retries;
mod statuses;
mod supplies;
mod support;
