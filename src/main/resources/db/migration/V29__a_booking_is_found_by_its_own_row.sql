-- As in V22, but the message is not touched before its end: one more version of it is one more entry in each of its indexes, and
-- the booking's own row says whose message it is. Who is told "not known yet", and who starts after a crash, writes the code.
create or replace function record_booking(
  new_code text, new_message bigint, attempt text,
  -- who, and what the rules knew of him: code and revision of each open booking ahead
  new_person text, judged_at timestamptz, but_not text, known_standing text[],
  aziende text[], agendas text[], starts timestamptz[],
  new_azienda text, new_person_name text, new_number text, new_patient jsonb, new_prescription jsonb, new_lines jsonb,
  new_notes jsonb, new_ticket numeric, first_start timestamptz, last_start timestamptz, new_replaces text, new_sender text,
  made timestamptz,
  new_command bigint, new_control text, new_bytes bytea, new_target jsonb, new_notices jsonb, new_reason text, new_owner text,
  lease double precision) returns text
  language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  standing text[];
  held integer;
begin
  if new_person <> '' then
    -- two bookings for one person at once see each other: the next statement sees all that was done before the lock was had
    perform pg_advisory_xact_lock(hashtextextended(new_person, 7361647));
    select coalesce(array_agg(code || '/' || revision order by code), '{}') into standing from booking
      where person = new_person and ends_at > judged_at and state in ('REQUESTED', 'UNKNOWN', 'BOOKED')
        and code is distinct from but_not;
    if standing <> known_standing then
      return 'CHANGED';
    end if;
  end if;
  insert into booking_slot (azienda, agenda, start, booking)
    select azienda, agenda, start, new_code from unnest(aziende, agendas, starts) as given (azienda, agenda, start)
    on conflict do nothing;
  get diagnostics held = row_count;
  if held < cardinality(aziende) then
    delete from booking_slot where booking = new_code;
    return 'TAKEN';
  end if;
  update booking_call set booking = new_code
    where message_id = new_message and owner = attempt and outcome is null and booking is null;
  if not found then
    delete from booking_slot where booking = new_code;
    return 'GONE';
  end if;
  insert into booking (code, message_id, revision, state, azienda, person, person_name, prescription_number, patient,
      prescription, lines, notes, ticket, starts_at, ends_at, pending, replaces, origin, sender, created_at, updated_at)
    values (new_code, new_message, 1, 'UNKNOWN', new_azienda, new_person, new_person_name, new_number, new_patient,
      new_prescription, new_lines, new_notes, new_ticket, first_start, last_start, 'BOOK', new_replaces, 'SOVRACUP',
      new_sender, made, made);
  insert into booking_command (id, booking, message_id, operation, azienda, control_id, bytes, state, target, notices, reason,
      attempts, owner, leased_until)
    values (new_command, new_code, new_message, 'BOOK', new_azienda, new_control, new_bytes, 'SENT', new_target, new_notices,
      new_reason, 1, new_owner, clock_timestamp() + make_interval(secs => lease));
  return 'RECORDED';
end $$;
