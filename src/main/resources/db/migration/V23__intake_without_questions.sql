-- The usual way of take_messages (V16), which stays for what is known already. New messages are most of all: nothing is asked
-- before, the rows are simply written, and a unique index turns the whole call away when a key or a document number is
-- known. Without the questions and the joins that follow from them a call costs the database about a seventh less.
--
-- Keys before certificates before messages: all who take messages together take locks in this order.
create function take_new_messages(
  patience_ms integer, senders text[], control_ids text[], protocols text[], peers text[], types text[], hashes bytea[], sizes integer[],
  raws bytea[], answers bytea[], states text[], all_faults text[], patients text[], nres text[], documents text[],
  fse_identifiers text[], revision text,
  numbers bigint[], certificate_senders text[], document_numbers text[], requests text[], families text[], givens text[],
  exemptions text[], diagnoses text[], signers text[], made timestamptz)
returns bigint[]
language plpgsql volatile as $$
declare
  ids bigint[];
  patience text := set_config('lock_timeout', patience_ms || 'ms', true);
begin
  for place in 1 .. cardinality(senders) loop
    ids[place] := new_message_id(now());
  end loop;
  insert into message_key (message_id, sender, control_id, sha256, answer, accepted, certificate_number, document_id)
    select id, senders[i], control_ids[i], hashes[i], answers[i], all_faults[i] is null, numbers[i], documents[i]
    from unnest(ids) with ordinality as each (id, i) where control_ids[i] is not null;
  insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id, set_id, version,
      request, patient_id, patient_family, patient_given, exemption_code, diagnosis_code, signer, made_at, config_revision)
    overriding system value
    select numbers[i], id, 'NEW', 'DA_FIRMARE', 'RECEIVED', certificate_senders[i], document_numbers[i], documents[i],
      documents[i], 1, requests[i], patients[i], families[i], givens[i], exemptions[i], diagnoses[i], signers[i], made,
      revision
    from unnest(ids) with ordinality as each (id, i) where numbers[i] is not null;
  insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, answer, state, faults, patient_id,
      nre, document_id, fse_identifier, certificate_number, config_revision)
    select id, protocols[i], peers[i], senders[i], control_ids[i], types[i], hashes[i], sizes[i], raws[i],
      case when control_ids[i] is null then answers[i] end, states[i], all_faults[i]::jsonb, patients[i], nres[i],
      documents[i], fse_identifiers[i], numbers[i], revision
    from unnest(ids) with ordinality as each (id, i);
  return ids;
end $$;
