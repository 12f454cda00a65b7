package dev.serai.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

  @Test
  void leaves_ordinary_names_alone() {
    assertThat(LogText.safe("openai/gpt-4o:v1")).hasToString("openai/gpt-4o:v1");
  }

  @Test
  void lets_nobody_forge_a_line_or_a_field() {
    assertThat(LogText.safe("x\nrequest=1 \"é\u001b[0m")).hasToString("x_request_1____[0m");
  }

  @Test
  void cuts_what_is_long() {
    assertThat(LogText.safe("a".repeat(500))).hasSize(200);
  }
}
