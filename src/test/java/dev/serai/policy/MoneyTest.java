package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {
  @ParameterizedTest
  @CsvSource({
    "0, $0.00, 0.00",
    "1, $0.000000001, 0.000000001",
    "450, $0.00000045, 0.00000045",
    "100000, $0.0001, 0.0001",
    "1200000000, $1.20, 1.20",
    "1230000000, $1.23, 1.23",
    "1234567891, $1.234567891, 1.234567891",
    "120000000000, $120.00, 120.00",
    "-1200000000, -$1.20, -1.20",
    "9223372036854775807, $9223372036.854775807, 9223372036.854775807",
  })
  void prints_every_nano_dollar(long nanos, String text, BigDecimal usd) {
    assertThat(Money.text(nanos)).isEqualTo(text);
    assertThat(Money.usd(nanos)).isEqualTo(usd);
  }

  @ParameterizedTest
  @CsvSource({
    "0, $0.00",
    "0.0001, $0.0001",
    "1.25, $1.25",
    "0.00000042, $0.00000042",
    "0.000000001, $0.000000001",
    "0.0000000005, $0.000000001",
    "0.0000000004999, <$0.000000001",
    "-0.0000000004, <$0.000000001",
    "-1.5, -$1.50",
    "12.3456789014, $12.345678901",
    "1E+3, $1000.00",
  })
  void prints_an_amount_for_people_and_never_something_as_nothing(BigDecimal usd, String text) {
    assertThat(Money.text(usd)).isEqualTo(text);
  }
}
