package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

  private static final String STREAM =
      "\uFEFFdata: {\"a\":\"é\"}\n\n: ping\n\nevent: x\ndata: 1\ndata: 2\n\n\ndata: [DONE]\n\n";

  /** Gives at most the next piece per read, and says how many reads there were. */
  private static final class Pieces extends InputStream {
    private final byte[] bytes;
    private final Random sizes;
    private final int most;
    private int at;

    Pieces(String text, int most) {
      bytes = text.getBytes(UTF_8);
      sizes = new Random(most);
      this.most = most;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == bytes.length) {
        return -1;
      }
      int size = Math.min(Math.min(length, bytes.length - at), 1 + sizes.nextInt(most));
      System.arraycopy(bytes, at, into, offset, size);
      at += size;
      return size;
    }
  }

  private static List<String> events(InputStream in) throws IOException {
    return rest(new SseReader(in, 1000));
  }

  private static List<String> rest(SseReader reader) throws IOException {
    List<String> events = new ArrayList<>();
    for (byte[] event = reader.next(); event != null; event = reader.next()) {
      events.add(new String(event, UTF_8));
    }
    return events;
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static InputStream breaksAfter(String text) {
    return new InputStream() {
      private final InputStream first = stream(text);

      @Override
      public int read() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = first.read(into, offset, length);
        if (read < 0) {
          throw new IOException("reset");
        }
        return read;
      }
    };
  }

  @Test
  void cuts_at_blank_lines_and_keeps_every_byte() throws IOException {
    assertThat(events(stream(STREAM)))
        .containsExactly(
            "\uFEFFdata: {\"a\":\"é\"}\n\n",
            ": ping\n\n",
            "event: x\ndata: 1\ndata: 2\n\n",
            "\n",
            "data: [DONE]\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void knows_every_line_end(String end) throws IOException {
    String text = "data: 1" + end + "id: 2" + end + end + ": x" + end + end + end + "data: 3" + end;

    assertThat(events(stream(text + end)))
        .containsExactly(
            "data: 1" + end + "id: 2" + end + end, ": x" + end + end, end, "data: 3" + end + end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\r\r\n", "\n\r", "\n\r\n", "\r\n\n"})
  void gives_the_same_events_however_they_arrive(String end) throws IOException {
    String text = STREAM.replace("\n", end) + "data: rest";
    List<String> whole = events(stream(text));

    for (int most = 1; most < 20; most++) {
      assertThat(events(new Pieces(text, most))).isEqualTo(whole);
    }
    assertThat(String.join("", whole)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: 1\n\n", "data: 1\r\n\r\n", "data: 1\r\r"})
  void gives_an_event_without_waiting_for_more(String event) throws IOException {
    SseReader reader = new SseReader(breaksAfter(event), 1000);

    assertThat(reader.next()).asString(UTF_8).isEqualTo(event);
    assertThat(reader.truncated()).isFalse();
  }

  @Test
  void gives_what_is_left_at_the_end_once() throws IOException {
    SseReader reader = new SseReader(stream("data: 1\n\ndata: 2\n"), 1000);

    assertThat(rest(reader)).containsExactly("data: 1\n\n", "data: 2\n");
    assertThat(reader.truncated()).isTrue();
    assertThat(reader.next()).isNull();
  }

  @Test
  void is_not_truncated_by_an_end_right_after_the_last_carriage_return() throws IOException {
    SseReader reader = new SseReader(stream("data: 1\n\r"), 1000);

    assertThat(rest(reader)).containsExactly("data: 1\n\r");
    assertThat(reader.truncated()).isFalse();
  }

  @Test
  void grows_for_long_events() throws IOException {
    String event = "data: " + "x".repeat(100_000) + "\n\n";

    assertThat(rest(new SseReader(new Pieces(event + event, 3000), 200_000)))
        .containsExactly(event, event);
  }

  @Test
  void takes_an_event_of_exactly_the_longest_size() throws IOException {
    assertThat(rest(new SseReader(stream("data: 1\n\ndata: 2\n\n"), 9)))
        .containsExactly("data: 1\n\n", "data: 2\n\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  void refuses_an_event_that_is_too_long(int most) {
    SseReader reader = new SseReader(new Pieces("data: 12\n\n", most), 9);

    assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("9");
  }

  @Test
  void gives_what_had_arrived_before_the_stream_breaks() throws IOException {
    SseReader reader = new SseReader(breaksAfter("data: 1\n\ndata: 2\n\nda"), 1000);

    assertThat(reader.next()).asString(UTF_8).isEqualTo("data: 1\n\n");
    assertThat(reader.next()).asString(UTF_8).isEqualTo("data: 2\n\n");
    assertThatThrownBy(reader::next).hasMessage("reset");
  }
}
