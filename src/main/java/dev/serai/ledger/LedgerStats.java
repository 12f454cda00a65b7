package dev.serai.ledger;

/**
 * The ledger in figures.
 *
 * @param waiting rows that wait for a transaction
 * @param rows rows stored since the start
 * @param commits transactions that stored them
 * @param open rows of this process that may be open in the database
 * @param unwritten settlements that are in the journal only
 * @param away whether the database is known to be away
 * @param awayRows rows that are in the journal only
 */
public record LedgerStats(
    int waiting, long rows, long commits, int open, int unwritten, boolean away, int awayRows) {}
