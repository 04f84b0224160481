-- Every call out that was proposed, under the router's number: who was to be called, what came of it, or why it was not
-- placed. `number`: its digits; null: whoever had it was erased. `legal_end`: what the law sees in it, by the dispositions
-- of its day; null while it is open.
create table attempt (
    id integer primary key,
    contact integer not null,
    campaign text not null,
    list integer not null,
    lead integer not null,
    number integer,
    customer integer,
    proposed_at_ms integer not null,
    placed_at_ms integer,
    ended_at_ms integer,
    refused text,
    outcome text,
    legal_end text check (legal_end in ('not_reached', 'dropped', 'conversation', 'refused')),
    agent text,
    disposition text
) strict;

create index attempt_number on attempt (number, placed_at_ms) where number is not null;
create index attempt_customer on attempt (customer, placed_at_ms) where customer is not null;
create index attempt_lead on attempt (lead, placed_at_ms);
create index attempt_proposed on attempt (proposed_at_ms);
