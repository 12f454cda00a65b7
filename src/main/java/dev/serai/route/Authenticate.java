package dev.serai.route;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.Tenants;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Finds out whose key was presented. */
@Component("authenticate")
final class Authenticate {

  private static final int KEYS_REMEMBERED = 10_000;

  /**
   * What the look-up of a hash found, remembered for a second: also that there is no such key, so
   * that a flood of wrong ones stays cheap.
   */
  @Bean
  static LoadingCache<String, Optional<GatewayKey>> gatewayKeys(Tenants tenants) {
    GatewayKey dev = new GatewayKey(GatewayKey.hashOf(Tenants.DEV_KEY), Tenants.DEV);
    CacheLoader<String, Optional<GatewayKey>> loader =
        hash ->
            tenants.configured()
                ? Optional.ofNullable(tenants.key(hash))
                : dev.matches(hash) ? Optional.of(dev) : Optional.empty();
    return Caffeine.newBuilder()
        .maximumSize(KEYS_REMEMBERED)
        .expireAfterWrite(Duration.ofSeconds(1))
        .build(loader);
  }

  /** Lets the key's tenant in. */
  public void verify(Exchange exchange) {
    Call call = Call.of(exchange);
    String presented = exchange.getVariable(Variables.KEY_HASH, String.class);
    Object found = exchange.getVariable(Variables.GATEWAY_KEY);
    if (presented == null
        || !(found instanceof Optional<?> optional)
        || !(optional.orElse(null) instanceof GatewayKey key)
        || !key.matches(presented)) {
      throw new ApiException(
          ApiError.invalidApiKey(
              "This gateway key is not known: check it, or ask the gateway's operator for one."));
    }
    exchange.removeVariable(Variables.KEY_HASH);
    exchange.removeVariable(Variables.GATEWAY_KEY);
    call.tenant = key.tenant();
    exchange.setVariable(Variables.TENANT_ID, key.tenant().id());
  }
}
