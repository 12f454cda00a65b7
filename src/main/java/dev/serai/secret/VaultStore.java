package dev.serai.secret;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.vault.VaultException;
import org.springframework.vault.authentication.TokenAuthentication;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.VaultResponse;
import org.springframework.web.client.RestClientException;

/**
 * HashiCorp Vault's key-value engine, version 2 and 1. A path may be written as Vault's command
 * line takes it ({@code secret/serai}) or as its API does ({@code secret/data/serai}).
 */
final class VaultStore implements SecretStore {

  private final VaultTemplate vault;

  /**
   * Makes the client; nothing is called yet.
   *
   * @throws IllegalArgumentException when the address is none
   */
  VaultStore(URI address, String token, Duration limit) {
    SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
    requests.setConnectTimeout(limit);
    requests.setReadTimeout(limit);
    vault =
        new VaultTemplate(
            VaultEndpoint.from(address), requests, () -> new TokenAuthentication(token).login());
  }

  @Override
  public @Nullable String fetch(Reference reference) throws SecretStoreException {
    String path = reference.place();
    int mount = path.indexOf('/');
    Map<?, ?> fields = null;
    SecretStoreException failure = null;
    if (mount > 0 && !path.startsWith("data/", mount + 1)) {
      try {
        fields = read(path.substring(0, mount) + "/data" + path.substring(mount));
      } catch (SecretStoreException e) {
        failure = e;
      }
    }
    if (fields == null) {
      fields = read(path);
    }
    if (fields == null && failure != null) {
      throw failure;
    }
    Object value = fields == null ? null : fields.get(reference.field());
    return value == null ? null : value.toString();
  }

  /** Version 2 wraps the fields, beside their metadata; version 1 does not. */
  private @Nullable Map<?, ?> read(String path) throws SecretStoreException {
    try {
      VaultResponse response = vault.read(path);
      Map<String, Object> data = response == null ? null : response.getData();
      return data != null
              && data.get("data") instanceof Map<?, ?> wrapped
              && data.containsKey("metadata")
          ? wrapped
          : data;
    } catch (VaultException | RestClientException e) {
      throw new SecretStoreException(reason(e));
    } catch (RuntimeException e) {
      throw new SecretStoreException("Vault gives no readable answer");
    }
  }

  /** Vault's own words are not repeated: they could be about the token. */
  private static String reason(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("403")
        ? "Vault refuses VAULT_TOKEN, or the path to it"
        : e instanceof VaultException
            ? "Vault answers with an error"
            : "Vault cannot be reached at VAULT_ADDR";
  }
}
