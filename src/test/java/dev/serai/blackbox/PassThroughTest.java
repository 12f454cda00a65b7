package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an OpenAI-type provider is sent: the caller's own bytes, but for the name of the target. */
class PassThroughTest {
  private static final String IMAGES =
      """
      "messages": [ {"role":"user","content":[
        {"type":"text","text":"Which inn? \\u00dc, \u00fc and \\/"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}},
        {"type":"image_url", "image_url":{ "url":"https:\\/\\/inn.example\\/gate.jpg?w=1&h=2" }}]} ],
      "temperature":1.0e0\
      """;
  private static final String SCHEMA =
      """
      "response_format": {"type":"json_schema","json_schema":{"strict":true,"name":"inn","schema":
        {"type":"object","properties":{"camels":{"maximum":1E2,"type":"integer"},"a":{"type":"string"}},
        "required":["camels","a"] , "additionalProperties":false}}},
      "messages":[{"role":"user","content":"How many camels?"}]\
      """;
  private static final String STREAM =
      "\"stream\":true, \"stream_options\":{ \"include_usage\" : true }, ";

  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(
          Map.of(
              "serai.providers.openai.tenant-metadata", "off",
              "serai.providers.openrouter.tenant-metadata", "off"));

  @ParameterizedTest
  @CsvSource({
    "openai,gpt-4o-mini,false",
    "openai,gpt-4o-mini,true",
    "openrouter,anthropic/claude-sonnet-4,false",
    "openrouter,anthropic/claude-sonnet-4,true"
  })
  void images_arrive_byte_for_byte(String target, String model, boolean stream) throws IOException {
    assertUnchanged(target, model, stream, IMAGES);
  }

  @ParameterizedTest
  @CsvSource({
    "openai,gpt-4o-mini,false",
    "openai,gpt-4o-mini,true",
    "openrouter,anthropic/claude-sonnet-4,false",
    "openrouter,anthropic/claude-sonnet-4,true"
  })
  void a_json_schema_arrives_byte_for_byte(String target, String model, boolean stream)
      throws IOException {
    assertUnchanged(target, model, stream, SCHEMA);
  }

  private void assertUnchanged(String target, String model, boolean stream, String fields)
      throws IOException {
    String request = "{ \"model\" : \"%s\", %s%s }\n".formatted("%s", stream ? STREAM : "", fields);

    try (SseStream answer =
        gateway.stream(request.formatted(target + "/" + model), "x-serai-cache", "no-store")) {
      assertThat(answer.status()).isEqualTo(200);
      if (stream) {
        assertThat(answer.rest()).isNotEmpty();
      } else {
        assertThat(answer.whole().content()).isNotEmpty();
      }
    }

    FakeProvider provider = target.equals("openai") ? gateway.provider() : gateway.second();
    assertThat(provider.calls())
        .singleElement()
        .satisfies(
            call ->
                assertThat(new String(call.body(), StandardCharsets.UTF_8))
                    .isEqualTo(request.formatted(model)));
  }
}
