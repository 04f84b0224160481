-- Recordings of calls: when they were ordered, and what their gateways said of them. Their files lie at the gateways.
create table recording (
    -- The router's number of it.
    id bigint primary key,
    contact bigint not null,
    gateway text not null,
    ordered_at_ms bigint not null,
    -- Null: the gateway has said nothing.
    state text check (state in ('recording', 'paused', 'finished', 'failed')),
    -- As the gateway names it.
    file text,
    duration_ms bigint,
    failure text check (failure in ('storage_full', 'timed_out', 'failed')),
    -- Since when the file is to go. It is known until the gateway says that it has gone.
    erase_asked_at_ms bigint,
    erased_at_ms bigint
);

create index recording_contact on recording (contact);
create index recording_to_erase on recording (id) where erase_asked_at_ms is not null and erased_at_ms is null;
