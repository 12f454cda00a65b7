package dev.serai.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.egress.EventSource;
import dev.serai.egress.UpstreamException;
import dev.serai.recall.Kept;
import dev.serai.recall.SharedStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SseBodyTest {
  private static final String CONTENT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
          + "\"total_tokens\":7}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private boolean cancelled;
  private boolean ready;

  @Test
  void gives_each_event_without_waiting_for_the_next() {
    SseBody body = body(false, ": wait\n\n", CONTENT, DONE);

    assertThat(reads(body)).containsExactly(": wait\n\n", CONTENT, DONE);
  }

  @Test
  void gives_everything_that_is_there_at_once() {
    ready = true;
    SseBody body = body(false, ": wait\n\n", CONTENT, DONE);

    assertThat(reads(body)).containsExactly(": wait\n\n" + CONTENT + DONE);
  }

  @Test
  void gives_an_event_in_pieces_to_a_small_buffer() {
    SseBody body = body(false, CONTENT);
    byte[] small = new byte[7];

    assertThat(body.read(small, 0, 7)).isEqualTo(7);
    assertThat(new String(small, UTF_8)).isEqualTo(CONTENT.substring(0, 7));
    assertThat(body.read()).isEqualTo(CONTENT.charAt(7));
    assertThat(String.join("", reads(body))).isEqualTo(CONTENT.substring(8));
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void hides_the_usage_that_the_caller_did_not_ask_for() {
    assertThat(reads(body(false, CONTENT, USAGE, DONE))).containsExactly(CONTENT, DONE);
  }

  @Test
  void adds_the_cost_to_the_usage_that_the_caller_asked_for() {
    List<String> events = reads(body(true, CONTENT, USAGE, DONE));

    assertThat(events).hasSize(3);
    assertThat(events.get(1)).contains("\"prompt_tokens\":3").contains("\"cost\":0.0000070");
  }

  @Test
  void ends_a_broken_stream_with_an_error_event() {
    List<String> events = reads(body(false, CONTENT, "break"));

    assertThat(events).hasSize(2);
    assertThat(events.get(1))
        .startsWith("data: {\"error\":{")
        .contains("\"code\":\"provider_timeout\"")
        .endsWith("\n\n");
  }

  @Test
  void closing_it_is_the_callers_leaving() {
    SseBody body = body(false, CONTENT, DONE);
    body.read();

    body.close();

    assertThat(cancelled).isTrue();
  }

  private SseBody body(boolean usageWanted, String... events) {
    Iterator<String> iterator = List.of(events).iterator();
    EventSource source =
        new EventSource() {
          @Override
          public byte @Nullable [] next() {
            String event = iterator.hasNext() ? iterator.next() : null;
            if ("break".equals(event)) {
              throw new UpstreamException(new Failure.Timeout(Phase.BETWEEN_BYTES), true);
            }
            return event == null ? null : event.getBytes(UTF_8);
          }

          @Override
          public boolean ready() {
            return ready;
          }

          @Override
          public void finish() {}

          @Override
          public void cancel() {
            cancelled = true;
          }
        };
    SharedStream.Observer indifferent =
        new SharedStream.Observer() {
          @Override
          public boolean event(byte[] event) {
            return false;
          }

          @Override
          public void ended(@Nullable List<byte[]> all) {}

          @Override
          public void broke(UpstreamException failure) {}
        };
    SharedStream stream = new SharedStream(source, indifferent, new Kept(10_000).each(10_000));
    return new SseBody(
        Objects.requireNonNull(stream.join()),
        usageWanted,
        usage -> BigDecimal.valueOf(usage.inputTokens() + usage.outputTokens(), 6).setScale(7),
        null);
  }

  private static List<String> reads(SseBody body) {
    List<String> reads = new ArrayList<>();
    byte[] buffer = new byte[4096];
    for (int n = body.read(buffer, 0, buffer.length);
        n >= 0;
        n = body.read(buffer, 0, buffer.length)) {
      reads.add(new String(buffer, 0, n, UTF_8));
    }
    return reads;
  }
}
