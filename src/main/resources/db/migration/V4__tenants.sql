-- Who may call. Tenants of config/tenants.yaml are not in here; an id belongs to one of the two.
CREATE TABLE tenants (
  id          VARCHAR(64)  PRIMARY KEY,
  name        VARCHAR(200) NOT NULL,
  tier        VARCHAR(16)  NOT NULL,
  created_at  TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

-- The keys that callers present, known by their SHA-256 only. A tenant's keys go with it.
CREATE TABLE gateway_keys (
  id          VARCHAR(32)  PRIMARY KEY,
  tenant_id   VARCHAR(64)  NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name        VARCHAR(200) NOT NULL,
  hash        VARCHAR(64)  NOT NULL UNIQUE,
  prefix      VARCHAR(16)  NOT NULL,
  allowed     TEXT         NOT NULL,
  expires_at  TIMESTAMP WITH TIME ZONE,
  replaced_by VARCHAR(32),
  created_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX gateway_keys_by_tenant ON gateway_keys (tenant_id);

-- What was changed through the admin API, by whom, without secrets. One row for a tenant is also
-- what keeps the development key shut when the last tenant is gone.
CREATE TABLE audit (
  id          BIGINT PRIMARY KEY,
  made_at     TIMESTAMP WITH TIME ZONE NOT NULL,
  actor       VARCHAR(200) NOT NULL,
  action      VARCHAR(64)  NOT NULL,
  kind        VARCHAR(32)  NOT NULL,
  subject     VARCHAR(255) NOT NULL,
  old_value   TEXT,
  new_value   TEXT
);

-- The number of the last change. It is raised before a change is written and stays locked until
-- that is committed, so that changes become visible in the order of their numbers; every replica
-- reads audit from the last number it knows.
CREATE TABLE change_number (
  last  BIGINT NOT NULL
);
INSERT INTO change_number (last) VALUES (0);
