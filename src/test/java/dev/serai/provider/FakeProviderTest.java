package dev.serai.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeProviderTest {
  private static final String ASK = "{\"model\":\"m\",\"messages\":[]}";
  private static final String STREAM = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";
  private static final String STREAM_WITH_USAGE =
      """
      {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}\
      """;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final FakeProvider provider = FakeProvider.start();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void answers_with_usage_that_names_the_call() throws Exception {
    JsonNode first = json(ask(ASK));
    JsonNode second = json(ask(ASK));

    assertThat(first.path("usage").path("prompt_tokens").asInt()).isEqualTo(101);
    assertThat(second.path("usage").path("prompt_tokens").asInt()).isEqualTo(102);
    assertThat(second.path("id").asText()).isEqualTo(provider.calls().get(1).answerId());
    assertThat(second.path("model").asText()).isEqualTo("m");
  }

  @Test
  void records_what_arrived_and_what_went_out() throws Exception {
    ask(ASK);

    Call call = provider.calls().getFirst();
    assertThat(call.path()).isEqualTo("/v1/chat/completions");
    assertThat(new String(call.body(), UTF_8)).isEqualTo(ASK);
    assertThat(call.header("x-who")).isEqualTo("test");
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.tokens()).isEqualTo(new Tokens(101, 11, 1, 1));
    assertThat(call.complete()).isTrue();
    assertThat(call.clientLeft()).isFalse();
  }

  @Test
  void streams_word_by_word_and_gives_usage_only_when_asked() throws Exception {
    provider.byDefault(Behaviour.answer("one two"));

    List<byte[]> plain = Cassette.events(ask(STREAM).body());
    List<byte[]> counted = Cassette.events(ask(STREAM_WITH_USAGE).body());

    assertThat(plain).hasSize(5);
    assertThat(counted).hasSize(6);
    assertThat(Cassette.data(counted.get(4)).path("usage").path("prompt_tokens").asInt())
        .isEqualTo(102);
    assertThat(provider.calls()).extracting(Call::tokens).element(0).isNull();
  }

  @Test
  void keeps_the_connection_and_takes_a_chunked_body() throws Exception {
    ask(ASK);
    byte[] body = ASK.getBytes(UTF_8);
    HttpRequest chunked =
        request().POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))).build();

    HttpResponse<byte[]> response = CLIENT.send(chunked, BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(provider.calls().get(1).body()).isEqualTo(body);
  }

  @Test
  void plays_the_queue_first_and_then_the_default() throws Exception {
    provider.byDefault(Behaviour.status(500)).next(Behaviour.status(503), Behaviour.answer());

    assertThat(List.of(status(), status(), status())).containsExactly(503, 200, 500);
  }

  @Test
  void a_black_hole_sees_its_client_leave() {
    provider.byDefault(Behaviour.blackHole());

    assertThatThrownBy(
            () ->
                CLIENT.send(
                    request()
                        .timeout(Duration.ofMillis(200))
                        .POST(BodyPublishers.ofString(ASK))
                        .build(),
                    BodyHandlers.ofByteArray()))
        .isInstanceOf(HttpTimeoutException.class);

    await().until(() -> provider.calls().getFirst().clientLeft());
    assertThat(provider.calls().getFirst().status()).isZero();
  }

  @Test
  void a_paced_stream_stops_when_its_client_leaves() throws Exception {
    provider.byDefault(Behaviour.pacedStream(1000, Duration.ofMillis(20)));
    HttpResponse<InputStream> response =
        CLIENT.send(
            request().POST(BodyPublishers.ofString(STREAM)).build(), BodyHandlers.ofInputStream());
    response.body().readNBytes(300);
    response.body().close();

    await().until(() -> provider.calls().getFirst().clientLeft());
    assertThat(provider.calls().getFirst().eventsWhenClientLeft()).isBetween(1, 500);
    assertThat(provider.calls().getFirst().complete()).isFalse();
  }

  @Test
  void a_stall_ends_with_the_client() throws Exception {
    provider.byDefault(Behaviour.stallMidStream(3));
    HttpResponse<InputStream> response =
        CLIENT.send(
            request().POST(BodyPublishers.ofString(STREAM)).build(), BodyHandlers.ofInputStream());

    await().until(() -> provider.calls().getFirst().events() == 3);
    response.body().close();

    await().until(() -> provider.calls().getFirst().clientLeft());
    assertThat(provider.calls().getFirst().eventsWhenClientLeft()).isEqualTo(3);
  }

  @Test
  void a_cut_stream_is_an_error_for_its_client() {
    provider.next(
        Behaviour.cutMidStream(3), Behaviour.resetMidStream(3), Behaviour.disconnectBeforeAnswer());

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> ask(STREAM)).isInstanceOf(IOException.class);
    }

    assertThat(provider.calls()).hasSizeGreaterThanOrEqualTo(3).noneMatch(Call::complete);
  }

  @Test
  void a_cut_whole_answer_is_an_error_for_its_client() {
    provider.next(Behaviour.cutMidStream(3));

    assertThatThrownBy(() -> ask(ASK)).isInstanceOf(IOException.class);
  }

  @Test
  void refuses_as_told() throws Exception {
    provider.next(
        Behaviour.rateLimited(Duration.ofSeconds(7)),
        Behaviour.insufficientQuota(),
        Behaviour.errorInside200());

    HttpResponse<byte[]> limited = ask(ASK);
    HttpResponse<byte[]> broke = ask(ASK);
    HttpResponse<byte[]> inside = ask(ASK);

    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("retry-after")).hasValue("7");
    assertThat(broke.statusCode()).isEqualTo(429);
    assertThat(json(broke).path("error").path("code").asText()).isEqualTo("insufficient_quota");
    assertThat(inside.statusCode()).isEqualTo(200);
    assertThat(json(inside).has("error")).isTrue();
  }

  @Test
  void answers_rubbish_as_told() throws Exception {
    provider.next(Behaviour.rubbish(), Behaviour.truncatedJson(), Behaviour.errorInsideStream(2));

    assertThat(ask(ASK).headers().firstValue("content-type")).hasValue("text/html");
    HttpResponse<byte[]> half = ask(ASK);
    assertThatThrownBy(() -> json(half)).isInstanceOf(IOException.class);
    List<byte[]> events = Cassette.events(ask(STREAM).body());
    assertThat(Cassette.data(events.getLast()).path("error").path("code").asText())
        .isEqualTo("engine_failed");
  }

  @Test
  void waits_as_told() throws Exception {
    provider.next(
        Behaviour.slow(Duration.ofMillis(200)), Behaviour.slowFirstByte(Duration.ofMillis(200)));

    long start = System.nanoTime();
    ask(ASK);
    long afterSlow = System.nanoTime();
    ask(STREAM);

    assertThat(afterSlow - start).isGreaterThan(200_000_000L);
    assertThat(System.nanoTime() - afterSlow).isGreaterThan(200_000_000L);
  }

  @Test
  void counts_calls_that_overlap() {
    provider.byDefault(Behaviour.slow(Duration.ofMillis(300)));

    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        Stream.generate(
                () ->
                    CLIENT.sendAsync(
                        request().POST(BodyPublishers.ofString(ASK)).build(),
                        BodyHandlers.ofByteArray()))
            .limit(4)
            .toList();
    answers.forEach(CompletableFuture::join);

    assertThat(provider.peakInFlight()).isEqualTo(4);
    provider.reset();
    assertThat(provider.calls()).isEmpty();
    assertThat(provider.peakInFlight()).isZero();
  }

  @Test
  void other_paths_are_not_found() throws Exception {
    HttpResponse<byte[]> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(provider.baseUrl() + "/models")).build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(404);
  }

  @Test
  void replays_every_cassette_of_the_project_as_it_was_recorded() throws Exception {
    List<Cassette> cassettes = Cassette.folder(Path.of("src/test/cassettes"));

    assertThat(cassettes)
        .hasSizeGreaterThanOrEqualTo(30)
        .anyMatch(Cassette::openAiEmbeddings)
        .anyMatch(Cassette::anthropicChat);
    for (Cassette cassette : cassettes) {
      provider.next(Behaviour.cassette(cassette));
      HttpResponse<byte[]> response = ask(cassette.request().toString());
      assertThat(response.statusCode()).as(cassette.name()).isEqualTo(cassette.status());
      assertThat(response.body()).as(cassette.name()).isEqualTo(cassette.body());
    }
  }

  @Test
  void a_cassette_can_hold_bytes() throws Exception {
    Path file = Files.createTempFile("cassette", ".json");
    Files.writeString(
        file,
        """
        {"name":"n","provider":"bedrock","method":"POST","path":"/model/x/converse",\
        "request":{},"response":{"status":200,"headers":{"content-length":"2","x":"y"},\
        "body_b64":"AP8="}}\
        """);

    Cassette cassette = Cassette.read(file);

    assertThat(cassette.body()).containsExactly(0, 0xff);
    assertThat(cassette.headers()).isEqualTo(Map.of("x", "y"));
    assertThat(cassette.openAiChat()).isFalse();
    assertThat(cassette).hasToString("bedrock/n");
    Files.delete(file);
  }

  private int status() throws Exception {
    return ask(ASK).statusCode();
  }

  private HttpResponse<byte[]> ask(String body) throws IOException, InterruptedException {
    return CLIENT.send(
        request().POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create(provider.baseUrl() + "/chat/completions"))
        .header("x-who", "test")
        .timeout(Duration.ofSeconds(10));
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
