-- How much money a tenant, a key, a role, a provider or the gateway may spend in a period. Those of
-- the configuration are not in here; a row stands in for the configured budget of the same subject.
CREATE TABLE budgets (
  scope        VARCHAR(16)  NOT NULL,
  id           VARCHAR(128) NOT NULL,
  limit_nanos  BIGINT       NOT NULL,
  period       VARCHAR(8)   NOT NULL,
  time_zone    VARCHAR(64)  NOT NULL,
  mode         VARCHAR(8)   NOT NULL,
  carry_over   BOOLEAN      NOT NULL,
  on_budget    VARCHAR(16)  NOT NULL,
  created_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (scope, id)
);

-- What is spent of a budget, and what is reserved for calls under way, period by period. The cap is
-- kept here: a reservation is an update that finds no row where it does not fit. In a transaction
-- that changes several of them they are changed in the order of their ids.
CREATE TABLE budget_periods (
  id              BIGINT       PRIMARY KEY,
  scope           VARCHAR(16)  NOT NULL,
  subject         VARCHAR(128) NOT NULL,
  starts_at       TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at         TIMESTAMP WITH TIME ZONE,
  hard            BOOLEAN      NOT NULL,
  limit_nanos     BIGINT       NOT NULL,
  carried_nanos   BIGINT       NOT NULL,
  spent_nanos     BIGINT       NOT NULL,
  reserved_nanos  BIGINT       NOT NULL,
  -- Of what is spent: by calls that began before every replica knew of the budget. It is added up
  -- again (rows from outside_from on) until recount_until has passed and those calls are over.
  outside_nanos   BIGINT       NOT NULL DEFAULT 0,
  outside_from    TIMESTAMP WITH TIME ZONE,
  recount_until   TIMESTAMP WITH TIME ZONE,
  UNIQUE (scope, subject, starts_at)
);

CREATE INDEX budget_periods_to_recount ON budget_periods (recount_until);

CREATE SEQUENCE budget_period_numbers START WITH 1 CACHE 1;

-- The budget periods, by id and separated by commas, in which this call's estimate is reserved and
-- its cost is spent; null where no budget applies.
ALTER TABLE llm_usage ADD COLUMN budgets VARCHAR(120);
