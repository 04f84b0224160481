-- A list of leads to be called. `settings` is JSON; `campaign` and `expires_at_ms` repeat what it says, for questions.
create table call_list (
    id integer primary key autoincrement,
    name text not null unique,
    campaign text not null,
    expires_at_ms integer,
    settings text not null,
    version integer not null,
    created_at_ms integer not null,
    created_by text not null,
    changed_at_ms integer not null,
    changed_by text not null
) strict;

create index call_list_campaign on call_list (campaign);
create index call_list_expires on call_list (expires_at_ms) where expires_at_ms is not null;

-- Ten million of them: what is not known is null, and there is one index. `custom`: the fields that the list declares,
-- as JSON. `attempts`: how often somebody tried; what was tried is not taken back by an undo.
create table lead (
    id integer primary key autoincrement,
    list integer not null references call_list (id),
    import_batch integer,
    added_at_ms integer not null,
    priority integer not null,
    attempts integer not null,
    name text,
    language text,
    zone text,
    region text,
    postcode text,
    external_id text,
    custom text
) strict;

create index lead_of_list on lead (list, import_batch);

-- The numbers of a lead, in the order of `place`: E.164, with the consent to be called there.
create table lead_number (
    lead integer not null references lead (id) on delete cascade,
    place integer not null,
    value text not null,
    extension text,
    label text,
    consent text not null check (consent in ('unknown', 'yes', 'no')),
    consent_kind text,
    consent_at_ms integer,
    consent_source text,
    primary key (lead, place)
) strict, without rowid;

create index lead_number_value on lead_number (value);

insert into sqlite_sequence (name, seq) values ('lead', 0);
