-- How much a tenant, a key, a role, a provider or the gateway may use. Those of the configuration
-- are not in here; a row stands in for the configured limit of the same scope and id.
CREATE TABLE limits (
  scope                VARCHAR(16)  NOT NULL,
  id                   VARCHAR(128) NOT NULL,
  requests_per_minute  BIGINT,
  requests_per_day     BIGINT,
  tokens_per_minute    BIGINT,
  tokens_per_day       BIGINT,
  concurrency          BIGINT,
  PRIMARY KEY (scope, id)
);
