package dev.serai.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.chat.ApiException;
import dev.serai.tenant.GatewayKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real issuer over HTTP. */
class TokenVerifierTest {
  private final LocalIssuer issuer = LocalIssuer.start();
  private final RSAKey rsa = issuer.rsa("rsa-1");
  private final ECKey ec = issuer.ec("ec-1");
  private final SettableClock clock = new SettableClock();
  private final TokenVerifier tokens =
      new TokenVerifier(
          new OidcProperties(
              issuer.address(), LocalIssuer.AUDIENCE, "org.id", "roles", "serai-admin"),
          clock);

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void takes_tokens_by_rsa_and_by_elliptic_curves() {
    assertThat(verify(issuer.token(rsa, Map.of("org.id", "acme")))).isNotNull();
    assertThat(verify(issuer.token(ec, Map.of("org.id", "acme")))).isNotNull();
    assertThat(verify(issuer.token(rsa, JWSAlgorithm.PS256, new JOSEObjectType("at+jwt"), c -> {})))
        .isNotNull();
  }

  @Test
  void reads_whom_it_is_for_and_what_they_may() {
    Caller caller =
        verify(
            issuer.token(
                rsa, Map.of("org", Map.of("id", "acme"), "roles", List.of("x", "serai-admin"))));
    Caller other = verify(issuer.token(rsa, Map.of("roles", "serai-admins", "org", "acme")));

    assertThat(caller).extracting(Caller::subject).isEqualTo("ann");
    assertThat(caller).extracting(Caller::tenantId).isEqualTo("acme");
    assertThat(caller).extracting(Caller::admin).isEqualTo(true);
    assertThat(other).extracting(Caller::tenantId).isNull();
    assertThat(other).extracting(Caller::admin).isEqualTo(false);
  }

  static Stream<Consumer<JWTClaimsSet.Builder>> wrongClaims() {
    Instant now = Instant.now();
    return Stream.of(
        claims -> claims.issuer("https://elsewhere.example"),
        claims -> claims.issuer(null),
        claims -> claims.audience("somebody-else"),
        claims -> claims.audience((String) null),
        claims -> claims.expirationTime(Date.from(now.minusSeconds(60))),
        claims -> claims.expirationTime(null),
        claims -> claims.notBeforeTime(Date.from(now.plusSeconds(120))),
        claims -> claims.subject(null),
        claims -> claims.subject(" "),
        claims -> claims.claim("exp", "soon"),
        claims -> claims.claim("aud", Map.of("a", "b")),
        claims -> claims.claim("iss", List.of(7)));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("wrongClaims")
  void refuses_wrong_claims(Consumer<JWTClaimsSet.Builder> change) {
    assertThat(verify(issuer.token(rsa, change))).isNull();
  }

  @Test
  void refuses_a_token_that_nobody_signed() {
    String token = new PlainJWT(issuer.claims(claims -> {})).serialize();

    assertThat(verify(token)).isNull();
  }

  @Test
  void refuses_a_token_signed_with_the_public_key_as_if_it_were_a_secret() throws Exception {
    byte[] secret = rsa.toRSAPublicKey().getEncoded();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(),
            issuer.claims(claims -> {}));
    token.sign(new MACSigner(secret));

    assertThat(verify(token.serialize())).isNull();
  }

  @Test
  void refuses_a_key_that_comes_inside_the_token() throws Exception {
    RSAKey own = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").jwk(own.toPublicJWK()).build(),
            issuer.claims(claims -> {}));
    token.sign(new RSASSASigner(own));

