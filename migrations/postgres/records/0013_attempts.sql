-- Every call out that was proposed, under the router's number: who was to be called, what came of it, or why it was not
-- placed. `number`: its digits; null: whoever had it was erased. `legal_end`: what the law sees in it, by the dispositions
-- of its day; null while it is open.
create table attempt (
    id bigint primary key,
    contact bigint not null,
    campaign text not null,
    list bigint not null,
    lead bigint not null,
    number bigint,
    customer bigint,
    proposed_at_ms bigint not null,
    placed_at_ms bigint,
    ended_at_ms bigint,
    refused text,
    outcome text,
    legal_end text check (legal_end in ('not_reached', 'dropped', 'conversation', 'refused')),
    agent text,
    disposition text
);

create index attempt_number on attempt (number, placed_at_ms) where number is not null;
create index attempt_customer on attempt (customer, placed_at_ms) where customer is not null;
create index attempt_lead on attempt (lead, placed_at_ms);
create index attempt_proposed on attempt (proposed_at_ms);
