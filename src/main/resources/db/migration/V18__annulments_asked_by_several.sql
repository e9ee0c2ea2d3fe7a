-- An annulment belongs to all who asked for it: the one of its messages that message_id names, the others that wait, and the
-- doctor, when he asked over REST himself.
alter table annulment add column doctor_asked boolean not null default false;
update annulment set doctor_asked = true where message_id is null;
