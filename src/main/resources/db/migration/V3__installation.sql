-- Random values of this installation, the same for all replicas; see Installation.
CREATE TABLE installation (
  name        VARCHAR(64) PRIMARY KEY,
  random_hex  VARCHAR(64) NOT NULL
);
