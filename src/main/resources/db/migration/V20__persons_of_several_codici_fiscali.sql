-- The identity in force that AURA last led a codice fiscale to. Two codici fiscali with the same one are one person.
create table person_identity (
  fiscal_code text primary key,
  aura_id     text not null,
  seen_at     timestamptz not null
);
create index person_identity_of_aura on person_identity (aura_id);
insert into person_identity (fiscal_code, aura_id, seen_at)
  select distinct on (patient_fiscal_code) patient_fiscal_code, aura_id, updated_at from exemption
  where aura_id is not null order by patient_fiscal_code, id desc;
-- Of the same name and day of birth: perhaps the same person, under the codice fiscale of before.
create index exemption_of_namesake on exemption (birth_date, family, given);
