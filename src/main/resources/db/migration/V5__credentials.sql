-- What tenants pay providers with. Each credential is encrypted under a data key of its own, which
-- is wrapped by the key-encryption key of that name; tenant and provider are bound to both.
CREATE TABLE credentials (
  tenant_id    VARCHAR(64)   NOT NULL,
  provider     VARCHAR(64)   NOT NULL,
  kind         VARCHAR(16)   NOT NULL,
  hint         VARCHAR(16)   NOT NULL,
  key_name     VARCHAR(255)  NOT NULL,
  wrapped_key  BYTEA         NOT NULL,
  ciphertext   BYTEA         NOT NULL,
  created_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  -- The tenant where it is one of the table: its credentials go with it. Null for one of the files.
  goes_with    VARCHAR(64)   REFERENCES tenants (id) ON DELETE CASCADE,
  PRIMARY KEY (tenant_id, provider)
);

CREATE INDEX credentials_by_tenant ON credentials (goes_with);

-- Whose account at the provider paid ('platform' or 'tenant'), and the gateway key that called;
-- null where none did, as for files.
ALTER TABLE llm_usage ADD COLUMN account VARCHAR(16) DEFAULT 'platform' NOT NULL;
ALTER TABLE llm_usage ADD COLUMN key_id VARCHAR(64);
