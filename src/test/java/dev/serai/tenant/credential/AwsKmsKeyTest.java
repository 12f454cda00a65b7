package dev.serai.tenant.credential;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.provider.FakeAws;
import dev.serai.tenant.credential.CredentialSettings.Kms;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Data keys are wrapped by a key of AWS KMS that stays there. */
class AwsKmsKeyTest {
  private static final Owner ACME = new Owner("acme", "openai");
  private static final byte[] DATA_KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);

  private final FakeAws aws = FakeAws.start().key("key-1").key("key-2").signer("AKIA1", "s3cret");
  private final AwsKmsKey key = key("key-1");

  private static AwsKmsKey key(String id) {
    return new AwsKmsKey(id, new Kms(id, List.of(), "eu-west-1", "AKIA1", "s3cret", ""));
  }

  @AfterEach
  void stop() {
    key.close();
    aws.close();
  }

  @Test
  void wraps_and_unwraps_with_signed_calls() throws GeneralSecurityException {
    byte[] wrapped = key.wrap(DATA_KEY, ACME);

    assertThat(new String(wrapped, US_ASCII)).doesNotContain("0123456789");
    assertThat(key.unwrap(wrapped, ACME)).isEqualTo(DATA_KEY);
    assertThat(aws.log())
        .containsExactly("Encrypt by AKIA1 in eu-west-1", "Decrypt by AKIA1 in eu-west-1");
  }

  @Test
  void another_owner_another_key_and_changed_bytes_are_refused() throws GeneralSecurityException {
    byte[] wrapped = key.wrap(DATA_KEY, ACME);
    byte[] changed = wrapped.clone();
    changed[changed.length - 1] ^= 1;

    assertThatThrownBy(() -> key.unwrap(wrapped, new Owner("zeta", "openai")))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> key.unwrap(wrapped, new Owner("acme", "openrouter")))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> key.unwrap(changed, ACME))
        .isInstanceOf(GeneralSecurityException.class);
    try (AwsKmsKey other = key("key-2")) {
      assertThatThrownBy(() -> other.unwrap(wrapped, ACME))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void who_signs_with_another_key_is_refused() {
    aws.signer("AKIA1", "another");

    assertThatThrownBy(() -> key.wrap(DATA_KEY, ACME)).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void what_kms_says_is_not_repeated() {
    aws.refuse("AccessDeniedException");

    assertThatThrownBy(() -> key.wrap(DATA_KEY, ACME))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("AccessDeniedException")
        .hasMessageNotContaining("arn:");
  }

  @Test
  void where_it_cannot_be_reached_it_may_be_later() {
    aws.close();

    assertThatThrownBy(() -> key.wrap(DATA_KEY, ACME)).isInstanceOf(KeyUnavailableException.class);
  }
}
