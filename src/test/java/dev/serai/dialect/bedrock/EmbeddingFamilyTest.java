package dev.serai.dialect.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.dialect.InvalidRequestException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings in the words of the models on Bedrock. */
class EmbeddingFamilyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amazon.titan-embed-text-v2:0||{\"inputText\":\"a\"}",
        "amazon.titan-embed-text-v2:0|256|{\"inputText\":\"a\",\"dimensions\":256}",
        "amazon.titan-embed-image-v1|256|{\"inputText\":\"a\",\"embeddingConfig\":{\"outputEmbeddingLength\":256}}",
        "cohere.embed-english-v3||{\"texts\":[\"a\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"]}",
        "eu.cohere.embed-v4:0|256|{\"texts\":[\"a\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"],\"output_dimension\":256}",
      })
  void each_family_is_asked_in_its_own_words(String model, @Nullable Long dimensions, String json) {
    List<byte[]> bodies =
        EmbeddingFamily.of(model)
            .requests(
                model,
                List.of("a"),
                dimensions,
                "{\"input_type\":\"search_query\"}".getBytes(UTF_8));

    assertThat(bodies).hasSize(1);
    assertThat(new String(bodies.getFirst(), UTF_8)).isEqualTo(json);
  }

  @Test
  void titan_takes_one_text_at_a_time_and_cohere_96() {
    List<String> texts = Collections.nCopies(97, "a");

    assertThat(EmbeddingFamily.TITAN.requests("amazon.titan-embed-text-v2:0", texts, null, none()))
        .hasSize(97);
    assertThat(EmbeddingFamily.COHERE.requests("cohere.embed-english-v3", texts, null, none()))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"amazon.titan-embed-text-v1", "cohere.embed-multilingual-v3"})
  void fixed_dimensions_cannot_be_chosen(String model) {
    EmbeddingFamily family = EmbeddingFamily.of(model);

    assertThatThrownBy(() -> family.requests(model, List.of("a"), 256L, none()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.param()).isEqualTo("dimensions"));
  }

  @Test
  void a_model_of_another_kind_is_refused() {
    assertThatThrownBy(() -> EmbeddingFamily.of("amazon.nova-lite-v1:0"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":3}|1|3",
        "{\"embedding\":[0.5,-1],\"embeddingsByType\":{\"float\":[0.5,-1]}}|1|",
        "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":10000000000}|1|10000000000",
        "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":10000000001}|1|",
        "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":-1}|1|",
        "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":99999999999999999999}|1|",
        "{\"id\":\"x\",\"embeddings\":[[0.5,-1],[2,3]],\"texts\":[\"a\",\"b\"]}|2|",
        "{\"embeddings\":{\"float\":[[0.5,-1],[2,3]]},\"response_type\":\"embeddings_by_type\"}|2|",
      })
  void every_form_of_answer_is_read(String json, int count, @Nullable Long tokens) {
    EmbeddingFamily.Made made =
        Objects.requireNonNull(EmbeddingFamily.TITAN.read(json.getBytes(UTF_8)));

    assertThat(made.vectors()).hasSize(count);
    assertThat(made.vectors().getFirst()).containsExactly(0.5f, -1f);
    assertThat(made.tokens()).isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}", "[]", "not json", "{\"embedding\":[]}", "{\"embedding\":["})
  void what_holds_no_vector_is_no_answer(String json) {
    assertThat(EmbeddingFamily.TITAN.read(json.getBytes(UTF_8))).isNull();
  }

  private static byte[] none() {
    return "{}".getBytes(UTF_8);
  }
}
