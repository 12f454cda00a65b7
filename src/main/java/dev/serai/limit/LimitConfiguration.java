package dev.serai.limit;

import dev.serai.catalog.GatewayProperties;
import dev.serai.ledger.Changes;
import dev.serai.ledger.Replicas;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The limits' beans; those of Redis are there only where an address of one is. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitProperties.class)
class LimitConfiguration {

  @Bean
  Limits limits(JdbcClient jdbc, Changes changes, LimitProperties configured) {
    return new Limits(new LimitStore(jdbc, changes), configured.checked(), changes);
  }

  @Bean
  RedisLimits redisLimits(
      Environment environment,
      Replicas replicas,
      GatewayProperties settings,
      ObjectProvider<Clock> clock,
      Meters meters) {
    String url = environment.getProperty("spring.data.redis.url", "");
    return url.isBlank()
        ? new RedisLimits(null, null, null, null)
        : RedisLimits.at(
            url,
            settings.limits().lease(),
            new Share(replicas),
            clock.getIfAvailable(Clock::systemUTC),
            meters);
  }

  @Bean
  Limiter limiter(Limits limits, RedisLimits redis, ObjectProvider<Clock> clock, Meters meters) {
    Limiter limiter =
        new Limiter(
            limits, redis.buckets(), redis.share(), clock.getIfAvailable(Clock::systemUTC), meters);
    RedisLink link = redis.link();
    if (link != null) {
      link.start(limiter::recovered);
    }
    return limiter;
  }

  @Bean
  Places places(Limits limits, RedisLimits redis, GatewayProperties settings, Meters meters) {
    GatewayProperties.Limits own = settings.limits();
    return new Places(
        limits, own.queue(), own.queuePerTenant(), redis.places(), redis.share(), meters);
  }

  /** What counts in Redis; all of it null without one. */
  record RedisLimits(
      @Nullable RedisLink link,
      @Nullable SharedBuckets buckets,
      @Nullable SharedPlaces places,
      @Nullable Share share)
      implements AutoCloseable {

    static RedisLimits at(
        String url, java.time.Duration lease, Share share, Clock clock, Meters meters) {
      RedisLink link = new RedisLink(url);
      meters.redis(() -> link.usable() != null);
      return new RedisLimits(
          link, new SharedBuckets(link, clock), new SharedPlaces(link, lease), share);
    }

    @Override
    public void close() {
      if (places != null) {
        places.close();
      }
      if (share != null) {
        share.close();
      }
      if (link != null) {
        link.close();
      }
    }
  }
}
