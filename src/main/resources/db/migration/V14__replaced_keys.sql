-- Which key took the place of which: also of those that are gone, so that a budget of the new key
-- goes on counting what the old ones spent.
CREATE TABLE replaced_keys (
  key_id       VARCHAR(32) PRIMARY KEY,
  replaced_by  VARCHAR(32) NOT NULL
);

CREATE INDEX replaced_keys_by_next ON replaced_keys (replaced_by);

INSERT INTO replaced_keys SELECT id, replaced_by FROM gateway_keys WHERE replaced_by IS NOT NULL;
