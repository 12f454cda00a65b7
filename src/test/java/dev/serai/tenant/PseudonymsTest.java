package dev.serai.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PseudonymsTest {
  private final Pseudonyms pseudonyms = new Pseudonyms("Jefe".getBytes(UTF_8));

  private static Tenant tenant(String id) {
    return new Tenant(id, "", Tier.TRIAL, 0);
  }

  /** RFC 4231, test case 2, cut to 32 digits. */
  @Test
  void is_the_hmac_sha256_of_the_id() {
    assertThat(pseudonyms.of(tenant("what do ya want for nothing?")))
        .isEqualTo("5bdcc146bf60754e6a042426089575c7");
  }

  @Test
  void is_always_the_same_for_a_tenant_and_another_for_others() {
    assertThat(pseudonyms.of(tenant("acme")))
        .isEqualTo(pseudonyms.of(tenant("acme")))
        .isNotEqualTo(pseudonyms.of(tenant("acme2")));
  }

  @Test
  void is_another_in_another_installation() {
    assertThat(new Pseudonyms(new byte[] {1}).of(tenant("acme")))
        .isNotEqualTo(pseudonyms.of(tenant("acme")));
  }
}
