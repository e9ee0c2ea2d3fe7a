-- What the editable folders held when a message was accepted, and when each of its steps was done.
alter table message add column config_revision text;
alter table message_step add column config_revision text;
alter table certificate add column config_revision text;
create table configuration_revision (
  revision      text primary key,
  first_seen_at timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  -- how often it was come upon: at each start, and when an edit was taken back
  times         integer not null default 1,
  -- path to the beginning of its hash
  files         jsonb not null
);
create index configuration_revision_seen on configuration_revision (last_seen_at);

-- A person's correction changes what a message is searched by; what it came with finds it too.
create table message_former_key (
  kind       text not null,
  value      text collate "C" not null,
  message_id bigint not null,
  primary key (kind, value, message_id)
);

-- The states there are: NoDeadEndsTest shows the way out of each.
alter table certificate add constraint certificate_stages
  check (stage in ('RECEIVED', 'DOCUMENT', 'AWAITING_SIGNATURE', 'SIGNED', 'PUBLISHED', 'FAILED', 'ENDED'));
alter table delivery add constraint delivery_states
  check (state in ('WAITING', 'TAKEN', 'DELIVERED', 'CONFIRMED', 'FAILED', 'STOPPED'));
alter table batch add constraint batch_states check (state in ('RUNNING', 'DONE', 'STOPPED'));
alter table batch_item add constraint batch_item_states check (state in ('PENDING', 'DONE', 'REFUSED'));
