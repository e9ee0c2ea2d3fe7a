-- What a delivery needs to survive lost answers, to keep order and to be explained to a person.
alter table delivery
  add column after_document_id text,
  add column unknown           boolean not null default false,
  add column leased_by         text,
  add column lease_number      integer not null default 0,
  add column since             timestamptz not null default now(),
  add column sent_trace        text,
  add column delivered_at      timestamptz,
  add column polls             integer not null default 0,
  add column last_words        text,
  add column advice            text,
  add column warning           text,
  add column last_try_at       timestamptz;
-- Confirmation is asked for by the clock.
create index delivery_poll on delivery (next_try_at) where state = 'DELIVERED';
create index delivery_certificate on delivery (certificate_number);
-- What the person decided (null: nothing), the state of the ticket as it became, and the institution that the first
-- call named: the gateway wants the same one for the document's whole life.
alter table document
  add column obscured     boolean,
  add column ticket       text,
  add column fse_locality text;
