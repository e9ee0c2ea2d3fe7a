-- What every message asks before it is accepted, always by its index: with the plan that is best for an empty table, and is
-- kept until the statistics are made anew, each message of the first minute would read the whole table.
create function known_message(asked_sender text, asked_control_id text) returns message_key
  language plpgsql stable set enable_seqscan = off as $$
declare
  found_key message_key;
begin
  select * into found_key from message_key where control_id = asked_control_id and sender = asked_sender;
  return found_key;
end $$;

-- Whether the sender's document number has taken effect.
create function document_number_taken(asked_sender text, asked_number text) returns boolean
  language plpgsql stable set enable_seqscan = off as $$
begin
  return exists (select 1 from certificate
    where sender = asked_sender and document_number = asked_number and stage <> 'FAILED');
end $$;
