-- What the rows of llm_usage add up to, hour by hour (UTC, counted from 1970), in the groups by
-- which reports ask. It is changed in the transactions that change the rows, and so equal to them
-- at every commit: a row counts from when it is no longer open, and one that was not sent never
-- does. Where a transaction changes several of them, it does so in the order of UsageKey.
CREATE TABLE usage_hours (
  epoch_hour          BIGINT       NOT NULL,
  tenant_id           VARCHAR(64)  NOT NULL,
  key_id              VARCHAR(64)  NOT NULL,
  account             VARCHAR(16)  NOT NULL,
  entry               VARCHAR(32)  NOT NULL,
  role_name           VARCHAR(64)  NOT NULL,
  target              VARCHAR(128) NOT NULL,
  provider_name       VARCHAR(64)  NOT NULL,
  upstream_model      VARCHAR(255) NOT NULL,
  requests            BIGINT       NOT NULL,
  input_tokens        BIGINT       NOT NULL,
  output_tokens       BIGINT       NOT NULL,
  cache_read_tokens   BIGINT       NOT NULL,
  cache_write_tokens  BIGINT       NOT NULL,
  reasoning_tokens    BIGINT       NOT NULL,
  cost_nanos          BIGINT       NOT NULL,
  unpriced            BIGINT       NOT NULL,
  estimated           BIGINT       NOT NULL,
  estimated_nanos     BIGINT       NOT NULL,
  unsettled           BIGINT       NOT NULL,
  unsettled_nanos     BIGINT       NOT NULL,
  failed              BIGINT       NOT NULL,
  PRIMARY KEY (epoch_hour, tenant_id, key_id, account, entry, role_name, target, provider_name,
               upstream_model)
);

INSERT INTO usage_hours
SELECT (id / 4194304 + 1704067200000) / 3600000 AS hour_of_id, tenant_id, COALESCE(key_id, ''),
       account, entry, COALESCE(role_name, ''), target, provider_name, upstream_model,
       count(*),
       COALESCE(sum(input_tokens), 0),
       COALESCE(sum(output_tokens), 0),
       COALESCE(sum(cache_read_tokens), 0),
       COALESCE(sum(cache_write_tokens), 0),
       COALESCE(sum(reasoning_tokens), 0),
       COALESCE(sum(cost_nanos), 0),
       sum(CASE WHEN cost_state = 'unpriced' THEN 1 ELSE 0 END),
       sum(CASE WHEN cost_state = 'estimated' THEN 1 ELSE 0 END),
       sum(CASE WHEN cost_state = 'estimated' THEN COALESCE(cost_nanos, 0) ELSE 0 END),
       sum(CASE WHEN state = 'unsettled' THEN 1 ELSE 0 END),
       sum(CASE WHEN state = 'unsettled' THEN COALESCE(cost_nanos, 0) ELSE 0 END),
       sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END)
  FROM llm_usage
 WHERE state NOT IN ('open', 'not_sent')
 GROUP BY hour_of_id, tenant_id, COALESCE(key_id, ''), account, entry, COALESCE(role_name, ''),
          target, provider_name, upstream_model;

-- The primary key begins with the hour: a tenant's month would be read among everybody's.
CREATE INDEX usage_hours_by_tenant ON usage_hours (tenant_id, epoch_hour);

-- What the rows had already of the time of a period when that began to count: they do not name it.
ALTER TABLE budget_periods ADD COLUMN begun_with_nanos BIGINT DEFAULT 0 NOT NULL;

-- The latest comparison of sums and rows: one line, and what differed.
CREATE TABLE reconciliation (
  next_hour    BIGINT,
  started_at   TIMESTAMP WITH TIME ZONE,
  finished_at  TIMESTAMP WITH TIME ZONE,
  -- When budget periods that began long ago were compared last, too.
  all_at       TIMESTAMP WITH TIME ZONE,
  hours        BIGINT NOT NULL,
  periods      BIGINT NOT NULL,
  differences  BIGINT NOT NULL,
  repaired     BIGINT NOT NULL
);
INSERT INTO reconciliation (hours, periods, differences, repaired) VALUES (0, 0, 0, 0);

CREATE TABLE reconciliation_differences (
  number      INTEGER       PRIMARY KEY,
  kind        VARCHAR(16)   NOT NULL,
  epoch_hour  BIGINT,
  subject     VARCHAR(1000) NOT NULL,
  by_rows     VARCHAR(400)  NOT NULL,
  kept        VARCHAR(400)  NOT NULL
);
