package dev.serai.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeySecretTest {
  private final SecureRandom random = new SecureRandom();

  /** A source whose bits are all the same. */
  private static SecureRandom always(int bits) {
    return new SecureRandom() {
      private static final long serialVersionUID = 1L;

      @Override
      public void nextBytes(byte[] bytes) {
        java.util.Arrays.fill(bytes, (byte) bits);
      }
    };
  }

  @Test
  void no_two_are_the_same_and_each_has_the_form() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String key = KeySecret.random(random).key();
      assertThat(key).matches("sk-serai-[0-9A-Za-z]{43}");
      assertThat(KeySecret.fits(key)).isTrue();
      keys.add(key);
    }

    assertThat(keys).hasSize(1000);
  }

  @Test
  void holds_256_bits() {
    String zero = KeySecret.random(always(0)).key();
    String most = KeySecret.random(always(0xff)).key();

    assertThat(zero).isEqualTo("sk-serai-" + "0".repeat(43));
    BigInteger value = BigInteger.ZERO;
    for (char digit : most.substring("sk-serai-".length()).toCharArray()) {
      int number = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".indexOf(digit);
      value = value.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(number));
    }
    assertThat(value).isEqualTo(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
  }

  @Test
  void shows_four_characters_and_no_more() {
    KeySecret secret = KeySecret.random(random);

    assertThat(secret.prefix()).hasSize("sk-serai-AbCd".length());
    assertThat(secret.key()).startsWith(secret.prefix());
    assertThat(secret).asString().contains(secret.prefix()).doesNotContain(secret.key());
  }

  @Test
  void what_has_not_the_form_is_never_looked_for_in_the_database() {
    String key = KeySecret.random(random).key();

    assertThat(GatewayKey.mayBeStored(GatewayKey.nameOf(key))).isTrue();
    assertThat(GatewayKey.mayBeStored(GatewayKey.nameOf(key + "x"))).isFalse();
    assertThat(GatewayKey.mayBeStored(GatewayKey.nameOf("sk-acme"))).isFalse();
    assertThat(GatewayKey.hashIn(GatewayKey.nameOf("sk-acme")))
        .isEqualTo(GatewayKey.hashOf("sk-acme"));
  }
}
