-- Tries that failed while the destination was there: what an outage or a kill ended is no failure of the delivery, and must not
-- use up its tries.
alter table delivery add column failures integer not null default 0;
