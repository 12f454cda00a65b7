package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontMatterTest {

  @Test
  void names_the_conversation_and_is_no_part_of_the_prompt() {
    assertThat(FrontMatter.of("---\nconversation: desk-7\n---\nWhat is a serai?\n"))
        .isEqualTo(new FrontMatter("desk-7", "What is a serai?\n"));
    assertThat(FrontMatter.of("---\r\nconversation:desk-7 \r\n--- \r\nOne\r\ntwo"))
        .isEqualTo(new FrontMatter("desk-7", "One\ntwo"));
  }

  @Test
  void other_lines_stay() {
    assertThat(FrontMatter.of("---\ntitle: x\nconversation: c\n---\nText"))
        .isEqualTo(new FrontMatter("c", "---\ntitle: x\n---\nText"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "conversation: c\nText",
        "---\ntitle: x\n---\nText",
        "---\nconversation: c\nno end",
        "\n---\nconversation: c\n---\nText",
        "---\n\n---\nconversation: c\n"
      })
  void without_it_the_prompt_is_the_whole_file(String text) {
    assertThat(FrontMatter.of(text)).isEqualTo(new FrontMatter(null, text));
  }

  @Test
  void a_line_without_an_id_is_an_empty_one() {
    assertThat(FrontMatter.of("---\nconversation:\n---\nText").conversation()).isEmpty();
  }
}
