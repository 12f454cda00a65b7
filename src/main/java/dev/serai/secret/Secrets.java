package dev.serai.secret;

import dev.serai.catalog.Secret;
import dev.serai.catalog.SecretSource;
import dev.serai.secret.Reference.Kind;
import dev.serai.telemetry.Redactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every secret of the configuration. One that is kept elsewhere is looked up at once, beside
 * whatever else is going on, and again after its time to live; as long as that fails the last value
 * serves.
 */
final class Secrets implements SecretSource, AutoCloseable {

  private static final Pattern PASSWORD =
      Pattern.compile("(?i)[?&;](?:ssl)?password=([^&;]+)|://[^/@]*:([^@/]+)@");
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Stores stores;
  private final SecretSettings settings;
  private final String vault;
  private final Redactor redactor;
  private final Map<Reference, Held> held = new ConcurrentHashMap<>();
  private final LongAdder failures = new LongAdder();
  private final SecretLog log = new SecretLog();
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("serai-secrets").factory());

  /**
   * Nothing is looked up yet.
   *
   * @param vault 1Password's, for secrets that are found by their name
   */
  Secrets(Stores stores, SecretSettings settings, String vault, Redactor redactor) {
    this.stores = stores;
    this.settings = settings;
    this.vault = vault;
    this.redactor = redactor;
  }

  @Override
  public @Nullable Secret secret(String name, @Nullable String written) {
    Held found = held(name, written == null || written.isBlank() ? null : written.strip());
    if (found != null) {
      return new Secret(() -> value(found));
    }
    if (written == null || written.isBlank()) {
      return null;
    }
    learn(written.strip());
    return new Secret(written.strip());
  }

  /** The secret that a setting names; null when it holds its secret itself, or there is none. */
  @Nullable Held held(String name, @Nullable String written) {
    Reference reference = written == null ? byName(name) : Reference.of(written);
    return reference == null
        ? null
        : held.computeIfAbsent(reference, r -> begin(new Held(name, r, written != null)));
  }

  @Nullable String value(Held secret) {
    return secret.value(settings.timeout().plus(GRACE));
  }

  private @Nullable Reference byName(String name) {
    return name.isEmpty() || !stores.onePassword()
        ? null
        : Reference.of(
            Kind.ONE_PASSWORD.prefix + vault + "/" + name + "/" + SecretStore.CREDENTIAL);
  }

  private Held begin(Held secret) {
    Thread.ofVirtual().name("serai-secret-look-up").start(() -> look(secret));
    return secret;
  }

  private void look(Held secret) {
    String reason = null;
    String value = null;
    try {
      value = usable(stores.of(secret.reference().kind()).fetch(secret.reference()));
      if (value == null && (secret.expected() || secret.value() != null)) {
        reason = "there is no such secret";
      }
    } catch (SecretStoreException e) {
      reason = e.reason();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "the gateway is stopping";
    } catch (RuntimeException e) {
      reason = "the look-up failed with a " + e.getClass().getSimpleName();
    }
    if (value != null) {
      learn(value);
    }
    if (reason != null) {
      failures.increment();
    }
    secret.looked(value, reason);
  }

  /** Without the line break that editors leave at an end. */
  private static @Nullable String usable(@Nullable String found) throws SecretStoreException {
    String value = found == null ? "" : found.strip();
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new SecretStoreException("the value has more than one line, or a control character");
    }
    return value.isEmpty() ? null : value;
  }

  private void learn(String value) {
    redactor.learn(value);
    learnPassword(value);
  }

  /** Of an address that holds a password, keeps the password from the log. */
  void learnPassword(String address) {
    for (MatchResult match : PASSWORD.matcher(address).results().toList()) {
      redactor.learn(match.group(1) == null ? match.group(2) : match.group(1));
    }
  }

  /**
   * Waits until everything that was asked for has been looked up, says what was found, and begins
   * to keep it up to date.
   */
  void ready() {
    Collection<Held> all = held.values();
    all.forEach(each -> each.await(settings.timeout().plus(GRACE)));
    if (stores.onePasswordWanted() && !stores.onePassword()) {
      log.noOnePassword();
    }
    log.tell(all, settings.ttl());
    if (!all.isEmpty()) {
      long pause = settings.ttl().toNanos();
      var unused =
          refresher.scheduleWithFixedDelay(this::refresh, pause, pause, TimeUnit.NANOSECONDS);
    }
  }

  private void refresh() {
    List<Thread> lookUps = new ArrayList<>();
    for (Held each : held.values()) {
      lookUps.add(Thread.ofVirtual().name("serai-secret-look-up").start(() -> look(each)));
    }
    try {
      for (Thread lookUp : lookUps) {
        lookUp.join();
      }
    } catch (InterruptedException e) {
      lookUps.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
      return;
    }
    log.tell(held.values(), settings.ttl());
    followers.forEach(Runnable::run);
  }

  /** Tells somebody whenever everything has been looked up again. */
  void follow(Runnable follower) {
    followers.add(follower);
  }

  /** Look-ups that gave nothing, since the start. */
  double failures() {
    return failures.sum();
  }

  /** Secrets whose latest look-up gave nothing, so that an older value serves, or none. */
  double stale() {
    return held.values().stream().filter(each -> each.trouble() != null).count();
  }

  @Override
  public void close() {
    refresher.shutdownNow();
    stores.close();
  }
}
