package dev.serai.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.web.Intake.Outcome;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;

class IntakeTest {
  private static final int MAX = 300_000;

  private final AtomicLong nanos = new AtomicLong();
  private final Intake intake = new Intake(MAX, MAX, Duration.ofSeconds(30), nanos::get);

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535, 65_536, 65_537, 150_000, MAX})
  void takes_a_body_whole_whether_it_says_its_length_or_not(int length) throws IOException {
    byte[] sent = new byte[length];
    new Random(length).nextBytes(sent);
    try (Intake.Body told = intake.body()) {
      assertThat(told.read(request(length, new ByteArrayInputStream(sent))))
          .isEqualTo(Outcome.TAKEN);
      assertThat(told.bytes()).isEqualTo(sent);
      assertThat(intake.together()).isEqualTo(length);
    }
    try (Intake.Body untold = intake.body()) {
      assertThat(untold.read(request(-1, new Drip(sent)))).isEqualTo(Outcome.TAKEN);
      assertThat(untold.bytes()).isEqualTo(sent);
    }

    assertThat(intake.together()).isZero();
  }

  @Test
  void what_a_head_announces_costs_nothing_before_it_arrives() throws IOException {
    AtomicLong whileWaiting = new AtomicLong(-1);
    AtomicReference<Outcome> other = new AtomicReference<>();
    InputStream silent =
        new InputStream() {
          @Override
          public int read() {
            return -1;
          }

          @Override
          public int read(byte[] bytes, int from, int most) throws IOException {
            whileWaiting.set(intake.together());
            assertThat(bytes).as("set aside in advance").hasSizeLessThanOrEqualTo(65_536);
            try (Intake.Body honest = intake.body()) {
              other.set(honest.read(request(MAX, new ByteArrayInputStream(new byte[MAX]))));
            }
            return -1;
          }
        };

    try (Intake.Body liar = intake.body()) {
      assertThatThrownBy(() -> liar.read(request(MAX, silent))).isInstanceOf(IOException.class);
    }

    assertThat(whileWaiting).hasValue(0);
    assertThat(other).hasValue(Outcome.TAKEN);
  }

  @ParameterizedTest
  @CsvSource({"200000", "-1"})
  void bytes_that_have_arrived_count_against_all(int length) throws IOException {
    try (Intake.Body first = intake.body();
        Intake.Body second = intake.body()) {
      first.read(request(200_000, new ByteArrayInputStream(new byte[200_000])));

      Outcome outcome = second.read(request(length, new ByteArrayInputStream(new byte[200_000])));

      assertThat(outcome).isEqualTo(Outcome.TOO_MUCH_TOGETHER);
    }
    assertThat(intake.together()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {MAX + 1, -1})
  void refuses_what_is_too_large(int length) throws IOException {
    try (Intake.Body body = intake.body()) {
      assertThat(body.read(request(length, new ByteArrayInputStream(new byte[MAX + 1]))))
          .isEqualTo(Outcome.TOO_LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, -1})
  void gives_a_body_up_that_comes_drop_by_drop(int length) throws IOException {
    InputStream slow =
        new Drip(new byte[100]) {
          @Override
          public int read(byte[] bytes, int from, int most) throws IOException {
            nanos.addAndGet(Duration.ofSeconds(4).toNanos());
            return super.read(bytes, from, 1);
          }
        };

    try (Intake.Body body = intake.body()) {
      assertThat(body.read(request(length, slow))).isEqualTo(Outcome.TOO_SLOW);
      assertThat(intake.together()).isEqualTo(8);
    }
  }

  /** Gives a few bytes at a time. */
  private static class Drip extends FilterInputStream {
    Drip(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
      return super.read(bytes, from, Math.min(most, 10_007));
    }
  }

  private static HttpServletRequest request(long length, InputStream body) {
    return new MockHttpServletRequest("POST", "/v1/chat/completions") {
      @Override
      public long getContentLengthLong() {
        return length;
      }

      @Override
      public ServletInputStream getInputStream() {
        return new DelegatingServletInputStream(body) {
          @Override
          public int read(byte[] bytes, int from, int most) throws IOException {
            return body.read(bytes, from, most);
          }
        };
      }
    };
  }
}
