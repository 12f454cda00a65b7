-- Runs on H2 and on PostgreSQL. Row ids are time-ordered (see RowIds), so the primary key is also
-- the index by time; no other index is kept, because each one is paid for on every call.
CREATE TABLE llm_usage (
  id                       BIGINT PRIMARY KEY,
  request_id               VARCHAR(64)  NOT NULL,
  attempt                  SMALLINT     NOT NULL,
  replica                  INTEGER      NOT NULL,
  tenant_id                VARCHAR(64)  NOT NULL,
  entry                    VARCHAR(32)  NOT NULL,
  operation                VARCHAR(64)  NOT NULL,
  role_name                VARCHAR(64),
  target                   VARCHAR(128) NOT NULL,
  provider_name            VARCHAR(64)  NOT NULL,
  request_model            VARCHAR(255),
  upstream_model           VARCHAR(255) NOT NULL,
  response_model           VARCHAR(255),
  prompt_version           VARCHAR(64),
  streamed                 BOOLEAN      NOT NULL,
  cache_state              VARCHAR(16),
  state                    VARCHAR(16)  NOT NULL,
  error_type               VARCHAR(64),
  http_status              INTEGER,
  finish_reasons           VARCHAR(128),
  est_input_tokens         BIGINT       NOT NULL,
  est_output_tokens        BIGINT       NOT NULL,
  est_cost_nanos           BIGINT,
  input_tokens             BIGINT,
  output_tokens            BIGINT,
  cache_read_tokens        BIGINT,
  cache_write_tokens       BIGINT,
  reasoning_tokens         BIGINT,
  cost_nanos               BIGINT,
  cost_state               VARCHAR(16)  NOT NULL,
  provider_cost_nanos      BIGINT,
  price_version            VARCHAR(64),
  price_input_picos        BIGINT,
  price_output_picos       BIGINT,
  price_cache_read_picos   BIGINT,
  price_cache_write_picos  BIGINT,
  first_byte_micros        BIGINT,
  duration_micros          BIGINT,
  created_at               TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at             TIMESTAMP WITH TIME ZONE
);

-- What was answered or refused without a call, per hour.
CREATE TABLE usage_counts (
  day_hour     TIMESTAMP WITH TIME ZONE NOT NULL,
  tenant_id    VARCHAR(64)  NOT NULL,
  model        VARCHAR(255) NOT NULL,
  role_name    VARCHAR(64)  NOT NULL,
  entry        VARCHAR(32)  NOT NULL,
  cache_hits   BIGINT       NOT NULL,
  refused      BIGINT       NOT NULL,
  saved_nanos  BIGINT       NOT NULL,
  PRIMARY KEY (day_hour, tenant_id, model, role_name, entry)
);

-- Who is writing to llm_usage, and from which id on its rows may still be open.
CREATE TABLE replicas (
  id           VARCHAR(36) PRIMARY KEY,
  number       INTEGER NOT NULL UNIQUE,
  started_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_until  TIMESTAMP WITH TIME ZONE NOT NULL,
  open_from    BIGINT NOT NULL
);

CREATE SEQUENCE replica_numbers MINVALUE 0 MAXVALUE 1023 START WITH 0 CACHE 1 CYCLE;

-- Answers kept so that a request that comes again is not paid for again.
CREATE TABLE results (
  result_key           VARCHAR(64) PRIMARY KEY,
  tenant_id            VARCHAR(64)  NOT NULL,
  request_fingerprint  VARCHAR(128) NOT NULL,
  owner                VARCHAR(36)  NOT NULL,
  state                VARCHAR(16)  NOT NULL,
  body                 TEXT,
  created_at           TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at         TIMESTAMP WITH TIME ZONE
);
