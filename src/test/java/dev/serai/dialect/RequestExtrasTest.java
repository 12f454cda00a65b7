package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.Extras;
import dev.serai.chat.ServiceTier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a chat request asks for beside text. */
class RequestExtrasTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  @ParameterizedTest
  @CsvSource({
    "priority, PRIORITY",
    "flex, FLEX",
    "auto, STANDARD",
    "default, STANDARD",
    "turbo, OTHER"
  })
  void the_service_tier(String name, ServiceTier tier) {
    assertThat(extras("\"service_tier\":\"" + name + "\"," + HI).serviceTier()).isEqualTo(tier);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"cache_control\":{\"type\":\"ephemeral\"}," + HI,
        "\"tools\":[{\"cache_control\":{\"type\":\"ephemeral\"}}]," + HI,
        "\"messages\":[{\"role\":\"user\",\"cache_control\":{},\"content\":\"hi\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\","
            + "\"cache\\u005fcontrol\":{\"type\":\"ephemeral\"}}]}]",
        "\"messages\":[{\"role\":\"tool\",\"content\":[{\"x\":[{\"cache_control\":{}}]}]}]"
      })
  void what_is_marked_for_the_cache(String fields) {
    assertThat(extras(fields))
        .isEqualTo(new Extras(ServiceTier.STANDARD, true, false, false, false, false, false));
  }

  @Test
  void what_is_marked_for_an_hour() {
    assertThat(extras("\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}," + HI))
        .isEqualTo(new Extras(ServiceTier.STANDARD, true, true, false, false, false, false));
  }

  @Test
  void sound_and_images() {
    ChatRequest request =
        request(
            "\"modalities\":[\"text\",\"audio\"],\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}},"
                + "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\"}}]}]");

    assertThat(request.extras())
        .isEqualTo(new Extras(ServiceTier.STANDARD, false, false, true, true, true, false));
    assertThat(request.audioBytes()).isEqualTo("{\"data\":\"AAAA\"}".length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"} | false
          "file":{"file_data":"AAAA","filename":"a.pdf"}                             | false
          "file":{"file_data":null,"file_id":"file-1"}                               | true
          "file":{"file_data":"data:text/plain;base64,AAAA","file_id":"file-1"}      | true
          "file":{"file_data":"https://example.com/a.pdf"}                           | true
          "file":{"file_data":"\\u0068ttps://example.com/a.pdf"}                     | true
          "file":"file-1"                                                            | false
          "file_id":"file-1"                                                         | true
          "video_url":{"url":"https://example.com/a.mp4"}                            | true
          "video_url":{"url":"data:video/mp4;base64,AAAA"}                           | false
          """)
  void files_and_how_large_they_are_may_be_known_to_the_provider_only(
      String part, boolean elsewhere) {
    ChatRequest request =
        request(
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\"," + part + "}]}]");

    assertThat(request.fileBytes()).isEqualTo(part.length() - part.indexOf(':') - 1);
    assertThat(request.filesElsewhere()).isEqualTo(elsewhere);
    assertThat(request.extras())
        .isEqualTo(new Extras(ServiceTier.STANDARD, false, false, true, true, false, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HI,
        "\"service_tier\":null,\"modalities\":null,\"cache_control\":null," + HI,
        "\"service_tier\":7,\"modalities\":[[\"audio\"]],\"ttl\":\"1h\"," + HI
      })
  void an_ordinary_request_has_none(String fields) {
    assertThat(extras(fields)).isEqualTo(Extras.NONE);
  }

  private static Extras extras(String fields) {
    return request(fields).extras();
  }

  private static ChatRequest request(String fields) {
    return ChatRequest.parse(("{" + fields + "}").getBytes(UTF_8));
  }
}
