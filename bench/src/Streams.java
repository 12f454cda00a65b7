import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Opens many paced SSE streams at once and measures how evenly the events arrive: {@code java
 * bench/src/Streams.java --url http://127.0.0.1:8080/v1/chat/completions --streams 1000 --gap-ms
 * 100 --chunks 150}.
 *
 * <p>The streams are opened over {@code --ramp-ms} (2,000). A stream fails unless its status is
 * 200, all events arrive and it ends with {@code [DONE]}; those that have not ended {@code
 * --grace-ms} (20,000) after they were due fail too. Prints one line {@code RESULT key=value …};
 * times are microseconds, {@code worst} is over the longest gap of each stream, {@code gap} over
 * all gaps, {@code together} how many streams were open at the same time.
 */
final class Streams {
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    URI url =
        URI.create(
            options.getOrDefault("--url", "http://127.0.0.1:9100/direct/v1/chat/completions"));
    Run run =
        new Run(
            url,
            Integer.parseInt(options.getOrDefault("--streams", "1000")),
            Integer.parseInt(options.getOrDefault("--gap-ms", "100")),
            Integer.parseInt(options.getOrDefault("--chunks", "150")),
            Long.parseLong(options.getOrDefault("--ramp-ms", "2000")) * 1_000_000,
            Long.parseLong(options.getOrDefault("--grace-ms", "20000")) * 1_000_000,
            options.getOrDefault("--model", "openai/bench"));
    System.out.println(run.go());
  }

  /** One measurement. */
  static final class Run {
    private final URI url;
    private final Stream[] streams;
    private final int gapMillis;
    private final int chunks;
    private final long rampNanos;
    private final long graceNanos;
    private final String model;
    private final Selector selector = Selector.open();
    private final ByteBuffer input = ByteBuffer.allocate(64 * 1024);
    private final TreeMap<String, Integer> failures = new TreeMap<>();
    private long[] gaps;
    private int gapCount;
    private int open;
    private int together;
    private int ended;
    private int succeeded;

    Run(
        URI url,
        int count,
        int gapMillis,
        int chunks,
        long rampNanos,
        long graceNanos,
        String model)
        throws IOException {
      this.url = url;
      this.streams = new Stream[count];
      this.gapMillis = gapMillis;
      this.chunks = chunks;
      this.rampNanos = rampNanos;
      this.graceNanos = graceNanos;
      this.model = model;
      this.gaps = new long[count * (chunks + 4)];
    }

    String go() throws IOException {
      long begin = System.nanoTime();
      long deadline = begin + rampNanos + graceNanos + (long) gapMillis * 1_000_000 * (chunks + 1);
      for (int opened = 0; ended < streams.length && System.nanoTime() < deadline; ) {
        long now = System.nanoTime();
        while (opened < streams.length && now - begin >= rampNanos / streams.length * opened) {
          streams[opened] = new Stream(this, opened, selector);
          opened++;
        }
        selector.select(key -> ((Stream) key.attachment()).ready(), 1);
      }
      for (Stream stream : streams) {
        if (stream == null) {
          fail("never opened");
        } else {
          stream.expire();
        }
      }
      return report();
    }

    private String report() {
      long[] first = Arrays.stream(streams).filter(Run::measured).mapToLong(s -> s.first).toArray();
      long[] worst = Arrays.stream(streams).filter(Run::measured).mapToLong(s -> s.worst).toArray();
      String line =
          "RESULT streams=%d ok=%d failed=%d together=%d events=%d"
              .formatted(streams.length, succeeded, streams.length - succeeded, together, gapCount);
      line += percentiles("first", first);
      line += percentiles("worst", worst);
      line += percentiles("gap", Arrays.copyOf(gaps, gapCount));
      for (Map.Entry<String, Integer> failure : failures.entrySet()) {
        line += "\nFAILED " + failure.getValue() + " x " + failure.getKey();
      }
      return line;
    }

    private static boolean measured(Stream stream) {
      return stream != null && stream.events > 1;
    }

    private static String percentiles(String name, long[] nanos) {
      Arrays.sort(nanos);
      return " %s_p50=%d %s_p99=%d %s_max=%d"
          .formatted(name, at(nanos, 50), name, at(nanos, 99), name, at(nanos, 100));
    }

    private static long at(long[] sorted, int percent) {
      int rank = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
      return sorted.length == 0 ? 0 : sorted[Math.max(0, rank)] / 1000;
    }

    void opened() {
      together = Math.max(together, ++open);
    }

    void gap(long nanos) {
      if (gapCount == gaps.length) {
        gaps = Arrays.copyOf(gaps, gaps.length * 2);
      }
      gaps[gapCount++] = nanos;
    }

    void fail(String why) {
      failures.merge(why, 1, Integer::sum);
    }
  }

  /** One connection, one request, one answer. */
  static final class Stream {
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    long first;
    long worst;
    int events;
    private final Run run;
    private final SocketChannel channel;
    private final ByteBuffer request;
    private final byte[] line = new byte[32];
    private final long begin = System.nanoTime();
    private final StringBuilder head = new StringBuilder();
    private boolean inBody;
    private boolean isChunked;
    private boolean readingData;
    private long chunkSize;
    private int lineLength;
    private long last;
    private boolean isDone;
    private boolean hasEnded;

    Stream(Run run, int number, Selector selector) throws IOException {
      this.run = run;
      String body =
          ("{\"model\":\"%s-paced-%dx%d\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"Caravan"
               + " %d-%d asks for water.\"}]}")
              .formatted(run.model, run.gapMillis, run.chunks, System.nanoTime(), number);
      request =
          ByteBuffer.wrap(
              ("POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer sk-serai-dev\r\n"
                      + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
                  .formatted(run.url.getPath(), run.url.getAuthority(), body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_CONNECT, this);
      channel.connect(new InetSocketAddress(run.url.getHost(), run.url.getPort()));
    }

    void ready() {
      try {
        SelectionKey key = channel.keyFor(run.selector);
        if (key.isConnectable() && channel.finishConnect()) {
          key.interestOps(SelectionKey.OP_WRITE);
        }
        if (key.isWritable() && channel.write(request) >= 0 && !request.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
        if (key.isReadable()) {
          read();
        }
      } catch (IOException broken) {
        end(broken.getMessage());
      }
    }

    private void read() throws IOException {
      ByteBuffer input = run.input.clear();
      int read = channel.read(input);
      if (read < 0) {
        end(
            isDone && !isChunked
                ? null
                : "closed after " + (events == 0 ? "no" : "some") + " events");
        return;
      }
      long now = System.nanoTime();
      for (int i = 0; i < read && !hasEnded; i++) {
        byte b = input.get(i);
        if (inBody) {
          body(b, now);
        } else {
          header(b);
        }
      }
    }

    private void header(byte b) {
      head.append((char) b);
      int length = head.length();
      if (b != '\n' || length < 4 || head.charAt(length - 3) != '\n') {
        return;
      }
      String text = head.toString();
      if (!text.startsWith("HTTP/1.1 200")) {
        end("status " + text.substring(9, 12));
        return;
      }
      isChunked = text.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
      inBody = true;
      run.opened();
    }

    /** Takes the HTTP chunks apart; what remains are the lines of the event stream. */
    private void body(byte b, long now) {
      if (!isChunked) {
        data(b, now);
      } else if (readingData) {
        if (chunkSize-- > 0) {
          data(b, now);
        } else if (b == '\n') {
          readingData = false;
          chunkSize = 0;
        }
      } else if (b == '\n') {
        readingData = true;
        if (chunkSize == 0) {
          end(isDone ? null : "ended without [DONE]");
        }
      } else if (b != '\r') {
        chunkSize = chunkSize * 16 + Character.digit(b, 16);
      }
    }

    private void data(byte b, long now) {
      if (b != '\n') {
        if (lineLength < line.length) {
          line[lineLength++] = b;
        }
        return;
      }
      if (lineLength > 5 && line[0] == 'd' && line[4] == ':') {
        event(now);
      }
      lineLength = 0;
    }

    private void event(long now) {
      if (Arrays.equals(line, 0, Math.min(lineLength, DONE.length), DONE, 0, DONE.length)) {
        isDone = true;
        return;
      }
      if (events++ == 0) {
        first = now - begin;
      } else {
        worst = Math.max(worst, now - last);
        run.gap(now - last);
      }
      last = now;
    }

    void expire() {
      if (!hasEnded) {
        end(inBody ? "unfinished in time" : "no answer in time");
      }
    }

    private void end(String why) {
      hasEnded = true;
      run.ended++;
      if (inBody) {
        run.open--;
      }
      if (why == null && events < run.chunks) {
        why = "events missing";
      }
      if (why == null) {
        run.succeeded++;
      } else {
        run.fail(why);
      }
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        run.fail("close: " + alreadyGone.getMessage());
      }
    }
  }
}
