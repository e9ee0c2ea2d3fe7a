-- What people are given of their exemptions: the attestato (all that are in force, made again at every change) and the
-- promemoria of one. A row is written with the change it tells of; the PDF is made from its snapshot afterwards. No
-- version is ever changed or removed.
create sequence exemption_document_number;
create table exemption_document (
  id           bigint generated always as identity primary key,
  kind         text not null,
  -- the same for all versions
  number       bigint not null,
  version      integer not null,
  patient_id   text collate "C" not null,
  -- the one that a promemoria is about; an attestato is about all of the person's
  exemption_id bigint,
  issued_on    date not null,
  -- all that the page says, in words
  snapshot     jsonb not null,
  state        text not null default 'TO_MAKE',
  pdf          bytea,
  sha256       bytea,
  made_at      timestamptz,
  -- counted before each try
  attempts     integer not null default 0,
  next_try_at  timestamptz not null default now(),
  failure      text,
  created_at   timestamptz not null default now(),
  constraint exemption_document_kinds check (kind in ('ATTESTATO', 'PROMEMORIA')),
  constraint exemption_document_states check (state in ('TO_MAKE', 'MADE')),
  constraint exemption_document_about check ((kind = 'PROMEMORIA') = (exemption_id is not null)),
  constraint exemption_document_made
    check ((state = 'MADE') = (pdf is not null and sha256 is not null and made_at is not null)),
  constraint exemption_document_versions unique (number, version)
);
create unique index exemption_document_attestato on exemption_document (patient_id, version) where kind = 'ATTESTATO';
create unique index exemption_document_promemoria on exemption_document (exemption_id, version) where kind = 'PROMEMORIA';
create index exemption_document_to_make on exemption_document (next_try_at) where state = 'TO_MAKE';
