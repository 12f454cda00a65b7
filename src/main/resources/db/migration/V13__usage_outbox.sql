-- Usage events on their way to a broker: which revision of which row of llm_usage. Written in the
-- transaction that closes the row, deleted when the broker has the event, and claimed by one replica
-- at a time until then. Empty where no sink is configured.
CREATE TABLE usage_outbox (
  row_id         BIGINT  NOT NULL,
  revision       INTEGER NOT NULL,
  claimed_by     VARCHAR(36),
  claimed_until  TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (row_id, revision)
);