    assertThat(verify(token.serialize())).isNull();
  }

  @Test
  void refuses_a_token_that_was_changed() {
    String[] parts = issuer.token(rsa, Map.of("org.id", "acme")).split("\\.", -1);
    String other = issuer.token(rsa, Map.of("org.id", "zeta")).split("\\.", -1)[1];

    assertThat(verify(parts[0] + "." + other + "." + parts[2])).isNull();
    assertThat(verify(parts[0] + "." + parts[1] + ".")).isNull();
    assertThat(verify("eyJhbGciOiJSUzI1NiJ9.e30.AAAA")).isNull();
  }

  @Test
  void asks_the_issuer_nothing_before_the_first_token_and_once_for_many() {
    assertThat(issuer.discoveries()).isZero();

    for (int i = 0; i < 20; i++) {
      verify(issuer.token(rsa, Map.of("n", i)));
    }

    assertThat(issuer.discoveries()).isEqualTo(1);
    assertThat(issuer.keyFetches()).isEqualTo(1);
  }

  @Test
  void finds_a_new_key_at_once() {
    verify(issuer.token(rsa, Map.of()));

    RSAKey next = issuer.rsa("rsa-2");

    assertThat(verify(issuer.token(next, Map.of()))).isNotNull();
    assertThat(issuer.keyFetches()).isEqualTo(2);
  }

  @Test
  void is_not_driven_to_the_issuer_by_keys_that_do_not_exist() throws JOSEException {
    verify(issuer.token(rsa, Map.of()));
    for (int i = 0; i < 50; i++) {
      ECKey unknown =
          new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
              .keyID("no-" + i)
              .generate();
      assertThat(verify(issuer.token(unknown, Map.of()))).isNull();
    }

    assertThat(issuer.keyFetches()).isLessThanOrEqualTo(4);
    assertThat(verify(issuer.token(ec, Map.of()))).isNotNull();
  }

  @Test
  void goes_on_with_the_keys_it_has_while_the_issuer_is_away() {
    verify(issuer.token(rsa, Map.of()));
    issuer.stop();
    RSAKey unpublished = issuer.rsa("rsa-3");

    assertThat(verify(issuer.token(ec, Map.of("n", 1)))).isNotNull();
    assertThat(verify(issuer.token(unpublished, Map.of()))).isNull();
    assertThat(verify(issuer.token(rsa, Map.of("n", 2)))).isNotNull();
  }

  @Test
  void says_that_it_cannot_tell_when_the_issuer_was_never_there() {
    issuer.stop();
    String token = issuer.token(rsa, Map.of());

    assertThat(refusal(token).error().status()).isEqualTo(503);
    assertThat(refusal(token).error().retryAfter()).isNotNull();
  }

  @Test
  void does_not_take_the_keys_of_another_issuer() {
    issuer.claimToBe("https://elsewhere.example");

    assertThat(refusal(issuer.token(rsa, Map.of())).error().status()).isEqualTo(503);
    assertThat(issuer.keyFetches()).isZero();
  }

  @Test
  void survives_an_issuer_that_fails() {
    issuer.answerWith(500);
    assertThat(refusal(issuer.token(rsa, Map.of())).error().status()).isEqualTo(503);

    issuer.answerWith(200);

    assertThat(verify(issuer.token(rsa, Map.of()))).isNotNull();
  }

  @Test
  void a_token_that_was_verified_ends_when_it_expires() {
    String token = issuer.token(rsa, Map.of());
    assertThat(verify(token)).isNotNull();

    clock.offset = Duration.ofSeconds(700);

    assertThat(verify(token)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sk-serai-dev", "eyJ", "eyJx.y", "eyJx.y.z.w", "eyJx.y.z ", "abc.def.ghi"})
  void takes_what_is_no_token_for_a_key(String presented) {
    assertThat(tokens.takesFromCaller(presented)).isFalse();
  }

  @Test
  void takes_no_token_unless_it_is_told_to() {
    TokenVerifier off = new TokenVerifier(new OidcProperties("", "", "", "", ""), clock);
    String token = issuer.token(rsa, Map.of());

    assertThat(off.takesFromCaller(token)).isFalse();
    assertThat(off.takesFromAdmin(token)).isFalse();
    assertThat(tokens.takesFromCaller(token)).isTrue();
  }

  private @Nullable Caller verify(String token) {
    return tokens.verify(token, GatewayKey.hashOf(token));
  }

  private ApiException refusal(String token) {
    return catchThrowableOfType(ApiException.class, () -> verify(token));
  }

  private static final class SettableClock extends Clock {
    private Duration offset = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }
  }
}
