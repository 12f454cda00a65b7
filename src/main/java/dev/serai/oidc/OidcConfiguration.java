package dev.serai.oidc;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One verifier for callers and operators. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OidcProperties.class)
class OidcConfiguration {

  @Bean
  TokenVerifier tokenVerifier(OidcProperties settings, Clock clock) {
    return new TokenVerifier(settings, clock);
  }
}
