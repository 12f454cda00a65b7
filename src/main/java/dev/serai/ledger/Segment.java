package dev.serai.ledger;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * One file of the journal, mapped into memory: what is put there survives the process, though not
 * the machine. Records are length, CRC-32, payload; a length of 0 ends them. Not thread-safe.
 */
final class Segment {
  private static final int HEADER = Integer.BYTES + Integer.BYTES;

  final Path file;
  private final Arena arena = Arena.ofShared();
  private final ByteBuffer bytes;
  private int unwritten;
  private boolean sealed;

  /** Makes the file; its blocks are allocated now, so that a full disk shows here. */
  Segment(Path file, int size) throws IOException {
    this.file = file;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 10);
      while (channel.position() < size) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), size - channel.position()));
        channel.write(zeros);
      }
      bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena).asByteBuffer();
    } catch (IOException | RuntimeException e) {
      arena.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  boolean fits(byte[] payload) {
    return bytes.remaining() >= HEADER + payload.length;
  }

  boolean halfFull() {
    return bytes.position() > bytes.capacity() / 2;
  }

  /** Appends and returns where the record starts. */
  int put(byte[] payload) {
    int start = bytes.position();
    bytes.position(start + HEADER).put(payload);
    bytes.putInt(start + Integer.BYTES, crc(payload));
    bytes.putInt(start, payload.length);
    unwritten++;
    return start;
  }

  byte[] payloadAt(int start) {
    byte[] payload = new byte[bytes.getInt(start)];
    bytes.get(start + HEADER, payload);
    return payload;
  }

  void seal() {
    sealed = true;
  }

  /** One record is in the database now. */
  void wrote() {
    unwritten--;
  }

  boolean spent() {
    return sealed && unwritten == 0;
  }

  int unwritten() {
    return unwritten;
  }

  /** Gives the memory back; the file stays. */
  void unmap() {
    arena.close();
  }

  void delete() throws IOException {
    unmap();
    Files.deleteIfExists(file);
  }

  /**
   * What a file holds.
   *
   * @param rows calls that left while the database was away
   * @param settlements how calls ended
   */
  record Contents(List<OpenRow> rows, List<Settlement> settlements) {
    boolean none() {
      return rows.isEmpty() && settlements.isEmpty();
    }

    private void add(byte[] payload) throws IOException {
      if (RowCodec.wrote(payload)) {
        rows.add(RowCodec.decode(payload));
      } else {
        settlements.add(SettlementCodec.decode(payload));
      }
    }
  }

  /**
   * The records in a file that an earlier process left. What follows a torn length is given up; a
   * record whose CRC is wrong or that cannot be read is left out and reported.
   */
  static Contents read(Path file, Consumer<String> damage) throws IOException {
    Contents contents = new Contents(new ArrayList<>(), new ArrayList<>());
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    while (in.remaining() >= HEADER) {
      int start = in.position();
      int length = in.getInt();
      int crc = in.getInt();
      if (length == 0) {
        break;
      }
      if (length < 0 || length > in.remaining()) {
        damage.accept("torn record at " + start);
        break;
      }
      byte[] payload = new byte[length];
      in.get(payload);
      if (crc(payload) != crc) {
        damage.accept("damaged record at " + start);
        continue;
      }
      try {
        contents.add(payload);
      } catch (IOException | RuntimeException e) {
        damage.accept("unreadable record at " + start);
      }
    }
    return contents;
  }

  private static int crc(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return (int) crc.getValue();
  }
}
