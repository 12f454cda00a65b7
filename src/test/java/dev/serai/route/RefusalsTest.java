package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
  @ParameterizedTest
  @CsvSource({
    "408, 504, provider_timeout",
    "504, 504, provider_timeout",
    "409, 502, provider_error",
    "500, 502, provider_error",
    "503, 502, provider_error",
  })
  void a_provider_that_waited_in_vain_is_a_timeout(int theirs, int ours, String code) {
    ApiError error = Refusals.of(new Failure.ServerError(theirs));

    assertThat(error.status()).isEqualTo(ours);
    assertThat(error.code()).isEqualTo(code);
  }
}
