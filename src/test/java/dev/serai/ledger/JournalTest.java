package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.chat.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int SIZE = 64 << 10;
  private static final int MORE_THAN_HALF_A_FILE = 170;

  @TempDir Path folder;

  @Test
  void keeps_a_settlement_as_it_was() throws IOException {
    Settlement bare = Settlement.notSent(2, null, Instant.parse("2025-01-01T00:00:00.000000001Z"));
    Settlement unpriced =
        new Settlement(
            3,
            RowState.FAILED,
            "timeout",
            null,
            "Modell-ä",
            null,
            Usage.estimate(4, 5),
            Charge.UNPRICED,
            6L,
            7,
            Instant.EPOCH);

    append(Rows.settled(1), bare, unpriced);

    assertThat(replay()).containsExactly(Rows.settled(1), bare, unpriced);
  }

  @Test
  void replays_once() throws IOException {
    append(Rows.settled(1));

    assertThat(replay()).hasSize(1);
    assertThat(replay()).isEmpty();
    assertThat(segments()).isEmpty();
  }

  @Test
  void keeps_what_the_writer_did_not_take() throws IOException {
    append(Rows.settled(1));
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      assertThatThrownBy(
              () ->
                  journal.replay(
                      settlements -> {
                        throw new IllegalStateException("database down");
                      }))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(replay()).containsExactly(Rows.settled(1));
  }

  @Test
  void gives_up_a_torn_record_and_keeps_those_before_it() throws IOException {
    append(Rows.settled(1), Rows.settled(2));
    int second = recordLength() + 8;
    change(bytes -> bytes.putInt(second, SIZE));

    assertThat(replay()).containsExactly(Rows.settled(1));
  }

  @Test
  void leaves_out_a_damaged_record_and_keeps_those_around_it() throws IOException {
    append(Rows.settled(1), Rows.settled(2), Rows.settled(3));
    int second = recordLength() + 8;
    change(bytes -> bytes.put(second + 20, (byte) ~bytes.get(second + 20)));

    assertThat(replay()).containsExactly(Rows.settled(1), Rows.settled(3));
  }

  @Test
  void leaves_out_a_record_of_another_version() throws IOException {
    append(Rows.settled(1), Rows.settled(2));
    change(
        bytes -> {
          byte[] payload = new byte[bytes.getInt(0)];
          bytes.get(8, payload);
          payload[0] = 99;
          var crc = new java.util.zip.CRC32();
          crc.update(payload);
          bytes.put(8, payload).putInt(4, (int) crc.getValue());
        });

    assertThat(replay()).containsExactly(Rows.settled(2));
    assertThat(names()).contains("000000000001.journal.damaged");
  }

  @Test
  void keeps_each_file_that_it_could_not_read_whole() throws IOException {
    for (int i = 0; i < 2; i++) {
      append(Rows.settled(1), Rows.settled(2));
      change(bytes -> bytes.put(20, (byte) ~bytes.get(20)));
      assertThat(replay()).containsExactly(Rows.settled(2));
      assertThat(replay()).isEmpty();
    }

    assertThat(names())
        .filteredOn(name -> !name.equals("lock"))
        .hasSize(2)
        .allMatch(name -> name.endsWith(".journal.damaged"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void takes_one_settlement_per_row() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      assertThat(journal.append(Rows.settled(1))).isTrue();
      assertThat(journal.append(Settlement.notSent(1, null, Instant.EPOCH))).isFalse();
      assertThat(journal.settlements(journal.unwritten(), Instant.MAX))
          .containsExactly(Rows.settled(1));
    }
  }

  @Test
  void deletes_a_full_file_when_all_of_it_was_written() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      List<Settlement> all = LongStream.range(0, 2000).mapToObj(Rows::settled).toList();
      all.forEach(journal::append);
      assertThat(segments()).hasSizeGreaterThan(4);

      journal.written(all);
      journal.written(all);

      Awaitility.await().untilAsserted(() -> assertThat(segments()).hasSizeLessThanOrEqualTo(2));
      assertThat(journal.size()).isZero();
    }
    assertThat(segments()).isEmpty();
  }

  @Test
  void takes_settlements_from_many_threads() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LongStream.range(0, 3000)
          .forEach(id -> threads.execute(() -> journal.append(Rows.settled(id))));
    }

    assertThat(replay()).extracting(Settlement::id).hasSize(3000).doesNotHaveDuplicates();
  }

  @RepeatedTest(100)
  void leaves_the_folder_alone_once_it_is_closed() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      LongStream.range(0, MORE_THAN_HALF_A_FILE).forEach(id -> journal.append(Rows.settled(id)));
    }

    assertThat(segments()).hasSize(1);
  }

  @Test
  void tells_which_settlements_ended_before_a_time() throws IOException {
    Instant noon = Instant.parse("2025-06-01T12:00:00Z");
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      journal.append(Rows.settled(1, noon.minusSeconds(1)));
      journal.append(Rows.settled(2, noon));

      assertThat(journal.settlements(journal.unwritten(), noon))
          .extracting(Settlement::id)
          .containsExactly(1L);
    }
  }

  @Test
  void keeps_rows_as_they_were_beside_settlements() throws IOException {
    OpenRow bare =
        new OpenRow(
            9,
            "req-9",
            2,
            "acme",
            null,
            Account.PLATFORM,
            "file",
            "chat",
            null,
            "local",
            "local",
            null,
            "m",
            null,
            true,
            null,
            0,
            Long.MAX_VALUE,
            Charge.UNPRICED,
            Reservation.in(List.of(3L, 4L)),
            Instant.parse("2025-01-01T00:00:00.000000001Z"));
    OpenRow full = Rows.open(8);
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      assertThat(journal.append(full)).isTrue();
      journal.append(Rows.settled(8));
      assertThat(journal.append(bare)).isTrue();
      assertThat(journal.rows(List.of(9L, 10L))).containsExactly(bare);
    }

    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      journal.replay(
          contents -> {
            assertThat(contents.rows()).containsExactly(full, bare);
            assertThat(contents.settlements()).containsExactly(Rows.settled(8));
          });
    }
  }

  @Test
  void takes_settlements_when_it_takes_no_more_rows() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, SIZE)) {
      long id = 0;
      while (journal.append(Rows.open(id))) {
        id++;
      }
      assertThat(id).isBetween(100L, 400L);
      for (long each = 0; each < id; each++) {
        assertThat(journal.append(Rows.settled(each))).isTrue();
      }
      assertThat(journal.append(Rows.open(id))).isFalse();

      journal.brought(journal.away());
      journal.written(journal.settlements(journal.unwritten(), Instant.MAX));
      Awaitility.await().until(() -> segments().size() <= 2);

      assertThat(journal.append(Rows.open(id))).isTrue();
    }
  }

  @Test
  void lets_one_process_use_a_folder() throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      assertThatThrownBy(() -> new Journal(folder, SIZE, 10 * SIZE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SERAI_HOME");
      assertThat(journal.size()).isZero();
    }
  }

  @Test
  void takes_nothing_after_it_was_closed() throws IOException {
    Journal journal = new Journal(folder, SIZE, 10 * SIZE);
    journal.close();
    journal.close();

    assertThatThrownBy(() -> journal.append(Rows.settled(1)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(journal.settlements(journal.unwritten(), Instant.MAX)).isEmpty();
  }

  @Test
  void says_when_the_folder_cannot_be_used() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> new Journal(file, SIZE, SIZE)).isInstanceOf(IOException.class);
  }

  private void append(Settlement... settlements) throws IOException {
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      List.of(settlements).forEach(journal::append);
    }
  }

  private List<Settlement> replay() throws IOException {
    List<Settlement> replayed = new ArrayList<>();
    try (Journal journal = new Journal(folder, SIZE, 10 * SIZE)) {
      journal.replay(contents -> replayed.addAll(contents.settlements()));
    }
    return replayed;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".journal")).toList();
    }
  }

  private int recordLength() {
    return SettlementCodec.encode(Rows.settled(1)).length;
  }

  private void change(java.util.function.Consumer<ByteBuffer> change) throws IOException {
    Path file = segments().getFirst();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    change.accept(bytes);
    Files.write(file, bytes.array());
  }
}
