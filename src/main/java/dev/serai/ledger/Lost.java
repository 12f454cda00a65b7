package dev.serai.ledger;

/** What happens to rows whose owners were not told that they are durable. */
interface Lost {
  /** Nothing: their calls leave all the same. */
  Lost KEPT =
      new Lost() {
        @Override
        public void neverStored(long id) {}

        @Override
        public void maybeStored(long id) {}
      };

  /** The row is certainly not in the database. */
  void neverStored(long id);

  /** The row is, or may be, in the database although its call does not leave. */
  void maybeStored(long id);
}
