//! Campaigns, and how the leads of their lists stand: the same contract on SQLite and on a real PostgreSQL. It calls nobody.

mod exported;
mod feed;
mod kept;
mod shown;
mod standings;
mod status;
mod why;

use crate::both_databases::on_both;
use crate::privacy::{on_postgres, on_sqlite};

on_both! {
    kept::made_changed_and_taken_back as sqlite_keeps_campaigns and postgres_keeps_campaigns;
    kept::asked_to_start_and_stop as sqlite_keeps_wishes and postgres_keeps_wishes;
    feed::given_in_turn as sqlite_gives_leads_in_turn and postgres_gives_leads_in_turn;
    feed::as_their_rows_stand as sqlite_gives_leads_as_they_stand and postgres_gives_leads_as_they_stand;
    feed::read_again_after_a_restart as sqlite_feeds_after_a_restart and postgres_feeds_after_a_restart;
    feed::added_by_hand as sqlite_feeds_leads_added_by_hand and postgres_feeds_leads_added_by_hand;
    feed::changed_meanwhile as sqlite_feeds_what_was_changed and postgres_feeds_what_was_changed;
    status::counted_from_rows as sqlite_counts_a_status and postgres_counts_a_status;
    status::kept_for_others as sqlite_keeps_a_status and postgres_keeps_a_status;
    exported::every_attempt_of_some_days as sqlite_exports_attempts and postgres_exports_attempts;
    why::one_lead_is_not_called as sqlite_says_why_not and postgres_says_why_not;
    kept::refused as sqlite_refuses_wrong_campaigns and postgres_refuses_wrong_campaigns;
    standings::read_page_by_page as sqlite_gives_open_leads and postgres_gives_open_leads;
    standings::written_once as sqlite_writes_standings_once and postgres_writes_standings_once;
    standings::marked_and_closed as sqlite_marks_and_closes_leads and postgres_marks_and_closes_leads;
    standings::counted as sqlite_counts_standings and postgres_counts_standings;
    standings::released_by_hand as sqlite_releases_leads and postgres_releases_leads;
    shown::found_by_number_and_customer as sqlite_shows_leads and postgres_shows_leads;
    standings::deleted_with_their_list as sqlite_deletes_lists and postgres_deletes_lists;
}
