package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One recorded exchange with a provider.
 *
 * @param headers of the response, without those that only describe its transport
 * @param body of the response as it was, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Cassette(
    String name,
    String provider,
    String method,
    String path,
    JsonNode request,
    int status,
    Map<String, String> headers,
    byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TRANSPORT =
      Set.of("content-length", "transfer-encoding", "content-encoding", "connection", "date");

  /** Every {@code *.json} below the folder, sorted by path. */
  public static List<Cassette> folder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Cassette::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One file; {@code body} is text, {@code body_b64} any bytes. */
  public static Cassette read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      JsonNode response = root.required("response");
      Map<String, String> headers = new LinkedHashMap<>();
      response
          .path("headers")
          .properties()
          .forEach(
              header -> {
                if (!TRANSPORT.contains(header.getKey())) {
                  headers.put(header.getKey(), header.getValue().asText());
                }
              });
      byte[] body =
          response.hasNonNull("body_b64")
              ? Base64.getDecoder().decode(response.path("body_b64").asText())
              : response.path("body").asText().getBytes(StandardCharsets.UTF_8);
      return new Cassette(
          root.required("name").asText(),
          root.required("provider").asText(),
          root.required("method").asText(),
          root.required("path").asText(),
          root.required("request"),
          response.required("status").asInt(),
          headers,
          body);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** True for a chat completion in OpenAI's dialect. */
  public boolean openAiChat() {
    return Set.of("openai", "openrouter").contains(provider) && path.endsWith("/chat/completions");
  }

  /** True for an embeddings request in OpenAI's dialect. */
  public boolean openAiEmbeddings() {
    return Set.of("openai", "openrouter").contains(provider) && path.endsWith("/embeddings");
  }

  /** True for a message in Anthropic's dialect. */
  public boolean anthropicChat() {
    return provider.equals("anthropic") && path.endsWith("/messages");
  }

  /** True for a conversation in Bedrock's dialect. */
  public boolean bedrockChat() {
    return provider.equals("bedrock") && path.contains("/converse");
  }

  /** True when the answer is a stream of server-sent events. */
  public boolean streaming() {
    return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
  }

  /** The answer's events, each with its blank line. */
  public List<byte[]> events() {
    return events(body);
  }

  /** Cuts a stream into its events, each with its blank line ({@code \n\n}). */
  public static List<byte[]> events(byte[] stream) {
    List<byte[]> events = new ArrayList<>();
    for (String event : new String(stream, StandardCharsets.UTF_8).split("(?<=\n\n)", -1)) {
      if (!event.isEmpty()) {
        events.add(event.getBytes(StandardCharsets.UTF_8));
      }
    }
    return events;
  }

  /** The JSON of an event; a missing node for a comment and for {@code [DONE]}. */
  public static JsonNode data(byte[] event) {
    String text = new String(event, StandardCharsets.UTF_8).strip();
    try {
      return JSON.readTree(
          text.startsWith("data:") && !text.endsWith("[DONE]") ? text.substring(5) : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The usage that the provider reported; null when it reported none. */
  public @Nullable Tokens tokens() {
    JsonNode usage = JSON.missingNode();
    for (byte[] part : streaming() ? events() : List.<byte[]>of()) {
      JsonNode here = data(part).path("usage");
      usage = here.isObject() ? here : usage;
    }
    if (!streaming() && status == 200) {
      usage = json(body).path("usage");
    }
    return usage.isObject()
        ? new Tokens(
            usage.path("prompt_tokens").asLong(),
            usage.path("completion_tokens").asLong(),
            usage.path("prompt_tokens_details").path("cached_tokens").asLong(),
            usage.path("completion_tokens_details").path("reasoning_tokens").asLong())
        : null;
  }

  private static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return provider + "/" + name;
  }
}
