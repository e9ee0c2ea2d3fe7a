-- What is owed to AURA lies in the same outbox: an exemption takes the place of certificate and document.
alter table delivery
  add column exemption_id bigint,
  add column pratica text,
  alter column certificate_number drop not null,
  alter column document_id drop not null;
-- what there is already has both: the old rows need no second look
alter table delivery add constraint delivery_about check (
  case when destination = 'AURA' then exemption_id is not null and certificate_number is null and document_id is null
       else exemption_id is null and certificate_number is not null and document_id is not null end) not valid;
create index delivery_exemption on delivery (exemption_id) where exemption_id is not null;
create index delivery_pratica on delivery (pratica) where pratica is not null;

-- What was said to AURA and answered: searches of a doctor as well, which no message asked for. Passwords are blackened.
create table aura_call (
  id             bigint generated always as identity primary key,
  at             timestamptz not null default now(),
  operation      text not null,
  url            text not null,
  exemption_id   bigint,
  delivery_id    bigint,
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
  trace_id       text
);
create index aura_call_at on aura_call (at);
create index aura_call_delivery on aura_call (delivery_id, id) where delivery_id is not null;

-- A delivery to AURA that waits for a person has no message of its own; its exemption tells whose it is.
drop view dead_letter;
create view dead_letter as
  select 'D' || d.id as id, d.destination, d.action as step, d.state, d.last_code as code, d.last_words as words,
         d.last_answer as answer, d.attempts, d.updated_at as since, d.last_try_at, c.message_id, d.certificate_number,
         d.document_id, d.id as delivery_id, d.unknown as unknown_outcome, coalesce(d.trace_id, d.sent_trace) as trace_id,
         d.exemption_id
  from delivery d left join certificate c on c.number = d.certificate_number
  where d.state in ('FAILED', 'STOPPED') and d.closed_at is null
  union all
  select 'C' || c.number, 'HUB', case when exists (select 1 from document where document.id = c.document_id)
           then 'FIRMA' else 'DOCUMENTO' end,
         c.stage, c.failure_code, c.failure, null, greatest(c.step_failures, 1), c.updated_at, c.updated_at, c.message_id,
         c.number, c.document_id, null, false, null, null
  from certificate c
  where c.stage = 'FAILED' and c.closed_at is null and c.state not in ('SOSTITUITO', 'ANNULLATO');

-- A batch takes such deliveries too.
alter table batch_item
  alter column message_id drop not null,
  add column delivery_id bigint;
