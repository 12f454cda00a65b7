package dev.serai.recall;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.chat.Failure;
import dev.serai.egress.UpstreamException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down what an observer is told. {@code done} is the last event, {@code error} fails. */
final class Log implements SharedStream.Observer {
  final List<String> lines = new CopyOnWriteArrayList<>();
  volatile boolean tooEarly;
  volatile Runnable onEvent = () -> {};

  @Override
  public boolean event(byte[] event) {
    String text = new String(event, UTF_8);
    lines.add(text);
    onEvent.run();
    if (text.equals("error")) {
      throw new UpstreamException(new Failure.ServerError(500), true);
    }
    return text.equals("done");
  }

  @Override
  public void ended(@Nullable List<byte[]> events) {
    lines.add(events == null ? "ended, not kept" : "ended after " + events.size());
    if (tooEarly) {
      throw new UpstreamException(new Failure.Network("early"), true);
    }
  }

  @Override
  public void broke(UpstreamException failure) {
    lines.add("broke: " + failure.failure().type());
  }
}
