package dev.serai.egress;

import dev.serai.catalog.Secret;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** OpenAI's own format: nothing is changed, copied or read. */
final class OpenAiFormat implements WireFormat {

  @Override
  public String path(String operation) {
    return operation;
  }

  @Override
  public Map<String, String> headers(@Nullable Secret key) {
    return key == null ? Map.of() : Map.of("Authorization", "Bearer " + key.reveal());
  }

  @Override
  public Translation translate(UpstreamRequest request) {
    return new AsItIs(request.body());
  }

  private static final class AsItIs implements Translation {
    private final byte[] request;

    AsItIs(byte[] request) {
      this.request = request;
    }

    @Override
    public byte[] request() {
      return request;
    }

    @Override
    public byte[] answer(byte[] body) {
      return body;
    }

    @Override
    public byte[] error(int status, byte[] body) {
      return body;
    }

    @Override
    public void event(byte[] event, Queue<byte[]> out) {
      out.add(event);
    }
  }
}
