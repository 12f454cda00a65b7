-- Which replica is at which conversation: requests of one conversation take turns on all replicas
-- together. A hold is worth as much as its replica's lease.
CREATE TABLE conversation_holds (
  tenant_id        VARCHAR(64)  NOT NULL,
  conversation_id  VARCHAR(128) NOT NULL,
  replica          VARCHAR(36)  NOT NULL,
  request_id       VARCHAR(64)  NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
);
