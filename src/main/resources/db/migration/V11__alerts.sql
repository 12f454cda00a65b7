-- Every alert that was ever fired. The unique key is what lets each fire once in its period, however
-- many replicas look and however often they start. Of alerts that no budget period belongs to, the
-- period is a day (UTC) and its id 0; the threshold is in percent, and 0 where there is none. What may
-- be spent (cap_nanos) is kept because an alert that a higher cap makes untrue may fire once more:
-- rearmed is then its own id, and 0 until then.
CREATE TABLE budget_alerts (
  id            BIGINT        PRIMARY KEY,
  message_id    VARCHAR(36)   NOT NULL,
  kind          VARCHAR(32)   NOT NULL,
  subject       VARCHAR(384)  NOT NULL,
  period        VARCHAR(8)    NOT NULL,
  period_start  TIMESTAMP WITH TIME ZONE NOT NULL,
  threshold     INTEGER       NOT NULL,
  message       VARCHAR(2000) NOT NULL,
  details       TEXT          NOT NULL,
  fired_at      TIMESTAMP WITH TIME ZONE NOT NULL,
  period_id     BIGINT        NOT NULL,
  cap_nanos     BIGINT        NOT NULL,
  rearmed       BIGINT        NOT NULL,
  UNIQUE (kind, subject, period, period_start, threshold, period_id, rearmed)
);

CREATE SEQUENCE alert_numbers START WITH 1 CACHE 1;

-- An alert on its way to one channel, the lowest urgency first. Whoever delivers it moves next_try on first: until then no
-- other replica takes it, and after that any one does.
CREATE TABLE alert_deliveries (
  alert_id      BIGINT        NOT NULL REFERENCES budget_alerts (id),
  channel       VARCHAR(16)   NOT NULL,
  urgency       INTEGER       NOT NULL,
  state         VARCHAR(16)   NOT NULL,
  attempts      INTEGER       NOT NULL,
  next_try      TIMESTAMP WITH TIME ZONE,
  delivered_at  TIMESTAMP WITH TIME ZONE,
  error         VARCHAR(200),
  PRIMARY KEY (alert_id, channel)
);

-- Of what was delivered or given up next_try is null, so that the index holds what is under way.
CREATE INDEX alert_deliveries_by_next_try ON alert_deliveries (channel, next_try);

-- Which periods are running is asked every second.
CREATE INDEX budget_periods_by_end ON budget_periods (ends_at);
