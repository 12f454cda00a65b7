package dev.serai.alert;

import dev.serai.catalog.Secret;
import dev.serai.catalog.SecretSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts alerts, signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says. A
 * status of 2xx is a delivery; redirects are not followed. No failure names the address, which may
 * itself be a secret.
 */
final class WebhookPost {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PREFIX = "whsec_";

  private final @Nullable Secret url;
  private final @Nullable Secret secret;
  private final AlertProperties.Format format;
  private final Duration timeout;
  private final Clock clock;
  private final HttpClient client;

  WebhookPost(AlertProperties.Webhook settings, SecretSource secrets, Clock clock) {
    this(settings, secrets, clock, TIMEOUT);
  }

  /** One that waits for another time than ten seconds. */
  WebhookPost(
      AlertProperties.Webhook settings, SecretSource secrets, Clock clock, Duration timeout) {
    url = secret("url", settings.url(), secrets);
    secret = secret("secret", settings.secret(), secrets);
    format = settings.format();
    this.timeout = timeout;
    this.clock = clock;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  private static @Nullable Secret secret(String setting, String written, SecretSource secrets) {
    try {
      return secrets.secret("", written);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "serai.alerts.webhook." + setting + " is not usable: " + e.getMessage(), e);
    }
  }

  /**
   * Returns when the receiver has taken it.
   *
   * @throws UndeliveredException when it has not
   */
  public void post(Delivery delivery) {
    if (url == null || !url.present() || (secret != null && !secret.present())) {
      throw new UndeliveredException("the address or the secret is not there");
    }
    HttpRequest request;
    try {
      request =
          request(delivery.alert(), uri(url.reveal()), secret == null ? null : secret.reveal());
    } catch (IllegalArgumentException e) {
      throw new UndeliveredException(Objects.requireNonNull(e.getMessage()));
    }
    int status = send(request);
    if (status < 200 || status > 299) {
      throw new UndeliveredException("status " + status);
    }
  }

  private HttpRequest request(Alert alert, URI address, @Nullable String key) {
    byte[] body = WebhookBody.of(alert, format);
    String id = alert.messageId();
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("User-Agent", "serai")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .POST(BodyPublishers.ofByteArray(body));
    if (key != null) {
      request.header("webhook-signature", signature(key(key), id, timestamp, body));
    }
    return request.build();
  }

  /** The request's own timeout covers its answer's head; this one the rest as well. */
  private int send(HttpRequest request) {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      throw new UndeliveredException("no answer in time");
    } catch (ExecutionException e) {
      throw new UndeliveredException(
          "no answer: " + (e.getCause() == null ? e : e.getCause()).getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UndeliveredException("the gateway is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * The address that is written.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it
   */
  static URI uri(String written) {
    URI uri;
    try {
      uri = URI.create(written.strip());
    } catch (IllegalArgumentException e) {
      throw noAddress();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw noAddress();
    }
    return uri;
  }

  private static IllegalArgumentException noAddress() {
    return new IllegalArgumentException(
        "serai.alerts.webhook.url is no http or https address: write it as" + " https://host/path");
  }

  /**
   * The key of a secret: what is base64 after {@code whsec_}, or the secret itself.
   *
   * @throws IllegalArgumentException when it is not base64 or nothing; the message does not repeat
   *     it
   */
  static byte[] key(String secret) {
    String written = secret.strip();
    if (!written.startsWith(PREFIX)) {
      return written.getBytes(StandardCharsets.UTF_8);
    }
    byte[] key = decoded(written.substring(PREFIX.length()));
    if (key.length == 0) {
      throw new IllegalArgumentException(
          "serai.alerts.webhook.secret begins with whsec_, and nothing follows");
    }
    return key;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "serai.alerts.webhook.secret begins with whsec_, and what follows is not base64");
    }
  }

  static String signature(byte[] key, String id, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HMAC-SHA256", e);
    }
  }
}
