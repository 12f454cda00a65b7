package dev.serai.admin;

import dev.serai.catalog.GatewayProperties;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets into the admin API whoever has the admin key; without one configured there is no such API.
 */
@Component
final class AdminGate implements HandlerInterceptor, WebMvcConfigurer {

  private final byte[] key;

  AdminGate(GatewayProperties settings) {
    key = settings.adminKey().strip().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns("/admin/**");
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (key.length == 0) {
      throw new ApiException(
          ApiError.notFound("The admin API is off: start the gateway with SERAI_ADMIN_KEY set."));
    }
    if (!MessageDigest.isEqual(key, presented(request.getHeader("Authorization")))) {
      throw new ApiException(
          ApiError.invalidApiKey(
              "The admin API wants the header Authorization: Bearer <admin key>."));
    }
    return true;
  }

  private static byte[] presented(@Nullable String header) {
    return header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? new byte[0]
        : header.substring(7).strip().getBytes(StandardCharsets.UTF_8);
  }
}
