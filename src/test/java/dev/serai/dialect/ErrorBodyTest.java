package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorBodyTest {

  @Test
  void a_key_in_a_message_is_not_repeated() {
    String message = "There is no model sk-proj-0123456789abcdef: name one of GET /v1/models.";

    assertThat(new String(ErrorBody.json(message, "t", "p", "c"), UTF_8))
        .isEqualTo(
            "{\"error\":{\"message\":\"There is no model ***: name one of GET /v1/models.\","
                + "\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}}");
    assertThat(new String(ErrorBody.event(message, "t", null, null), UTF_8))
        .startsWith("data: ")
        .contains("model ***:");
  }
}
