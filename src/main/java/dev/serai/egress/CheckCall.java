package dev.serai.egress;

import dev.serai.catalog.Provider;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.ProviderError;
import dev.serai.egress.Check.State;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One authenticated GET that shows whether a provider over HTTP can be used. */
final class CheckCall {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Bytes; what is longer is not read to its end. */
  private static final int ENOUGH = 1 << 20;

  private final Provider provider;
  private final Wire wire;
  private final Watchdog watchdog;

  CheckCall(Provider provider, Wire wire, Watchdog watchdog) {
    this.provider = provider;
    this.wire = wire;
    this.watchdog = watchdog;
  }

  /**
   * Makes it.
   *
   * @param path below the base URL, such as {@code /models}
   * @param headers those that carry the credential
   */
  Check get(String path, Map<String, String> headers) {
    if (!provider.usable()) {
      return Check.without(
          State.NO_CREDENTIAL,
          "There is no credential: set " + credential() + " for the gateway and start it again.");
    }
    Map<String, String> own = new HashMap<>(headers);
    own.put("Accept", "application/json");
    Wire.Call call = wire.get(URI.create(provider.baseUrl() + path), own);
    long start = System.nanoTime();
    Watchdog.Watch watch = watchdog.watch(call::cancel);
    Finding finding;
    try {
      watch.expect(Phase.WHOLE_ANSWER, time());
      finding = read(call);
    } catch (IOException e) {
      finding = watch.fired() == null ? broken(e) : late();
    } finally {
      watch.close();
    }
    Duration latency = Duration.ofNanos(System.nanoTime() - start);
    return new Check(finding.state, latency, finding.message);
  }

  private record Finding(State state, String message) {}

  private Duration time() {
    Duration attempt = provider.timeouts().attempt();
    return attempt.compareTo(LONGEST) < 0 ? attempt : LONGEST;
  }

  private String credential() {
    return provider.credentialName();
  }

  private String address() {
    return "serai.providers." + provider.id() + ".base-url";
  }

  private Finding read(Wire.Call call) throws IOException {
    boolean complete = false;
    Wire.@Nullable Response response = null;
    try {
      response = call.open();
      byte[] body = response.body().readNBytes(ENOUGH);
      complete = body.length < ENOUGH;
      return judge(response.status(), body);
    } finally {
      if (!complete) {
        call.cancel();
      }
      if (response != null) {
        response.release();
      }
    }
  }

  private Finding judge(int status, byte[] body) {
    if (ProviderError.read(status, body).insufficientQuota()) {
      return new Finding(
          State.QUOTA_EXCEEDED, "The account of " + credential() + " is out of credit: add some.");
    }
    return switch (status) {
      case 401, 403 ->
          new Finding(
              State.INVALID_KEY,
              "The target refuses the credential with status %d: replace %s, or give it its rights."
                  .formatted(status, credential()));
      case 404, 405 -> elsewhere(status);
      case 429 ->
          new Finding(State.RATE_LIMITED, "The target limits the rate: check again in a minute.");
      default -> status < 400 ? answered(status, body) : failed(status);
    };
  }

  private Finding answered(int status, byte[] body) {
    if (status >= 300 || !isObject(body)) {
      return elsewhere(status);
    }
    return new Finding(State.OK, "The target answers and takes the credential.");
  }

  private static boolean isObject(byte[] body) {
    for (byte b : body) {
      if (b > ' ') {
        return b == '{';
      }
    }
    return false;
  }

  private Finding elsewhere(int status) {
    return new Finding(
        State.WRONG_ADDRESS,
        "Something answers with status %d that is not the API: mend %s."
            .formatted(status, address()));
  }

  private static Finding failed(int status) {
    return new Finding(
        State.FAILED,
        "The target failed with status %d: check again later, and look at its status page."
            .formatted(status));
  }

  private Finding late() {
    return new Finding(
        State.TIMEOUT,
        "Nothing came within %d ms: check %s and the network."
            .formatted(time().toMillis(), address()));
  }

  private Finding broken(IOException e) {
    if (e instanceof Wire.NoneFreeException) {
      return new Finding(
          State.BUSY,
          "All connections are in use by calls: check again, or raise max-connections.");
    }
    Throwable cause = e instanceof Wire.NotSentException && e.getCause() != null ? e.getCause() : e;
    String what =
        switch (cause) {
          case UnknownHostException u -> "The host's name is not known";
          case SSLException s -> "No TLS connection can be made";
          default ->
              e instanceof Wire.NotSentException
                  ? "No connection can be made"
                  : "The connection broke";
        };
    return new Finding(
        State.UNREACHABLE, what + ": check " + address() + ", the network and its proxies.");
  }
}
