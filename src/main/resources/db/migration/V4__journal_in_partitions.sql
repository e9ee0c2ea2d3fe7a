-- The journal by time: what is old goes by dropping a partition, never by deleting rows.
--
-- A message's id carries the time it came: milliseconds since 2020, then twelve bits that tell apart what came in the same
-- one. So the id alone says in which partition a message, its steps and its calls lie, and newest first is by id. It stays
-- below 2^53, that is exact in JSON, until 2089.
create sequence message_number;

-- The lowest id that a message of this moment can have.
create function first_message_id(at timestamptz) returns bigint
  language sql immutable parallel safe
  return (floor(extract(epoch from at) * 1000)::bigint - 1577836800000) * 4096;

create function new_message_id(at timestamptz) returns bigint
  language sql volatile
  return (floor(extract(epoch from at) * 1000)::bigint - 1577836800000) * 4096 + (nextval('message_number') & 4095);

-- Certificates outlive the messages that asked for them.
alter table certificate drop constraint certificate_message_id_fkey;
alter table message_step drop constraint message_step_message_id_fkey;

-- One effect for one sender and control id, whatever is sent again and whenever: kept for ever, with the very answer, so
-- that a repetition is known without its message. Looked up by (sender, control id) and searched by control id alone.
create table message_key (
  control_id         text collate "C" not null,
  sender             text collate "C" not null,
  message_id         bigint not null,
  sha256             bytea not null,
  answer             bytea not null,
  accepted           boolean not null,
  certificate_number bigint,
  document_id        text,
  primary key (control_id, sender)
);
insert into message_key (control_id, sender, message_id, sha256, answer, accepted, certificate_number, document_id)
  select control_id, sender, id, sha256, answer, faults is null, certificate_number, document_id
  from message where control_id is not null;

-- What was there keeps its ids and becomes the first partition: ids given before this version are small.
alter table message rename to message_early;
alter table message_step rename to message_step_early;
alter index message_pkey rename to message_early_pkey;
alter table message_early alter column id drop identity;
alter table message_early alter column answer drop not null;
drop index message_sender_control_id, message_received, message_patient, message_control_id, message_document,
  message_certificate, message_open;
alter table message_step_early drop constraint message_step_pkey;
drop index message_step_message;
alter table message_step_early alter column id drop identity;

create table message (
  id                 bigint not null default new_message_id(now()),
  received_at        timestamptz not null default now(),
  protocol           text not null,
  peer               text,
  sender             text not null,
  control_id         text,
  type               text not null,
  -- of the bytes as they came
  sha256             bytea not null,
  size               integer not null,
  -- the bytes, but for a citizen's PIN
  raw                bytea not null,
  -- only where no message_key keeps it
  answer             bytea,
  state              text not null,
  faults             jsonb,
  patient_id         text,
  nre                text,
  document_id        text,
  fse_identifier     text,
  certificate_number bigint,
  booking_code       text,
  updated_at         timestamptz not null default now(),
  primary key (id)
) partition by range (id);
-- Each index is paid by every message (about 10 µs and 100 bytes each). With the id behind the key a page of hits comes
-- newest first out of the index, however many there are. Control ids are searched in message_key, FSE identifiers by
-- their document id, times by the id itself.
create index message_sender on message (sender collate "C", id);
create index message_patient on message (patient_id, id) where patient_id is not null;
create index message_document on message (document_id) where document_id is not null;
create index message_certificate on message (certificate_number) where certificate_number is not null;
create index message_nre on message (nre) where nre is not null;
create index message_booking on message (booking_code) where booking_code is not null;
-- Nearly all end as PUBLISHED: those are found without an index.
create index message_state on message (state, id) where state <> 'PUBLISHED';

-- What was done with a message, in the same partition as the message. The acceptance is the message's own row.
create sequence message_step_number;
select setval('message_step_number', coalesce(max(id), 0) + 1, false) from message_step_early;
create table message_step (
  id         bigint not null default nextval('message_step_number'),
  message_id bigint not null,
  name       text not null,
  at         timestamptz not null default now(),
  outcome    text not null,
  detail     text
) partition by range (message_id);
create index message_step_message on message_step (message_id, id);

-- What went out because of a message: every call, with what was said and answered. Documents are named and not repeated;
-- tokens and PINs are blackened. In the same partition as the message.
create sequence message_call_number;
create table message_call (
  id             bigint not null default nextval('message_call_number'),
  message_id     bigint not null,
  at             timestamptz not null default now(),
  destination    text not null,
  operation      text not null,
  method         text not null,
  url            text not null,
  delivery_id    bigint,
  document_id    text,
  -- UNSIGNED_PDF or SIGNED_PDF when those bytes of the document went along
  document_part  text,
  request_type   text,
  request_size   bigint not null,
  request_sha256 bytea,
  request        bytea,
  -- null when no answer came
  status         integer,
  answer_size    bigint,
  answer_sha256  bytea,
  answer         bytea,
  duration_ms    bigint not null,
  failure        text,
  trace_id       text,
  transaction_id text,
  workflow_id    text
) partition by range (message_id);
create index message_call_message on message_call (message_id, id);
create index message_call_trace on message_call (trace_id) where trace_id is not null;
create index message_call_transaction on message_call (transaction_id) where transaction_id is not null;
create index message_call_workflow on message_call (workflow_id) where workflow_id is not null;

-- An insert never fails for want of a partition.
create table message_default partition of message default;
create table message_step_default partition of message_step default;
create table message_call_default partition of message_call default;
create table message_call_early partition of message_call for values from (minvalue) to (1099511627776);
alter table message attach partition message_early for values from (minvalue) to (1099511627776);
alter table message_step attach partition message_step_early for values from (minvalue) to (1099511627776);

-- Makes the partitions of these months that are not there yet, and moves into them what the default ones took in their
-- stead. Months are those of UTC.
create function make_message_partitions(first_month date, months integer) returns integer
  language plpgsql as $$
declare
  made integer := 0;
  parent text;
  key text;
  part text;
  month timestamp;
  low bigint;
  high bigint;
begin
  perform pg_advisory_xact_lock(7361646);
  for i in 0 .. months - 1 loop
    month := date_trunc('month', first_month::timestamp) + make_interval(months => i);
    low := first_message_id(month at time zone 'UTC');
    high := first_message_id((month + interval '1 month') at time zone 'UTC');
    foreach parent in array array['message', 'message_step', 'message_call'] loop
      part := parent || to_char(month, '"_"YYYY"_"MM');
      continue when to_regclass(quote_ident(part)) is not null;
      key := case parent when 'message' then 'id' else 'message_id' end;
      execute format('create table %I (like %I including defaults including storage)', part, parent);
      execute format('with moved as (delete from %I where %I >= %s and %I < %s returning *) insert into %I select * from moved',
        parent || '_default', key, low, key, high, part);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', parent, part, low, high);
      made := made + 1;
    end loop;
  end loop;
  return made;
end $$;
select make_message_partitions((now() at time zone 'UTC')::date, 3);
