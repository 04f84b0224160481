-- Callbacks are attempts too: those have no campaign, list and lead.
alter table attempt alter column campaign drop not null;
alter table attempt alter column list drop not null;
alter table attempt alter column lead drop not null;
alter table attempt add check ((campaign is null) = (lead is null) and (list is null) = (lead is null));

drop index attempt_lead;
create index attempt_lead on attempt (lead, placed_at_ms) where lead is not null;

-- Callbacks whose call is proposed or going on: what was folded of each by the place of the reader `campaigns`. `call` is JSON.
create table callback_call (
    contact bigint primary key,
    call text not null
);

-- The agent who promised the lead its next call.
alter table lead add column promised_by text;
