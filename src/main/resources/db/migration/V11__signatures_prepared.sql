-- What a doctor is about to sign, while the OTP is under way. No PIN, no OTP and no authorisation of a provider is ever in here.
create table signature_preparation (
  -- what is signed, such as certificate/977: one at a time
  subject      text collate "C" primary key,
  provider     text not null,
  alias        text not null,
  -- how the OTP was sent; null for the provider's usual way
  delivery     text,
  doctor       text not null,
  pdf_sha256   bytea not null,
  -- what went into the signed attributes: the second half is made from the same values
  signing_at   timestamptz not null,
  chain        bytea not null,
  algorithm    text not null,
  content_size integer not null,
  reason       text,
  location     text,
  -- SHA-256 of the signed attributes: what the provider signs
  digest       bytea not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index signature_preparation_credential on signature_preparation (provider, alias);

-- When an OTP was last asked for: a credential is not flooded with them.
create table signature_otp_request (
  provider     text not null,
  alias        text not null,
  requested_at timestamptz not null,
  primary key (provider, alias)
);
