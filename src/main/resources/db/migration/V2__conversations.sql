-- The messages of conversations, as they were sent. The tenant stands first in the key: nobody
-- finds another's. Two replicas that answer in one conversation at the same time cannot both take
-- the same place in it.
CREATE TABLE chat_messages (
  tenant_id        VARCHAR(64)  NOT NULL,
  conversation_id  VARCHAR(128) NOT NULL,
  sequence         BIGINT       NOT NULL,
  role             VARCHAR(64)  NOT NULL,
  content          TEXT         NOT NULL,
  token_count      BIGINT       NOT NULL,
  request_id       VARCHAR(64)  NOT NULL,
  created_at       TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, sequence)
);

CREATE INDEX chat_messages_by_age ON chat_messages (created_at);
