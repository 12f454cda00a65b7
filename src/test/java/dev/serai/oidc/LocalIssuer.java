package dev.serai.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An OpenID Connect issuer: a discovery document and keys, over HTTP. */
public final class LocalIssuer implements AutoCloseable {

  /** What its tokens are for, unless a test says otherwise. */
  public static final String AUDIENCE = "serai";

  private final List<JWK> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger keyFetches = new AtomicInteger();
  private final AtomicInteger discoveries = new AtomicInteger();
  private final int port;
  private volatile String claimedIssuer;
  private volatile int status = 200;
  private HttpServer server;

  private LocalIssuer() {
    server = listen(0);
    port = server.getAddress().getPort();
    claimedIssuer = address();
  }

  /** Starts it on a free port, with no key. */
  public static LocalIssuer start() {
    return new LocalIssuer();
  }

  private HttpServer listen(int at) {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext(
          "/realm/.well-known/openid-configuration",
          exchange -> {
            discoveries.incrementAndGet();
            String document =
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(claimedIssuer, address());
            answer(exchange, document);
          });
      http.createContext(
          "/realm/keys",
          exchange -> {
            keyFetches.incrementAndGet();
            answer(exchange, new JWKSet(List.copyOf(published)).toString(true));
          });
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(com.sun.net.httpserver.HttpExchange exchange, String json)
      throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What {@code iss} of its tokens is. */
  public String address() {
    return "http://127.0.0.1:" + port + "/realm";
  }

  /** How often its keys were asked for. */
  public int keyFetches() {
    return keyFetches.get();
  }

  int discoveries() {
    return discoveries.get();
  }

  /** From now on the discovery document says it is of this issuer. */
  void claimToBe(String issuer) {
    claimedIssuer = issuer;
  }

  /** From now on it answers with this status. */
  void answerWith(int code) {
    status = code;
  }

  /** Stops listening; what is published stays. */
  public void stop() {
    server.stop(0);
  }

  /** Listens again, on the same port. */
  public void startAgain() {
    server = listen(port);
  }

  /** Makes a key and publishes it. */
  public RSAKey rsa(String id) {
    try {
      RSAKey key = new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
      published.add(key);
      return key;
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  ECKey ec(String id) {
    try {
      ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
      published.add(key);
      return key;
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes a key no longer. */
  void withdraw(JWK key) {
    published.remove(key);
  }

  /** A token with these claims beside the usual ones, good for ten minutes. */
  public String token(JWK key, Map<String, ?> claims) {
    return token(key, builder -> claims.forEach(builder::claim));
  }

  String token(JWK key, Consumer<JWTClaimsSet.Builder> change) {
    return token(key, algorithm(key), JOSEObjectType.JWT, change);
  }

  private static JWSAlgorithm algorithm(JWK key) {
    return key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
  }

  String token(
      JWK key, JWSAlgorithm algorithm, JOSEObjectType type, Consumer<JWTClaimsSet.Builder> change) {
    try {
      JWSSigner signer =
          key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(algorithm).type(type).keyID(key.getKeyID()).build(),
              claims(change));
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(address())
            .audience(AUDIENCE)
            .subject("ann")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(600)));
    change.accept(claims);
    return claims.build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
