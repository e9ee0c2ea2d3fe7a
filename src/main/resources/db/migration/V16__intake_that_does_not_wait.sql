-- How long what follows in the transaction waits for each lock that somebody else holds: then it fails, and its sender is
-- told to send again. One that is held for hours must not hold every intake.
create function wait_for_locks(patience_ms integer) returns integer
  language plpgsql volatile as $$
declare
  in_force text := set_config('lock_timeout', patience_ms || 'ms', true);
begin
  return patience_ms;
end $$;

-- As in V10, and it waits for locks no longer than it is told.
drop function take_messages(text[], text[], text[], text[], text[], bytea[], integer[], bytea[], bytea[], text[], text[], text[], text[], text[], text[], text, bigint[], text[], text[], text[], text[], text[], text[], text[], text[], timestamptz);
create function take_messages(
  patience_ms integer, senders text[], control_ids text[], protocols text[], peers text[], types text[], hashes bytea[], sizes integer[],
  raws bytea[], answers bytea[], states text[], all_faults text[], patients text[], nres text[], documents text[],
  fse_identifiers text[], revision text,
  numbers bigint[], certificate_senders text[], document_numbers text[], requests text[], families text[], givens text[],
  exemptions text[], diagnoses text[], signers text[], made timestamptz)
returns bigint[]
language plpgsql volatile as $$
declare
  stored_ids bigint[];
  new_ids bigint[];
  patience text := set_config('lock_timeout', patience_ms || 'ms', true);
begin
  with given as materialized (
    select i, new_message_id(now()) as id from unnest(senders) with ordinality as each (sender, i)),
  keys as (
    insert into message_key (message_id, sender, control_id, sha256, answer, accepted, certificate_number, document_id)
    select id, senders[i], control_ids[i], hashes[i], answers[i], all_faults[i] is null, numbers[i], documents[i]
    from given where control_ids[i] is not null
    on conflict (control_id, sender) do nothing returning message_id),
  new as materialized (
    select i, id from given where control_ids[i] is null or id in (select message_id from keys)),
  certificates as (
    insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id, set_id, version,
      request, patient_id, patient_family, patient_given, exemption_code, diagnosis_code, signer, made_at, config_revision)
    overriding system value
    select numbers[i], id, 'NEW', 'DA_FIRMARE', 'RECEIVED', certificate_senders[i], document_numbers[i], documents[i],
      documents[i], 1, requests[i], patients[i], families[i], givens[i], exemptions[i], diagnoses[i], signers[i], made,
      revision
    from new where numbers[i] is not null
    on conflict (sender, document_number) where stage <> 'FAILED' do nothing returning message_id),
  stored as materialized (
    select i, id from new where numbers[i] is null or id in (select message_id from certificates)),
  messages as (
    insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, answer, state, faults, patient_id,
      nre, document_id, fse_identifier, certificate_number, config_revision)
    select id, protocols[i], peers[i], senders[i], control_ids[i], types[i], hashes[i], sizes[i], raws[i],
      case when control_ids[i] is null then answers[i] end, states[i], all_faults[i]::jsonb, patients[i], nres[i],
      documents[i], fse_identifiers[i], numbers[i], revision
    from stored)
  select array_agg(stored.id order by i), array_agg(new.id order by i)
    into stored_ids, new_ids
    from given left join new using (i) left join stored using (i);
  if stored_ids is distinct from new_ids then
    -- the key of a message whose document number is taken: its acknowledgement is another one
    perform set_config('enable_seqscan', 'off', true);
    for i in 1 .. cardinality(new_ids) loop
      if new_ids[i] is not null and stored_ids[i] is null then
        delete from message_key k where k.control_id = control_ids[i] and k.sender = senders[i];
      end if;
    end loop;
  end if;
  return stored_ids;
end $$;

-- A document's messages are found by its certificate: its id has an index there, and each index here is paid by every message.
-- What is about a document and made no certificate (a notification of the gateway) is found here.
drop index message_document;
create index message_document on message (document_id) where document_id is not null and certificate_number is null;

-- Nobody asks by these, and to look at some thousands of them takes most of an analyze, which runs while messages come.
alter table certificate alter column request set statistics 0;
do $$
declare
  part text;
begin
  for part in select 'message' union all
      select inhrelid::regclass::text from pg_inherits where inhparent = 'message'::regclass loop
    execute format('alter table %s alter column raw set statistics 0, alter column answer set statistics 0, '
      'alter column sha256 set statistics 0', part);
  end loop;
end $$;
alter table message_key alter column answer set statistics 0, alter column sha256 set statistics 0;
