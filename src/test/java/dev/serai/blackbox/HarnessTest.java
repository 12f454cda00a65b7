package dev.serai.blackbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools of the tests of this package, tried on the test provider alone. */
class HarnessTest {
  private final FakeProvider provider = FakeProvider.start();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void raw_http_reads_a_whole_answer() throws Exception {
    Answer answer = raw("{\"model\":\"m\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content()).isEqualTo("This is answer 1 of the test provider.");
  }

  @Test
  void raw_http_reads_a_chunked_answer() throws Exception {
    provider.byDefault(Behaviour.answer("one"));

    Answer answer = raw("{\"model\":\"m\",\"stream\":true}");

    assertThat(answer.header("content-type")).startsWith("text/event-stream");
    assertThat(answer.text()).startsWith("data: {").endsWith("data: [DONE]\n\n");
  }

  @Test
  void raw_http_reads_an_answer_that_comes_before_the_body_is_sent() throws Exception {
    byte[] megabyte = new byte[1024 * 1024];

    Answer answer =
        RawHttp.send(
            port(),
            "GET /v1/models HTTP/1.1\nContent-Length: 0",
            out -> {
              for (int i = 0; i < 50; i++) {
                out.write(megabyte);
              }
            });

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void an_error_is_recognised_by_status_code_and_shape() {
    byte[] body =
        "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}"
            .getBytes(StandardCharsets.UTF_8);
    Answer answer =
        new Answer(
            404, Map.of("content-type", "application/json", "x-serai-request-id", "r"), body);

    assertThat(answer.isError(404, "c").isError(404, "t").errorCode()).isEqualTo("c");
  }

  @Test
  void a_stream_is_read_event_by_event_and_can_be_left() throws Exception {
    provider.byDefault(Behaviour.pacedStream(100, Duration.ofMillis(50)));

    try (SseStream stream = stream()) {
      SseStream.Event role = requireNonNull(stream.nextData());
      SseStream.Event tick = requireNonNull(stream.nextData());
      assertThat(tick.content()).isEqualTo("tick ");
      assertThat(tick.nanos() - role.nanos()).isGreaterThan(10_000_000L);
    }

    Call call = provider.calls().getFirst();
    await().until(call::clientLeft);
    assertThat(call.eventsWhenClientLeft()).isBetween(2, 20);
  }

  @Test
  void the_end_of_a_stream_is_told_apart() throws Exception {
    provider.next(Behaviour.answer("a b"), Behaviour.errorInsideStream(2));

    try (SseStream good = stream();
        SseStream bad = stream()) {
      List<SseStream.Event> all = good.rest();
      List<SseStream.Event> broken = bad.rest();

      assertThat(all).hasSize(5);
      assertThat(all.getLast().done()).isTrue();
      assertThat(broken).hasSize(3);
      assertThat(broken.getLast().error()).isEqualTo("engine_failed");
    }
  }

  @Test
  void folders_show_what_comes_out(@TempDir Path home) throws Exception {
    Folders folders = Folders.of(home, "desk");
    folders.drop("a.md", "question");
    Files.createDirectories(folders.outbox());
    Files.writeString(folders.outbox().resolve("a.md"), "answer");
    Files.writeString(folders.outbox().resolve("a.md.json"), "{\"content\":\"answer\"}");

    assertThat(folders.answer("a.md")).isEqualTo("answer");
    assertThat(folders.sidecar("a.md").path("content").asText()).isEqualTo("answer");
    assertThat(folders.answered()).containsExactly("a.md", "a.md.json");
    assertThat(Folders.names(folders.inbox())).containsExactly("a.md");
    assertThat(Folders.names(folders.failed())).isEmpty();
  }

  @Test
  void together_runs_at_once_and_keeps_the_order() throws Exception {
    provider.byDefault(Behaviour.slow(Duration.ofMillis(300)));

    List<Integer> statuses =
        Together.run(
            5,
            i -> {
              try {
                return raw("{\"model\":\"m\"}").status() + i;
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    assertThat(statuses).containsExactly(200, 201, 202, 203, 204);
    assertThat(provider.peakInFlight()).isEqualTo(5);
  }

  private int port() {
    return URI.create(provider.baseUrl()).getPort();
  }

  private Answer raw(String body) throws IOException, InterruptedException {
    return RawHttp.send(
        port(),
        "POST /v1/chat/completions HTTP/1.1\nContent-Length: " + body.length(),
        out -> out.write(body.getBytes(StandardCharsets.UTF_8)));
  }

  private SseStream stream() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(provider.baseUrl() + "/chat/completions"))
            .POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}"))
            .build();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new SseStream(client.send(request, BodyHandlers.ofInputStream()));
  }
}
