package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateHeadersTest {

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "850,850ms",
    "1000,1s",
    "1001,2s",
    "59001,1m0s",
    "360000,6m0s",
    "7261000,2h1m1s"
  })
  void times_are_written_as_openai_does(long millis, String text) {
    assertThat(RateHeaders.text(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
