package dev.serai.ledger;

/**
 * What others are told of a row of the ledger.
 *
 * @param row as it stands
 * @param revision 1 when the row was closed, 2 when a settlement that came late corrected it
 */
public record UsageEvent(UsageRow row, int revision) {

  /** The same for the same event, however often it is published. */
  public String id() {
    return row.id() + "-" + revision;
  }
}
