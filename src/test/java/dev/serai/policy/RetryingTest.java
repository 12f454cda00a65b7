package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.policy.Retrying.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RetryingTest {
  private static final Duration MINUTES = Duration.ofMinutes(5);
  private static final double NO_JITTER = 0.5;
  private static final Verdict NEXT = new Verdict.NextTarget();
  private static final Verdict GIVE_UP = new Verdict.GiveUp();

  private final Retrying retrying = new Retrying(3, Duration.ofSeconds(1), Duration.ofSeconds(30));

  static List<Failure> passing() {
    return List.of(
        new Failure.RateLimited(null),
        new Failure.Timeout(Phase.CONNECT),
        new Failure.Timeout(Phase.FIRST_BYTE),
        new Failure.Timeout(Phase.BETWEEN_BYTES),
        new Failure.Timeout(Phase.WHOLE_ANSWER),
        new Failure.Network("reset"),
        new Failure.ServerError(503),
        new Failure.ServerError(408));
  }

  static List<Failure> ofThisTarget() {
    return List.of(
        new Failure.InvalidKey(401),
        new Failure.QuotaExceeded(402),
        new Failure.QuotaExceeded(429),
        new Failure.NotFound(),
        new Failure.Unreadable("html"),
        new Failure.BreakerOpen(),
        new Failure.Unsuited(ApiError.invalidRequest("Leave the audio out.", null, null)),
        new Failure.QueueFull());
  }

  static List<Failure> ofTheRequest() {
    return List.of(
        new Failure.Refused(400),
        new Failure.ClientGone(),
        new Failure.Timeout(Phase.ALL_ATTEMPTS),
        new Failure.AllTargetsFailed(List.of()));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void repeats_what_may_pass_three_times_then_goes_on(Failure failure) {
    List<Verdict> verdicts =
        IntStream.rangeClosed(1, 4)
            .mapToObj(attempt -> retrying.after(failure, attempt, NO_JITTER, MINUTES))
            .toList();

    assertThat(verdicts).containsExactly(again(1000), again(2000), again(4000), NEXT);
  }

  @Test
  void a_tenants_account_is_treated_as_any_other() {
    Failure limited = new Failure.OwnAccount("OpenAI", "PUT …", new Failure.RateLimited(null));
    Failure refused = new Failure.OwnAccount("OpenAI", "PUT …", new Failure.InvalidKey(401));

    assertThat(retrying.after(limited, 1, NO_JITTER, MINUTES)).isEqualTo(again(1000));
    assertThat(retrying.after(refused, 1, NO_JITTER, MINUTES)).isEqualTo(NEXT);
  }

  @Test
  void a_changed_credential_is_looked_up_anew_at_once_but_not_for_ever() {
    Failure changed = new Failure.CredentialChanged();

    assertThat(retrying.after(changed, 1, NO_JITTER, MINUTES)).isEqualTo(again(0));
    assertThat(retrying.after(changed, 5, NO_JITTER, MINUTES)).isEqualTo(NEXT);
  }

  @ParameterizedTest
  @MethodSource("ofThisTarget")
  void goes_on_at_once_when_this_target_cannot(Failure failure) {
    assertThat(retrying.after(failure, 1, NO_JITTER, MINUTES)).isEqualTo(NEXT);
  }

  @ParameterizedTest
  @MethodSource("ofTheRequest")
  void gives_up_when_no_target_could(Failure failure) {
    assertThat(retrying.after(failure, 1, NO_JITTER, MINUTES)).isEqualTo(GIVE_UP);
  }

  @ParameterizedTest
  @CsvSource({"0, 800", "0.5, 1000", "1, 1200"})
  void spreads_the_pause_by_a_fifth(double jitter, long millis) {
    Verdict verdict = retrying.after(new Failure.ServerError(500), 1, jitter, MINUTES);

    assertThat(verdict).isEqualTo(again(millis));
  }

  @Test
  void never_waits_longer_than_the_longest_pause() {
    Retrying patient = new Retrying(100, Duration.ofSeconds(1), Duration.ofSeconds(30));

    assertThat(patient.after(new Failure.ServerError(500), 6, 1, MINUTES)).isEqualTo(again(30_000));
    assertThat(patient.after(new Failure.ServerError(500), 90, 1, MINUTES))
        .isEqualTo(again(30_000));
  }

  @Test
  void honours_retry_after() {
    Failure limited = new Failure.RateLimited(Duration.ofSeconds(7));

    assertThat(retrying.after(limited, 1, NO_JITTER, MINUTES)).isEqualTo(again(7000));
  }

  @Test
  void does_not_wait_beyond_the_deadline() {
    Failure limited = new Failure.RateLimited(Duration.ofSeconds(7));

    assertThat(retrying.after(limited, 1, NO_JITTER, Duration.ofSeconds(7))).isEqualTo(NEXT);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1"})
  void gives_up_when_the_time_is_over(long millisLeft) {
    Verdict verdict =
        retrying.after(new Failure.InvalidKey(401), 1, NO_JITTER, Duration.ofMillis(millisLeft));

    assertThat(verdict).isEqualTo(GIVE_UP);
  }

  private static Verdict again(long millis) {
    return new Verdict.Again(Duration.ofMillis(millis));
  }
}
