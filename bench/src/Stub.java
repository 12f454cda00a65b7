import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * An OpenAI-shaped provider that costs next to nothing: {@code java bench/src/Stub.java --port
 * 9100}.
 *
 * <p>Answers any POST whose path ends in {@code /chat/completions}: a whole answer of about 500
 * bytes, or an SSE stream when the body has {@code "stream":true}, with the usage chunk when the
 * body has {@code "include_usage":true}. A stream goes out at once, unless {@code --gap-ms} is
 * given or the model name ends in {@code paced-<gap ms>x<chunks>}; a whole answer is never delayed.
 *
 * <p>Options: {@code --port 9100 --chunks 20 --gap-ms 0 --loops 1}. {@code GET /stats} counts
 * complete requests received; those whose path starts with {@code /direct/} are counted apart, so
 * that the rest is what came through a gateway.
 */
final class Stub {
  static final LongAdder WHOLE = new LongAdder();
  static final LongAdder STREAMS = new LongAdder();
  static final LongAdder DIRECT = new LongAdder();
  static final LongAdder FINISHED_STREAMS = new LongAdder();
  static final LongAdder CUT_STREAMS = new LongAdder();

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new ConcurrentHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    int port = Integer.parseInt(options.getOrDefault("--port", "9100"));
    int chunks = Integer.parseInt(options.getOrDefault("--chunks", "20"));
    int gapMillis = Integer.parseInt(options.getOrDefault("--gap-ms", "0"));
    int loopCount = Integer.parseInt(options.getOrDefault("--loops", "1"));

