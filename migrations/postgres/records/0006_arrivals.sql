-- Figures over a period read its contacts only.
create index interaction_arrived on interaction (arrived_at_ms);
