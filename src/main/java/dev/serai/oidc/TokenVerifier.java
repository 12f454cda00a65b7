package dev.serai.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Says what a token is worth: signed by the issuer, for this gateway, and for now. The issuer's
 * keys are fetched when the first token comes and remembered; those that are known go on working
 * while the issuer is away. A key that is not known yet is looked for at once, but not for each
 * token.
 */
public final class TokenVerifier {

  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

  /** After which a token is verified again: its key may have been withdrawn. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private static final int TOKENS_REMEMBERED = 10_000;

  private static final ApiError AWAY =
      ApiError.noTarget(
          "The identity provider cannot be reached, so the token cannot be checked: try again after"
              + " the time in Retry-After, or use a gateway key.",
          Duration.ofSeconds(10));

  private final OidcProperties settings;
  private final Clock clock;
  private final IssuerKeys keys;
  private final JwtDecoder decoder;
  private final Cache<String, Caller> verified =
      Caffeine.newBuilder().maximumSize(TOKENS_REMEMBERED).expireAfterWrite(REMEMBERED).build();

  /** Asks nobody yet. */
  public TokenVerifier(OidcProperties settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    keys = new IssuerKeys(settings.issuer());
    decoder = new SupplierJwtDecoder(() -> IssuerDecoder.of(settings, keys, clock));
  }

  /** Whether this is to be taken as a caller's token, and not as a gateway key. */
  public boolean takesFromCaller(String presented) {
    return settings.tokensForCallers() && TOKEN.matcher(presented).matches();
  }

  /** Whether this is to be taken as an operator's token, and not as the admin key. */
  public boolean takesFromAdmin(String presented) {
    return settings.tokensForAdmins() && TOKEN.matcher(presented).matches();
  }

  /**
   * Whose token this is; null when it is worth nothing, for whatever reason.
   *
   * @param token as it was presented
   * @param hash under which it is remembered; no two tokens have the same
   * @throws ApiException 503 when the issuer's keys could never be fetched so far
   */
  public @Nullable Caller verify(String token, String hash) {
    Caller caller = verified.getIfPresent(hash);
    if (caller == null) {
      caller = decode(token);
      if (caller == null) {
        return null;
      }
      verified.put(hash, caller);
    }
    return caller.until().isAfter(clock.instant()) ? caller : null;
  }

  private @Nullable Caller decode(String token) {
    try {
      Jwt jwt = decoder.decode(token);
      Instant end = jwt.getExpiresAt();
      String subject = jwt.getSubject();
      if (end == null || subject == null) {
        return null;
      }
      return new Caller(
          subject,
          settings.tokensForCallers() ? Claims.text(jwt.getClaims(), settings.tenantClaim()) : null,
          settings.tokensForAdmins()
              && Claims.has(jwt.getClaims(), settings.adminClaim(), settings.adminValue()),
          end.plus(IssuerDecoder.SKEW));
    } catch (BadJwtException e) {
      return null;
    } catch (JwtException e) {
      if (keys.known()) {
        return null;
      }
      throw new ApiException(AWAY);
    }
  }
}
