package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetStatesTest {
  private static final Instant NOW = Instant.parse("2026-03-12T10:00:00Z");

  private final TargetStates states = new TargetStates(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void nothing_is_known_before_the_first_call() {
    assertThat(states.seen("a")).isEqualTo(new TargetStates.Seen(null, null, null));
  }

  @Test
  void keeps_the_latest_of_both_for_each_target() {
    states.ended("a", "timeout");
    states.ended("a", "server_error");
    states.ended("a", null);
    states.ended("b", null);

    assertThat(states.seen("a")).isEqualTo(new TargetStates.Seen(NOW, "server_error", NOW));
    assertThat(states.seen("b")).isEqualTo(new TargetStates.Seen(NOW, null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_gone", "refused", "breaker_open", "queue_full", "internal"})
  void what_is_not_the_targets_fault_leaves_no_trace(String type) {
    states.ended("a", type);

    assertThat(states.seen("a")).isEqualTo(new TargetStates.Seen(null, null, null));
  }
}
