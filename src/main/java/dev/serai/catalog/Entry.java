package dev.serai.catalog;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * One entry of a configuration file while it is read. A value that is missing or wrong becomes a
 * problem and is stood in for, so that reading goes on to the next problem.
 */
final class Entry {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern MODEL_ID = Pattern.compile("[A-Za-z0-9._:/@+-]{1,256}");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(10_000);

  /** The dearest price, in pico-dollars per token. */
  static final long MAX_PICOS = 10_000_000_000L;

  private static final BigDecimal MAX_FEE = BigDecimal.valueOf(100);
  private static final int NANOS_IN_USD = 9;
  private static final int PICOS_PER_TOKEN_IN_USD_PER_MILLION = 6;

  private final String where;
  private final List<String> problems;

  private Entry(String where, List<String> problems) {
    this.where = where;
    this.problems = problems;
  }

  /** A file, or the whole of it. */
  static Entry file(String folder, String name, List<String> problems) {
    return new Entry(folder + "/" + name, problems);
  }

  Entry at(String what) {
    return new Entry(where + ": " + what, problems);
  }

  void problem(String text) {
    problems.add(where + ": " + text);
  }

  String required(String name, @Nullable String value, String remedy) {
    String text = text(value);
    if (text == null) {
      problem(name + " is missing: " + remedy);
      return "";
    }
    return text;
  }

  String name(String name, @Nullable String value, String remedy) {
    return matching(NAME, name, value, remedy, "letters, digits, dots, dashes and underscores");
  }

  String modelId(String name, @Nullable String value, String remedy) {
    return matching(MODEL_ID, name, value, remedy, "letters, digits and . _ - : / @ +");
  }

  private String matching(
      Pattern pattern, String name, @Nullable String value, String remedy, String allowed) {
    String text = required(name, value, remedy);
    if (!text.isEmpty() && !pattern.matcher(text).matches()) {
      problem(name + " is not allowed (" + text + "): use " + allowed + " only");
    }
    return text;
  }

  int count(String name, @Nullable String value, int standard, int least, int most) {
    String text = text(value);
    if (text == null) {
      return standard;
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= least && count <= most) {
        return count;
      }
    } catch (NumberFormatException e) {
      // falls through: the same remedy as for a number out of range
    }
    problem(
        name + " is not usable (" + text + "): give a whole number from " + least + " to " + most);
    return standard;
  }

  @Nullable Integer optionalCount(String name, @Nullable String value) {
    return text(value) == null ? null : (Integer) count(name, value, 1, 1, Integer.MAX_VALUE);
  }

  BigDecimal decimal(
      String name, @Nullable String value, BigDecimal least, BigDecimal most, String remedy) {
    String text = required(name, value, remedy);
    if (text.isEmpty()) {
      return least;
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      problem(name + " is no number (" + text + "): " + remedy);
      return least;
    }
    if (number.signum() < 0) {
      problem(name + " is negative (" + text + "): " + remedy);
      return least;
    }
    if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
      problem(
          "%s is out of range (%s, allowed %s to %s): %s"
              .formatted(name, text, least.toPlainString(), most.toPlainString(), remedy));
      return least;
    }
    return number;
  }

  /** USD per million tokens, read as pico-dollars per token. */
  long price(String name, @Nullable String value) {
    String remedy = "give USD per million tokens, 0 or more";
    BigDecimal usd = decimal(name, value, BigDecimal.ZERO, MAX_PRICE, remedy);
    try {
      return usd.movePointRight(PICOS_PER_TOKEN_IN_USD_PER_MILLION).longValueExact();
    } catch (ArithmeticException e) {
      problem(name + " is too fine (" + text(value) + "): give at most six decimals");
      return 0;
    }
  }

  /** USD per call, read as nano-dollars; 0 when it is missing. */
  long fee(String name, @Nullable String value) {
    String text = text(value);
    String remedy = "give USD per call, 0 or more";
    BigDecimal usd = decimal(name, text == null ? "0" : text, BigDecimal.ZERO, MAX_FEE, remedy);
    try {
      return usd.movePointRight(NANOS_IN_USD).longValueExact();
    } catch (ArithmeticException e) {
      problem(name + " is too fine (" + text + "): give at most nine decimals");
      return 0;
    }
  }

  @Nullable Long optionalPrice(String name, @Nullable String value) {
    return text(value) == null ? null : (Long) price(name, value);
  }

  Duration duration(String name, @Nullable String value, Duration standard) {
    Duration duration = pause(name, value, standard);
    if (duration.isZero()) {
      problem(name + " is not more than 0 (" + text(value) + "): give a time such as 30s");
    }
    return duration;
  }

  /** A time that may be 0. */
  Duration pause(String name, @Nullable String value, Duration standard) {
    String text = text(value);
    if (text == null) {
      return standard;
    }
    try {
      Duration duration = DurationStyle.detectAndParse(text);
      if (!duration.isNegative()) {
        return duration;
      }
      problem(name + " is negative (" + text + "): give a time such as 30s");
    } catch (IllegalArgumentException | ArithmeticException e) {
      problem(name + " is no time (" + text + "): give one such as 30s, 500ms or 2m");
    }
    return standard;
  }

  /** An instant, or a day for its first instant in UTC; null when it is missing. */
  @Nullable Instant instant(String name, @Nullable String value) {
    String text = text(value);
    if (text == null) {
      return null;
    }
    try {
      return DAY.matcher(text).matches()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      problem(
          name
              + " is no instant and no day ("
              + text
              + "): give one such as 2024-10-01T00:00:00Z or 2024-10-01");
      return null;
    }
  }

  LocalDate date(String name, @Nullable String value) {
    String remedy = "give a day such as 2026-03-11";
    String text = required(name, value, remedy);
    try {
      return text.isEmpty() ? LocalDate.EPOCH : LocalDate.parse(text);
    } catch (DateTimeException e) {
      problem(name + " is no day (" + text + "): " + remedy);
      return LocalDate.EPOCH;
    }
  }

  boolean flag(String name, @Nullable String value) {
    String text = text(value);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      problem(name + " is not usable (" + text + "): give true or false");
    }
    return true;
  }

  /** YAML reads a bare {@code on} as true and {@code off} as false. */
  boolean onOff(String name, @Nullable String value, boolean standard) {
    return switch (text(value)) {
      case null -> standard;
      case "on", "true" -> true;
      case "off", "false" -> false;
      case String other -> {
        problem(name + " is not usable (" + other + "): give on or off");
        yield standard;
      }
    };
  }

  <E extends Enum<E>> E choice(String name, String value, Class<E> type, E standIn) {
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      if (word.equals(value.toLowerCase(Locale.ROOT))) {
        return constant;
      }
      known.add(word);
    }
    if (!value.isEmpty()) {
      problem(name + " is unknown (" + value + "): give " + String.join(", ", known));
    }
    return standIn;
  }

  /** The trimmed value; null when it is missing or blank. */
  static @Nullable String text(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
