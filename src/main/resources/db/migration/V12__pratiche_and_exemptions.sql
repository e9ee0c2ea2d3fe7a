-- Pratiche: requests for an exemption, as the district of an ASL works them; and the exemptions issued by them.

-- The last progressive given, of each ASL and year. Its row is locked until the pratica is committed: no number is left out.
create table pratica_counter (
  asl  text not null,
  year integer not null,
  last bigint not null,
  primary key (asl, year)
);

create table pratica (
  number                  text primary key check (number ~ '^(19|20)\d{2}\d{6}\d{8}$'),
  asl                     text not null,
  state                   text not null check (state in ('INVIATA', 'IN_LAVORAZIONE', 'VALIDATA', 'RESPINTA', 'ANNULLATA')),
  -- "crea e valida": it was never anybody's to work on
  straight                boolean not null default false,
  certificate_number      bigint,
  certificate_annulled_at timestamptz,
  patient_id              text not null,
  family                  text not null,
  given                   text not null,
  birth_date              date,
  sex                     text,
  aura_id                 text,
  district                text,
  district_name           text,
  compiler_kind           text not null check (compiler_kind in ('MEDICO', 'UTENTE', 'DELEGATO')),
  compiler_fiscal_code    text,
  compiler_name           text,
  exemption_code          text not null,
  -- ICD-9-CM without the dot; null when there is none
  diagnosis_code          text,
  -- proposed until it is validated, then what was validated
  requested_end           date,
  unlimited               boolean not null,
  reason_code             text,
  beneficiary_note        text,
  internal_note           text,
  taken_by                text,
  -- what AURA was asked last, and what came of it
  aura_action             text check (aura_action in ('VALIDA', 'ANNULLA')),
  aura                    text check (aura in ('IN_ATTESA', 'COMPLETATA', 'RIFIUTATA')),
  aura_code               text,
  aura_words              text,
  exemption_id            bigint,
  revision                integer not null,
  created_at              timestamptz not null,
  updated_at              timestamptz not null
);
create index pratica_of_asl on pratica (asl, created_at desc, number desc);
create index pratica_of_compiler on pratica (compiler_fiscal_code, created_at desc, number desc);
create index pratica_of_patient on pratica (patient_id);
create index pratica_of_certificate on pratica (certificate_number) where certificate_number is not null;
-- A certificate justifies one exemption: two doctors' clicks in the same moment make one pratica.
create unique index pratica_certificate_used on pratica (certificate_number) where state not in ('RESPINTA', 'ANNULLATA');

-- One row for each revision of a pratica: who did what. Where the state changed it is a line of the cronologia.
create table pratica_event (
  pratica          text not null references pratica (number),
  revision         integer not null,
  at               timestamptz not null,
  move             text not null,
  from_state       text,
  state            text not null,
  -- codice fiscale; the user's or system's name where no person is known
  actor            text not null,
  actor_role       text,
  reason_code      text,
  beneficiary_note text,
  internal_note    text,
  words            text,
  primary key (pratica, revision)
);

create table pratica_attachment (
  id       bigint generated always as identity primary key,
  pratica  text not null references pratica (number),
  name     text not null,
  kind     text not null,
  size     integer not null,
  sha256   bytea not null,
  content  bytea not null,
  added_at timestamptz not null,
  added_by text not null,
  unique (pratica, sha256)
);

-- An exemption issued here, or on its way to AURA; a validation that is tried again after a refusal makes another one.
create table exemption (
  id                  bigint generated always as identity primary key,
  pratica             text not null references pratica (number),
  certificate         bigint,
  patient_fiscal_code text not null,
  aura_id             text,
  family              text not null,
  given               text not null,
  birth_date          date,
  sex                 text,
  asl                 text not null,
  issuer              text not null,
  issuer_role         text not null,
  -- a doctor issues for who lives in his ASL, a district for whom its ASL assists
  by_doctor           boolean not null,
  code                text not null,
  diagnosis           text,
  valid_from          date not null,
  valid_to            date,
  state               text not null check (state in ('PENDING', 'ACTIVE', 'ANNULLING', 'ANNULLED', 'REFUSED')),
  annulled_on         date,
  annulled_by         text,
  annulled_role       text,
  refusal_code        text,
  refusal             text,
  issued_at           timestamptz not null,
  updated_at          timestamptz not null,
  revision            integer not null
);
create index exemption_of_patient on exemption (patient_fiscal_code, id);
create index exemption_of_pratica on exemption (pratica);
