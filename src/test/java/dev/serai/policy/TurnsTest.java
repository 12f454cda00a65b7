package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.policy.Turns.Earlier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TurnsTest {
  /** Two turns of which the second has tool calls; each message has 10 tokens and 100 bytes. */
  private static final List<Earlier> TALK =
      of("user assistant user assistant tool tool assistant user assistant");

  @Test
  void what_fits_stays() {
    assertThat(Turns.firstKept(TALK, false, 90, 900)).isZero();
  }

  @Test
  void the_oldest_turn_goes_first_and_as_a_whole() {
    assertThat(Turns.firstKept(TALK, false, 89, 900)).isEqualTo(2);
    assertThat(Turns.firstKept(TALK, false, 70, 900)).isEqualTo(2);
  }

  @Test
  void a_turn_with_tool_calls_is_not_torn() {
    assertThat(Turns.firstKept(TALK, false, 69, 900)).isEqualTo(7);
    assertThat(Turns.firstKept(TALK, false, 20, 900)).isEqualTo(7);
  }

  @Test
  void bytes_are_bounded_as_well() {
    assertThat(Turns.firstKept(TALK, false, 90, 699)).isEqualTo(7);
  }

  @Test
  void nothing_stays_where_there_is_no_room() {
    assertThat(Turns.firstKept(TALK, false, 19, 900)).isEqualTo(9);
    assertThat(Turns.firstKept(TALK, false, -5, 900)).isEqualTo(9);
    assertThat(Turns.firstKept(List.of(), false, 10, 10)).isZero();
  }

  @Test
  void an_unfinished_turn_stays_whatever_its_size() {
    assertThat(Turns.firstKept(TALK, true, -5, 0)).isEqualTo(7);
  }

  @Test
  void answers_whose_question_is_gone_go_too() {
    assertThat(Turns.firstKept(of("tool assistant user assistant"), false, 1000, 1000))
        .isEqualTo(2);
    assertThat(Turns.firstKept(of("tool assistant"), false, 1000, 1000)).isEqualTo(2);
  }

  @Test
  void two_messages_of_a_user_in_a_row_are_one_turn() {
    assertThat(Turns.firstKept(of("user assistant user user assistant"), false, 29, 1000))
        .isEqualTo(5);
    assertThat(Turns.firstKept(of("user assistant user user assistant"), false, 30, 1000))
        .isEqualTo(2);
  }

  private static List<Earlier> of(String roles) {
    return Stream.of(roles.split(" ")).map(role -> new Earlier(role, 10, 100)).toList();
  }
}
