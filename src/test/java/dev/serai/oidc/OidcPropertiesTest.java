package dev.serai.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OidcPropertiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          ''                        | serai | tenant | ''    | ''    | issuer
          http://issuer.example     | serai | tenant | ''    | ''    | https
          ftp://127.0.0.1           | serai | tenant | ''    | ''    | https
          issuer.example            | serai | tenant | ''    | ''    | https
          not an address            | serai | tenant | ''    | ''    | https
          https://127.0.0.1/realm   | ''    | tenant | ''    | ''    | audience
          https://127.0.0.1/realm   | serai | ''     | ''    | ''    | tenant-claim
          https://127.0.0.1/realm   | serai | ''     | roles | ''    | admin-value
          https://127.0.0.1/realm   | serai | tenant | ''    | admin | admin-claim
          """)
  void says_what_is_wrong(
      String issuer, String audience, String tenant, String admin, String value, String named) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OidcProperties(issuer, audience, tenant, admin, value))
        .withMessageContaining(named);
  }

  @Test
  void an_issuer_may_be_https_or_on_this_machine() {
    assertThat(OidcProperties.trustworthy("https://issuer.example/realm")).isTrue();
    assertThat(OidcProperties.trustworthy("http://127.0.0.1:9999/realm")).isTrue();
    assertThat(OidcProperties.trustworthy("http://10.0.0.1/realm")).isFalse();
  }
}
