package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.chat.Failure;
import dev.serai.policy.TokenCounter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalUpstreamTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
  private static final TokenCounter COUNTER = new TokenCounter();

  private final LocalUpstream local = new LocalUpstream(Duration.ZERO, COUNTER, CLOCK);

  @Test
  void says_what_it_is_and_repeats_the_last_words_of_the_user() throws IOException {
    JsonNode answer = json(((Reply.Whole) local.send(ask("", false))).body());

    assertThat(content(answer)).contains("local model", "You said: How \"are\" you?");
    assertThat(answer.path("model").asText()).isEqualTo("serai-local");
    assertThat(answer.path("created").asLong()).isEqualTo(1_700_000_000);
    assertThat(answer.path("choices").path(0).path("finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void gives_the_same_answer_to_the_same_request() {
    byte[] first = ((Reply.Whole) local.send(ask("", false))).body();

    assertThat(((Reply.Whole) local.send(ask("", false))).body()).isEqualTo(first);
  }

  @Test
  void counts_the_tokens_honestly() throws IOException {
    JsonNode answer = json(((Reply.Whole) local.send(ask("", false))).body());

    long output = COUNTER.count(LocalUpstream.MODEL, content(answer));
    assertThat(answer.path("usage").path("completion_tokens").asLong()).isEqualTo(output);
    assertThat(answer.path("usage").path("prompt_tokens").asLong()).isBetween(15L, 30L);
  }

  @Test
  void streams_word_by_word_what_it_would_say_whole() throws IOException {
    String whole = content(json(((Reply.Whole) local.send(ask("", false))).body()));
    Reply.Live live =
        (Reply.Live) local.send(ask(",\"stream_options\":{\"include_usage\":true}", true));

    List<String> events = rest(live.events());

    StringBuilder said = new StringBuilder();
    for (String event : events.subList(0, events.size() - 1)) {
      JsonNode data = json(event.substring("data: ".length()).getBytes(UTF_8));
      said.append(data.path("choices").path(0).path("delta").path("content").asText(""));
    }
    assertThat(said).hasToString(whole);
    assertThat(events).hasSizeGreaterThan(whole.split(" ").length);
    assertThat(events).filteredOn(event -> event.contains("\"prompt_tokens\"")).hasSize(1);
    assertThat(events.getLast()).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void keeps_usage_to_itself_when_nobody_asks() {
    Reply.Live live = (Reply.Live) local.send(ask("", true));

    assertThat(rest(live.events())).noneMatch(event -> event.contains("\"prompt_tokens\""));
  }

  @Test
  void stops_when_it_is_cancelled() {
    LocalUpstream slow = new LocalUpstream(Duration.ofMinutes(1), COUNTER, CLOCK);
    EventSource events = ((Reply.Live) slow.send(ask("", true))).events();
    assertThat(events.next()).isNotNull();

    events.cancel();

    UpstreamException thrown = catchThrowableOfType(UpstreamException.class, events::next);
    assertThat(thrown.failure()).isEqualTo(new Failure.ClientGone());
  }

  @Test
  void a_stream_that_is_finished_gives_nothing_more() {
    EventSource events = ((Reply.Live) local.send(ask("", true))).events();
    events.next();

    events.finish();

    assertThat(events.next()).isNull();
  }

  private static UpstreamRequest ask(String fields, boolean stream) {
    String body =
        """
        {"model":"x","stream":%s%s,"messages":[{"role":"system","content":"Be kind."},\
        {"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},\
        {"role":"user","content":"How \\"are\\" you?"}]}\
        """
            .formatted(stream, fields);
    return new UpstreamRequest(
        "/chat/completions", body.getBytes(UTF_8), stream, "r-1", Duration.ofSeconds(10), 4096);
  }

  private static String content(JsonNode answer) {
    return answer.path("choices").path(0).path("message").path("content").asText();
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return new ObjectMapper().readTree(bytes);
  }

  private static List<String> rest(EventSource events) {
    List<String> all = new ArrayList<>();
    for (byte[] event = events.next(); event != null; event = events.next()) {
      all.add(new String(event, UTF_8));
    }
    return all;
  }
}
