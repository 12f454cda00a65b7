package dev.serai.budget;

/**
 * A budget in the period that is running.
 *
 * @param id of the period, as ledger rows name it
 * @param budget what is granted
 * @param span from when to when
 */
public record OpenPeriod(long id, Budget budget, Period.Span span) {}
