package dev.serai.route;

import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.Looked;
import dev.serai.tenant.Tenants;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Finds out whose key was presented. */
@Component("authenticate")
final class Authenticate {

  /** For every credential that opens nothing, whatever is wrong with it. */
  static final ApiError UNKNOWN =
      ApiError.invalidApiKey(
          "This gateway key is not known: check it, or ask the gateway's operator for one.");

  private final Tenants tenants;

  Authenticate(Tenants tenants) {
    this.tenants = tenants;
  }

  /** What is remembered of keys, for the route that looks them up. */
  @Bean
  static LoadingCache<String, Looked<GatewayKey>> gatewayKeys(Tenants tenants) {
    return tenants.keys();
  }

  /** Lets the key's tenant in. */
  public void verify(Exchange exchange) {
    Call call = Call.of(exchange);
    String presented = exchange.getVariable(Variables.KEY_HASH, String.class);
    Object found = exchange.getVariable(Variables.GATEWAY_KEY);
    GatewayKey key =
        presented != null && found instanceof Looked<?> looked ? current(presented, looked) : null;
    if (key == null) {
      throw new ApiException(UNKNOWN);
    }
    exchange.removeVariable(Variables.KEY_HASH);
    exchange.removeVariable(Variables.GATEWAY_KEY);
    call.tenant = key.tenant();
    call.key = key;
    exchange.setVariable(Variables.TENANT_ID, key.tenant().id());
  }

  @SuppressWarnings("unchecked") // the route looks keys up and nothing else
  private @Nullable GatewayKey current(String presented, Looked<?> looked) {
    GatewayKey key = tenants.key(presented, (Looked<GatewayKey>) looked);
    return key != null && key.isNamed(presented) ? key : null;
  }
}
