package dev.serai.route;

import dev.serai.limit.Hold;
import dev.serai.limit.Standing;
import java.time.Duration;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** How the limits stand, in the headers that OpenAI has for it. */
final class RateHeaders {

  private RateHeaders() {}

  /** Writes those of the tightest limit on requests and of the tightest on tokens. */
  static void write(Message message, Call call) {
    if (call.holds.isEmpty() && call.refusedBy == null && hold(call) == null) {
      return;
    }
    write(message, call, "requests");
    write(message, call, "tokens");
  }

  private static void write(Message message, Call call, String unit) {
    Standing tightest = null;
    for (Hold hold : call.holds) {
      tightest = tighter(tightest, hold, unit);
    }
    tightest = tighter(tightest, hold(call), unit);
    Standing refused = call.refusedBy;
    if (refused != null && call.error != null && isOf(refused, unit)) {
      tightest = refused;
    }
    if (tightest != null) {
      message.setHeader("x-ratelimit-limit-" + unit, Long.toString(tightest.draw().limit()));
      message.setHeader("x-ratelimit-remaining-" + unit, Long.toString(tightest.remaining()));
      message.setHeader("x-ratelimit-reset-" + unit, text(tightest.reset()));
    }
  }

  private static @Nullable Hold hold(Call call) {
    return call.attempt == null ? null : call.attempt.hold;
  }

  private static @Nullable Standing tighter(
      @Nullable Standing tightest, @Nullable Hold hold, String unit) {
    Standing found = tightest;
    if (hold != null) {
      for (Standing standing : hold.standings()) {
        if (isOf(standing, unit) && (found == null || standing.remaining() < found.remaining())) {
          found = standing;
        }
      }
    }
    return found;
  }

  private static boolean isOf(Standing standing, String unit) {
    return standing.draw().measure().unit().equals(unit);
  }

  /** A time as OpenAI writes it: {@code 120ms}, {@code 1s}, {@code 6m0s}, {@code 2h0m0s}. */
  static String text(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return time.toMillis() == 0 ? "0s" : time.toMillis() + "ms";
    }
    long seconds = time.plusMillis(999).toSeconds();
    String text = seconds % 60 + "s";
    if (seconds >= 60) {
      text = seconds / 60 % 60 + "m" + text;
    }
    return seconds >= 3600 ? seconds / 3600 + "h" + text : text;
  }
}
