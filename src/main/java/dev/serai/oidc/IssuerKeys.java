package dev.serai.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys, found by its discovery document (OpenID Connect Discovery 1.0, section
 * 4). Fetches each time it is asked; whoever asks remembers.
 */
final class IssuerKeys implements JWKSetSource<SecurityContext> {

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 2000;
  private static final int READ_MILLIS = 3000;
  private static final int MOST_BYTES = 256 << 10;

  private final DefaultResourceRetriever http =
      new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);
  private final String issuer;
  private volatile @Nullable URI address;
  private volatile boolean known;

  IssuerKeys(String issuer) {
    this.issuer = issuer;
  }

  /** Whether they were fetched at least once. */
  boolean known() {
    return known;
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
      throws JWKSetUnavailableException, JWKSetParseException {
    try {
      URI at = address;
      if (at == null) {
        at = discover();
        address = at;
      }
      JWKSet keys = JWKSet.parse(http.retrieveResource(at.toURL()).getContent());
      known = true;
      return keys;
    } catch (ParseException e) {
      LOG.warn("the issuer's keys cannot be read: class={}", e.getClass().getName());
      throw new JWKSetParseException("the issuer's keys cannot be read", e);
    } catch (IOException e) {
      // Keys may have moved: the next time they are looked for anew.
      address = null;
      LOG.warn("the issuer's keys cannot be fetched: class={}", e.getClass().getName());
      throw new JWKSetUnavailableException("the issuer's keys cannot be fetched", e);
    }
  }

  private URI discover() throws IOException {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    URI document = URI.create(base + "/.well-known/openid-configuration");
    JsonNode found = JSON.readTree(http.retrieveResource(document.toURL()).getContent());
    if (!found.path("issuer").asText().equals(issuer)) {
      throw new IOException("the discovery document is of another issuer");
    }
    String keys = found.path("jwks_uri").asText();
    if (!OidcProperties.trustworthy(keys)) {
      throw new IOException("the discovery document names no https address of its keys");
    }
    return URI.create(keys);
  }

  @Override
  public void close() {
    // Nothing is kept open.
  }
}
