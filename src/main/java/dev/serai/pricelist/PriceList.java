package dev.serai.pricelist;

import java.time.LocalDate;
import java.util.List;

/**
 * A price file that was read.
 *
 * @param source what kind of file it is, for {@code source}
 * @param day the file's own day: its prices are compared, and changed ones hold, as of then
 * @param offers the models with a price for tokens
 * @param passedOver what else is in it, each with the reason
 */
record PriceList(String source, LocalDate day, List<Offer> offers, List<String> passedOver) {}
