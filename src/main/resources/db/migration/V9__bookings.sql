-- Bookings: their register, the commands that go to the CUPs, and the messages that wait for what a CUP says.

-- A booking's message has its key at once and its answer when the CUP has spoken.
alter table message_key alter column answer drop not null;

-- Messages under way, and those whose outcome came after the caller had gone. Short: a row goes with its answer.
create table booking_call (
  message_id   bigint primary key,
  -- null when the message is not known again by it
  control_id   text collate "C",
  sender       text collate "C" not null,
  -- who works on it, until when: after that a repetition may begin again, as long as nothing was recorded for a CUP
  owner        text not null,
  leased_until timestamptz not null,
  booking      text collate "C",
  -- what came of it after the caller was told "not known yet"; the answer is written when he asks again
  outcome      jsonb,
  created_at   timestamptz not null default now()
);

create sequence booking_number;
create table booking (
  code          text collate "C" primary key,
  message_id    bigint not null,
  revision      bigint not null default 1,
  state         text not null,
  azienda       text not null,
  filler_code   text,
  -- codice fiscale, STP, ENI or another identifier; names and birth date where there is none
  person        text not null,
  -- names and birth date, to find the same person under another identifier (R43); null when they are not known
  person_name   text,
  prescription_number text,
  patient       jsonb,
  prescription  jsonb,
  lines         jsonb not null,
  notes         jsonb,
  ticket        numeric(12, 2),
  -- first and last start of its lines
  starts_at     timestamptz,
  ends_at       timestamptz,
  pending       text,
  -- the booking that is revoked once this one stands
  replaces      text collate "C",
  origin        text not null,
  sender        text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint booking_states
    check (state in ('REQUESTED', 'UNKNOWN', 'BOOKED', 'REFUSED', 'REVOKED', 'DELETED', 'NO_SHOW'))
);
create index booking_person on booking (person, ends_at) where state in ('REQUESTED', 'UNKNOWN', 'BOOKED');
create index booking_anybody on booking (person);
create index booking_name on booking (person_name) where person_name is not null;
create index booking_filler on booking (azienda, filler_code) where filler_code is not null;
create index booking_undecided on booking (updated_at) where state in ('REQUESTED', 'UNKNOWN');

-- What CUPs are told: the outbox. A command's bytes are made once, before they first go out, and never change.
create sequence booking_command_number;
create table booking_command (
  id           bigint primary key,
  booking      text collate "C" not null references booking (code),
  -- the message that asked for it
  message_id   bigint not null,
  operation    text not null,
  azienda      text not null,
  control_id   text not null,
  bytes        bytea,
  -- WAITING: nothing went out. SENT: handed to the connection. UNKNOWN: no answer. The others are ends.
  state        text not null,
  -- the booking as it shall be
  target       jsonb not null,
  -- notices of the rules, to be told when the outcome comes late
  notices      jsonb,
  reason       text,
  -- code of the booking in whose favour this one is revoked
  in_favour_of text collate "C",
  attempts     integer not null default 0,
  next_try_at  timestamptz not null default now(),
  owner        text,
  leased_until timestamptz,
  last_code    text,
  last_words   text,
  -- a person was told that it takes too long
  given_up     boolean not null default false,
  closed_by    text,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  constraint booking_command_states
    check (state in ('WAITING', 'SENT', 'UNKNOWN', 'DONE', 'REFUSED', 'CLOSED'))
);
create unique index booking_command_in_flight on booking_command (booking) where state in ('SENT', 'UNKNOWN');
create index booking_command_open on booking_command (next_try_at) where state in ('WAITING', 'SENT', 'UNKNOWN');
create index booking_command_booking on booking_command (booking, id);
-- what a person has to look at
create index booking_command_stopped on booking_command (updated_at)
  where state = 'REFUSED' and in_favour_of is not null and closed_by is null;

-- Places that a command under way has its hand on; gone as soon as the CUP has said yes or no.
create table booking_slot (
  azienda text not null,
  agenda  text not null,
  start   timestamptz not null,
  booking text collate "C" not null,
  primary key (azienda, agenda, start)
);
create index booking_slot_booking on booking_slot (booking);
