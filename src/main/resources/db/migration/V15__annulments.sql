-- The annulment of a certificate: asked for by the doctor or by a message, and in force only with the signed "certificato
-- annullativo". One that was never signed itself needs no signature to end.
create table annulment (
  id                   bigint generated always as identity primary key,
  certificate_number   bigint not null references certificate (number),
  -- identifier of the certificato annullativo
  document_id          text not null unique,
  annulled_document_id text not null,
  -- RICHIESTO: its page is to be made, and in automatic mode signed; DA_FIRMARE: waits for its doctor; FIRMATO: in force;
  -- SENZA_FIRMA: in force, the certificate had never been signed; RITIRATO: will not be
  state                text not null,
  -- the message that asks; null when the doctor does, over REST
  message_id           bigint,
  asked_by             text not null,
  reason               text,
  unsigned_pdf         bytea,
  signed_pdf           bytea,
  signed_sha256        bytea,
  signed_at            timestamptz,
  signer               text,
  -- why the last try of a step came to nothing; the hub tries again at next_step_at
  failure_code         text,
  failure              text,
  step_failures        integer not null default 0,
  next_step_at         timestamptz,
  asked_at             timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  constraint annulment_states check (state in ('RICHIESTO', 'DA_FIRMARE', 'FIRMATO', 'SENZA_FIRMA', 'RITIRATO')),
  constraint annulment_signed check ((state = 'FIRMATO') = (signed_pdf is not null))
);
-- One at a time: who asks again gets the one that is there.
create unique index annulment_certificate on annulment (certificate_number) where state <> 'RITIRATO';
create index annulment_due on annulment (next_step_at) where state = 'RICHIESTO';
