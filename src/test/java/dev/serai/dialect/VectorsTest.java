package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.chat.Usage;
import org.junit.jupiter.api.Test;

class VectorsTest {
  private final Vectors vectors = new Vectors();

  @Test
  void joins_answers_in_order_and_numbers_their_vectors_anew() {
    add(
        "{ \"data\" : [ { \"index\" : 0 , \"embedding\" : [ 0.10,\n"
            + " -2e-3 ] } ], \"model\":\"m\" }");
    add("{\"model\":\"other\",\"data\":[{\"embedding\":\"AA==\",\"index\":0},{\"index\":1}]}");

    assertThat(answer(9))
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.10,-2e-3]},"
                + "{\"embedding\":\"AA==\",\"index\":1},{\"index\":2}],"
                + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9}}");
  }

  @Test
  void an_index_wins_over_the_place() {
    add("{\"data\":[{\"index\":1,\"v\":\"b\"},{\"index\":0,\"v\":\"a\"}]}");

    assertThat(answer(1)).contains("[{\"index\":0,\"v\":\"a\"},{\"index\":1,\"v\":\"b\"}]");
  }

  @Test
  void white_space_inside_a_text_stays() {
    add("{\"data\":[{\"note\" : \"a \\\" b\" , \"embedding\":[]}]}");

    assertThat(answer(1)).contains("{\"note\":\"a \\\" b\",\"embedding\":[]}");
  }

  @Test
  void what_is_no_answer_is_refused_without_its_content() {
    assertThatThrownBy(() -> add("{\"data\":[secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  private void add(String answer) {
    vectors.add(answer.getBytes(UTF_8));
  }

  private String answer(long tokens) {
    return new String(vectors.answer(Usage.estimate(tokens, 0)), UTF_8);
  }
}
