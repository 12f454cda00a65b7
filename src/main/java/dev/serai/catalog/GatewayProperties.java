package dev.serai.catalog;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The gateway's own settings, below {@code serai}.
 *
 * @param home where the database, the inbox and the outbox are
 * @param adminKey opens the admin API; off when blank
 * @param deadline the time for one request, all attempts and waiting included
 * @param maxRequestSize the largest request body
 * @param maxRequestTime how long one request body may take to arrive
 * @param maxBufferedSize the most request bytes held at the same time, over all requests
 */
@ConfigurationProperties("serai")
public record GatewayProperties(
    @DefaultValue("./data") Path home,
    @DefaultValue("") String adminKey,
    @DefaultValue("300s") Duration deadline,
    @DefaultValue("20MB") DataSize maxRequestSize,
    @DefaultValue("30s") Duration maxRequestTime,
    @DefaultValue("256MB") DataSize maxBufferedSize,
    @DefaultValue Limits limits,
    @DefaultValue Cache cache,
    @DefaultValue Retry retry,
    @DefaultValue Files files,
    @DefaultValue Conversations conversations) {

  /**
   * How much at once.
   *
   * @param inFlight the most requests in flight for the whole gateway, 1 or more
   * @param perTenant the same for each tenant that has no figure of its own; 0 = no limit
   * @param queue how many may wait for a place, 0 or more
   * @param queuePerTenant how many of one tenant may wait for a place, 0 or more
   * @param queueWait how long one may wait
   * @param lease after how long without renewal other replicas take a place in Redis for free
   */
  public record Limits(
      @DefaultValue("2000") int inFlight,
      @DefaultValue("0") int perTenant,
      @DefaultValue("1000") int queue,
      @DefaultValue("500") int queuePerTenant,
      @DefaultValue("10s") Duration queueWait,
      @DefaultValue("30s") Duration lease) {}

  /**
   * The answer cache.
   *
   * @param maxSize how much is kept
   * @param maxEntrySize the largest answer that is kept
   * @param ttl how long an answer serves
   * @param mode for requests that name a model and no role
   */
  public record Cache(
      @DefaultValue("8MB") DataSize maxSize,
      @DefaultValue("4MB") DataSize maxEntrySize,
      @DefaultValue("1h") Duration ttl,
      @DefaultValue("on") CacheMode mode) {}

  /**
   * The pauses between attempts at one target.
   *
   * @param baseDelay before the first repetition; doubled for each further one
   * @param maxDelay the longest pause
   */
  public record Retry(
      @DefaultValue("1s") Duration baseDelay, @DefaultValue("30s") Duration maxDelay) {}

  /**
   * Conversations that callers name.
   *
   * @param keep how long a message is kept
   */
  public record Conversations(@DefaultValue("30d") Duration keep) {}

  /**
   * The watched folders.
   *
   * @param enabled whether they are watched
   * @param tenant who pays for them; may be left out while no tenant is configured
   * @param poll how often the inbox is looked through
   * @param settle how long a file must have been still before it is taken
   * @param parallel how many files are worked on at the same time
   */
  public record Files(
      @DefaultValue("true") boolean enabled,
      @Nullable String tenant,
      @DefaultValue("500ms") Duration poll,
      @DefaultValue("500ms") Duration settle,
      @DefaultValue("64") int parallel) {}
}
