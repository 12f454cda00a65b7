package dev.serai.oidc;

import java.net.InetAddress;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens open what; all blank: nobody's do. A claim is named as it stands in the token, or,
 * of a claim inside another, with dots between, such as {@code realm_access.roles}.
 *
 * @param issuer the issuer's address, exactly as its tokens have it in {@code iss}
 * @param audience what a token's {@code aud} must hold
 * @param tenantClaim the claim that holds the tenant's id; blank: callers need a gateway key
 * @param adminClaim the claim that makes an operator; blank: tokens do not open the admin API
 * @param adminValue what that claim must be, or have among its values
 */
@ConfigurationProperties("serai.oidc")
public record OidcProperties(
    @DefaultValue("") String issuer,
    @DefaultValue("") String audience,
    @DefaultValue("") String tenantClaim,
    @DefaultValue("") String adminClaim,
    @DefaultValue("") String adminValue) {

  /** Refuses what would let in more, or less, than was meant. */
  public OidcProperties {
    issuer = issuer.strip();
    if (issuer.isEmpty()) {
      require(
          audience.isBlank() && tenantClaim.isBlank() && adminClaim.isBlank(),
          "serai.oidc.issuer is missing: set it, or none of serai.oidc");
    } else {
      require(
          trustworthy(issuer),
          "serai.oidc.issuer must be an https address (http on this machine only)");
      require(
          !audience.isBlank(),
          "serai.oidc.audience is missing: without it tokens made for others would be taken");
      require(
          !tenantClaim.isBlank() || !adminClaim.isBlank(),
          "set serai.oidc.tenant-claim for callers, serai.oidc.admin-claim for operators, or both");
      require(
          adminClaim.isBlank() == adminValue.isBlank(),
          "serai.oidc.admin-claim and serai.oidc.admin-value belong together: set both or none");
    }
  }

  boolean tokensForCallers() {
    return !tenantClaim.isBlank();
  }

  boolean tokensForAdmins() {
    return !adminClaim.isBlank();
  }

  /** Whether keys may be fetched from there: what comes by plain http can be anybody's. */
  static boolean trustworthy(String address) {
    try {
      URI uri = URI.create(address);
      String host = uri.getHost();
      return host != null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && isThisMachine(host)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
  }

  private static void require(boolean fulfilled, String otherwise) {
    if (!fulfilled) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
