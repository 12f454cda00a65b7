package dev.serai.admin;

import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Secret;
import dev.serai.catalog.SecretSource;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.oidc.Caller;
import dev.serai.oidc.OidcProperties;
import dev.serai.oidc.TokenVerifier;
import dev.serai.telemetry.LogText;
import dev.serai.tenant.GatewayKey;
import dev.serai.web.RequestGate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets into the admin API whoever has the admin key or an operator's token; with neither configured
 * there is no such API.
 */
@Component
@EnableConfigurationProperties(AdminProperties.class)
final class AdminGate implements HandlerInterceptor, WebMvcConfigurer {

  /** The request attribute that says who makes the request, in words for the audit. */
  static final String ACTOR = AdminGate.class.getName() + ".actor";

  /** The actor who has the admin key. */
  static final String KEY_HOLDER = "admin-key";

  /**
   * Paths are taken as they are documented only: whatever else could be read in two ways (path
   * parameters, encoded slashes, empty segments, dots) by us and by a proxy in front of us.
   */
  private static final Pattern PLAIN_PATH =
      Pattern.compile(
          "/admin/v1(?:/(?!\\.{1,2}(?:/|$))"
              + "(?:[A-Za-z0-9._~:@+-]|%(?!2[EFef]|25|5[Cc])[2-7][0-9A-Fa-f])+)+");

  private static final ApiError REFUSED =
      ApiError.invalidApiKey(
          "The admin API wants the header Authorization: Bearer <admin key>, or the token of an"
              + " operator where OpenID Connect is configured.");

  private final @Nullable Secret key;
  private final boolean operators;
  private final TokenVerifier tokens;
  private final AdminLimits limits;

  AdminGate(
      GatewayProperties settings,
      SecretSource secrets,
      OidcProperties oidc,
      TokenVerifier tokens,
      AdminLimits limits) {
    key = secrets.secret("SERAI_ADMIN_KEY", settings.adminKey());
    operators = !oidc.adminClaim().isBlank();
    this.tokens = tokens;
    this.limits = limits;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns("/admin/**");
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!operators && !keyThere()) {
      throw new ApiException(
          ApiError.notFound("The admin API is off: start the gateway with SERAI_ADMIN_KEY set."));
    }
    if (!PLAIN_PATH.matcher(request.getRequestURI()).matches()) {
      throw new ApiException(
          ApiError.notFound(
              "There is nothing at this path: write it as the OpenAPI document has it."));
    }
    String presented = RequestGate.bearer(request);
    if (presented == null) {
      throw new ApiException(REFUSED);
    }
    String from = request.getRemoteAddr();
    limits.listen(from);
    String actor = whose(presented);
    if (actor == null) {
      limits.failed(from);
      throw new ApiException(REFUSED);
    }
    limits.enter(from);
    request.setAttribute(ACTOR, actor);
    return true;
  }

  /** Who makes a request that was let in. */
  static String actor(HttpServletRequest request) {
    return request.getAttribute(ACTOR) instanceof String actor ? actor : KEY_HOLDER;
  }

  private @Nullable String whose(String presented) {
    if (tokens.takesFromAdmin(presented)) {
      Caller caller = tokens.verify(presented, GatewayKey.hashOf(presented));
      return caller != null && caller.admin()
          ? LogText.safe("oidc:" + caller.subject()).toString()
          : null;
    }
    // Of digests: the time says nothing of the key, its length included.
    return key != null && keyThere() && MessageDigest.isEqual(hash(key.reveal()), hash(presented))
        ? KEY_HOLDER
        : null;
  }

  private boolean keyThere() {
    return key != null && key.present();
  }

  private static byte[] hash(String key) {
    return GatewayKey.hashOf(key).getBytes(StandardCharsets.US_ASCII);
  }
}
