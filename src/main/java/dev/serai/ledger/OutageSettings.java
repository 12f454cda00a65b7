package dev.serai.ledger;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the ledger does while the database is away or slow.
 *
 * @param failClosed which calls are refused while it is away; the rows of the others are kept in
 *     the local journal until it is back
 * @param awayBytes size that the journal may grow to by rows of such calls, in bytes; beyond it
 *     they are refused too. Memory of about the same size goes with it
 * @param mostUnwritten how many settlements may wait for a database that is there but slow, 1 or
 *     more; beyond it calls are refused
 */
@ConfigurationProperties("serai.ledger")
public record OutageSettings(
    @DefaultValue("always") FailClosed failClosed,
    @DefaultValue("268435456") long awayBytes,
    @DefaultValue("50000") int mostUnwritten) {

  /** The values above. */
  public static final OutageSettings DEFAULTS =
      new OutageSettings(FailClosed.ALWAYS, 256L << 20, 50_000);

  /** Refuses what cannot work. */
  public OutageSettings {
    if (awayBytes < 0) {
      throw new IllegalArgumentException("serai.ledger.away-bytes must be at least 0");
    }
    if (mostUnwritten < 1) {
      throw new IllegalArgumentException("serai.ledger.most-unwritten must be at least 1");
    }
  }
}
