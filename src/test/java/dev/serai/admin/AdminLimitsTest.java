package dev.serai.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.chat.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminLimitsTest {
  private static final String ONE = "192.0.2.1";
  private static final String TWO = "192.0.2.2";

  @Test
  void looks_at_nothing_from_an_address_that_failed_too_often() {
    AdminLimits limits = new AdminLimits(new AdminProperties(100, 100, 3));
    fail(limits, ONE, 3);

    assertThat(refused(limits, ONE)).isTrue();
    assertThat(refused(limits, TWO)).isFalse();
  }

  @Test
  void bounds_failures_over_all_addresses() {
    AdminLimits limits = new AdminLimits(new AdminProperties(100, 20, 10));
    for (int i = 0; i < 20; i++) {
      fail(limits, "198.51.100." + i, 1);
    }

    assertThat(refused(limits, ONE)).isTrue();
  }

  @Test
  void does_not_let_strangers_lock_an_operator_out() {
    AdminLimits limits = new AdminLimits(new AdminProperties(100, 20, 10));
    limits.enter(ONE);
    for (int i = 0; i < 20; i++) {
      fail(limits, "198.51.100." + i, 1);
    }

    assertThat(refused(limits, ONE)).isFalse();
    assertThat(refused(limits, TWO)).isTrue();
  }

  @Test
  void forgets_no_failure_when_an_attacker_has_many_addresses() {
    AdminLimits limits = new AdminLimits(new AdminProperties(100, 500, 10));
    for (int i = 0; i < 5000; i++) {
      fail(limits, "10.0." + i / 250 + "." + i % 250, 1);
    }

    assertThat(refused(limits, ONE)).isTrue();
  }

  @Test
  void bounds_what_operators_ask() {
    AdminLimits limits = new AdminLimits(new AdminProperties(2, 100, 100));
    limits.enter(ONE);
    limits.enter(ONE);

    ApiException refusal = catchThrowableOfType(ApiException.class, () -> limits.enter(TWO));

    assertThat(refusal.error().status()).isEqualTo(429);
    assertThat(refusal.error().retryAfter()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "192.0.2.1, 192.0.2.2, false",
    "::ffff:192.0.2.1, 192.0.2.1, true",
    "no address, no address, true"
  })
  void counts_a_whole_network_of_ipv6_as_one(String one, String other, boolean same) {
    assertThat(AdminLimits.network(one).equals(AdminLimits.network(other))).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({"0,1,1", "1,0,1", "1,1,0", "-1,1,1"})
  void refuses_limits_that_let_nobody_in(int requests, int failures, int perAddress) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdminProperties(requests, failures, perAddress));
  }

  private static void fail(AdminLimits limits, String address, int times) {
    for (int i = 0; i < times; i++) {
      assertThatCode(() -> limits.failed(address)).doesNotThrowAnyException();
    }
  }

  private static boolean refused(AdminLimits limits, String address) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> limits.listen(address));
    return refusal != null && refusal.error().status() == 429;
  }
}
