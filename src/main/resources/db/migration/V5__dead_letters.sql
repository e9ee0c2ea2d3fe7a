-- What operators do with what could not be done, and what keeps the hub from trying it for ever. Nothing here refers to the
-- table message but by its number.

alter table delivery
  -- the person's deliveries keep their order where a route asks for it
  add column patient_id  text,
  -- tries that ended with the process that made them
  add column interrupted integer not null default 0,
  -- a person, or a later action, has ended it: no dead letter any more
  add column closed_at   timestamptz,
  add column closed_by   text,
  -- of bytes that were made again before any of them went out
  add column obsolete    boolean not null default false;
update delivery set patient_id = document.patient_id from document where document.id = delivery.document_id;
update delivery set closed_at = updated_at where state = 'STOPPED' and advice is null;
create index delivery_patient_open on delivery (destination, patient_id, id) where state in ('WAITING', 'TAKEN');
create index delivery_dead on delivery (updated_at) where state in ('FAILED', 'STOPPED') and closed_at is null;

alter table certificate
  -- changes with each repair, replay and discard: two operators never overwrite each other
  add column revision      integer not null default 0,
  -- how often the step it stands before was begun, and how often it ended in a failure that may pass
  add column step_opened   integer not null default 0,
  add column step_failures integer not null default 0,
  add column next_step_at  timestamptz,
  add column closed_at     timestamptz,
  add column closed_by     text;
create index certificate_dead on certificate (updated_at) where stage = 'FAILED' and closed_at is null;

-- What waits for a person: a delivery that its destination or the number of tries has ended, a certificate that a step of
-- our own cannot get over. One that a newer version or an annulment has overtaken waits for nobody.
create view dead_letter as
  select 'D' || d.id as id, d.destination, d.action as step, d.state, d.last_code as code, d.last_words as words,
         d.last_answer as answer, d.attempts, d.updated_at as since, d.last_try_at, c.message_id, d.certificate_number,
         d.document_id, d.id as delivery_id, d.unknown as unknown_outcome, coalesce(d.trace_id, d.sent_trace) as trace_id
  from delivery d join certificate c on c.number = d.certificate_number
  where d.state in ('FAILED', 'STOPPED') and d.closed_at is null
  union all
  select 'C' || c.number, 'HUB', case when exists (select 1 from document where document.id = c.document_id)
           then 'FIRMA' else 'DOCUMENTO' end,
         c.stage, c.failure_code, c.failure, null, greatest(c.step_failures, 1), c.updated_at, c.updated_at, c.message_id,
         c.number, c.document_id, null, false, null
  from certificate c
  where c.stage = 'FAILED' and c.closed_at is null and c.state not in ('SOSTITUITO', 'ANNULLATO');

-- What an operator changed in a request: who, why, before, after.
create table repair (
  id                 bigint generated always as identity primary key,
  at                 timestamptz not null default now(),
  actor              text not null,
  message_id         bigint not null,
  certificate_number bigint not null references certificate (number),
  base_revision      integer not null,
  reason             text not null,
  before             text not null,
  after              text not null,
  diff               jsonb not null
);
create index repair_certificate on repair (certificate_number, id);

-- Each destination: a person's pause, and what was last known of it before a restart.
create table destination (
  name            text primary key,
  pause_reason    text,
  paused_by       text,
  paused_at       timestamptz,
  paused_until    timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure    text
);

-- Replays and discards of many messages under one name, one after the other at a given rate.
create table batch (
  name       text primary key,
  action     text not null,
  reason     text not null,
  per_minute integer not null,
  asked      jsonb not null,
  owner      text not null,
  created_at timestamptz not null default now(),
  ended_at   timestamptz,
  state      text not null,
  next_at    timestamptz not null default now()
);
create index batch_running on batch (next_at) where state = 'RUNNING';
create table batch_item (
  batch      text not null references batch (name),
  seq        integer not null,
  message_id bigint not null,
  state      text not null default 'PENDING',
  words      text,
  done_at    timestamptz,
  primary key (batch, seq)
);
create index batch_item_pending on batch_item (batch, seq) where state = 'PENDING';
