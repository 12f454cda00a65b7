package dev.serai.admin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.springframework.stereotype.Component;

/**
 * How often the admin API is asked, and how often in vain. Memory is bounded: of addresses only so
 * many are known at a time, and the limit over all of them holds whether they are known or not.
 */
@Component
final class AdminLimits {

  private static final int ADDRESSES = 1000;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** How long an address counts as an operator's. */
  private static final Duration TRUSTED = Duration.ofHours(1);

  /** What a provider hands to one household: below it IPv6 addresses cost nothing. */
  private static final int IPV6_PREFIX_BYTES = 8;

  private final Bucket requests;
  private final Bucket failures;
  private final LoadingCache<String, Address> addresses;

  /** One address, or all of one IPv6 network. */
  private static final class Address {
    final Bucket failures;
    volatile long trustedUntil = Long.MIN_VALUE;

    Address(int failuresPerMinute) {
      failures = bucket(failuresPerMinute);
    }

    boolean trusted(long now) {
      return now < trustedUntil;
    }
  }

  AdminLimits(AdminProperties settings) {
    requests = bucket(settings.requestsPerMinute());
    failures = bucket(settings.failuresPerMinute());
    addresses =
        Caffeine.newBuilder()
            .maximumSize(ADDRESSES)
            .expireAfterAccess(TRUSTED)
            .build(name -> new Address(settings.failuresPerAddress()));
  }

  private static Bucket bucket(int perMinute) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, MINUTE))
        .build();
  }

  /**
   * Before a credential is looked at: too many wrong ones came from there, or from everywhere.
   *
   * @throws ApiException 429
   */
  void listen(String remoteAddress) {
    Address address = addresses.get(network(remoteAddress));
    refuseWithout(address.failures);
    if (!address.trusted(System.nanoTime() / MINUTE.toNanos())) {
      refuseWithout(failures);
    }
  }

  private static void refuseWithout(Bucket bucket) {
    var left = bucket.estimateAbilityToConsume(1);
    if (!left.canBeConsumed()) {
      throw tooMany(
          "Too many wrong admin credentials: try again after the time in Retry-After.",
          left.getNanosToWaitForRefill());
    }
  }

  /** A credential was wrong. Those that came at the same moment may be a few too many. */
  void failed(String remoteAddress) {
    addresses.get(network(remoteAddress)).failures.tryConsume(1);
    failures.tryConsume(1);
  }

  /**
   * A credential was right.
   *
   * @throws ApiException 429 when operators ask too often
   */
  void enter(String remoteAddress) {
    addresses.get(network(remoteAddress)).trustedUntil =
        System.nanoTime() / MINUTE.toNanos() + TRUSTED.toMinutes();
    var taken = requests.tryConsumeAndReturnRemaining(1);
    if (!taken.isConsumed()) {
      throw tooMany(
          "Too many admin requests: try again after the time in Retry-After, or have"
              + " serai.admin.requests-per-minute raised.",
          taken.getNanosToWaitForRefill());
    }
  }

  private static ApiException tooMany(String message, long nanos) {
    return new ApiException(
        ApiError.rateLimited(message, Duration.ofSeconds(Duration.ofNanos(nanos).toSeconds() + 1)));
  }

  /** The address as it is counted. */
  static String network(String remoteAddress) {
    try {
      InetAddress address = InetAddress.ofLiteral(remoteAddress);
      return address instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), IPV6_PREFIX_BYTES))
          : address.getHostAddress();
    } catch (IllegalArgumentException e) {
      return remoteAddress;
    }
  }
}
