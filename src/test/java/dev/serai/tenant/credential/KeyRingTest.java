package dev.serai.tenant.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.tenant.credential.CredentialSettings.Kms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Key-encryption keys as they are configured. */
class KeyRingTest {
  private static final String ONE = "A".repeat(43) + "=";
  private static final String TWO = "B".repeat(42) + "A=";
  private static final Kms NO_KMS = new Kms("", List.of(), "us-east-1", "", "", "");
  private static final Owner ACME = new Owner("acme", "openai");

  @TempDir Path folder;

  private static KeyRing ring(String key, String file, String... previous) {
    return KeyRing.of(
        new CredentialSettings(
            key, file, List.of(previous), NO_KMS, Duration.ofMinutes(5), Duration.ofSeconds(1)));
  }

  @Test
  void there_may_be_none() {
    assertThat(ring("", "", "").current()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not base64!",
        "c2hvcnQ=",
        "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
        "=="
      })
  void a_key_that_is_none_stops_the_start_and_is_not_repeated(String key) {
    assertThatThrownBy(() -> ring(key, ""))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("SERAI_MASTER_KEY")
        .hasMessageContaining("base64 of 32 bytes")
        .hasMessageNotContaining(key);
    assertThatThrownBy(() -> ring(ONE, "", key)).hasMessageContaining("SERAI_MASTER_KEY_PREVIOUS");
  }

  @Test
  void the_failed_start_says_what_to_do() {
    MasterKeyException wrong = new MasterKeyException("SERAI_MASTER_KEY is not base64.");

    var analysis = new MasterKeyException.Analyzer().analyze(wrong);

    assertThat(Objects.requireNonNull(analysis).getAction()).contains("openssl rand -base64 32");
  }

  @Test
  void a_file_holds_a_key_as_well_and_a_line_break() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), ONE + "\n");

    KeyRing ring = ring("", file.toString());

    assertThat(Objects.requireNonNull(ring.current()).name())
        .isEqualTo(Objects.requireNonNull(ring(ONE, "").current()).name());
    assertThatThrownBy(() -> ring("", folder.resolve("none").toString()))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("none");
  }

  @Test
  void the_current_key_wraps_and_those_before_it_still_open() throws Exception {
    KeyRing before = ring(ONE, "");
    KeyRing after = ring(TWO, "", ONE);
    KeyEncryption old = Objects.requireNonNull(before.current());
    byte[] dataKey = new byte[32];
    Arrays.fill(dataKey, (byte) 7);
    byte[] wrapped = old.wrap(dataKey, ACME);

    assertThat(Objects.requireNonNull(after.current()).name()).isNotEqualTo(old.name());
    assertThat(after.has(old.name())).isTrue();
    assertThat(
            after.unwrap(
                new Sealed(
                    ACME,
                    "api_key",
                    "…",
                    old.name(),
                    wrapped,
                    new byte[0],
                    java.time.Instant.EPOCH,
                    java.time.Instant.EPOCH)))
        .isEqualTo(dataKey);
  }

  @Test
  void settings_print_no_key() {
    CredentialSettings settings =
        new CredentialSettings(
            ONE,
            "",
            List.of(TWO),
            new Kms("alias/serai", List.of(), "us-east-1", "AKIA1", "s3cret", "t0ken"),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1));

    assertThat(settings + " " + settings.kms())
        .doesNotContain(ONE, TWO, "AKIA1", "s3cret", "t0ken");
  }
}
