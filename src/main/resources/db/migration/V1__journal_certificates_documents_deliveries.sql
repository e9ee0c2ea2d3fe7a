-- The journal: every message in, its bytes, and the very answer it got. The row is the durable store: a message is
-- acknowledged only after this row and its effect (the certificate) are committed together.
create table message (
  id                 bigint generated always as identity primary key,
  received_at        timestamptz not null default now(),
  protocol           text not null,
  peer               text,
  sender             text not null,
  control_id         text,
  type               text not null,
  sha256             bytea not null,
  size               integer not null,
  raw                bytea not null,
  answer             bytea not null,
  state              text not null,
  faults             jsonb,
  patient_id         text,
  nre                text,
  document_id        text,
  fse_identifier     text,
  certificate_number bigint,
  booking_code       text,
  updated_at         timestamptz not null default now()
);
-- One effect for one sender and control id, whatever is sent again and whenever.
create unique index message_sender_control_id on message (sender, control_id) where control_id is not null;
create index message_received on message (received_at desc, id desc);
create index message_patient on message (patient_id) where patient_id is not null;
create index message_control_id on message (control_id);
create index message_document on message (document_id) where document_id is not null;
create index message_certificate on message (certificate_number) where certificate_number is not null;
create index message_open on message (state, updated_at) where state in ('ACCEPTED', 'PROCESSING');

create table message_step (
  id         bigint generated always as identity primary key,
  message_id bigint not null references message (id),
  name       text not null,
  at         timestamptz not null default now(),
  outcome    text not null,
  detail     text
);
create index message_step_message on message_step (message_id);

-- A certificate's number is the region's plain progressive.
create table certificate (
  number                 bigint generated always as identity primary key,
  message_id             bigint not null references message (id) deferrable initially deferred,
  action                 text not null,
  state                  text not null,
  stage                  text not null,
  sender                 text not null,
  document_number        text not null,
  document_id            text not null unique,
  set_id                 text not null,
  version                integer not null,
  replaces_document_id   text,
  request                text not null,
  patient_id             text not null,
  patient_family         text not null,
  patient_given          text not null,
  exemption_code         text,
  diagnosis_code         text,
  signer                 text,
  failure_code           text,
  failure                text,
  made_at                timestamptz not null,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);
-- The sender's own document number takes effect once, even under another message id.
create unique index certificate_document_number on certificate (sender, document_number) where stage <> 'FAILED';
create index certificate_patient on certificate (patient_id);
create index certificate_open on certificate (stage, updated_at) where stage not in ('PUBLISHED', 'FAILED', 'ENDED');

-- What was made from a certificate. The signed bytes are written once and never made again.
create table document (
  id                 text primary key,
  certificate_number bigint not null references certificate (number),
  root               text not null,
  set_id             text not null,
  version            integer not null,
  type_code          text not null,
  title              text not null,
  state              text not null,
  confidentiality    text not null,
  withheld           boolean not null,
  patient_oid        text not null,
  patient_id         text not null,
  author             text not null,
  custodian          text not null,
  visit_at           timestamptz not null,
  made_at            timestamptz not null,
  cda                bytea not null,
  cda_sha256         bytea not null,
  unsigned_pdf       bytea not null,
  signed_pdf         bytea,
  signed_sha256      bytea,
  signed_at          timestamptz,
  signer             text,
  warnings           text,
  fse_workflow_id    text,
  fse_validated_at   timestamptz,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now()
);
create index document_patient on document (patient_id, type_code);

-- The outbox: one row for each effect that an outside system owes us.
create table delivery (
  id               bigint generated always as identity primary key,
  destination      text not null,
  action           text not null,
  document_id      text not null,
  certificate_number bigint not null references certificate (number),
  state            text not null,
  attempts         integer not null default 0,
  next_try_at      timestamptz not null default now(),
  leased_until     timestamptz,
  payload          jsonb,
  trace_id         text,
  workflow_id      text,
  transaction_id   text,
  last_status      integer,
  last_code        text,
  last_answer      text,
  submission_id    text,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
create index delivery_due on delivery (destination, next_try_at) where state in ('WAITING', 'TAKEN');
create index delivery_document on delivery (document_id);
create index delivery_workflow on delivery (workflow_id) where workflow_id is not null;

-- Every read of a person's data, for the person who may ask.
create table audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default now(),
  actor      text not null,
  role       text,
  action     text not null,
  subject    text,
  object     text,
  outcome    text not null
);
create index audit_subject on audit (subject, at);
