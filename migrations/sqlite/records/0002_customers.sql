-- Who and when stand beside every row: `…_at_ms` and `…_by`. A merged customer keeps its row; what belonged to it
-- moves to the one in `merged_into`, which is never merged itself.
create table customer (
    id integer primary key autoincrement,
    name text not null,
    language text,
    tier text,
    owner text,
    do_not_contact integer not null check (do_not_contact in (0, 1)),
    custom text not null,
    version integer not null,
    created_at_ms integer not null,
    created_by text not null,
    changed_at_ms integer not null,
    changed_by text not null,
    merged_into integer references customer (id)
) strict;

create index customer_merged_into on customer (merged_into) where merged_into is not null;
create index customer_owner on customer (owner) where owner is not null;

-- `origin`: the customer it was given to. Two merged customers may both have the tag, and both get it back.
create table customer_tag (
    customer integer not null references customer (id) on delete cascade,
    tag text not null,
    origin integer not null,
    primary key (customer, tag, origin)
) strict, without rowid;

create index customer_tag_tag on customer_tag (tag, customer);

-- One address may belong to several customers.
create table customer_address (
    id integer primary key autoincrement,
    customer integer not null references customer (id) on delete cascade,
    kind text not null,
    value text not null,
    extension text,
    shown text not null,
    label text,
    consent text not null check (consent in ('unknown', 'yes', 'no')),
    consent_at_ms integer,
    consent_by text
) strict;

create index customer_address_value on customer_address (kind, value);
create index customer_address_customer on customer_address (customer);

create table customer_name (
    id integer primary key autoincrement,
    customer integer not null references customer (id) on delete cascade,
    kind text not null,
    name text not null
) strict;

create index customer_name_customer on customer_name (customer);

-- One row a contact of any channel.
create table interaction (
    contact integer primary key,
    customer integer references customer (id),
    channel text not null,
    direction text not null,
    from_kind text,
    from_value text,
    to_kind text,
    to_value text,
    arrived_at_ms integer not null,
    ended_at_ms integer,
    ended_by text,
    disposition text,
    satisfaction integer,
    recording text,
    transcript text
) strict;

create index interaction_customer on interaction (customer, arrived_at_ms desc, contact desc)
    where customer is not null;

create table interaction_visit (
    contact integer not null references interaction (contact) on delete cascade,
    visit integer not null,
    queue text not null,
    entered_at_ms integer not null,
    ended_at_ms integer,
    ended_how text,
    primary key (contact, visit)
) strict, without rowid;

create table interaction_segment (
    contact integer not null references interaction (contact) on delete cascade,
    segment integer not null,
    queue text,
    agent text not null,
    started_at_ms integer not null,
    connected_at_ms integer,
    ended_at_ms integer,
    wrapped_up_at_ms integer,
    disposition text,
    primary key (contact, segment)
) strict, without rowid;

-- `due_ms` of work without a date is the largest number there is, so that it comes last on either database.
create table work (
    id integer primary key autoincrement,
    kind text not null,
    category text,
    title text not null,
    body text not null,
    due_ms integer not null,
    owner text,
    owner_team text,
    queue text,
    state text not null check (state in ('open', 'taken', 'closed')),
    outcome text,
    escalated_to text,
    escalated_at_ms integer,
    escalation_reason text,
    customer integer references customer (id),
    contact integer,
    task_contact integer,
    version integer not null,
    created_at_ms integer not null,
    created_by text not null,
    changed_at_ms integer not null,
    changed_by text not null
) strict;

create index work_owner on work (owner, due_ms, id) where state <> 'closed';
create index work_owner_team on work (owner_team, due_ms, id) where state <> 'closed';
create index work_due on work (due_ms, id) where state <> 'closed' and task_contact is null and queue is not null;
create index work_customer on work (customer, due_ms, id) where state <> 'closed';
create index work_of_customer on work (customer, id) where customer is not null;
create index work_contact on work (contact) where contact is not null;
create index work_task_contact on work (task_contact) where task_contact is not null;

-- `contact` may have no interaction yet: the reader of the journal comes later than the agent's note.
create table note (
    id integer primary key autoincrement,
    customer integer references customer (id),
    contact integer,
    work integer references work (id) on delete cascade,
    body text not null,
    at_ms integer not null,
    made_by text not null
) strict;

create index note_customer on note (customer, id) where customer is not null;
create index note_contact on note (contact, id) where contact is not null;
create index note_work on note (work, id) where work is not null;

-- The history: which field, from what to what.
create table customer_change (
    id integer primary key autoincrement,
    customer integer references customer (id) on delete cascade,
    work integer references work (id) on delete cascade,
    contact integer,
    field text not null,
    value_before text,
    value_after text,
    at_ms integer not null,
    made_by text not null
) strict;

create index customer_change_customer on customer_change (customer, id) where customer is not null;
create index customer_change_work on customer_change (work, id) where work is not null;
create index customer_change_contact on customer_change (contact, id) where contact is not null;

-- `moved`: the keys of every row that went from `merged` to `kept`, as JSON; what is still there goes back.
create table customer_merge (
    id integer primary key autoincrement,
    kept integer not null references customer (id) on delete cascade,
    merged integer not null references customer (id) on delete cascade,
    moved text not null,
    merged_at_ms integer not null,
    merged_by text not null,
    undone_at_ms integer,
    undone_by text
) strict;

create index customer_merge_kept on customer_merge (kept);
create index customer_merge_merged on customer_merge (merged);

-- What names and notes are found by. The terms are made by us, so that both databases find the same.
create table name_term (
    term text not null,
    customer integer not null,
    primary key (term, customer)
) strict, without rowid;

create table note_term (
    term text not null,
    note integer not null,
    primary key (term, note)
) strict, without rowid;

-- How far a reader of the journal has written its rows, in the same transaction as the rows.
create table reader_cursor (
    reader text primary key,
    event_no integer not null
) strict, without rowid;

-- So that the first numbers can be reserved before the first row is there.
insert into sqlite_sequence (name, seq) values ('customer', 0);
