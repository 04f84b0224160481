-- Notes of segments in hand as far as they are written. Gone with the segment: filed as a note, or replaced by the one that
-- its agent gave.
create table note_draft (
    segment bigint primary key,
    contact bigint not null,
    agent text not null,
    body text not null,
    at_ms bigint not null
);

create index note_draft_contact on note_draft (contact);
create index note_draft_agent on note_draft (agent);
