package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Embedded;
import dev.serai.provider.FakeChroma;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vectors go into a Chroma collection as they come; bench/chroma does it with the real server. */
class ChromaTest {
  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(Map.of("serai.providers.openai.max-embedding-inputs", "2"));

  @Test
  void takes_a_providers_vectors_split_and_joined() throws Exception {
    assertTaken("{\"model\":\"text-embedding-3-small\",\"input\":[\"one\",\"two\",\"three\"]}", 4);
  }

  @Test
  void takes_the_local_models_vectors() throws Exception {
    assertTaken(
        "{\"model\":\"local/all-MiniLM-L6-v2\",\"input\":[\"one\",\"two\",\"three\"]}", 384);
  }

  @Test
  void refuses_what_is_no_vector() throws Exception {
    try (FakeChroma chroma = FakeChroma.start()) {
      assertThat(add(chroma, "{\"ids\":[\"a\"],\"embeddings\":[\"AAAA\"]}")).isEqualTo(422);
      assertThat(add(chroma, "{\"ids\":[\"a\"],\"embeddings\":[[1],[2]]}")).isEqualTo(422);
      assertThat(chroma.held()).isEmpty();
    }
  }

  private void assertTaken(String request, int dimensions) throws Exception {
    Answer answer = gateway.post("/v1/embeddings", request);
    ObjectNode payload = new ObjectMapper().createObjectNode();
    ArrayNode ids = payload.putArray("ids");
    ArrayNode embeddings = payload.putArray("embeddings");
    answer
        .json()
        .path("data")
        .forEach(
            item -> {
              ids.add("t" + item.path("index").asInt());
              embeddings.add(item.path("embedding"));
            });
    try (FakeChroma chroma = FakeChroma.start()) {
      int status = add(chroma, payload.toString());

      assertThat(status).isEqualTo(201);
      assertThat(chroma.held()).containsOnlyKeys("t0", "t1", "t2");
      assertThat(chroma.held().get("t2")).hasSize(dimensions);
      if (dimensions == 4) {
        assertThat(chroma.held().get("t2")).isEqualTo(Embedded.vector("three"));
      }
    }
  }

  private static int add(FakeChroma chroma, String payload) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(chroma.addUrl()))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(payload))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
