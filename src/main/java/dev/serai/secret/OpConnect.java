package dev.serai.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A 1Password Connect server.
 *
 * @see <a href="https://developer.1password.com/docs/connect/api-reference/">its API</a>
 */
final class OpConnect implements SecretStore {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("[a-z0-9]{26}");

  private final URI host;
  private final String token;
  private final Duration limit;
  private final HttpClient client;

  OpConnect(URI host, String token, Duration limit) {
    this.host = host;
    this.token = token;
    this.limit = limit;
    this.client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(limit).build();
  }

  @Override
  public @Nullable String fetch(Reference reference)
      throws SecretStoreException, InterruptedException {
    String[] parts =
        reference.place().substring(Reference.Kind.ONE_PASSWORD.prefix.length()).split("/", -1);
    long deadline = System.nanoTime() + limit.toNanos();
    String vault = id("/v1/vaults", "name", parts[0], deadline);
    if (vault == null) {
      return null;
    }
    String items = "/v1/vaults/" + vault + "/items";
    String item = id(items, "title", parts[1], deadline);
    JsonNode whole = item == null ? null : get(items + "/" + item, deadline);
    String section = parts.length == 4 ? parts[2] : null;
    return whole == null ? null : field(whole, section, parts[parts.length - 1]);
  }

  private @Nullable String id(String path, String name, String value, long deadline)
      throws SecretStoreException, InterruptedException {
    if (value.contains("\"") || value.contains("\\")) {
      return null;
    }
    String filter = URLEncoder.encode(name + " eq \"" + value + "\"", UTF_8).replace("+", "%20");
    JsonNode found = get(path + "?filter=" + filter, deadline);
    if (found != null) {
      for (JsonNode each : found) {
        if (each.path(name).asText().equals(value)
            && ID.matcher(each.path("id").asText()).matches()) {
          return each.path("id").asText();
        }
      }
    }
    return ID.matcher(value).matches() ? value : null;
  }

  private static @Nullable String field(JsonNode item, @Nullable String section, String label) {
    for (JsonNode field : item.path("fields")) {
      boolean named =
          field.path("label").asText().equals(label) || field.path("id").asText().equals(label);
      if (named && field.hasNonNull("value") && in(item, field, section)) {
        return field.path("value").asText();
      }
    }
    return null;
  }

  private static boolean in(JsonNode item, JsonNode field, @Nullable String section) {
    String id = field.path("section").path("id").asText();
    if (section == null || id.equals(section)) {
      return true;
    }
    for (JsonNode each : item.path("sections")) {
      if (each.path("label").asText().equals(section) && each.path("id").asText().equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** Null for what is not there. */
  private @Nullable JsonNode get(String path, long deadline)
      throws SecretStoreException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(host + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .build();
    var answer = client.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response =
          answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return switch (response.statusCode()) {
        case 200 -> JSON.readTree(response.body());
        case 404 -> null;
        case 401, 403 ->
            throw new SecretStoreException("1Password Connect refuses the OP_CONNECT_TOKEN");
        default ->
            throw new SecretStoreException(
                "1Password Connect answers with status " + response.statusCode());
      };
    } catch (TimeoutException e) {
      throw new SecretStoreException(
          "1Password Connect did not answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new SecretStoreException("1Password Connect cannot be reached at OP_CONNECT_HOST");
    } catch (IOException e) {
      throw new SecretStoreException("1Password Connect does not answer in JSON");
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
