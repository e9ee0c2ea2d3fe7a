-- The first call for a booking: its message is stored, and the same way back brings what the register knows of the person, by
-- which the rules judge. A way to the database costs a caller more than what is done there.

-- What is known of a person: open bookings that lie ahead, were done since a day that may still spoil what comes, or are of one
-- prescription, by code; then, when asked for, (code null) persons like him, by identifier or by names and birth date,
-- of the latest bookings.
create function known_of_person(
  asked_person text, asked_name text, asked_number text, asked_at timestamptz, done_since timestamptz, and_alike boolean)
  returns table (code text, revision bigint, state text, azienda text, prescription_number text, created_at timestamptz,
    lines jsonb, origin text, patient jsonb, ahead boolean)
  language plpgsql stable set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  if asked_person = '' then
    return;
  end if;
  return query
    select code, revision, state, azienda, prescription_number, created_at, lines, origin, null::jsonb, ends_at > asked_at
    from booking
    where person = asked_person and state in ('REQUESTED', 'UNKNOWN', 'BOOKED')
      and (ends_at > done_since or prescription_number = asked_number)
    order by code;
  if not and_alike then
    return;
  end if;
  return query
    select distinct null, null::bigint, null, null, null, null::timestamptz, null::jsonb, null, patient, null::boolean
    from (
      (select patient from booking where person = asked_person order by created_at desc limit 20)
      union all
      (select patient from booking where person_name = asked_name order by created_at desc limit 20)) alike
    where patient is not null;
end $$;

-- Stores message and key, as long as the key is not known: one row that says so, and then what is known of the person. Otherwise
-- one row with what the key belongs to; none when it was freed in this very moment. On disk with the next commit of any kind.
create function begin_booking(
  new_protocol text, new_peer text, new_sender text, new_control text, new_type text, new_key_hash bytea, new_hash bytea,
  new_raw bytea, new_patient text, new_nre text, new_booking text, configuration text, attempt text, lease double precision,
  asked_person text, asked_name text, asked_number text, asked_at timestamptz, done_since timestamptz)
  returns table (message_id bigint, is_new boolean, sha256 bytea, code text, revision bigint, state text, azienda text,
    prescription_number text, created_at timestamptz, lines jsonb, origin text, patient jsonb, ahead boolean)
  language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  new_id bigint := new_message_id(now());
begin
  perform set_config('synchronous_commit', 'off', true);
  if new_control is not null then
    insert into message_key (control_id, sender, message_id, sha256, answer, accepted)
      values (new_control, new_sender, new_id, new_key_hash, null, true)
      on conflict do nothing;
    if not found then
      return query
        select k.message_id, false, k.sha256, null, null::bigint, null, null, null, null::timestamptz, null::jsonb, null,
          null::jsonb, null::boolean
        from known_messages(array[new_sender], array[new_control]) k where k.message_id is not null;
      return;
    end if;
  end if;
  insert into booking_call (message_id, control_id, sender, owner, leased_until)
    values (new_id, new_control, new_sender, attempt, clock_timestamp() + make_interval(secs => lease));
  insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, state, patient_id, nre, booking_code,
      config_revision)
    values (new_id, new_protocol, new_peer, new_sender, new_control, new_type, new_hash, length(new_raw), new_raw, 'PROCESSING',
      new_patient, new_nre, new_booking, configuration);
  return query
    select new_id, true, null::bytea, null, null::bigint, null, null, null, null::timestamptz, null::jsonb, null, null::jsonb,
      null::boolean;
  return query
    select new_id, true, null::bytea, k.*
    from known_of_person(asked_person, asked_name, asked_number, asked_at, done_since, true) k;
end $$;
