-- What every message costs before it is acknowledged.

-- Asked once for all the messages that are committed together. As before, always by the index: with the plan that is best
-- for an empty table, and is kept until the statistics are made anew, each message of the first minute would read the whole
-- table. One row for each place of the arrays, in their order; empty when nothing is known under the key.
create function known_messages(asked_senders text[], asked_control_ids text[]) returns setof message_key
  language plpgsql stable set enable_seqscan = off as $$
declare
  found_key message_key;
begin
  for i in 1 .. cardinality(asked_senders) loop
    select * into found_key from message_key where control_id = asked_control_ids[i] and sender = asked_senders[i];
    return next found_key;
  end loop;
end $$;

-- Whether the senders' document numbers have taken effect, in the order of the arrays.
create function document_numbers_taken(asked_senders text[], asked_numbers text[]) returns boolean[]
  language plpgsql stable set enable_seqscan = off as $$
declare
  taken boolean[] := array_fill(false, array[cardinality(asked_senders)]);
begin
  for i in 1 .. cardinality(asked_senders) loop
    taken[i] := exists (select 1 from certificate
      where sender = asked_senders[i] and document_number = asked_numbers[i] and stage <> 'FAILED');
  end loop;
  return taken;
end $$;

drop function known_message(text, text);
drop function document_number_taken(text, text);

-- A usual message and a usual request stay in their rows as they are: to pack two and three thousand bytes took a tenth of the
-- database's time, and saves about two of the two hundred kB that a certificate takes in the end. Larger ones are packed as
-- ever, and so is a partition that the retention writes anew.
alter table certificate set (toast_tuple_target = 8160);
do $$
declare
  part text;
begin
  for part in select inhrelid::regclass::text from pg_inherits where inhparent = 'message'::regclass loop
    execute format('alter table %s set (toast_tuple_target = 8160)', part);
  end loop;
end $$;

-- As in V4, and new partitions have the setting too, which "like" does not copy.
create or replace function make_message_partitions(first_month date, months integer) returns integer
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
      if parent = 'message' then
        execute format('alter table %I set (toast_tuple_target = 8160)', part);
      end if;
      execute format('with moved as (delete from %I where %I >= %s and %I < %s returning *) insert into %I select * from moved',
        parent || '_default', key, low, key, high, part);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', parent, part, low, high);
      made := made + 1;
    end loop;
  end loop;
  return made;
end $$;
