package dev.serai.egress;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.serai.catalog.Provider;
import dev.serai.catalog.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The headers of every call to one provider, made anew when a secret in them has changed. */
final class CallHeaders {

  /** Headers, such as OpenAI-Organization, that belong to one account. */
  private static final Pattern ACCOUNT =
      Pattern.compile(
          "key|token|secret|auth|organi[sz]ation|project|account|cookie", CASE_INSENSITIVE);

  private final Provider provider;
  private final WireFormat format;
  private final List<Secret> secrets;
  private volatile Made latest;

  /** The headers, and the values of {@link #secrets} they were made of. */
  private record Made(List<String> values, Map<String, String> headers) {}

  CallHeaders(Provider provider, WireFormat format) {
    this.provider = provider;
    this.format = format;
    List<Secret> all = new ArrayList<>(provider.headers().values());
    if (provider.apiKey() != null) {
      all.add(provider.apiKey());
    }
    secrets = List.copyOf(all);
    latest = new Made(List.of(), Map.of());
  }

  /** As they are now; not to be changed. */
  Map<String, String> now() {
    Made made = latest;
    if (!current(made)) {
      made = make();
      latest = made;
    }
    return made.headers;
  }

  /** With a tenant's own key, and with nothing that names or opens the platform's account. */
  Map<String, String> with(Secret key) {
    Map<String, String> headers = new HashMap<>();
    provider
        .headers()
        .forEach(
            (name, secret) -> {
              if (secret.present() && !ACCOUNT.matcher(name).find()) {
                headers.put(name, secret.reveal());
              }
            });
    headers.putAll(format.headers(key));
    return headers;
  }

  private boolean current(Made made) {
    if (made.headers.isEmpty() || made.values.size() != secrets.size()) {
      return false;
    }
    for (int i = 0; i < secrets.size(); i++) {
      if (!made.values.get(i).equals(value(secrets.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private Made make() {
    List<String> values = secrets.stream().map(CallHeaders::value).toList();
    Map<String, String> headers = new HashMap<>();
    provider
        .headers()
        .forEach(
            (name, secret) -> {
              if (secret.present()) {
                headers.put(name, secret.reveal());
              }
            });
    Secret key = provider.apiKey();
    headers.putAll(format.headers(key != null && key.present() ? key : null));
    return new Made(values, headers);
  }

  private static String value(Secret secret) {
    return secret.present() ? secret.reveal() : "";
  }
}
