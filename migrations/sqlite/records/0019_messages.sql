-- What customers and agents wrote to each other. The journal has only that a message passed: contact, number, size.
create table message (
    contact integer not null,
    -- Among those of its contact, from 1, in the order in which they came.
    no integer not null,
    -- Its writer's own name for it.
    name text not null,
    spoken_by text not null check (spoken_by in ('customer', 'agent', 'system')),
    -- Who wrote it in his console.
    agent text,
    body text not null,
    at_ms integer not null,
    status text not null check (status in ('sent', 'delivered', 'failed')),
    -- Of one that the gateway is asked to send: until when.
    not_after_ms integer,
    -- With which event it passed, and which order sends it. Null: with none yet, and nobody is shown it. 0: it came when its
    -- contact was over.
    event_no integer,
    primary key (contact, no)
) strict;

create unique index message_name on message (contact, name);
create index message_event on message (event_no) where not_after_ms is not null;
create index message_to_send on message (not_after_ms) where status = 'sent';
