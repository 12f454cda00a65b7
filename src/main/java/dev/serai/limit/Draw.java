package dev.serai.limit;

/**
 * What is to be taken of one limit.
 *
 * @param subject whose limit it is
 * @param measure which of its limits
 * @param limit how much there is in one window, 1 or more
 * @param amount how much is to be taken, 1 or more
 */
public record Draw(Subject subject, Measure measure, long limit, long amount) {

  /** Its bucket. */
  record Key(Subject subject, Measure measure) {
    String path() {
      return subject.path() + "/" + measure.label();
    }
  }

  Key key() {
    return new Key(subject, measure);
  }

  Draw of(long otherLimit, long otherAmount) {
    return new Draw(subject, measure, otherLimit, otherAmount);
  }
}
