package dev.serai.egress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.Failure;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.Operation;
import dev.serai.dialect.StreamReplay;
import dev.serai.policy.TokenCounter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers inside the process, without a key and free of charge, so that everything around a model
 * can be tried. The same request gets the same answer.
 */
public final class LocalUpstream implements Upstream {

  /** The model it goes by. */
  public static final String MODEL = "serai-local";

  /** The model that makes its vectors. */
  static final String EMBEDDING_MODEL = "all-MiniLM-L6-v2";

  private static final Pattern AFTER_SPACE = Pattern.compile("(?<= )");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Duration tokenDelay;
  private final TokenCounter counter;
  private final Clock clock;
  private final LocalEmbeddings embeddings;

  /**
   * Makes the provider.
   *
   * @param tokenDelay the pace of streams, between two words; zero = as fast as it goes
   */
  public LocalUpstream(Duration tokenDelay, TokenCounter counter, Clock clock) {
    this.tokenDelay = tokenDelay;
    this.counter = counter;
    this.clock = clock;
    this.embeddings = new LocalEmbeddings(MiniLm::new, counter);
  }

  @Override
  public Reply send(UpstreamRequest request) {
    if (request.path().equals(Operation.EMBEDDINGS.path())) {
      return embeddings.answer(request.body(), EMBEDDING_MODEL, request.timeLeft());
    }
    ChatRequest chat = ChatRequest.parse(request.body());
    String text = answer(chat);
    byte[] whole = whole(chat, text, request.id());
    if (!chat.stream()) {
      return new Reply.Whole(200, whole, "application/json", null);
    }
    return new Reply.Live(200, new PacedEvents(events(whole, text, chat.includeUsage())));
  }

  @Override
  public void close() {
    embeddings.close();
  }

  @Override
  public Check check() {
    return Check.without(Check.State.OK, "The target answers inside the gateway.");
  }

  private static String answer(ChatRequest chat) {
    return "This is Serai's local model, which answers inside the gateway while no provider key is"
        + " set. You said: "
        + chat.lastUserText();
  }

  private byte[] whole(ChatRequest chat, String text, String id) {
    long input = PromptTokens.count(chat, MODEL, counter);
    long output = counter.count(MODEL, text);
    ObjectNode root = JSON.createObjectNode();
    root.put("id", "chatcmpl-" + id);
    root.put("object", "chat.completion");
    root.put("created", clock.instant().getEpochSecond());
    root.put("model", MODEL);
    ObjectNode choice = root.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text);
    choice.putNull("logprobs");
    choice.put("finish_reason", "stop");
    ObjectNode usage = root.putObject("usage");
    usage.put("prompt_tokens", input);
    usage.put("completion_tokens", output);
    usage.put("total_tokens", input + output);
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }

  /** The events of the whole answer, its one content event broken up into words. */
  private static List<byte[]> events(byte[] whole, String text, boolean includeUsage) {
    List<byte[]> events = new ArrayList<>();
    for (byte[] event : StreamReplay.events(whole, includeUsage)) {
      byte[] content = quoted(text);
      int at = indexOf(event, content);
      if (at < 0) {
        events.add(event);
        continue;
      }
      for (String word : AFTER_SPACE.split(text, -1)) {
        byte[] part = quoted(word);
        byte[] chunk = new byte[event.length - content.length + part.length];
        System.arraycopy(event, 0, chunk, 0, at);
        System.arraycopy(part, 0, chunk, at, part.length);
        System.arraycopy(
            event,
            at + content.length,
            chunk,
            at + part.length,
            event.length - at - content.length);
        events.add(chunk);
      }
    }
    return events;
  }

  private static byte[] quoted(String text) {
    try {
      return ("\"content\":" + JSON.writeValueAsString(text)).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string always has a text", e);
    }
  }

  private static int indexOf(byte[] in, byte[] what) {
    for (int i = 0; i <= in.length - what.length; i++) {
      int j = 0;
      while (j < what.length && in[i + j] == what[j]) {
        j++;
      }
      if (j == what.length) {
        return i;
      }
    }
    return -1;
  }

  private final class PacedEvents implements EventSource {
    private final List<byte[]> events;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private int next;

    PacedEvents(List<byte[]> events) {
      this.events = events;
    }

    @Override
    public byte @Nullable [] next() {
      if (next >= events.size()) {
        return null;
      }
      if (next > 0) {
        pause();
      }
      return events.get(next++);
    }

    private void pause() {
      try {
        if (cancelled.await(tokenDelay.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new UpstreamException(new Failure.ClientGone(), true);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UpstreamException(new Failure.ClientGone(), true);
      }
    }

    @Override
    public boolean ready() {
      return next < events.size() && tokenDelay.isZero();
    }

    @Override
    public void finish() {
      next = events.size();
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }
}
