package dev.serai.secret;

import dev.serai.secret.StubServer.Answer;
import dev.serai.secret.StubServer.Request;
import java.util.Map;

/**
 * Vault's HTTP API of a KV engine of version 2 at {@code secret} and of version 1 at {@code old}.
 */
record VaultProtocol(String token, Map<String, String> kept) implements StubServer.Protocol {

  @Override
  public Answer answer(Request request) {
    if (!request.header("x-vault-token").equals(token)) {
      return new Answer(403, "{\"errors\":[\"permission denied\"]}");
    }
    String second = request.path().replaceFirst("^/v1/secret/data/", "secret/");
    String first = request.path().replaceFirst("^/v1/old/", "old/");
    if (kept.containsKey(second)) {
      return new Answer(
          200,
          "{\"request_id\":\"r\",\"lease_duration\":0,\"data\":{\"data\":{\"api_key\":\"%s\"},\"metadata\":{\"version\":3}}}"
              .formatted(kept.get(second)));
    }
    if (kept.containsKey(first)) {
      return new Answer(
          200,
          "{\"request_id\":\"r\",\"lease_duration\":2764800,\"data\":{\"api_key\":\"%s\"}}"
              .formatted(kept.get(first)));
    }
    return new Answer(404, "{\"errors\":[]}");
  }
}
