package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.policy.TokenCounter;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTokensTest {
  private static final TokenCounter COUNTER = new TokenCounter();

  /** Far above what it takes; the figure that was measured is in bench/README.md. */
  private static final long MOST_NANOS = 1_000_000;

  /** What OpenAI answered as {@code prompt_tokens} to these messages. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gpt-5-nano  | user: Hello!                                                            | 8
          gpt-5-nano  | developer: Hello, I'm a developer!                                      | 12
          gpt-5-nano  | user: A bat and ball cost $1.10. Bat costs $1 more than ball. Ball cost? | 27
          gpt-5-mini  | system: Be helpful.;user: Tell me about Venus                           | 17
          gpt-4o-mini | system: You are a helpful assistant.;user: Hello!                       | 19
          """)
  void counts_plain_messages_as_openai_does(String model, String messages, long tokens) {
    ChatRequest request = chat(messages, "");

    assertThat(PromptTokens.count(request, model, COUNTER)).isEqualTo(tokens);
    assertThat(PromptTokens.exact(request, model, COUNTER)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-haiku-4-5", "o3", "serai-local"})
  void other_models_are_an_estimate(String model) {
    assertThat(PromptTokens.exact(chat("user: Hello!", ""), model, COUNTER)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],",
        "\"response_format\":{\"type\":\"json_object\"},"
      })
  void what_is_written_into_the_prompt_makes_it_an_estimate(String fields) {
    assertThat(PromptTokens.exact(chat("user: Hello!", fields), "gpt-4o", COUNTER)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"user\",\"name\":\"ann\",\"content\":\"a\"}",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}",
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]}"
      })
  void messages_that_are_not_plain_are_an_estimate(String message) {
    ChatRequest request = ChatRequest.parse(("{\"messages\":[" + message + "]}").getBytes(UTF_8));

    assertThat(PromptTokens.exact(request, "gpt-4o", COUNTER)).isFalse();
  }

  @Test
  void a_text_that_is_counted_in_pieces_is_an_estimate() {
    assertThat(PromptTokens.exact(chat("user: " + "a".repeat(65), ""), "gpt-4o", COUNTER))
        .isFalse();
    assertThat(PromptTokens.exact(chat("user: " + "a".repeat(64), ""), "gpt-4o", COUNTER)).isTrue();
    assertThat(PromptTokens.exact(chat("user: " + "é".repeat(65), ""), "gpt-4", COUNTER)).isFalse();
    assertThat(PromptTokens.exact(chat("user: " + "hi ".repeat(70_000), ""), "gpt-4o", COUNTER))
        .isFalse();
  }

  @Test
  void counts_each_input_of_an_embeddings_request() {
    EmbeddingRequest texts =
        EmbeddingRequest.parse(
            "{\"input\":[\"How do I reset my password?\",\"hello world\"]}".getBytes(UTF_8));
    EmbeddingRequest tokens = EmbeddingRequest.parse("{\"input\":[[1,2,3],[4]]}".getBytes(UTF_8));

    assertThat(PromptTokens.each(texts, "text-embedding-3-small", COUNTER)).containsExactly(7, 2);
    assertThat(PromptTokens.each(tokens, "text-embedding-3-small", COUNTER)).containsExactly(3, 1);
    assertThat(PromptTokens.exact(texts, "text-embedding-3-small", COUNTER)).isTrue();
    assertThat(PromptTokens.exact(texts, "amazon.titan-embed-text-v2:0", COUNTER)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "gpt-4-turbo"})
  void a_thousand_tokens_are_counted_in_less_than_a_millisecond(String model) {
    String text =
        IntStream.range(0, 1000)
            .mapToObj(i -> i % 7 == 0 ? "caravan" : "word")
            .collect(Collectors.joining(" "));
    ChatRequest request = chat("user: " + text, "");
    assertThat(PromptTokens.count(request, model, COUNTER)).isGreaterThanOrEqualTo(1000);

    long[] nanos = new long[300];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      PromptTokens.count(request, model, COUNTER);
      nanos[i] = System.nanoTime() - start;
    }
    long[] warm = Arrays.copyOfRange(nanos, 200, 300);
    Arrays.sort(warm);

    assertThat(warm[50]).isLessThan(MOST_NANOS);
  }

  private static ChatRequest chat(String messages, String fields) {
    String json =
        Arrays.stream(messages.split(";", -1))
            .map(message -> message.split(": ", 2))
            .map(parts -> "{\"role\":\"" + parts[0] + "\",\"content\":\"" + parts[1] + "\"}")
            .collect(Collectors.joining(","));
    return ChatRequest.parse(("{" + fields + "\"messages\":[" + json + "]}").getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"gpt-4o, true", "gpt-4o-mini, true", "claude-haiku-4-5, false", "o3, false"})
  void plain_text_is_no_more_than_counted_where_the_format_is_known(String model, boolean sure) {
    assertThat(PromptTokens.atMost(chat("user: Hello!", ""), model, COUNTER)).isEqualTo(sure);
    assertThat(
            PromptTokens.atMost(
                chat("user: Hello!", "\"tools\":[{\"type\":\"function\"}],"), model, COUNTER))
        .isFalse();
    assertThat(PromptTokens.atMost(chat("user: " + "a ".repeat(100_001), ""), model, COUNTER))
        .isFalse();
  }

  /** A high-detail image of GPT-4o mini is 2,833 + 8 x 5,667; 765 of it are counted already. */
  @Test
  void images_and_sound_may_be_more_than_counted() {
    ChatRequest request =
        ChatRequest.parse(
            ("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"},"
                    + "{\"type\":\"input_audio\",\"input_audio\":\""
                    + "A".repeat(198)
                    + "\"}]}]}")
                .getBytes(UTF_8));

    assertThat(PromptTokens.uncounted(request, "gpt-4o-mini")).isEqualTo(48_169 - 765 + 2);
    assertThat(PromptTokens.uncounted(request, "gpt-4o")).isEqualTo(4_000 - 765 + 2);
    assertThat(PromptTokens.uncounted(chat("user: hi", ""), "gpt-4o")).isZero();
  }

  @Test
  void a_file_is_as_long_as_its_bytes_allow_and_no_longer_than_the_model_takes() {
    ChatRequest sent = file("\"file_data\":\"" + "QUJD".repeat(1000) + "\"");
    ChatRequest named = file("\"file_id\":\"file-1\"");

    assertThat(PromptTokens.ofFiles(sent, null)).isBetween(8_000L, 8_100L);
    assertThat(PromptTokens.ofFiles(sent, 128_000)).isBetween(8_000L, 8_100L);
    assertThat(PromptTokens.ofFiles(sent, 5_000)).isEqualTo(5_000);
    assertThat(PromptTokens.ofFiles(named, 128_000)).isEqualTo(128_000);
    assertThat(PromptTokens.ofFiles(named, null)).isNull();
    assertThat(PromptTokens.ofFiles(chat("user: hi", ""), null)).isZero();
  }

  private static ChatRequest file(String field) {
    return ChatRequest.parse(
        ("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{"
                + field
                + "}}]}]}")
            .getBytes(UTF_8));
  }
}
