package dev.serai.egress;

import dev.serai.catalog.Secret;
import dev.serai.dialect.anthropic.MessagesAnswer;
import dev.serai.dialect.anthropic.MessagesError;
import dev.serai.dialect.anthropic.MessagesEvents;
import dev.serai.dialect.anthropic.MessagesRequest;
import dev.serai.dialect.chat.ChatReader;
import java.time.Clock;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Messages API.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Messages at Anthropic</a>
 */
final class AnthropicFormat implements WireFormat {

  /** The version of the API that is spoken here. */
  private static final String VERSION = "2023-06-01";

  private final Clock clock;

  AnthropicFormat(Clock clock) {
    this.clock = clock;
  }

  @Override
  public @Nullable String path(String operation) {
    return operation.equals("/chat/completions") ? "/v1/messages" : null;
  }

  @Override
  public Map<String, String> headers(@Nullable Secret key) {
    return key == null
        ? Map.of("anthropic-version", VERSION)
        : Map.of("anthropic-version", VERSION, "x-api-key", key.reveal());
  }

  @Override
  public Translation translate(UpstreamRequest request) {
    return new Messages(
        MessagesRequest.of(ChatReader.read(request.body()), request.maxAnswerTokens()),
        clock.instant().getEpochSecond());
  }

  private static final class Messages implements Translation {
    private final MessagesRequest request;
    private final long created;
    private final MessagesEvents events;

    Messages(MessagesRequest request, long created) {
      this.request = request;
      this.created = created;
      this.events = new MessagesEvents(request.answerTool(), created);
    }

    @Override
    public byte[] request() {
      return request.json();
    }

    @Override
    public byte @Nullable [] answer(byte[] body) {
      return MessagesAnswer.completion(body, request.answerTool(), created);
    }

    @Override
    public byte[] error(int status, byte[] body) {
      return MessagesError.body(status, body);
    }

    @Override
    public void event(byte[] event, Queue<byte[]> out) {
      events.event(event, out);
    }
  }
}
