-- All that a group of messages needs before they are acknowledged, in one call: whether they are known, their ids, and the
-- rows of messages, keys and certificates. Acceptance calls it as a statement of its own, so its end is the commit.
--
-- The arrays have one place for each message. Without a number there is no certificate. Gives the ids of the messages, in
-- their order; null for those that were not stored because the key is known or the document number has taken effect.
--
-- Looked up by the index always, as in V8; planned once, for the plan is the same for every group.
create function take_messages(
  senders text[], control_ids text[], protocols text[], peers text[], types text[], hashes bytea[], sizes integer[],
  raws bytea[], answers bytea[], states text[], all_faults text[], patients text[], nres text[], documents text[],
  fse_identifiers text[], revision text,
  numbers bigint[], certificate_senders text[], document_numbers text[], requests text[], families text[], givens text[],
  exemptions text[], diagnoses text[], signers text[], made timestamptz)
returns bigint[]
language plpgsql volatile as $$
declare
  ids bigint[];
begin
  with given as materialized (
    select i, new_message_id(now()) as new_id from unnest(senders) with ordinality as each (sender, i)),
  keys as (
    insert into message_key (message_id, sender, control_id, sha256, answer, accepted, certificate_number, document_id)
    select new_id, senders[i], control_ids[i], hashes[i], answers[i], all_faults[i] is null, numbers[i], documents[i]
    from given where control_ids[i] is not null
    on conflict do nothing returning message_id),
  new as materialized (
    select i, new_id from given where control_ids[i] is null or new_id in (select message_id from keys)),
  certificates as (
    insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id, set_id, version,
      request, patient_id, patient_family, patient_given, exemption_code, diagnosis_code, signer, made_at, config_revision)
    overriding system value
    select numbers[i], new_id, 'NEW', 'DA_FIRMARE', 'RECEIVED', certificate_senders[i], document_numbers[i], documents[i],
      documents[i], 1, requests[i], patients[i], families[i], givens[i], exemptions[i], diagnoses[i], signers[i], made,
      revision
    from new where numbers[i] is not null),
  messages as (
    insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, answer, state, faults, patient_id,
      nre, document_id, fse_identifier, certificate_number, config_revision)
    select new_id, protocols[i], peers[i], senders[i], control_ids[i], types[i], hashes[i], sizes[i], raws[i],
      case when control_ids[i] is null then answers[i] end, states[i], all_faults[i]::jsonb, patients[i], nres[i],
      documents[i], fse_identifiers[i], numbers[i], revision
    from new)
  select array_agg(new.new_id order by given.i) from given left join new using (i) into ids;
  return ids;
end $$;
