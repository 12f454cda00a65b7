package dev.serai.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the ledger writes.
 *
 * @param batchRows most rows in one transaction
 * @param gather while more than one row comes at a time, transactions are at least this far apart,
 *     for each costs as much as ten rows; a lone row never waits
 * @param queueRows most rows that wait for a transaction; beyond it calls are refused
 * @param openTimeout how long a call waits for its row before it is refused
 * @param lease after how long without renewal another replica closes this one's open rows
 * @param renewEvery how often the lease is renewed; well below the lease
 * @param sweepEvery how often rows of dead replicas and settlements left over are looked for
 * @param leftoverAfter how old an unwritten settlement is before the sweep writes it itself
 * @param changesEvery how often changes that other replicas made are looked for; positive
 * @param segmentBytes size of one file of the settlement journal, at least 64 KB
 */
@ConfigurationProperties("serai.ledger")
public record LedgerSettings(
    @DefaultValue("500") int batchRows,
    @DefaultValue("1ms") Duration gather,
    @DefaultValue("10000") int queueRows,
    @DefaultValue("10s") Duration openTimeout,
    @DefaultValue("30s") Duration lease,
    @DefaultValue("10s") Duration renewEvery,
    @DefaultValue("30s") Duration sweepEvery,
    @DefaultValue("30s") Duration leftoverAfter,
    @DefaultValue("250ms") Duration changesEvery,
    @DefaultValue("4194304") int segmentBytes) {

  /** The values above. */
  public static final LedgerSettings DEFAULTS =
      new LedgerSettings(
          500,
          Duration.ofMillis(1),
          10_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(250),
          4 << 20);

  /** Refuses what cannot work. */
  public LedgerSettings {
    if (batchRows < 1 || queueRows < 1) {
      throw new IllegalArgumentException(
          "serai.ledger.batch-rows and serai.ledger.queue-rows must be at least 1");
    }
    if (renewEvery.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "serai.ledger.renew-every must be shorter than serai.ledger.lease");
    }
    if (!changesEvery.isPositive()) {
      throw new IllegalArgumentException("serai.ledger.changes-every must be more than 0");
    }
    if (segmentBytes < 64 << 10) {
      throw new IllegalArgumentException("serai.ledger.segment-bytes must be at least 65536");
    }
  }
}
