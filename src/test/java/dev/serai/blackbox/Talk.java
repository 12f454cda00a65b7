package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Call;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** One conversation through the gateway, as a caller has it. */
record Talk(GatewayUnderTest gateway, String id) {
  static final String HEADER = "x-serai-conversation";

  /** A conversation that nobody has begun. */
  static Talk fresh(GatewayUnderTest gateway) {
    return new Talk(gateway, "talk:" + UUID.randomUUID());
  }

  /** Sends a request that is to be answered. */
  Answer say(String json, String... headers) {
    Answer answer = ask(json, headers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  Answer ask(String json, String... headers) {
    return gateway.chat(json, with(headers));
  }

  SseStream stream(String json, String... headers) {
    return gateway.stream(json, with(headers));
  }

  private String[] with(String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = HEADER;
    all[headers.length + 1] = id;
    return all;
  }

  Answer get() {
    return gateway.get("/v1/conversations/" + id);
  }

  Answer delete() {
    HttpRequest.Builder request = gateway.request("/v1/conversations/" + id);
    return gateway.send(request.DELETE());
  }

  /** What is stored: {@code role content} of each message. */
  List<String> stored() {
    return lines(get().json().path("messages"));
  }

  /** What the provider was sent: {@code role content} of each message. */
  static List<String> sent(Call call) {
    return lines(call.json().path("messages"));
  }

  private static List<String> lines(JsonNode messages) {
    return StreamSupport.stream(messages.spliterator(), false)
        .map(message -> message.path("role").asText() + " " + message.path("content").asText())
        .toList();
  }
}
