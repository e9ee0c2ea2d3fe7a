-- What a doctor's key has signed, while the file still lacks what its level adds (a timestamp): the value is no secret, it
-- stands in the file afterwards.
alter table signature_preparation add column value bytea;

-- The certificate that has taken the place of the one a pratica rests upon.
alter table pratica add column certificate_replaced_by bigint;
