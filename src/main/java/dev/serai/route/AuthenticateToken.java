package dev.serai.route;

import dev.serai.chat.ApiException;
import dev.serai.oidc.Caller;
import dev.serai.oidc.TokenVerifier;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.Tenants;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out whom a token of the OpenID Connect issuer calls for. */
@Component("authenticateToken")
final class AuthenticateToken {

  private static final int NAME_LENGTH = 16;

  private final TokenVerifier tokens;
  private final Tenants tenants;

  AuthenticateToken(TokenVerifier tokens, Tenants tenants) {
    this.tokens = tokens;
    this.tenants = tenants;
  }

  /** Lets the tenant in that the token names; whoever presents it is told nothing of tenants. */
  public void verify(Exchange exchange) {
    String token = exchange.getVariable(Variables.TOKEN, String.class);
    exchange.removeVariable(Variables.TOKEN);
    GatewayKey key = key(token);
    if (key == null) {
      throw new ApiException(Authenticate.UNKNOWN);
    }
    Call call = Call.of(exchange);
    call.tenant = key.tenant();
    call.key = key;
    exchange.setVariable(Variables.TENANT_ID, key.tenant().id());
  }

  /** All tokens of one subject are one key, so that its limits survive a new token. */
  private @Nullable GatewayKey key(String token) {
    String hash = GatewayKey.hashOf(token);
    Caller caller = tokens.verify(token, hash);
    String tenantId = caller == null ? null : caller.tenantId();
    Tenant tenant = tenantId == null ? null : tenants.tenant(tenantId);
    return caller == null || tenant == null
        ? null
        : new GatewayKey(
            "oidc-" + GatewayKey.hashOf(caller.subject()).substring(0, NAME_LENGTH),
            hash,
            tenant,
            Set.of(),
            caller.until());
  }
}
