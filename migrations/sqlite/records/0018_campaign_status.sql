-- What was last seen of a campaign that is not stopped, for those who have the records and not the server. `status` is JSON.
create table campaign_status (
    campaign text primary key references campaign (name),
    status text not null,
    written_at_ms integer not null,
    event_no integer not null
) strict;

-- Since when it runs as `run` says; null: it never ran.
alter table campaign add column run_at_ms integer;

create index attempt_campaign on attempt (campaign, proposed_at_ms);
