//! Campaigns and their versions. Binds nothing.

use super::{Statement, statements};

macro_rules! campaign_columns {
    () => {
        "id, name, settings, version, created_at_ms, created_by, changed_at_ms, changed_by"
    };
}

statements! {
    ADD_CAMPAIGN = Statement::same("
        insert into campaign (name, settings, run, version, created_at_ms, created_by, changed_at_ms, changed_by)
        values ($1, $2, 'stopped', 1, $3, $4, $3, $4) on conflict (name) do nothing returning id");
    CAMPAIGN = Statement::same(concat!("select ", campaign_columns!(), " from campaign where id = $1"));
    LOCK_CAMPAIGN = Statement {
        sqlite: concat!("select ", campaign_columns!(), " from campaign where id = $1"),
        postgres: concat!("select ", campaign_columns!(), " from campaign where id = $1 for no key update"),
    };
    CAMPAIGN_NAMED = Statement::same(concat!("select ", campaign_columns!(), " from campaign where name = $1"));
    CAMPAIGNS_AFTER = Statement::same(concat!(
        "select ", campaign_columns!(), " from campaign where name > $1 order by name limit $2"
    ));
    /// For whoever named one that is not there.
    CAMPAIGN_NAMES = Statement::same("select name from campaign order by name limit $1");
    CHANGE_CAMPAIGN = Statement::same("
        update campaign set settings = $2, version = version + 1, changed_at_ms = $3, changed_by = $4 where id = $1");
    ADD_VERSION = Statement::same("
        insert into campaign_version (campaign, version, settings, changed_at_ms, changed_by)
        values ($1, $2, $3, $4, $5)");
    VERSIONS_BEFORE = Statement::same("
        select version, settings, changed_at_ms, changed_by from campaign_version
        where campaign = $1 and version < $2 order by version desc limit $3");
    VERSION = Statement::same("
        select version, settings, changed_at_ms, changed_by from campaign_version
        where campaign = $1 and version = $2");
    NOTE_RUN = Statement::same("update campaign set run = $2, run_at_ms = $3 where name = $1");
    /// The later one counts.
    WISH_RUN = Statement::same("
        insert into campaign_wish (campaign, run, asked_at_ms, asked_by)
        select name, $2, $3, $4 from campaign where name = $1
        on conflict (campaign) do update set run = excluded.run, asked_at_ms = excluded.asked_at_ms,
            asked_by = excluded.asked_by");
    WISHES = Statement::same("select campaign, run, asked_at_ms, asked_by from campaign_wish order by asked_at_ms, campaign");
    WISH = Statement::same("select campaign, run, asked_at_ms, asked_by from campaign_wish where campaign = $1");
    /// Not one that was made since.
    DROP_WISH = Statement::same("
        delete from campaign_wish where campaign = $1 and run = $2 and asked_at_ms = $3 and asked_by = $4");
    CAMPAIGN_RUN = Statement::same("select run, run_at_ms from campaign where name = $1");
    KEEP_STATUS = Statement::same("
        insert into campaign_status (campaign, status, written_at_ms, event_no)
        select name, $2, $3, $4 from campaign where name = $1
        on conflict (campaign) do update set status = excluded.status, written_at_ms = excluded.written_at_ms,
            event_no = excluded.event_no");
    STATUS = Statement::same("
        select status, written_at_ms, event_no from campaign_status where campaign = $1");
}
