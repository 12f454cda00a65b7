package dev.serai.oidc;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Sets up the decoder of Spring Security's resource server for one issuer. */
final class IssuerDecoder {

  /** Between the issuer's clock and ours. */
  static final Duration SKEW = Duration.ofSeconds(30);

  /** Asymmetric ones only: with HMAC the public key would be the secret. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** RFC 9068 calls access tokens at+jwt. */
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  /** After which keys are fetched anew, though nobody presents one that is not known. */
  private static final Duration KEYS_REMEMBERED = Duration.ofMinutes(5);

  /** Keys are fetched twice in this time at most. */
  private static final Duration PACE = Duration.ofSeconds(10);

  private static final Duration LONGEST_FETCH = Duration.ofSeconds(10);
  private static final int LONGEST_SUBJECT = 255;

  private IssuerDecoder() {}

  /** Fetches nothing yet. */
  static JwtDecoder of(OidcProperties settings, IssuerKeys keys, Clock clock) {
    NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor(keys));
    decoder.setJwtValidator(validator(settings, clock));
    return decoder;
  }

  private static DefaultJWTProcessor<SecurityContext> processor(IssuerKeys keys) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            ALGORITHMS,
            JWKSourceBuilder.create(keys)
                .cache(KEYS_REMEMBERED.toMillis(), LONGEST_FETCH.toMillis())
                .refreshAheadCache(false)
                .rateLimited(PACE.toMillis())
                .outageTolerantForever()
                .build()));
    // The claims are the validator's business.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    return processor;
  }

  private static OAuth2TokenValidator<Jwt> validator(OidcProperties settings, Clock clock) {
    JwtTimestampValidator time = new JwtTimestampValidator(SKEW);
    time.setClock(clock);
    return new DelegatingOAuth2TokenValidator<>(
        time,
        new JwtIssuerValidator(settings.issuer()),
        new JwtClaimValidator<@Nullable Instant>(JwtClaimNames.EXP, end -> end != null),
        new JwtClaimValidator<@Nullable String>(
            JwtClaimNames.SUB,
            subject ->
                subject != null && !subject.isBlank() && subject.length() <= LONGEST_SUBJECT),
        new JwtClaimValidator<@Nullable List<String>>(
            JwtClaimNames.AUD,
            audience -> audience != null && audience.contains(settings.audience())));
  }
}
