-- Leads that are with the router, or whose agents have not said yet what came of it: what was folded of each by the place of
-- the reader `campaigns`. `stay` is JSON.
create table lead_stay (
    contact bigint primary key,
    stay text not null
);
