package dev.serai.tenant.credential;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.catalog.Credential;
import dev.serai.catalog.Credential.ApiKey;
import dev.serai.catalog.Credential.AwsKeys;
import dev.serai.catalog.Credential.AwsRole;
import dev.serai.catalog.ErasableSecret;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stored credential opens for its owner, whole, and in no other way. */
class SealedTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Owner ACME = new Owner("acme", "openai");
  private static final KeyEncryption KEY = LocalKey.of("a", "A".repeat(43) + "=");
  private static final KeyEncryption OTHER = LocalKey.of("b", "B".repeat(42) + "A=");
  private static final KeyRing KEYS = new KeyRing(List.of(KEY, OTHER));

  static ErasableSecret secret(String text) {
    return new ErasableSecret(text.getBytes(US_ASCII));
  }

  private static Sealed sealed(Credential credential) {
    try {
      return Sealed.of(ACME, credential, KEY, NOW);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Sealed sealed() {
    return sealed(new ApiKey(secret("sk-of-acme-123456")));
  }

  private static Sealed with(
      Sealed row, Owner owner, String keyName, byte[] wrappedKey, byte[] ciphertext) {
    return new Sealed(owner, row.kind(), row.hint(), keyName, wrappedKey, ciphertext, NOW, NOW);
  }

  private static void refused(Sealed row) {
    assertThatThrownBy(() -> row.open(KEYS)).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void opens_what_was_sealed() throws GeneralSecurityException {
    ApiKey key = (ApiKey) sealed().open(KEYS);
    AwsKeys keys =
        (AwsKeys)
            sealed(
                    new AwsKeys(
                        secret("AKIA1234567890"), secret("s/3cret"), secret("token"), "eu-west-1"))
                .open(KEYS);
    AwsKeys lasting =
        (AwsKeys) sealed(new AwsKeys(secret("AKIA"), secret("s"), null, null)).open(KEYS);
    AwsRole role = new AwsRole("arn:aws:iam::123456789012:role/serai", "x-1", null);

    assertThat(key.key().reveal()).isEqualTo("sk-of-acme-123456");
    assertThat(keys.accessKeyId().reveal()).isEqualTo("AKIA1234567890");
    assertThat(keys.secretAccessKey().reveal()).isEqualTo("s/3cret");
    assertThat(Objects.requireNonNull(keys.sessionToken()).reveal()).isEqualTo("token");
    assertThat(keys.region()).isEqualTo("eu-west-1");
    assertThat(lasting.sessionToken()).isNull();
    assertThat(lasting.region()).isNull();
    assertThat(sealed(role).open(KEYS)).isEqualTo(role);
  }

  @Test
  void every_byte_that_is_changed_keeps_it_shut() {
    Sealed row = sealed();
    for (int i = 0; i < row.wrappedKey().length; i++) {
      byte[] changed = row.wrappedKey().clone();
      changed[i] ^= 1;
      refused(with(row, ACME, row.keyName(), changed, row.ciphertext()));
    }
    for (int i = 0; i < row.ciphertext().length; i++) {
      byte[] changed = row.ciphertext().clone();
      changed[i] ^= (byte) 0x80;
      refused(with(row, ACME, row.keyName(), row.wrappedKey(), changed));
    }
    refused(
        new Sealed(
            ACME,
            "aws_keys",
            row.hint(),
            row.keyName(),
            row.wrappedKey(),
            row.ciphertext(),
            NOW,
            NOW));
    refused(
        new Sealed(
            ACME,
            row.kind(),
            "…7777",
            row.keyName(),
            row.wrappedKey(),
            row.ciphertext(),
            NOW,
            NOW));
  }

  @Test
  void what_is_cut_or_empty_keeps_it_shut() {
    Sealed row = sealed();
    for (int length = 0; length < row.ciphertext().length; length++) {
      refused(
          with(
              row, ACME, row.keyName(), row.wrappedKey(), Arrays.copyOf(row.ciphertext(), length)));
    }
    refused(with(row, ACME, row.keyName(), new byte[0], row.ciphertext()));
  }

  @ParameterizedTest
  @CsvSource({"zeta, openai", "acme, openrouter", "acm, eopenai", "acmeo, penai", "'', acmeopenai"})
  void it_opens_for_no_other_tenant_and_no_other_provider(String tenant, String provider) {
    Sealed row = sealed();

    refused(
        with(row, new Owner(tenant, provider), row.keyName(), row.wrappedKey(), row.ciphertext()));
  }

  @Test
  void the_data_key_of_another_row_does_not_open_it() {
    Sealed row = sealed();
    Sealed other = sealed();

    refused(with(row, ACME, row.keyName(), other.wrappedKey(), row.ciphertext()));
  }

  @Test
  void another_key_or_none_does_not_open_it() {
    Sealed row = sealed();

    refused(with(row, ACME, OTHER.name(), row.wrappedKey(), row.ciphertext()));
    assertThatThrownBy(() -> row.open(new KeyRing(List.of(OTHER))))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> row.open(new KeyRing(List.of())))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void every_credential_has_a_data_key_of_its_own() throws GeneralSecurityException {
    Set<String> dataKeys = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      dataKeys.add(Arrays.toString(KEYS.unwrap(sealed())));
    }

    assertThat(dataKeys).hasSize(20);
  }

  @Test
  void the_hint_shows_the_end_of_long_keys_only() {
    assertThat(sealed().hint()).isEqualTo("…3456");
    assertThat(sealed(new ApiKey(secret("sk-short"))).hint()).isEqualTo("…");
    assertThat(sealed(new ApiKey(secret("sk-with-odd-\"\\'<"))).hint()).isEqualTo("…????");
  }

  @Test
  void nothing_prints_what_it_holds() {
    AwsKeys keys = new AwsKeys(secret("AKIA1234567890"), secret("s3cret"), secret("t0ken"), null);

    assertThat(keys + " " + sealed(keys) + " " + secret("s3cret"))
        .doesNotContain("AKIA", "s3cret", "t0ken");
  }

  @Test
  void an_erased_secret_is_gone() {
    byte[] bytes = "sk-of-acme".getBytes(US_ASCII);
    ErasableSecret secret = new ErasableSecret(bytes);

    secret.erase();

    assertThat(bytes).containsOnly(0);
    assertThat(secret.reveal()).isNull();
  }
}
