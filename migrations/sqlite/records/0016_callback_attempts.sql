-- Callbacks are attempts too: those have no campaign, list and lead.
create table any_attempt (
    id integer primary key,
    contact integer not null,
    campaign text,
    list integer,
    lead integer,
    number integer,
    customer integer,
    proposed_at_ms integer not null,
    placed_at_ms integer,
    ended_at_ms integer,
    refused text,
    outcome text,
    legal_end text check (legal_end in ('not_reached', 'dropped', 'conversation', 'refused')),
    agent text,
    disposition text,
    check ((campaign is null) = (lead is null) and (list is null) = (lead is null))
) strict;

insert into any_attempt select id, contact, campaign, list, lead, number, customer, proposed_at_ms, placed_at_ms,
    ended_at_ms, refused, outcome, legal_end, agent, disposition from attempt;
drop table attempt;
alter table any_attempt rename to attempt;

create index attempt_number on attempt (number, placed_at_ms) where number is not null;
create index attempt_customer on attempt (customer, placed_at_ms) where customer is not null;
create index attempt_lead on attempt (lead, placed_at_ms) where lead is not null;
create index attempt_proposed on attempt (proposed_at_ms);

-- Callbacks whose call is proposed or going on: what was folded of each by the place of the reader `campaigns`. `call` is JSON.
create table callback_call (
    contact integer primary key,
    call text not null
) strict;

-- The agent who promised the lead its next call.
alter table lead add column promised_by text;
