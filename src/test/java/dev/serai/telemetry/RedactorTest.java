package dev.serai.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final String LINE =
      "2026-03-01T09:00:00.000Z  INFO 1 --- [serai] [jetty-12] dev.serai.request :"
          + " request=req-9d965cf502237dc43355ef1b5da5d192 entry=http tenant=acme role=rag"
          + " target=openai model=gpt-4o-mini prompt_version=- input_tokens=11 output_tokens=28"
          + " cost_usd=0.00 latency_ms=76 cache=miss attempts=1 status=200 error=-\n";

  private final Redactor redactor = new Redactor();

  @ParameterizedTest
  @CsvSource({
    "s3cr3t-value, ***",
    "a=s3cr3t-value;b, a=***;b",
    "'s3cr3t-value s3cr3t-value', '*** ***'",
    "ä s3cr3t-value ß, ä *** ß",
    "xs3cr3t-value, xs3cr3t-value",
    "s3cr3t-values, s3cr3t-values",
    "s3cr3t-valu, s3cr3t-valu",
    "s3cr3t-xxs3cr3t-value-of-more-than-sixteenyy, s3cr3t-xx***yy",
    "p%26ssw%C3%B6rd here, *** here",
    "p&sswörd here, *** here",
    "'', ''",
  })
  void takes_out_what_it_was_told(String text, String redacted) {
    redactor.learn("s3cr3t-value");
    redactor.learn("s3cr3t-value-of-more-than-sixteen");
    redactor.learn("p&sswörd");
    redactor.learn("short");

    assertThat(redactor.redact(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource({
    "key sk-proj-0123456789abcdefABCDEF, key ***",
    "'\"sk-or-v1-0123456789abcdef\"', '\"***\"'",
    "Authorization: Bearer abcdefghij0123456789, Authorization: Bearer ***",
    "authorization=[bearer abcdefghij0123456789], authorization=[bearer ***]",
    "AKIAIOSFODNN7EXAMPLE, ***",
    "ASIAIOSFODNN7EXAMPLE;, ***;",
    "xoxb-123456789012-abcdef, ***",
    "hvs.CAESIJ0123456789abcdefgh, ***",
    "ops_eyJzaWduSW5BZGRyZXNzIjoi, ***",
    "t eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl t, t *** t",
  })
  void takes_out_what_looks_like_a_key(String text, String redacted) {
    assertThat(redactor.redact(text)).isEqualTo(redacted);
  }

  @Test
  void takes_out_private_keys() {
    String pem = "-----BEGIN %sPRIVATE KEY-----\nMIIE\nvQIB\n-----END %sPRIVATE KEY-----\n";

    assertThat(redactor.redact("a\n" + pem.formatted("", "") + "b")).isEqualTo("a\n***\nb");
    assertThat(redactor.redact(pem.formatted("RSA ", "RSA ").replace("\n", "\\n")))
        .isEqualTo("***\\n");
    assertThat(redactor.redact("-----BEGIN PRIVATE KEY-----\nMIIE")).isEqualTo("***");
    assertThat(redactor.redact(pem.replace("PRIVATE", "PUBLIC"))).contains("MIIE");
    String twice = pem.formatted("", "").strip() + pem.formatted("", "").strip();
    assertThat(redactor.redact(twice + "--BEGIN PRIVATE KEY-----x")).isEqualTo("*********");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LINE,
        "Authorization: Bearer sk-serai-dev",
        "set OPENAI_API_KEY=sk-…",
        "the risk-assessment-of-a-long-name is in desk-0123456789abcdefgh",
        "AKIA is a prefix, eyJ too, and Bearer <gateway key>",
        "-----BEGIN CERTIFICATE-----",
        "op://serai/OPENAI_API_KEY/credential",
        "BAKIAIOSFODNN7EXAMPLE",
      })
  void leaves_everything_else(String text) {
    redactor.learn("s3cr3t-value");

    assertThat(redactor.redact(text)).isSameAs(text);
    assertThat(redactor.redactions()).isZero();
  }

  @Test
  void finds_every_secret_wherever_it_stands() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      redactor.learn(text(random, 8 + random.nextInt(60)));
    }
    String last = "";
    for (int i = 0; i < 500; i++) {
      last = text(random, 8 + random.nextInt(60));
      redactor.learn(last);
      String before = text(random, random.nextInt(20)) + " ";
      assertThat(redactor.redact(before + last + " after")).isEqualTo(before + "*** after");
    }
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** What it costs is in docs/security.md; here only that it is no multiple of it. */
  @Test
  void a_line_of_the_log_costs_next_to_nothing() {
    redactor.learn("s3cr3t-value");
    byte[] line = LINE.getBytes(UTF_8);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 5_000; i++) {
        assertThat(redactor.redact(line) == line).isTrue();
      }
      best = Math.min(best, (System.nanoTime() - start) / 5_000);
    }

    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofNanos(50_000));
  }
}
