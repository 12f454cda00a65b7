package dev.serai.ledger;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What belongs to this installation and to no other: random values that are made at the first start
 * and are the same for all its replicas from then on.
 */
public final class Installation {

  private static final int BYTES = 32;

  private final JdbcClient jdbc;

  Installation(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The 32 random bytes of that name; made and stored when there are none.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public byte[] random(String name) {
    Optional<byte[]> stored = find(name);
    return stored.isPresent() ? stored.get() : make(name);
  }

  private byte[] make(String name) {
    byte[] fresh = new byte[BYTES];
    new SecureRandom().nextBytes(fresh);
    try {
      jdbc.sql("INSERT INTO installation (name, random_hex) VALUES (:name, :value)")
          .param("name", name)
          .param("value", HexFormat.of().formatHex(fresh))
          .update();
      return fresh;
    } catch (DuplicateKeyException e) {
      return find(name).orElseThrow(() -> e);
    }
  }

  private Optional<byte[]> find(String name) {
    return jdbc.sql("SELECT random_hex FROM installation WHERE name = :name")
        .param("name", name)
        .query(String.class)
        .optional()
        .map(HexFormat.of()::parseHex);
  }
}