    Answers answers = new Answers(chunks, gapMillis);
    Loop[] loops = new Loop[loopCount];
    for (int i = 0; i < loopCount; i++) {
      loops[i] = new Loop(answers);
    }
    ServerSocketChannel server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress("127.0.0.1", port), 4096);
    for (Loop loop : loops) {
      Thread.ofPlatform().name("stub").start(loop);
    }
    System.out.println("stub on http://127.0.0.1:" + port + "/v1");
    for (int next = 0; ; next = (next + 1) % loopCount) {
      SocketChannel channel = server.accept();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      loops[next].adopt(channel);
    }
  }

  static String stats() {
    return "{\"requests\":%d,\"direct\":%d,\"whole\":%d,\"streams\":%d,\"streams_finished\":%d,\"streams_cut\":%d}"
        .formatted(
            WHOLE.sum() + STREAMS.sum(),
            DIRECT.sum(),
            WHOLE.sum(),
            STREAMS.sum(),
            FINISHED_STREAMS.sum(),
            CUT_STREAMS.sum());
  }

  /** How a stream is sent: {@code gapNanos} between {@code chunks} content events; 0 is at once. */
  record Pace(long gapNanos, int chunks) {}

  /** Every byte the stub can send, rendered once. */
  static final class Answers {
    private static final String ID = "chatcmpl-B9MBs8CjcvOLX2w9hTr3xGf7dQ1uZ";
    private static final String WORDS =
        "The caravan rests at the serai, is counted at the gate, given water, and leaves at dawn."
            + " What each one carried is written in the book of the house.";

    final Pace defaultPace;
    final ByteBuffer whole;
    final ByteBuffer stream;
    final ByteBuffer streamWithUsage;
    final ByteBuffer head;
    final ByteBuffer content;
    final ByteBuffer tail;
    final ByteBuffer tailWithUsage;
    final ByteBuffer proceed = direct("HTTP/1.1 100 Continue\r\n\r\n");
    final ByteBuffer notFound =
        direct(json("404 Not Found", "{\"error\":{\"message\":\"no such path\"}}"));

    Answers(int chunks, int gapMillis) {
      defaultPace = new Pace(gapMillis * 1_000_000L, chunks);
      whole =
          direct(
              json(
                  "200 OK",
                  "{\"id\":\""
                      + ID
                      + "\",\"object\":\"chat.completion\",\"created\":1741570283,"
                      + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                      + "\"assistant\",\"content\":\""
                      + WORDS
                      + "\",\"refusal\":null},"
                      + "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":"
                      + usage(31)
                      + ",\"service_tier\":\"default\"}"));
      String headText =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
              + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
              + chunk(event("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
      String contentText = chunk(event("{\"content\":\" caravan\"}", "null"));
      String finish = chunk(event("{}", "\"stop\""));
      String usage =
          chunk(
              "data: {\"id\":\""
                  + ID
                  + "\",\"object\":\"chat.completion.chunk\",\"created\":"
                  + "1741570283,\"model\":\"bench\",\"choices\":[],\"usage\":"
                  + usage(chunks)
                  + "}\n\n");
      String done = chunk("data: [DONE]\n\n") + "0\r\n\r\n";
      head = direct(headText);
      content = direct(contentText);
      tail = direct(finish + done);
      tailWithUsage = direct(finish + usage + done);
      stream = direct(headText + contentText.repeat(chunks) + finish + done);
      streamWithUsage = direct(headText + contentText.repeat(chunks) + finish + usage + done);
    }

    private static String usage(int outputTokens) {
      return "{\"prompt_tokens\":24,\"completion_tokens\":"
          + outputTokens
          + ",\"total_tokens\":"
          + (24 + outputTokens)
          + ",\"prompt_tokens_details\":{\"cached_tokens\":0}}";
    }

    private static String event(String delta, String finishReason) {
      return "data: {\"id\":\""
          + ID
          + "\",\"object\":\"chat.completion.chunk\",\"created\":"
          + "1741570283,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":"
          + delta
          + ",\"logprobs\":null,\"finish_reason\":"
          + finishReason
          + "}]}\n\n";
    }

    private static String chunk(String data) {
      return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    static String json(String status, String body) {
      return "HTTP/1.1 "
          + status
          + "\r\nContent-Type: application/json\r\nContent-Length: "
          + body.length()
          + "\r\n\r\n"
          + body;
    }

    static ByteBuffer direct(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
  }

  /** One selector and the connections it owns. */
  static final class Loop implements Runnable {
    final Answers answers;
    final PriorityQueue<Connection> paced =
        new PriorityQueue<>(Comparator.comparingLong((Connection c) -> c.due));
    private final Selector selector = Selector.open();
    private final Queue<SocketChannel> arrivals = new ConcurrentLinkedQueue<>();

    Loop(Answers answers) throws IOException {
      this.answers = answers;
    }

    void adopt(SocketChannel channel) {
      arrivals.add(channel);
      selector.wakeup();
    }

    @Override
    public void run() {
      try {
        while (true) {
          selector.select(this::ready, millisToNextEvent());
          for (SocketChannel channel; (channel = arrivals.poll()) != null; ) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new Connection(this, channel, key));
          }
          long now = System.nanoTime();
          while (!paced.isEmpty() && paced.peek().due - now <= 0) {
            paced.poll().tick();
          }
        }
      } catch (IOException broken) {
        broken.printStackTrace();
        System.exit(1);
      }
    }

    /** 0 waits for ever, so a stream that is due within the millisecond is waited for as 1. */
    private long millisToNextEvent() {
      if (paced.isEmpty()) {
        return 0;
      }
      return Math.max(1, (paced.peek().due - System.nanoTime()) / 1_000_000);
    }

    private void ready(SelectionKey key) {
      ((Connection) key.attachment()).ready();
    }
  }

  /** One keep-alive connection: requests are answered one by one, in order. */
  static final class Connection {
    private static final byte[] HEADER_END = ascii("\r\n\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] EXPECT = ascii("expect:");
    private static final byte[] MODEL = ascii("\"model\"");
    private static final byte[] STREAM = ascii("\"stream\"");
    private static final byte[] INCLUDE_USAGE = ascii("\"include_usage\"");
    private static final byte[] PACED = ascii("paced-");
    private static final byte[] LAST_CHUNK = ascii("\r\n0\r\n\r\n");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] STATS = ascii("/stats");
    private static final byte[] DIRECT_PATH = ascii("/direct/");
    private static final byte[] CHAT_PATH = ascii("/chat/completions");

    long due;
    private final Loop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] bytes = new byte[4096];
    private ByteBuffer input = ByteBuffer.wrap(bytes);
    private int start;
    private ByteBuffer output;
    private Pace pace;
    private int chunksLeft;
    private boolean withUsage;
    private boolean told100;

    Connection(Loop loop, SocketChannel channel, SelectionKey key) {
      this.loop = loop;
      this.channel = channel;
      this.key = key;
    }

    void ready() {
      try {
        if (key.isWritable()) {
          flush();
        }
        if (key.isValid() && key.isReadable()) {
          if (channel.read(input) < 0) {
            close();
            return;
          }
        }
        answerAll();
      } catch (IOException gone) {
        close();
      }
    }

    /** Sends what is due on a paced stream; keeps to the schedule even after a late tick. */
    void tick() {
      if (pace == null) {
        return;
      }
      try {
        if (output == null) {
          if (chunksLeft-- > 0) {
            send(loop.answers.content);
          } else {
            send(withUsage ? loop.answers.tailWithUsage : loop.answers.tail);
            pace = null;
            FINISHED_STREAMS.increment();
            answerAll();
            return;
          }
        }
        due += pace.gapNanos();
        loop.paced.add(this);
      } catch (IOException gone) {
        close();
      }
    }

    private void answerAll() throws IOException {
      while (output == null && pace == null && answerOne()) {}
      if (start == input.position()) {
        start = 0;
        input.clear();
      } else if (!input.hasRemaining()) {
        makeRoom();
      }
    }

    private void makeRoom() {
      int length = input.position() - start;
      byte[] room = length > bytes.length / 2 ? new byte[bytes.length * 2] : bytes;
      System.arraycopy(bytes, start, room, 0, length);
      bytes = room;
      input = ByteBuffer.wrap(bytes).position(length);
      start = 0;
    }

    /** Answers the next request if all of it is here. */
    private boolean answerOne() throws IOException {
      int end = input.position();
      int headers = indexOf(HEADER_END, start, end);
      if (headers < 0) {
        return false;
      }
      int body = headers + 4;
      int length = 0;
      boolean chunked = false;
      boolean expects = false;
      for (int line = indexOf('\n', start, headers) + 1; line > 0 && line < headers; ) {
        switch (bytes[line] | 0x20) {
          case 'c' ->
              length = at(CONTENT_LENGTH, line) ? number(line + CONTENT_LENGTH.length) : length;
          case 't' -> chunked |= at(TRANSFER_ENCODING, line);
          case 'e' -> expects |= at(EXPECT, line);
          default -> {}
        }
        line = indexOf('\n', line, headers) + 1;
      }
      int next;
      if (chunked) {
        int last = indexOf(LAST_CHUNK, body - 2, end);
        next = last < 0 ? -1 : last + LAST_CHUNK.length;
      } else {
        next = body + length <= end ? body + length : -1;
      }
      if (next < 0) {
        if (expects && !told100) {
          told100 = true;
          send(loop.answers.proceed);
        }
        return false;
      }
      told100 = false;
      int from = start;
      start = next;
      answer(from, body, next);
      return true;
    }

    private void answer(int from, int body, int end) throws IOException {
      int pathEnd = indexOf(' ', from + 5, body);
      if (bytes[from] == 'G') {
        boolean wantsStats = at(STATS, from + 4);
        send(wantsStats ? Answers.direct(Answers.json("200 OK", stats())) : loop.answers.notFound);
      } else if (pathEnd < from + CHAT_PATH.length || !at(CHAT_PATH, pathEnd - CHAT_PATH.length)) {
        send(loop.answers.notFound);
      } else {
        if (at(DIRECT_PATH, from + 5)) {
          DIRECT.increment();
        }
        if (isTrue(STREAM, body, end)) {
          STREAMS.increment();
          withUsage = isTrue(INCLUDE_USAGE, body, end);
          stream(pace(body, end));
        } else {
          WHOLE.increment();
          send(loop.answers.whole);
        }
      }
    }

    private void stream(Pace wanted) throws IOException {
      if (wanted.gapNanos() == 0) {
        send(withUsage ? loop.answers.streamWithUsage : loop.answers.stream);
        FINISHED_STREAMS.increment();
        return;
      }
      pace = wanted;
      chunksLeft = wanted.chunks();
      due = System.nanoTime() + wanted.gapNanos();
      loop.paced.add(this);
      send(loop.answers.head);
    }

    private Pace pace(int body, int end) {
      int model = indexOf(MODEL, body, end);
      int close = model < 0 ? -1 : indexOf('"', indexOf('"', model + MODEL.length, end) + 1, end);
      int paced = close < 0 ? -1 : indexOf(PACED, model, close);
      if (paced < 0) {
        return loop.answers.defaultPace;
      }
      int times = indexOf('x', paced + PACED.length, close);
      return new Pace(number(paced + PACED.length) * 1_000_000L, Math.max(1, number(times + 1)));
    }

    private void send(ByteBuffer rendered) throws IOException {
      ByteBuffer rest = rendered.duplicate();
      channel.write(rest);
      if (rest.hasRemaining()) {
        output = rest;
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    private void flush() throws IOException {
      channel.write(output);
      if (!output.hasRemaining()) {
        output = null;
        key.interestOps(SelectionKey.OP_READ);
      }
    }

    private void close() {
      if (pace != null) {
        pace = null;
        loop.paced.remove(this);
        CUT_STREAMS.increment();
      }
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        key.cancel();
      }
    }

    private boolean isTrue(byte[] name, int from, int end) {
      int at = indexOf(name, from, end);
      if (at < 0) {
        return false;
      }
      for (at += name.length; at < end && (bytes[at] == ' ' || bytes[at] == ':'); ) {
        at++;
      }
      return at + TRUE.length <= end && at(TRUE, at);
    }

    private int number(int at) {
      while (bytes[at] == ' ') {
        at++;
      }
      int value = 0;
      for (; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
        value = value * 10 + bytes[at] - '0';
      }
      return value;
    }

    /** Whether {@code lowerCase} stands at {@code at}, letters in either case. */
    private boolean at(byte[] lowerCase, int at) {
      for (int i = 0; i < lowerCase.length; i++) {
        int b = bytes[at + i];
        if (b != lowerCase[i] && (b | 0x20) != lowerCase[i]) {
          return false;
        }
      }
      return true;
    }

    private int indexOf(char c, int from, int end) {
      for (int i = from; i < end; i++) {
        if (bytes[i] == c) {
          return i;
        }
      }
      return -1;
    }

    private int indexOf(byte[] needle, int from, int end) {
      byte first = needle[0];
      int last = end - needle.length;
      for (int i = from; i <= last; i++) {
        if (bytes[i] == first
            && Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
          return i;
        }
      }
      return -1;
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
