-- The two commits of a new booking, each in one call: between the first and the second lies what the CUP says, and nothing else
-- of what a caller waits for is worth a way to the database and back. As known_messages: always by the index, and with one plan.

-- What is recorded before anything goes out: the hold on the places, the booking, its command. RECORDED; or, with nothing
-- written, CHANGED when the person has other bookings than the rules have judged by, TAKEN when another request has its hand
-- on a place, GONE when somebody else works on the message.
create function record_booking(
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
  update message set booking_code = new_code where id = new_message;
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

-- A CUP's yes to a booking that is as it was recorded: the command ends, the booking stands, its message has its answer. False,
-- with nothing written, when anything has happened to it since; what is to be done then, the desk knows.
create function settle_booking(
  command bigint, booked text, recorded_revision bigint, new_filler text, new_lines jsonb, new_notes jsonb, new_ticket numeric,
  made timestamptz, said_code text, said_words text,
  of_message bigint, of_control text, of_sender text, new_answer bytea,
  step_names text[], step_times timestamptz[], step_outcomes text[], step_details text[], configuration text,
  called timestamptz, call_destination text, call_operation text, call_method text, call_url text, call_type text,
  call_size bigint, call_hash bytea, call_request bytea, call_answer_size bigint, call_answer_hash bytea, call_answer bytea,
  call_duration bigint, call_failure text, call_control text) returns boolean
  language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  perform 1 from booking where code = booked and revision = recorded_revision and state = 'UNKNOWN' for update;
  if not found then
    return false;
  end if;
  -- the next statement sees what others have committed before the lock was had
  if (select array_agg(id) from booking_command where booking = booked and state in ('WAITING', 'SENT', 'UNKNOWN'))
      is distinct from array[command] then
    return false;
  end if;
  if of_control is not null then
    update message_key set answer = new_answer, accepted = true
      where control_id = of_control and sender = of_sender and answer is null;
    if not found then
      return false;
    end if;
  end if;
  update booking_command set state = 'DONE', last_code = said_code, last_words = said_words, owner = null,
      leased_until = null, updated_at = now()
    where id = command;
  delete from booking_slot where booking = booked;
  update booking set revision = revision + 1, state = 'BOOKED', filler_code = new_filler, lines = new_lines, notes = new_notes,
      ticket = new_ticket, pending = null, updated_at = made
    where code = booked;
  delete from booking_call where message_id = of_message;
  insert into message_step (message_id, name, at, outcome, detail, config_revision)
    select of_message, name, at, outcome, detail, configuration
    from unnest(step_names, step_times, step_outcomes, step_details) as given (name, at, outcome, detail);
  insert into message_call (message_id, at, destination, operation, method, url, request_type, request_size, request_sha256,
      request, answer_size, answer_sha256, answer, duration_ms, failure, trace_id)
    values (of_message, called, call_destination, call_operation, call_method, call_url, call_type, call_size, call_hash,
      call_request, call_answer_size, call_answer_hash, call_answer, call_duration, call_failure, call_control);
  update message set state = 'BOOKED', faults = null, control_id = of_control,
      answer = case when of_control is null then new_answer end, booking_code = booked, updated_at = now()
    where id = of_message and state <> 'DISCARDED';
  return true;
end $$;
